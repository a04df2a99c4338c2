/** Files of a draft. They are fetched with the key, which a link could not send, and handed to the browser. */

import { ask } from "./api.js";
import { make } from "./dom.js";

const NOT_IN_NAMES = /[^A-Za-z0-9]+/g;

/** Save `docx`, `pdf`, `md` or `report` of a draft. */
export async function download(draftId, form, title) {
  const draft = `v1/drafts/${encodeURIComponent(draftId)}`;
  const response = await ask(form === "report" ? draft : `${draft}/document?format=${form}`);
  const name = form === "report" ? `${plain(title)}-report.json` : nameOf(response, `${plain(title)}.${form}`);
  const address = URL.createObjectURL(await response.blob());
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function nameOf(response, otherwise) {
  return /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? otherwise;
}

function plain(title) {
  return title.replace(NOT_IN_NAMES, "-").replace(/^-+|-+$/g, "") || "document";
}
