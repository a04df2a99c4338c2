/** The request: sent once under a key of its own, so that pressing twice is one draft; refusals stand at their field. */

import { Problem, askJson, newKey } from "./api.js";
import { $, fill, make, show } from "./dom.js";
import { factsGiven, fillFacts, showFactsOf } from "./facts_form.js";

const form = $("request");
const sent = { order: "", key: "" };

/** @param onDraft Called with the id of the draft that was begun. */
export function begin(onDraft) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(onDraft);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("input", (event) => clearError(event.target));
  for (const example of form.querySelectorAll("[data-example]")) {
    example.addEventListener("click", () => useExample(example.dataset.example));
  }
  $("type").addEventListener("change", () => {
    showFactsOf($("type").value);
    if ($("type").value) $("facts-panel").open = true;
  });
}

function useExample(message) {
  form.reset();
  showFactsOf("");
  clearErrors();
  $("message").value = message;
  $("message").focus();
}

/** Fill the form with the request of a draft; `pointId` is the blank to begin at. */
export function refill(request, pointId) {
  form.reset();
  clearErrors();
  $("message").value = request.message;
  $("type").value = request.task_type ?? "";
  $("jurisdiction").value = placeIn(request.jurisdiction);
  $("engine").value = request.engine ?? "";
  fill($("facts"));
  showFactsOf($("type").value);
  if (request.facts_json) fillFacts(JSON.parse(request.facts_json));
  if (!pointId) return;
  $("facts-panel").open = true;
  const path = pointId.includes(".") ? `facts.parties.${pointId}` : `facts.${pointId}`;
  fieldOf(path)?.focus();
}

/** A place that was given by name is one of the list's, or is left as the request has it. */
function placeIn(place) {
  const options = [...$("jurisdiction").options];
  return options.find((option) => [option.value, option.text].includes(place ?? ""))?.value ?? "";
}

function orderGiven() {
  const order = { message: $("message").value };
  for (const [name, id] of [["type", "type"], ["jurisdiction", "jurisdiction"], ["as_of", "as-of"], ["engine", "engine"]]) {
    if ($(id).value) order[name] = $(id).value;
  }
  const facts = factsGiven();
  if (facts) order.facts = facts;
  return order;
}

async function submit(onDraft) {
  const button = $("submit");
  if (button.disabled) return;
  clearErrors();
  const order = orderGiven();
  if (!order.message.trim() && !order.type) {
    showError("message", "Say what shall be drafted, or choose a document.");
    return;
  }
  button.disabled = true;
  button.textContent = "Sending…";
  try {
    onDraft(await beginDraft(order));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    showProblem(error);
  } finally {
    button.disabled = false;
    button.textContent = "Draft it";
  }
}

async function beginDraft(order) {
  const written = JSON.stringify(order);
  if (sent.order !== written) Object.assign(sent, { order: written, key: newKey() });
  const draft = await askJson("v1/drafts", {
    method: "POST",
    body: order,
    headers: { Prefer: "respond-async", "Idempotency-Key": sent.key },
  });
  sent.order = ""; // the same words again are another draft
  return draft.draft_id;
}

function showProblem(problem) {
  const told = problem.errors.length ? problem.errors : [{ field: problem.field, reason: problem.message }];
  const strays = told.filter(({ field, reason }) => !showError(field, reason));
  if (strays.length || !told.length) showAbove(problem.sentence);
}

/** Write an error at its field; returns whether there is such a field. */
function showError(path, reason) {
  const field = path && fieldOf(path);
  if (!field) return false;
  const id = `${field.id}-error`;
  const said = reason.startsWith(`${path}: `) ? reason.slice(path.length + 2) : reason;
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}${/[.!?]$/.test(said) ? "" : "."}`;
  field.setAttribute("aria-invalid", "true");
  field.dataset.described ??= field.getAttribute("aria-describedby") ?? "";
  field.setAttribute("aria-describedby", `${id} ${field.dataset.described}`.trim());
  field.closest(".field").append(make("p", { class: "error", id }, sentence));
  const folded = field.closest("details");
  if (folded) folded.open = true;
  if (form.querySelectorAll(".error").length === 1) field.focus();
  return true;
}

function fieldOf(path) {
  const place = form.querySelector(`[data-path="${CSS.escape(path)}"]`) ?? outerField(path);
  return place && (place.matches("input, select, textarea") ? place : place.querySelector("input"));
}

/** `facts.salary.currency` stands at `facts.salary`. */
function outerField(path) {
  const places = [...form.querySelectorAll("[data-path]")];
  return places.find((place) => path.startsWith(`${place.dataset.path}.`) || path.startsWith(`${place.dataset.path}[`));
}

function showAbove(sentence) {
  const place = $("request-problem");
  show(place, true);
  fill(place, sentence);
}

function clearError(field) {
  if (field.getAttribute?.("aria-invalid") !== "true") return;
  field.removeAttribute("aria-invalid");
  field.setAttribute("aria-describedby", field.dataset.described);
  $(`${field.id}-error`)?.remove();
}

function clearErrors() {
  show($("request-problem"), false);
  for (const field of form.querySelectorAll("[aria-invalid]")) clearError(field);
}
