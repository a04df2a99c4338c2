/**
 * Server-sent events over fetch: EventSource can send no key. A lost connection is taken up again behind the last event
 * that was seen, as often as it takes.
 */

import { Problem, ask } from "./api.js";

/** The server sends a sign of life every 15 s; a connection that says nothing for longer is dead. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
const TERMINAL = new Set(["draft.finished", "draft.failed", "draft.cancelled"]);

/** Cuts a stream of bytes into events, wherever its chunks end. */
export class EventReader {
  #decoder = new TextDecoder();
  #rest = "";

  /** Return the events that are complete after these bytes. */
  take(bytes) {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const events = [];
    let end = this.#next();
    while (end) {
      const event = parsed(this.#rest.slice(0, end.index));
      this.#rest = this.#rest.slice(end.index + end[0].length);
      if (event) events.push(event);
      end = this.#next();
    }
    return events;
  }

  #next() {
    return /\r?\n\r?\n/.exec(this.#rest);
  }
}

function parsed(block) {
  const event = { id: "", name: "message", data: "" };
  const lines = [];
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon === 0 || !line) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id") event.id = value;
    if (field === "event") event.name = value;
    if (field === "data") lines.push(value);
  }
  if (!lines.length) return null;
  event.data = lines.join("\n");
  return event;
}

/**
 * Follow a draft to its last event.
 *
 * @param path Of its events.
 * @param take Called with every event, once and in order.
 * @param tell Called with `live`, or with `lost` and the seconds until the next try.
 * @param signal Ends it.
 * Throws `Problem` where coming back is of no use.
 */
export async function follow(path, take, tell, signal) {
  const place = { id: "" };
  let tries = 0;
  while (!signal.aborted) {
    let askedS = 0;
    try {
      const taken = (event) => {
        tries = 0; // what says nothing at all is not asked as often as what goes on
        take(event);
      };
      if (await oneConnection(path, place, taken, signal, () => tell("live", 0))) return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Problem) || !error.passes) throw error;
      askedS = error.retryAfterS;
    }
    const pauseMs = Math.max(askedS * 1000, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries));
    tries += 1;
    tell("lost", Math.round(pauseMs / 1000));
    await pause(pauseMs, signal);
  }
}

/** Read one connection; return whether the draft's last event has come. */
async function oneConnection(path, place, take, signal, onLife) {
  const silent = new AbortController();
  const stop = () => silent.abort();
  signal.addEventListener("abort", stop);
  let watch = setTimeout(stop, SILENCE_MS);
  try {
    const headers = { Accept: "text/event-stream" };
    if (place.id) headers["Last-Event-ID"] = place.id;
    const response = await ask(path, { headers, signal: silent.signal });
    onLife();
    if (response.status === 204) return true;
    const source = response.body.getReader();
    const reader = new EventReader();
    for (;;) {
      const { done, value } = await source.read();
      if (done) return false;
      clearTimeout(watch);
      watch = setTimeout(stop, SILENCE_MS);
      for (const event of reader.take(value)) {
        const told = JSON.parse(event.data);
        if (event.name === "error") throw new Problem(told.status, told);
        if (event.id) place.id = event.id;
        take(told);
        if (TERMINAL.has(event.name)) return true;
      }
    }
  } catch (error) {
    if (error instanceof Problem || error instanceof SyntaxError) throw error;
    throw new Problem(0, { detail: "The connection was lost" });
  } finally {
    clearTimeout(watch);
    signal.removeEventListener("abort", stop);
    silent.abort();
  }
}

/** Wait, but no longer than until the network is back or somebody presses “now”. */
function pause(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      removeEventListener("lexray:now", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
    addEventListener("lexray:now", end);
    signal.addEventListener("abort", end);
  });
}
