/** The drafts of this key. */

import { Problem, askJson } from "./api.js";
import { fill, make } from "./dom.js";
import { placeName, typeName } from "./names.js";

const STATES = {
  finished: "Finished",
  degraded: "With replacements",
  failed: "Failed",
  refused: "Refused",
  cancelled: "Cancelled",
};

const AGAIN_MS = 3_000;

export class HistoryView {
  #place = null;
  #timer = 0;

  /** Fill the list of a view, and keep it up to date while a draft in it is under way. */
  async open(view) {
    const place = view.querySelector("[data-drafts]");
    this.#place = place;
    clearTimeout(this.#timer);
    try {
      const { drafts } = await askJson(`v1/drafts?limit=${place.dataset.drafts}`);
      if (this.#place !== place) return;
      draw(place, drafts);
      if (drafts.some(({ status }) => !status)) this.#timer = setTimeout(() => this.open(view), AGAIN_MS);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      place.dataset.look = "";
      fill(place, make("p", { class: "empty" }, error.sentence));
    }
  }

  close() {
    this.#place = null;
    clearTimeout(this.#timer);
  }
}

/** A list that is as before is left alone: whoever is in it with the keyboard stays there. */
function draw(place, drafts) {
  const look = JSON.stringify(drafts);
  if (place.dataset.look === look) return;
  place.dataset.look = look;
  fill(place, drafts.length ? make("ul", { class: "drafts" }, ...drafts.map(item)) : nothing());
}

function nothing() {
  return make("p", { class: "empty" }, "Nothing has been drafted with this key yet.");
}

function item(draft) {
  const status = draft.status ?? "running";
  const told = STATES[draft.status] ?? `${draft.progress_percentage} %, at ${draft.current_layer}`;
  return make(
    "li",
    {},
    make(
      "a",
      { href: `#/drafts/${encodeURIComponent(draft.draft_id)}` },
      make("span", { class: "drafts-head" }, make("strong", {}, draft.title || typeName(draft.task_type) || "Draft"), make("span", { class: "state", "data-state": status }, told)),
      make("span", { class: "drafts-words" }, draft.user_request),
      draft.jurisdiction && make("span", { class: "hint" }, `law of ${placeName(draft.jurisdiction)}`),
    ),
  );
}
