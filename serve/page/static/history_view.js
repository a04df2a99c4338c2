/** The drafts of this key. */

import { Problem, askJson } from "./api.js";
import { fill, make } from "./dom.js";

const STATES = {
  finished: "Finished",
  degraded: "With replacements",
  failed: "Failed",
  refused: "Refused",
  cancelled: "Cancelled",
};

/** Fill every list of drafts that is on view. */
export async function showDrafts(view) {
  for (const place of view.querySelectorAll("[data-drafts]")) {
    try {
      const { drafts } = await askJson(`v1/drafts?limit=${place.dataset.drafts}`);
      fill(place, drafts.length ? make("ul", { class: "drafts" }, ...drafts.map(item)) : nothing());
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      fill(place, make("p", { class: "empty" }, error.sentence));
    }
  }
}

function nothing() {
  return make("p", { class: "empty" }, "Nothing has been drafted with this key yet.");
}

function item(draft) {
  const status = draft.status ?? "running";
  const told = STATES[draft.status] ?? `${draft.progress_percentage} %, at ${draft.current_layer}`;
  const about = [typeName(draft.task_type), draft.jurisdiction].filter(Boolean).join(" · ");
  return make(
    "li",
    {},
    make(
      "a",
      { href: `#/drafts/${encodeURIComponent(draft.draft_id)}` },
      make("span", { class: "drafts-head" }, make("strong", {}, draft.title || about || "Draft"), make("span", { class: "state", "data-state": status }, told)),
      make("span", { class: "drafts-words" }, draft.user_request),
      draft.jurisdiction && make("span", { class: "hint" }, placeName(draft.jurisdiction)),
    ),
  );
}

/** The page's own lists know how types and places are called. */
function typeName(id) {
  return document.querySelector(`#type option[value="${CSS.escape(id ?? "")}"]`)?.textContent ?? id ?? "";
}

export function placeName(id) {
  return document.querySelector(`#jurisdiction option[value="${CSS.escape(id ?? "")}"]`)?.textContent ?? id ?? "";
}
