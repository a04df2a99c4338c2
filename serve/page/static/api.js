/** Requests to the server that this page came from, and its problems as errors with a sentence. */

import { askForKey, key } from "./key.js";

const HTTP_UNAUTHORISED = 401;

/** What went wrong, as the server tells it (RFC 9457), or that it could not be reached (status 0). */
export class Problem extends Error {
  constructor(status, contents = {}, retryAfterS = 0) {
    super(contents.detail || contents.title || "the server gave no reason");
    this.status = status;
    this.kind = String(contents.type ?? "").replace("urn:lexray:problem:", "");
    this.field = contents.field ?? "";
    this.errors = contents.errors ?? [];
    this.draftId = contents.draft_id ?? "";
    this.retryAfterS = retryAfterS;
  }

  /** Whether the same request may work later. */
  get passes() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  get sentence() {
    const said = this.message.charAt(0).toUpperCase() + this.message.slice(1);
    const ended = /[.!?]$/.test(said) ? said : `${said}.`;
    return this.retryAfterS ? `${ended} Try again in ${this.retryAfterS} s.` : ended;
  }
}

/** Return the response of a request that worked. Throws `Problem`; a 401 also opens the key dialog. */
export async function ask(path, { method = "GET", body, headers = {}, signal } = {}) {
  const sent = { ...headers };
  if (key()) sent.Authorization = `Bearer ${key()}`;
  if (body !== undefined) sent["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "same-origin",
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, { detail: "The server cannot be reached" });
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === HTTP_UNAUTHORISED) {
    askForKey(key() ? "The server does not know this key." : "This server asks for a key.");
  }
  throw problem;
}

export async function askJson(path, options) {
  return (await ask(path, options)).json();
}

async function problemOf(response) {
  const retryAfterS = Number.parseInt(response.headers.get("Retry-After") ?? "", 10) || 0;
  let contents = {};
  try {
    contents = await response.json();
  } catch {
    contents = { detail: `The server answered ${response.status} without saying why` };
  }
  return new Problem(response.status, contents, retryAfterS);
}

/** Visible signs that nobody repeats; `randomUUID` is missing where the page came without TLS. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
