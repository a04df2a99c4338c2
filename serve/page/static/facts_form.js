/** The facts of a document type: the page's fields as the JSON of a facts file, and back. */

import { $, fill, make } from "./dom.js";

const panel = $("facts");

/** Show the fields of a type; what was filled in and fits stays. */
export function showFactsOf(type) {
  const kept = factsGiven();
  const template = document.querySelector(`template[data-facts-of="${CSS.escape(type)}"]`);
  if (template) {
    panel.replaceChildren(template.content.cloneNode(true));
    fillFacts(kept);
  } else {
    fill(panel, make("p", { class: "hint" }, "Choose a document above, and what it can hold is asked for here."));
  }
}

/** Return what was filled in, in the form of a facts file; `null` where nothing was. */
export function factsGiven() {
  const facts = {};
  for (const field of panel.querySelectorAll("[data-path]")) {
    const value = valueOf(field);
    if (value !== null) put(facts, field.dataset.path.split(".").slice(1), value);
  }
  const options = [...panel.querySelectorAll("[data-option]:checked")].map(({ dataset }) => dataset.option);
  if (options.length) facts.options = options;
  return Object.keys(facts).length ? facts : null;
}

export function fillFacts(facts) {
  if (!facts) return;
  for (const field of panel.querySelectorAll("[data-path]")) {
    const value = field.dataset.path.split(".").slice(1).reduce(valueAt, facts);
    if (value !== undefined && value !== null) setValue(field, value);
  }
  for (const box of panel.querySelectorAll("[data-option]")) {
    box.checked = (facts.options ?? []).includes(box.dataset.option);
  }
}

/** A party may stand as its name alone. */
function valueAt(value, key) {
  if (typeof value === "string") return key === "name" ? value : undefined;
  return value?.[key];
}

function valueOf(field) {
  if (field.dataset.kind === "money") {
    const [currency, amount] = [field.querySelector("select").value, field.querySelector("input").value.trim()];
    return amount ? `${currency} ${amount}` : null;
  }
  if (field.dataset.kind === "duration") {
    const [count, unit] = [field.querySelector("input").value.trim(), field.querySelector("select").value];
    return count ? { count: numberOr(count), unit } : null;
  }
  const text = field.value.trim();
  if (!text) return null;
  if (field.dataset.kind === "boolean") return text === "true";
  return field.dataset.kind === "number" ? numberOr(text) : text;
}

/** What is no number goes to the server as it is: it says what is wrong with it. */
function numberOr(text) {
  const number = Number(text.replace(/[,\s%]/g, ""));
  return Number.isFinite(number) ? number : text;
}

function setValue(field, value) {
  const [input, select] = [field.querySelector("input"), field.querySelector("select")];
  if (field.dataset.kind === "money") {
    const [, currency, amount] = /^([A-Z]{3}) (.*)$/.exec(value) ?? [null, value.currency ?? "USD", value.amount ?? value];
    choose(select, currency);
    input.value = amount;
  } else if (field.dataset.kind === "duration") {
    const [, count, unit] = /^(\d+) (\w+?)s?$/.exec(value) ?? [null, value.count ?? value, value.unit ?? "month"];
    input.value = count;
    choose(select, unit);
  } else if (field.tagName === "SELECT") {
    choose(field, String(value));
  } else {
    field.value = String(value);
  }
}

/** A currency that the list lacks is added to it, and nothing is silently another one. */
function choose(select, value) {
  const known = [...select.options].find((option) => option.value.toLowerCase() === value.toLowerCase());
  if (!known) select.append(make("option", {}, value));
  select.value = known ? known.value : value;
}

function put(target, [key, ...more], value) {
  if (more.length) put((target[key] ??= {}), more, value);
  else target[key] = value;
}
