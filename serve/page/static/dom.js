/** Building and finding elements. Strings always become text, never markup. */

export const $ = (id) => document.getElementById(id);

/**
 * Return a new element. Attributes that are null or false are left out; `on…` attributes are listeners.
 * `style` is none of them: the content security policy forbids it.
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
}

/** Write a text only where it changed: a screen reader is not told the same twice. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element, visible) {
  element.hidden = !visible;
}

let clearing = 0;

/** Have a screen reader say a sentence, politely. */
export function say(sentence) {
  const region = $("spoken");
  clearTimeout(clearing);
  region.textContent = sentence;
  clearing = setTimeout(() => (region.textContent = ""), 10_000);
}

export function plural(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
