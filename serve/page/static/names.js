/** What things are called. Types and places stand in the page's own lists. */

const BODIES_OF_LAW = { "US-FED": "Federal law", "US-UCC": "Uniform Commercial Code", GENERAL: "General practice" };

export function typeName(id) {
  return textOf("type", id);
}

export function placeName(id) {
  return BODIES_OF_LAW[id] ?? textOf("jurisdiction", id);
}

function textOf(list, id) {
  if (!id) return "";
  return document.querySelector(`#${list} option[value="${CSS.escape(id)}"]`)?.textContent ?? id;
}

/** Return a reason without what only an engineer reads: names of error classes and addresses of servers. */
export function plainReason(reason) {
  return reason.replace(/\b[A-Z]\w*Error: /g, "").replace(/ at https?:\/\/\S+(?=: )/g, "");
}
