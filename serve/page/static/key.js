/** The API key: kept in this tab alone, asked for when the server wants one. */

import { $, show } from "./dom.js";

const NAME = "lexray.key";
const changed = new EventTarget();

export function key() {
  return sessionStorage.getItem(NAME) ?? "";
}

function keep(value) {
  if (value) sessionStorage.setItem(NAME, value);
  else sessionStorage.removeItem(NAME);
  showState();
  changed.dispatchEvent(new Event("key"));
}

export function onKey(listener) {
  changed.addEventListener("key", listener);
}

/** Open the dialog; `reason` says why, where the server asked. */
export function askForKey(reason = "") {
  const dialog = $("key-dialog");
  if (dialog.open) return;
  $("key-reason").textContent = reason;
  show($("key-reason"), Boolean(reason));
  $("key").value = key();
  $("key-forget").textContent = key() ? "Forget it" : "Not now";
  dialog.showModal();
  $("key").select();
}

function showState() {
  $("key-button").textContent = key() ? "API key: set" : "API key";
}

export function begin() {
  $("key-button").addEventListener("click", () => askForKey());
  $("key-dialog").addEventListener("close", () => {
    const answer = $("key-dialog").returnValue;
    if (answer === "use" && $("key").value.trim()) keep($("key").value.trim());
    if (answer === "forget" && key()) keep(""); // without one there is nothing to ask the server again for
    $("key").value = "";
    $("key-dialog").returnValue = "";
  });
  showState();
}
