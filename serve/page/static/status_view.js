/** The figures of the whole, asked for every two seconds while somebody looks. */

import { Problem, askJson } from "./api.js";
import { lineChart, rangeBar } from "./charts.js";
import { $, fill, make, show, write } from "./dom.js";
import { seconds } from "./pipeline_view.js";

const EVERY_MS = 2_000;
const KEPT = 90;
const SHORTEST = 15;
const BREAKERS = { closed: "closed", half_open: "half open", open: "open" };

export class StatusView {
  #samples = [];
  #timer = 0;
  #isOpen = false;

  open() {
    this.#isOpen = true;
    this.#ask();
  }

  close() {
    this.#isOpen = false;
    clearTimeout(this.#timer);
  }

  async #ask() {
    clearTimeout(this.#timer);
    try {
      const status = await askJson("v1/status");
      this.#samples = [...this.#samples, { at: Date.now(), ...status }].slice(-KEPT);
      this.#draw(status);
      showBanner(awayOf(status), "is-waiting");
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      showBanner(sentenceOf(error), error.passes ? "is-waiting" : "");
      if (!error.passes) return; // asked again when the key changes, or the view is opened
    }
    if (this.#isOpen) this.#timer = setTimeout(() => this.#ask(), EVERY_MS);
  }

  #draw(status) {
    const figures = status.performance_stats;
    show($("figures"), true);
    fill($("tiles"), ...tiles(figures));
    this.#drawCharts();
    fill($("layer-bars"), layerBars(figures?.layers ?? {}));
    fill($("agents"), agentsTable(status.agents));
    fill($("cache"), ...cacheRows(status.cache_stats));
  }

  #drawCharts() {
    const values = (read) => this.#samples.map((sample, i) => read(sample, this.#samples[i - 1]));
    const charts = [
      ["Drafts under way", values((now) => now.drafts_in_flight), (value) => String(value), 1],
      ["Drafts a minute", values(perMinute), (value) => value.toFixed(value < 10 ? 1 : 0), 1],
      ["Mean time of a draft", values(meanSeconds), seconds, 0],
      ["Research from the cache", values((now) => now.performance_stats?.cache_hit_rate ?? null), percent, 100],
    ];
    const place = $("charts");
    if (!place.childElementCount) {
      fill(place, ...charts.map(([name]) => make("figure", {}, make("figcaption", {}, make("span", {}, name), make("strong", {})), make("div", {}), make("p", { class: "hint" }))));
    }
    charts.forEach(([, series, told, most], i) => {
      const figure = place.children[i];
      const last = series.at(-1) ?? null;
      write(figure.querySelector("strong"), last === null ? "n/a" : told(last));
      fill(figure.querySelector("div"), lineChart(series, Math.max(SHORTEST, series.length), most));
      write(figure.querySelector(".hint"), highest(series, told));
    });
  }
}

function highest(series, told) {
  const known = series.filter((value) => value !== null);
  const span = seconds(Math.max(1, series.length - 1) * (EVERY_MS / 1000));
  return known.length ? `highest ${told(Math.max(...known))} in ${span}` : "";
}

/** Drafts that ended between two samples, as a rate. */
function perMinute(now, before) {
  if (!before?.performance_stats || !now.performance_stats) return null;
  const ended = now.performance_stats.total_requests - before.performance_stats.total_requests;
  return Math.max(0, ended) / ((now.at - before.at) / 60_000);
}

/** The mean of what ended since the sample before; where nothing did, of everything. */
function meanSeconds(now, before) {
  const [figures, earlier] = [now.performance_stats, before?.performance_stats];
  if (!figures || figures.average_latency === null) return null;
  const count = figures.total_requests - (earlier?.total_requests ?? 0);
  if (!earlier || earlier.average_latency === null || count <= 0) return figures.average_latency;
  return (figures.average_latency * figures.total_requests - earlier.average_latency * earlier.total_requests) / count;
}

function tiles(figures) {
  const degraded = Object.values(figures?.degraded ?? {}).reduce((sum, count) => sum + count, 0);
  const rows = [
    ["Drafts ended", figures?.total_requests ?? "n/a"],
    ["Succeeded", percent(figures?.success_rate ?? null)],
    ["Mean time", seconds(figures?.average_latency)],
    ["Retries", figures?.retries ?? "n/a"],
    ["Timeouts", figures?.timeouts ?? "n/a"],
    ["Steps replaced", figures ? degraded : "n/a"],
  ];
  return rows.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, typeof value === "number" ? value.toLocaleString("en") : value)));
}

function layerBars(layers) {
  const names = Object.keys(layers);
  if (!names.length) return make("p", { class: "empty" }, "No draft has passed yet.");
  const most = Math.max(...names.map((name) => layers[name].p99_s ?? 0));
  const head = headOf(["Layer"], ["Drafts", true], ["Half within", true], ["99 % within", true], [""]);
  const rows = names.map((name) => {
    const { count, p50_s: half, p99_s: most99 } = layers[name];
    const bar = make("td", { class: "bar" }, rangeBar(half ?? 0, most99 ?? 0, most));
    return make("tr", {}, make("th", { scope: "row" }, name), number(count.toLocaleString("en")), number(seconds(half)), number(seconds(most99)), bar);
  });
  return make("table", { class: "figures-table" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

function agentsTable(agents) {
  const head = headOf(["Agent"], ["Processes", true], ["Breaker"]);
  const rows = agents.map(({ name, breaker, replicas }) => {
    const told = breaker === null ? "unknown" : BREAKERS[breaker];
    const state = make("td", {}, make("span", { class: "state", "data-state": `breaker-${breaker ?? "unknown"}` }, told));
    return make("tr", {}, make("th", { scope: "row" }, name), number(String(replicas)), state);
  });
  return make("table", { class: "figures-table" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows));
}

function cacheRows(cache) {
  if (!cache) return [make("p", { class: "empty" }, "The cache does not answer.")];
  const rows = [
    ["Entries in use", cache.active_entries],
    ["Entries past their time", cache.expired_entries],
    ["Hits", cache.hits],
    ["Misses", cache.misses],
    ["Kept for", seconds(cache.ttl_seconds)],
  ];
  return rows
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, typeof value === "number" ? value.toLocaleString("en") : value)));
}

function headOf(...columns) {
  return columns.map(([name, isNumber]) =>
    name ? make("th", { scope: "col", class: isNumber ? "number" : null }, name) : make("td"),
  );
}

function number(text) {
  return make("td", { class: "number" }, text);
}

function percent(value) {
  return value === null ? "n/a" : `${value.toFixed(value > 99 && value < 100 ? 1 : 0)} %`;
}

function awayOf({ unavailable }) {
  return unavailable.length ? `No answer in time from: ${unavailable.join(", ")}. What they know is left out.` : "";
}

function sentenceOf(error) {
  return error.status === 403 ? "This key does not cover the figures: it needs the role metrics or admin." : error.sentence;
}

function showBanner(sentence, look) {
  const banner = $("status-banner");
  show(banner, Boolean(sentence));
  banner.className = `banner ${look}`;
  write(banner, sentence);
}
