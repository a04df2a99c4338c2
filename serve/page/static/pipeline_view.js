/** The six layers as they run, the sections as they fill in, and what went wrong on the way. */

import { $, fill, make, plural, show, write } from "./dom.js";
import { LAYERS, percentage, sectionsInOrder, statusOf } from "./draft_state.js";
import { headingOf } from "./document_view.js";
import { plainReason } from "./names.js";

const SECTION_STATES = { done: "done", writing: "being written", again: "being written again", cut: "cut off", waiting: "to come" };

export class PipelineView {
  #rows = new Map(LAYERS.map((layer) => [layer, document.querySelector(`[data-layer="${layer}"]`)]));
  #shares = Object.fromEntries([...this.#rows].map(([layer, row]) => [layer, Number(row.dataset.share)]));
  #onSection;

  /** @param onSection Called with the index of a section that is chosen in the outline. */
  constructor(onSection) {
    this.#onSection = onSection;
  }

  draw(state) {
    for (const [layer, row] of this.#rows) drawLayer(row, state.layers[layer], statusOf(state));
    const percent = percentage(state, this.#shares);
    $("progress").value = percent;
    write($("progress-text"), `${percent} %`);
    show(document.querySelector(".progress-line"), !state.end);
    this.#drawOutline(state);
    drawHappenings(state.happenings);
  }

  #drawOutline(state) {
    const items = sectionsInOrder(state).map((section) => {
      const kind = stateOfSection(section, state.end);
      const told = section.again && kind === "done" ? `${SECTION_STATES.done}, at the second try` : SECTION_STATES[kind];
      const link = make(
        "a",
        { href: `#section-${section.index}`, "data-state": kind, title: told },
        make("span", { class: "outline-sign", "aria-hidden": "true" }),
        make("span", {}, headingOf(section)),
        make("span", { class: "unseen" }, ` (${told})`),
      );
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.#onSection(section.index);
      });
      return make("li", {}, link);
    });
    const look = items.map((item) => item.textContent).join("\n");
    const outline = $("outline");
    if (outline.dataset.look === look) return;
    outline.dataset.look = look;
    fill(outline, ...items);
  }
}

function drawLayer(row, layer, status) {
  const stopped = status !== "running" && layer.state !== "done";
  const kind = stopped ? (layer.state === "running" ? "stopped" : "skipped") : layer.isDegraded ? "degraded" : layer.state;
  row.dataset.state = kind;
  const attempts = layer.attempts > 1 ? `, ${layer.attempts} attempts` : "";
  const notes = {
    waiting: "waiting",
    running: `at work${attempts}`,
    done: `${seconds(layer.seconds)}${attempts}`,
    degraded: layer.state === "done" ? `replaced, ${seconds(layer.seconds)}` : "replaced",
    stopped: "stopped",
    skipped: "not begun",
  };
  write(row.querySelector(".layer-note"), notes[kind]);
}

function stateOfSection(section, end) {
  if (section.whole) return "done";
  if (end) return "cut";
  return section.again && !section.again.isWriting ? "again" : "writing";
}

/** What was replaced stands open; retries fold up as soon as there are several. */
function drawHappenings(happenings) {
  const place = $("happenings");
  show(place, happenings.length > 0);
  if (place.dataset.count === String(happenings.length)) return;
  place.dataset.count = String(happenings.length);
  const retries = happenings.filter(({ kind }) => kind === "retry").map(retryOf);
  const replaced = happenings.filter(({ kind }) => kind === "degraded").map(replacedOf);
  const isOpen = place.querySelector("details")?.open ?? false;
  const folded = make("details", { class: "folded", open: isOpen }, make("summary", {}, plural(retries.length, "retry", "retries")));
  folded.append(make("ul", {}, ...retries));
  fill(place, make("ul", {}, ...replaced, ...(retries.length === 1 ? retries : [])), retries.length > 1 && folded);
}

function retryOf({ step, text, waitS }) {
  const again = waitS < 0.05 ? "again at once" : `again after ${seconds(waitS)}`;
  return happening("retry", "Retry", `${step}: ${plainReason(text)}; ${again}`);
}

function replacedOf({ text, reason }) {
  return happening("degraded", "Replaced", text, make("span", { class: "hint" }, plainReason(reason)));
}

function happening(kind, name, text, ...more) {
  return make("li", { class: `is-${kind}` }, make("span", { class: "tag" }, name), make("span", {}, text), ...more);
}

export function seconds(value) {
  if (value === null || value === undefined) return "n/a";
  if (value < 0.0995) return `${Math.max(1, Math.round(value * 1000))} ms`;
  if (value < 60) return `${value.toFixed(value < 10 ? 1 : 0)} s`;
  const [hours, minutes, rest] = [Math.floor(value / 3600), Math.floor((value % 3600) / 60), Math.round(value % 60)];
  return [hours && `${hours} h`, minutes && `${minutes} min`, !hours && rest && `${rest} s`].filter(Boolean).join(" ");
}
