/** What types and places are called: the page's own lists know it. */

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
