/** Which view is shown: the address behind `#` says it, so that back, forward and bookmarks work. */

import { DraftView } from "./draft_view.js";
import { $ } from "./dom.js";
import { HistoryView } from "./history_view.js";
import * as keys from "./key.js";
import * as requestForm from "./request_form.js";
import { StatusView } from "./status_view.js";

const views = [...document.querySelectorAll("[data-view]")];
const draft = new DraftView((request, pointId) => {
  location.hash = "#/";
  // After the view has changed, which gives its title the focus.
  setTimeout(() => requestForm.refill(request, pointId));
});
const history = new HistoryView();
const status = new StatusView();

function place() {
  const [, name = "", id = ""] = location.hash.split("/");
  if (name === "drafts" && id) return { view: "draft", link: "history", id: decoded(id) };
  if (name === "drafts") return { view: "history", link: "history" };
  if (name === "status") return { view: "status", link: "status" };
  return { view: "request", link: "request" };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // an address that somebody cut: there is no such draft, and the server says so
  }
}

function show({ isFirst = false } = {}) {
  const { view, link, id } = place();
  draft.close();
  history.close();
  status.close();
  for (const element of views) element.hidden = element.dataset.view !== view;
  for (const element of document.querySelectorAll("[data-link]")) {
    if (element.dataset.link === link) element.setAttribute("aria-current", "page");
    else element.removeAttribute("aria-current");
  }
  const current = views.find((element) => element.dataset.view === view);
  document.title = `${current.querySelector("h1").textContent} · lexray`;
  if (!isFirst) {
    scrollTo(0, 0);
    current.querySelector("h1").focus({ preventScroll: true });
  }
  if (view === "draft") draft.open(id);
  if (view === "status") status.open();
  if (view === "request" || view === "history") history.open(current);
  if (view === "request" && isFirst) $("message").focus();
}

keys.begin();
keys.onKey(() => show());
requestForm.begin((id) => {
  location.hash = `#/drafts/${encodeURIComponent(id)}`;
});
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#/") || !location.hash) show();
});
show({ isFirst: true });
