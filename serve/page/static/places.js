/** Offsets: the server counts characters (code points), JavaScript counts UTF-16 units. */

const SURROGATES = /[\uD800-\uDFFF]/;

/** Return a function from characters to units of this text. */
export function unitsOf(text) {
  if (!SURROGATES.test(text)) return (offset) => Math.max(0, Math.min(offset, text.length));
  const starts = [];
  let at = 0;
  for (const character of text) {
    starts.push(at);
    at += character.length;
  }
  starts.push(at);
  return (offset) => starts[Math.max(0, Math.min(offset, starts.length - 1))];
}

/** Return how many characters a text has. */
export function lengthOf(text) {
  if (!SURROGATES.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
