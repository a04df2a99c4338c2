/** The document on its paper: sections as DOM, with marks where findings and citations stand. */

import { fill, make } from "./dom.js";
import { sectionsInOrder, titleOf } from "./draft_state.js";
import { blocksOf } from "./markup.js";
import { plainReason } from "./names.js";
import { unitsOf } from "./places.js";

const SEEN_MS = 2_400;

export class DocumentView {
  #paper;
  #onMark;
  #drawn = new Map();

  /** @param onMark Called with the id of a mark that was clicked. */
  constructor(paper, onMark) {
    this.#paper = paper;
    this.#onMark = onMark;
  }

  clear() {
    this.#drawn.clear();
    fill(this.#paper);
  }

  /**
   * Draw what has changed.
   *
   * @param state Of the draft.
   * @param title As printed.
   * @param notes Before the first word.
   * @param marks By section index: `{id, start, end, look}`, in characters of the section's text.
   */
  draw(state, title, notes, marks) {
    const head = JSON.stringify([title, notes]);
    if (this.#drawn.get("head") !== head) {
      this.#drawn.set("head", head);
      this.#paper.querySelector(".paper-head")?.remove();
      this.#paper.prepend(headOf(title, notes));
    }
    let before = this.#paper.querySelector(".paper-head");
    for (const section of sectionsInOrder(state)) {
      before = this.#drawSection(section, marks.get(section.index) ?? [], before, Boolean(state.end));
    }
  }

  #drawSection(section, marks, before, isOver) {
    const known = this.#drawn.get(section.index);
    const look = JSON.stringify([section.text, Boolean(section.whole), section.again, marks, isOver]);
    if (known?.look === look) return known.element;
    const element = known?.element ?? make("section", { id: `section-${section.index}`, tabindex: "-1" });
    if (!known) before.after(element);
    element.className = classesOf(section, isOver);
    const blocks = blocksOf(section.text, section.whole?.paragraphs);
    const drawing = new Drawing(section.text, marks);
    fill(element, noteOf(section), ...blocks.map((block) => drawing.block(block)));
    for (const mark of element.querySelectorAll("mark")) {
      mark.addEventListener("click", () => this.#onMark(mark.dataset.marks.split(" ").at(-1)));
    }
    this.#drawn.set(section.index, { look, element });
    return element;
  }

  /** Bring a mark, or a whole section, into view and say where it is. Returns whether it is there. */
  go(id, sectionIndex) {
    const found = [...this.#paper.querySelectorAll(`mark[data-marks~="${CSS.escape(id)}"]`)];
    const places = found.length ? found : [this.#drawn.get(sectionIndex)?.element].filter(Boolean);
    if (!places.length) return false;
    this.choose(id);
    for (const place of places) {
      place.classList.add("is-met");
      setTimeout(() => place.classList.remove("is-met"), SEEN_MS);
    }
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    places[0].scrollIntoView({ block: found.length ? "center" : "start", behavior: calm ? "auto" : "smooth" });
    places[0].focus({ preventScroll: true });
    return true;
  }

  /** Show one mark as the one that is meant. */
  choose(id) {
    for (const mark of this.#paper.querySelectorAll("mark.is-chosen")) mark.classList.remove("is-chosen");
    for (const mark of this.#paper.querySelectorAll(`mark[data-marks~="${CSS.escape(id)}"]`)) {
      mark.classList.add("is-chosen");
    }
  }
}

function headOf(title, notes) {
  return make(
    "header",
    { class: "paper-head" },
    make("h2", { class: "paper-title" }, title),
    ...notes.map((note) => make("p", { class: "paper-note" }, make("strong", {}, "Note. "), note)),
  );
}

function classesOf(section, isOver) {
  const isWriting = !section.whole && !isOver;
  const isVoid = section.again && !section.whole;
  return [
    "part",
    section.whole ? `is-${section.whole.kind}` : "",
    isWriting ? "is-writing" : "",
    isVoid ? "is-again" : "",
    !section.whole && isOver ? "is-cut" : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function noteOf(section) {
  if (section.whole || !section.again) return null;
  return make("p", { class: "part-note" }, `This section is being written again: ${plainReason(section.again.reason)}.`);
}

/** Turns blocks into elements and cuts their runs where marks begin and end. */
class Drawing {
  #marks;

  constructor(text, marks) {
    const at = unitsOf(text);
    this.#marks = marks
      .filter((mark) => mark.end > mark.start)
      .map((mark) => ({ ...mark, start: at(mark.start), end: at(mark.end) }));
  }

  block(block) {
    if (block.kind === "table") return this.#table(block);
    if (block.kind === "heading") return make("h3", {}, ...this.#runs(block.runs));
    if (block.kind === "quote") return make("blockquote", {}, ...this.#runs(block.runs));
    const label = this.#label(block);
    const words = label ? make("span", { class: "words" }, ...this.#runs(block.runs)) : null;
    return make("p", { class: `para is-${block.kind}` }, label, ...(words ? [words] : this.#runs(block.runs)));
  }

  #label(block) {
    if (!block.label) return null;
    const run = { text: block.label, start: block.start, end: block.start + block.label.length };
    return make("span", { class: "label" }, ...this.#runs([run]), " ");
  }

  #table(block) {
    const [head, ...rows] = block.rows.map((cells) => cells.map((cell) => this.#runs(cell)));
    return make(
      "table",
      {},
      make("thead", {}, make("tr", {}, ...head.map((cell) => make("th", { scope: "col" }, ...cell)))),
      make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map((cell) => make("td", {}, ...cell))))),
    );
  }

  #runs(runs) {
    const nodes = [];
    let open = null;
    for (const piece of runs.flatMap((run) => this.#pieces(run))) {
      const names = piece.marks.map(({ id }) => id).join(" ");
      if (!names) {
        nodes.push(leaf(piece));
        open = null;
      } else if (open?.dataset.marks === names) {
        open.append(leaf(piece));
      } else {
        open = markOf(piece.marks, names);
        open.append(leaf(piece));
        nodes.push(open);
      }
    }
    return nodes;
  }

  /** Cut a run at the ends of marks. An escape is one sign, whatever part of it a mark covers. */
  #pieces(run) {
    const inside = this.#marks.filter((mark) => mark.start < run.end && mark.end > run.start);
    if (!inside.length || run.text.length !== run.end - run.start) return [{ ...run, marks: inside }];
    const cuts = inside.flatMap((mark) => [mark.start, mark.end]).filter((at) => at > run.start && at < run.end);
    const edges = [...new Set([run.start, ...cuts, run.end])].sort((one, other) => one - other);
    return edges.slice(0, -1).map((start, i) => ({
      ...run,
      text: run.text.slice(start - run.start, edges[i + 1] - run.start),
      marks: inside.filter((mark) => mark.start <= start && mark.end >= edges[i + 1]),
    }));
  }
}

function markOf(marks, names) {
  const looks = [...new Set(marks.map(({ look }) => look))].join(" ");
  return make("mark", { class: looks, "data-marks": names, tabindex: "-1" });
}

function leaf({ text, bold, blank }) {
  if (blank) return make("span", { class: bold ? "blank is-bold" : "blank" }, text);
  return bold ? make("strong", {}, text) : document.createTextNode(text);
}

export function headingOf(section) {
  if (section.whole) return titleOf(section.whole) || (section.index === 0 ? "Parties" : "Untitled");
  const heading = /^#{1,6} (.+)/.exec(section.text);
  return heading ? heading[1].replaceAll("\\", "") : section.index === 0 ? "Parties" : "…";
}
