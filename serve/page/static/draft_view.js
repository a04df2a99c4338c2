/** One draft on the page: follows its events and keeps pipeline, document and remarks in step with them. */

import { Problem, ask } from "./api.js";
import { DocumentView } from "./document_view.js";
import { $, fill, make, plural, say, show, write } from "./dom.js";
import { download } from "./downloads.js";
import {
  newState,
  notesOf,
  openPoints,
  placedCitations,
  placedFindings,
  sectionsInOrder,
  statusOf,
  take,
  titleOfDraft,
} from "./draft_state.js";
import { follow } from "./event_stream.js";
import { placeName, plainReason } from "./names.js";
import { PipelineView, seconds } from "./pipeline_view.js";
import { RemarksView } from "./remarks_view.js";

/** Events of one moment are drawn together. */
const TOGETHER_MS = 40;
const STATE_NAMES = {
  running: "Drafting",
  lost: "Reconnecting",
  finished: "Finished",
  degraded: "Finished, with replacements",
  failed: "Failed",
  refused: "Refused",
  cancelled: "Cancelled",
};
const root = document.querySelector('[data-view="draft"]');

export class DraftView {
  #document = new DocumentView($("paper"), (id) => this.#onMark(id));
  #remarks = new RemarksView((remark) => this.#go(remark), (point) => this.#again(point.id));
  #pipeline = new PipelineView((index) => this.#goToSection(index));
  #state = newState();
  #draftId = "";
  #connection = "live";
  #following = new AbortController();
  #drawing = 0;
  #onAgain;

  /** @param onAgain Called with the draft's request, and with the fact to begin at, when somebody wants to change it. */
  constructor(onAgain) {
    this.#onAgain = onAgain;
    for (const button of root.querySelectorAll("[data-download]")) {
      button.addEventListener("click", () => this.#download(button));
    }
    for (const button of root.querySelectorAll("[data-shows]")) {
      button.addEventListener("click", () => this.#turnTo(button.dataset.shows));
    }
    $("again").addEventListener("click", () => this.#again(""));
    $("cancel").addEventListener("click", () => $("cancel-dialog").showModal());
    $("cancel-dialog").addEventListener("close", () => this.#onCancel());
  }

  /** Show a draft and follow it to its end. */
  async open(draftId) {
    this.close();
    this.#draftId = draftId;
    this.#state = newState();
    this.#connection = "live";
    this.#following = new AbortController();
    this.#document.clear();
    this.#remarks.clear();
    this.#showPane("document");
    this.#banner("");
    this.#draw();
    const { signal } = this.#following;
    try {
      const path = `v1/drafts/${encodeURIComponent(draftId)}/events`;
      await follow(path, (event) => this.#take(event), (state, waitS) => this.#tell(state, waitS), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      if (!this.#state.started) this.#connection = "gone";
      this.#draw();
      const all = make("a", { href: "#/drafts" }, "All drafts");
      this.#banner(error.status === 404 ? "There is no such draft under this key." : error.sentence, "is-bad", all);
    }
  }

  /** Leave the draft. It goes on without this page. */
  close() {
    this.#following.abort();
    clearTimeout(this.#drawing);
    this.#drawing = 0;
  }

  #take(event) {
    const before = this.#state.end;
    take(this.#state, event);
    if (event.type === "layer.completed") say(`${nameOf(event.layer)} is done.`);
    if (this.#state.end && !before) say(ending(this.#state));
    this.#drawing ||= setTimeout(() => this.#draw(), TOGETHER_MS);
  }

  #tell(connection, waitS) {
    if (connection === "lost" && this.#connection !== "lost") say("The connection was lost. Reconnecting.");
    if (connection === "live" && this.#connection === "lost") say("Connected again.");
    this.#connection = connection;
    if (connection === "lost") {
      const now = make("button", { type: "button", onclick: () => dispatchEvent(new Event("lexray:now")) }, "Try now");
      const sentence = `The connection was lost, and nothing with it. The next try is in ${plural(waitS, "second")}.`;
      this.#banner(sentence, "is-waiting", now);
    } else {
      this.#banner("");
    }
    this.#drawing ||= setTimeout(() => this.#draw(), TOGETHER_MS);
  }

  #draw() {
    this.#drawing = 0;
    const state = this.#state;
    const title = titleOfDraft(state);
    const findings = placedFindings(state).map((finding, i) => ({ ...finding, id: `f${i}-${finding.id}` }));
    const citations = placedCitations(state).map((citation, i) => ({ ...citation, id: `c${i}` }));
    this.#drawHead(title);
    this.#pipeline.draw(state);
    this.#document.draw(state, title, notesOf(state), marksOf(findings, citations));
    this.#remarks.draw({ findings, citations, points: pointsOf(state, findings), law: lawOf(state), isOver: isFinished(state) });
  }

  #drawHead(title) {
    const { end, started } = this.#state;
    const isLost = this.#connection === "lost" && !end;
    const status = isLost ? "lost" : statusOf(this.#state);
    const isKnown = Boolean(started) && this.#connection !== "gone";
    write($("draft-title"), this.#connection === "gone" ? "No draft" : title);
    $("draft-state").dataset.state = status;
    show($("draft-state"), this.#connection !== "gone");
    write($("draft-state"), STATE_NAMES[status]);
    write($("draft-facts"), factsOf(this.#state));
    show($("downloads"), isFinished(this.#state));
    show($("again"), isKnown && Boolean(end));
    show($("cancel"), isKnown && !end);
    show(root.querySelector(".pipeline"), this.#connection !== "gone");
    show(root.querySelector(".draft-columns"), this.#connection !== "gone" && (!end || this.#state.sections.size > 0));
    document.title = `${end ? "" : "… "}${title} · lexray`;
    if (end && !isFinished(this.#state)) this.#banner(ending(this.#state), end.type === "draft.failed" ? "is-bad" : "");
  }

  #banner(sentence, look = "", ...more) {
    const banner = $("draft-banner");
    show(banner, Boolean(sentence));
    banner.className = `banner ${look}`;
    fill(banner, make("span", {}, sentence), ...more);
  }

  #onMark(id) {
    this.#document.choose(id);
    this.#showPane("remarks");
    this.#remarks.choose(id);
  }

  #go(remark) {
    this.#showPane("document");
    this.#document.go(remark.markId || remark.id, remark.place.section);
  }

  #goToSection(index) {
    this.#document.go("", index);
  }

  /** On a narrow screen one of the two is seen; on a wide one this changes nothing. */
  #showPane(pane) {
    root.dataset.pane = pane;
    for (const button of root.querySelectorAll("[data-shows]")) {
      button.setAttribute("aria-pressed", String(button.dataset.shows === pane));
    }
  }

  #turnTo(pane) {
    this.#showPane(pane);
    const columns = root.querySelector(".draft-columns");
    if (columns.getBoundingClientRect().top < 0) columns.scrollIntoView();
  }

  #again(pointId) {
    const { request } = this.#state.started;
    const matter = this.#state.layers.intake.result.matter ?? {};
    this.#onAgain({ ...request, task_type: request.task_type ?? matter.task_type ?? "" }, pointId);
  }

  async #download(button) {
    button.disabled = true;
    try {
      await download(this.#draftId, button.dataset.download, titleOfDraft(this.#state));
      say("The file is ready.");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#banner(`The file could not be fetched. ${error.sentence}`, "is-bad");
    } finally {
      button.disabled = false;
    }
  }

  async #onCancel() {
    const dialog = $("cancel-dialog");
    const isMeant = dialog.returnValue === "cancel";
    dialog.returnValue = "";
    if (!isMeant) return;
    try {
      await ask(`v1/drafts/${encodeURIComponent(this.#draftId)}`, { method: "DELETE" });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#banner(`It could not be cancelled. ${error.sentence}`, "is-bad");
    }
  }
}

function isFinished(state) {
  return state.end?.type === "draft.finished";
}

function nameOf(layer) {
  return root.querySelector(`[data-layer="${CSS.escape(layer)}"]`)?.dataset.name ?? layer;
}

function marksOf(findings, citations) {
  const marks = new Map();
  const put = ({ id, place }, look) => {
    if (!place || place.end <= place.start) return;
    marks.set(place.section, [...(marks.get(place.section) ?? []), { id, start: place.start, end: place.end, look }]);
  };
  for (const finding of findings) put(finding, `is-finding is-${finding.severity}`);
  for (const citation of citations) put(citation, `is-citation is-${citation.state}`);
  return marks;
}

/** Open points lead to where their blank stands, by the remark that review makes of it. */
function pointsOf(state, findings) {
  return openPoints(state).map((point) => {
    const found = findings.find(({ quote, place }) => place && quote === `[${point.label}]`);
    const section = sectionsInOrder(state).find(({ whole }) => whole?.blanks.some(({ id }) => id === point.id));
    return { ...point, markId: found?.id ?? "", place: found?.place ?? { section: section.index, start: 0, end: 0 } };
  });
}

function lawOf(state) {
  return {
    authorities: state.layers.research.result.authorities ?? [],
    forLawyer: state.layers.validation.result.for_lawyer ?? [],
  };
}

function factsOf(state) {
  if (!state.started) return "";
  const matter = state.layers.intake.result.matter ?? {};
  const place = matter.jurisdiction ?? matter.jurisdiction_named;
  const writer = state.layers.draft.result.engine ?? (state.started.request.engine === "model" ? "the language model" : "");
  return [
    place && `law of ${placeName(place)}`,
    `as of ${state.started.request.as_of}`,
    writer && `written by ${writer === "clause library" ? "the clause library" : writer}`,
    state.end?.seconds && `in ${seconds(state.end.seconds)}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

function ending(state) {
  const { end } = state;
  if (end.type === "draft.cancelled") return "This draft was cancelled. There is no document to download.";
  if (end.type === "draft.failed") {
    const verb = end.status === "refused" ? "The request was refused" : `The draft failed at ${end.step}`;
    const reason = plainReason(end.message).replace(/^message: /, "");
    return `${verb}: ${reason}${/[.!?]$/.test(reason) ? "" : "."}`;
  }
  const findings = plural(state.findings.size, "finding");
  return `The document is finished, with ${findings} and ${plural(state.citations.length, "citation")}.`;
}
