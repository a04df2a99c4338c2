/** The state of a draft as a fold over its events, and where everything stands in its text. No page in here. */

import { lengthOf } from "./places.js";

const GAP = "\n\n";
export const LAYERS = ["intake", "research", "draft", "review", "validation", "citations"];
const SEVERITIES = { error: 0, warning: 1, info: 2 };

export function newState() {
  return {
    started: null,
    layers: Object.fromEntries(LAYERS.map((layer) => [layer, newLayer()])),
    sections: new Map(),
    findings: new Map(),
    citations: [],
    happenings: [],
    end: null,
  };
}

function newLayer() {
  return { state: "waiting", seconds: 0, attempts: 1, result: {}, isDegraded: false };
}

/** Take one event into the state; return what of the page it concerns. */
export function take(state, event) {
  const change = CHANGES[event.type];
  return change ? change(state, event) : [];
}

const CHANGES = {
  "draft.started": (state, event) => {
    state.started = event;
    return ["head"];
  },
  "layer.started": (state, event) => {
    if (state.layers[event.layer].state !== "done") state.layers[event.layer].state = "running";
    return ["pipeline"];
  },
  "layer.completed": (state, event) => {
    const { seconds, attempts, result } = event;
    Object.assign(state.layers[event.layer], { state: "done", seconds, attempts, result });
    return ["pipeline", "head", "remarks"];
  },
  token: (state, event) => {
    const section = sectionOf(state, event.section);
    if (section.whole) return [];
    section.text = joined(section.text, event.offset, event.content);
    section.again = section.again && { ...section.again, isWriting: true };
    return ["document"];
  },
  "section.restarted": (state, event) => {
    const section = sectionOf(state, event.section);
    if (section.whole) return [];
    section.text = "";
    section.again = { reason: event.reason, times: (section.again?.times ?? 0) + 1, isWriting: false };
    return ["document", "pipeline"];
  },
  "section.drafted": (state, event) => {
    const section = sectionOf(state, event.section.index);
    section.whole = event.section;
    section.text = markdownOf(event.section);
    return ["document", "remarks", "pipeline"];
  },
  "finding.reported": (state, event) => {
    state.findings.set(event.finding.id, { ...event.finding, layer: event.layer, sectionIndex: event.section_index });
    return ["remarks"];
  },
  "citation.checked": (state, event) => {
    state.citations.push(event.citation);
    return ["remarks"];
  },
  "step.retried": (state, event) => {
    const layer = layerOf(event.agent);
    if (state.layers[layer]) state.layers[layer].attempts = Math.max(state.layers[layer].attempts, event.attempt + 1);
    state.happenings.push({ kind: "retry", step: event.agent, waitS: event.wait_s, text: event.reason });
    return ["pipeline"];
  },
  "step.degraded": (state, event) => {
    const layer = state.layers[layerOf(event.step)];
    if (layer) layer.isDegraded = true;
    state.happenings.push({ kind: "degraded", step: event.step, text: event.instead, reason: event.reason });
    return ["pipeline", "head"];
  },
  "draft.finished": ended,
  "draft.failed": ended,
  "draft.cancelled": ended,
};

function ended(state, event) {
  state.end = event;
  return ["head", "pipeline", "document", "remarks"];
}

function sectionOf(state, index) {
  if (!state.sections.has(index)) state.sections.set(index, { index, text: "", whole: null, again: null });
  return state.sections.get(index);
}

/** Return a text with a piece at its place: what is told twice is there once. */
function joined(text, offset, piece) {
  const known = lengthOf(text);
  if (offset === known) return text + piece;
  return offset > known ? text + piece : Array.from(text).slice(0, offset).join("") + piece;
}

/** `draft (writer)` and `draft.section` are the layer `draft`. */
function layerOf(step) {
  return /^[a-z]+/.exec(step)?.[0] ?? "";
}

/** Return a section as it stands in the document; the server's own rule. */
export function markdownOf(section) {
  const body = section.paragraphs.map(({ label, text }) => (label ? `${label} ${text}` : text)).join(GAP);
  const title = titleOf(section);
  return title ? `## ${title}${GAP}${body}` : body;
}

export function titleOf(section) {
  if (section.kind === "clause" && section.number) return `${section.number}. ${section.heading}`;
  if (section.kind === "schedule") return section.heading ? `${section.number}: ${section.heading}` : section.number;
  return section.heading;
}

export function sectionsInOrder(state) {
  return [...state.sections.values()].sort((one, other) => one.index - other.index);
}

/** Return findings with the worst first, each with its place: `{…finding, place: {section, start, end} | null}`. */
export function placedFindings(state) {
  const bases = basesOf(state);
  const placed = [...state.findings.values()].map((finding) => ({ ...finding, place: placeOf(state, bases, finding) }));
  const orderOf = ({ place }) => (place ? place.section * 1e7 + place.start : Infinity);
  return placed.sort(
    (one, other) => SEVERITIES[one.severity] - SEVERITIES[other.severity] || orderOf(one) - orderOf(other) || 0,
  );
}

export function placedCitations(state) {
  const bases = basesOf(state);
  return state.citations.map((citation) => ({ ...citation, place: inBody(bases, citation.start, citation.end) }));
}

/** Return where each section begins in the document's body, in characters. */
function basesOf(state) {
  let at = 0;
  return sectionsInOrder(state).map((section) => {
    const base = { index: section.index, start: at, end: at + lengthOf(section.text) };
    at = base.end + GAP.length;
    return base;
  });
}

function placeOf(state, bases, finding) {
  if (!finding.quote) {
    const meant = finding.section && sectionsInOrder(state).find(({ whole }) => whole?.number === finding.section);
    return meant ? { section: meant.index, start: 0, end: 0 } : null;
  }
  if (finding.sectionIndex !== null) {
    return { section: finding.sectionIndex, start: finding.start, end: finding.end };
  }
  return inBody(bases, finding.start, finding.end);
}

function inBody(bases, start, end) {
  const base = bases.find((one) => start >= one.start && start <= one.end);
  return base ? { section: base.index, start: start - base.start, end: Math.min(end, base.end) - base.start } : null;
}

/** Return blanks that a person must still fill, each once, in reading order. */
export function openPoints(state) {
  const points = new Map();
  for (const { whole } of sectionsInOrder(state)) {
    for (const blank of whole?.blanks ?? []) {
      if (!points.has(blank.id)) points.set(blank.id, { ...blank, section: whole.number });
    }
  }
  return [...points.values()];
}

/** Return the progress in percent, by what each layer stands for. */
export function percentage(state, shares) {
  if (state.end?.type === "draft.finished") return 100;
  return LAYERS.reduce((sum, layer) => sum + (state.layers[layer].state === "done" ? shares[layer] : 0), 0);
}

/** Return `running`, or how it ended. */
export function statusOf(state) {
  if (!state.end) return "running";
  return state.end.type === "draft.cancelled" ? "cancelled" : state.end.status;
}

export function titleOfDraft(state) {
  return state.end?.title || state.layers.intake.result.title || (state.end ? "No document" : "Draft");
}

/** Return what stands before the document's first word: notices of intake, and what was replaced. */
export function notesOf(state) {
  const degraded = state.happenings.filter(({ kind }) => kind === "degraded").map(({ text }) => text);
  return [...(state.layers.intake.result.notices ?? []), ...degraded];
}
