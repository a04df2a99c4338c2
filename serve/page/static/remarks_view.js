/** Findings, citations, open points and law beside the document; a card leads to its place. */

import { $, fill, make, plural } from "./dom.js";
import { placeName } from "./names.js";
import { beginTabs } from "./tabs.js";

export const CITATION_STATES = {
  verified: "Verified",
  outdated: "Outdated",
  not_found: "Not found",
  ambiguous: "Ambiguous",
  out_of_scope: "Out of scope",
};
const STATE_MEANS = {
  verified: "in the index, and law on the day asked for",
  outdated: "in the index, but not law on the day asked for",
  not_found: "of a form that the index covers, and not in it",
  ambiguous: "fits several entries of the index",
  out_of_scope: "of a kind that the index does not hold",
};
const SEVERITIES = { error: "Error", warning: "Warning", info: "Note" };

export class RemarksView {
  #panels = { findings: $("panel-findings"), citations: $("panel-citations"), points: $("panel-points"), law: $("panel-law") };
  #drawn = {};
  #onGo;
  #onFill;
  #showTab;

  /**
   * @param onGo Called with a remark when its card is chosen.
   * @param onFill Called with an open point that somebody wants to settle.
   */
  constructor(onGo, onFill) {
    this.#onGo = onGo;
    this.#onFill = onFill;
    this.#showTab = beginTabs(document.querySelector("#remarks .tabs"));
  }

  clear() {
    this.#drawn = {};
    for (const panel of Object.values(this.#panels)) fill(panel);
    this.#showTab("tab-findings");
  }

  /** Draw `{findings, citations, points, law, isOver}`; a list that is as before is left alone. */
  draw(remarks) {
    const { findings, citations, points, law, isOver } = remarks;
    this.#drawList("findings", [findings, isOver], () => this.#findings(findings, isOver), findings.length);
    this.#drawList("citations", [citations, isOver], () => this.#citations(citations, isOver), citations.length);
    this.#drawList("points", [points, isOver], () => this.#points(points, isOver), points.length);
    this.#drawList("law", [law, isOver], () => lawCards(law, isOver), law.authorities.length + law.forLawyer.length);
    $("remarks-count").textContent = String(findings.length + citations.length);
  }

  #drawList(name, values, cards, count) {
    const look = JSON.stringify(values);
    if (this.#drawn[name] === look) return;
    this.#drawn[name] = look;
    const panel = this.#panels[name];
    const isAway = panel.contains(document.activeElement) && document.activeElement.id;
    const open = new Set([...panel.querySelectorAll("details[open]")].map(({ id }) => id));
    fill(panel, ...cards());
    for (const details of panel.querySelectorAll("details")) if (open.has(details.id)) details.open = true;
    if (isAway) $(isAway)?.focus({ preventScroll: true });
    $(`tab-${name}`).querySelector(".count").textContent = String(count);
  }

  /** Show the card of a mark that was clicked in the document. */
  choose(id) {
    const card = $(`card-${id}`);
    if (!card) return;
    this.#showTab(id.startsWith("c") ? "tab-citations" : "tab-findings");
    const folded = card.closest("details");
    if (folded) folded.open = true;
    this.#mark(card);
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  #mark(card) {
    for (const other of document.querySelectorAll(".card.is-chosen")) other.classList.remove("is-chosen");
    card.classList.add("is-chosen");
  }

  #go(card, remark) {
    this.#mark(card);
    this.#onGo(remark);
  }

  #findings(findings, isOver) {
    if (!findings.length) return [empty(isOver ? "Review and validation had nothing to remark." : "None so far.")];
    const weighty = findings.filter(({ severity }) => severity !== "info");
    const notes = findings.filter(({ severity }) => severity === "info");
    const cards = weighty.length ? [] : [empty(isOver ? "No errors and no warnings." : "No errors and no warnings so far.")];
    cards.push(...weighty.map((finding) => this.#finding(finding)));
    if (notes.length) {
      cards.push(
        make(
          "details",
          { id: "notes", class: "folded" },
          make("summary", {}, plural(notes.length, "note")),
          ...notes.map((finding) => this.#finding(finding)),
        ),
      );
    }
    return cards;
  }

  #finding(finding) {
    const where = finding.section ? `Section ${finding.section}` : finding.quote ? "" : "Whole document";
    return this.#card(
      finding,
      `is-${finding.severity}`,
      make("span", { class: "card-head" }, tag(SEVERITIES[finding.severity]), where),
      make("span", { class: "card-text" }, finding.message),
      authorityOf(finding),
      finding.quote && !isBlank(finding) && make("q", { class: "card-quote" }, shortened(finding.quote)),
    );
  }

  #citations(citations, isOver) {
    if (!citations.length) return [empty(isOver ? "The document cites nothing." : "Citations are checked when the text is there.")];
    const counts = Object.keys(CITATION_STATES)
      .map((state) => [state, citations.filter((citation) => citation.state === state).length])
      .filter(([, count]) => count);
    const legend = make(
      "ul",
      { class: "legend", "aria-label": "States of citations" },
      ...counts.map(([state, count]) =>
        make("li", {}, make("span", { class: `tag is-${state}` }, `${CITATION_STATES[state]} ${count}`), make("span", {}, STATE_MEANS[state])),
      ),
    );
    return [legend, ...citations.map((citation) => this.#citation(citation))];
  }

  #citation(citation) {
    const asOf = citation.as_of ? `checked ${citation.as_of}` : "";
    const other = citation.normalized !== citation.text && citation.normalized;
    return this.#card(
      citation,
      `is-${citation.state}`,
      make("span", { class: "card-head" }, tag(CITATION_STATES[citation.state]), asOf),
      make("span", { class: "card-text is-citation" }, citation.text),
      other && make("span", { class: "card-more" }, `read as ${other}`),
      citation.detail && make("span", { class: "card-more" }, citation.detail),
    );
  }

  #points(points, isOver) {
    if (!points.length) return [empty(isOver ? "No blanks: every fact was given." : "None so far.")];
    const cards = points.map((point) => {
      const where = point.section ? `Section ${point.section}` : "Parties";
      const go = this.#card(
        { ...point, id: `p-${point.id}` },
        "is-point",
        make("span", { class: "card-head" }, tag(point.label), where),
        make("span", { class: "card-text" }, point.question),
      );
      return go;
    });
    const fillIn = make("button", { type: "button", class: "wide", onclick: () => this.#onFill(points[0]) }, "Fill these in and draft again");
    return isOver ? [fillIn, ...cards] : cards;
  }

  #card(remark, look, ...contents) {
    const id = `card-${remark.id}`;
    if (!remark.place) return make("div", { class: `card ${look}`, id, tabindex: "-1" }, ...contents);
    const card = make("button", { type: "button", class: `card ${look}`, id }, ...contents);
    card.addEventListener("click", () => this.#go(card, remark));
    return card;
  }
}

function lawCards({ authorities, forLawyer }, isOver) {
  if (!authorities.length && !forLawyer.length) return [empty(isOver ? "No law was looked up." : "None so far.")];
  const rules = forLawyer.map((rule) =>
    make(
      "div",
      { class: "card is-warning" },
      make("span", { class: "card-head" }, tag("For a lawyer"), rule.as_of && `checked ${rule.as_of}`),
      make("span", { class: "card-text is-citation" }, rule.citation),
      make("span", { class: "card-more" }, rule.statement),
      rule.why && make("span", { class: "card-more" }, rule.why),
    ),
  );
  const found = authorities.map((authority) =>
    make(
      "div",
      { class: "card" },
      make("span", { class: "card-head" }, tag(placeName(authority.jurisdiction)), authority.as_of && `checked ${authority.as_of}`),
      make("span", { class: "card-text is-citation" }, authority.citation),
      make("span", { class: "card-more" }, authority.statement),
    ),
  );
  return [
    rules.length && make("h3", {}, "To be decided by a lawyer"),
    ...rules,
    found.length && make("h3", {}, "Found by research"),
    ...found,
  ].filter(Boolean);
}

/** A remark about a blank says its label already. */
function isBlank({ quote, message }) {
  return quote.startsWith("[") && quote.endsWith("]") && message.includes(quote.slice(1, -1));
}

function tag(text) {
  return make("span", { class: "tag" }, text);
}

/** The law that a finding rests on, where its sentence does not name it already. */
function authorityOf({ authority, message, as_of: asOf }) {
  if (!authority || message.includes(authority)) return null;
  return make("span", { class: "card-more" }, asOf ? `${authority}, checked ${asOf}` : authority);
}

function empty(sentence) {
  return make("p", { class: "empty" }, sentence);
}

function shortened(text) {
  const signs = Array.from(text.replace(/\s+/g, " "));
  return signs.length > 140 ? `${signs.slice(0, 138).join("")}…` : signs.join("");
}
