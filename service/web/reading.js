import { nameOf, reportOf, save } from "./exporting.js";
import { link } from "./linking.js";
import { Provisional } from "./provisional.js";
import { events, hasType, Refusal, refusalOf } from "./streaming.js";
import { leadToField, tell, tellProblem } from "./telling.js";

/** Milliseconds between two words on progress: a screen reader says each. */
const TELL_EVERY_MS = 5_000;
const STREAM = "text/event-stream";
const JSON_TYPE = "application/json";

const $ = (id) => document.getElementById(id);
const form = $("form");
const linked = link($("report"));
const sections = [...form.elements.section].map((box) => ({ value: box.value, letter: box.dataset.letter, name: box.nextElementSibling.textContent }));

/** What is being read, so that it can be stopped; and what was read last: text, record, seconds, page. */
let current = null;
let read = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  start();
});
$("stop").addEventListener("click", stop);
window.addEventListener("pagehide", () => {
  if (current) tell("Stopped.");
  current?.abort();
  if ($("key")) $("key").value = "";
  askForKey();
});
$("problem").addEventListener("click", leadToField);
for (const sample of document.querySelectorAll(".samples a")) {
  sample.addEventListener("click", (event) => {
    if ((current || read || $("text").value.trim()) && !window.confirm("Leave this article for the sample?")) event.preventDefault();
  });
}
$("export-json").addEventListener("click", () => save([read.record, "\n"], JSON_TYPE, `${nameOf(read.record)}.json`));
$("export-html").addEventListener("click", () => save([read.page], "text/html", `${nameOf(read.record)}.html`));
$("export-csv").addEventListener("click", exportTable);

/** Read what is in the form; what was being read before is read no further. */
async function start() {
  current?.abort();
  const reading = new AbortController();
  current = reading;
  clear();
  $("stop").hidden = false;
  tell("Sent. The first entries come as soon as they are found.");
  $("status").scrollIntoView({ block: "nearest" });
  try {
    await readAll(reading.signal);
  } catch (error) {
    if (!reading.signal.aborted) fail(error);
  } finally {
    if (current === reading) {
      current = null;
      $("stop").hidden = true;
    }
  }
}

/** Stop at the wish of the person. What was found stays. */
function stop() {
  current?.abort();
  current = null;
  tell("Stopped.");
  $("read").focus();
  $("stop").hidden = true;
}

/** Read an article, then have the report drawn. Whatever comes once `signal` is aborted is not shown. */
async function readAll(signal) {
  const began = performance.now();
  const article = articleOf(form);
  const response = await fetch("extract", {
    method: "POST",
    headers: { ...credentials(), Accept: `${STREAM}, ${JSON_TYPE};q=0.5`, "Content-Type": JSON_TYPE },
    body: JSON.stringify(article),
    signal,
  });
  if (!response.ok || !(hasType(response, STREAM) || hasType(response, JSON_TYPE))) throw await refusalOf(response);
  keyIsAccepted();
  const provisional = new Provisional($("report"), sections);
  // Where a proxy speaks HTTP/1.0 there is no stream, and the record comes by itself.
  const record = hasType(response, JSON_TYPE) ? await response.text() : await follow(response, provisional, signal);
  signal.throwIfAborted();
  read = { text: article.text, record, seconds: Math.round(performance.now() - began) / 1_000, page: null };
  offer();
  tell("All is read. The report is being drawn.");
  await draw(signal);
}

/** Show the report of what was read. */
async function draw(signal) {
  let page;
  try {
    page = await drawnPage(signal);
  } catch (error) {
    const { title, detail, ...more } = error.problem ?? { title: "The connection broke." };
    const why = detail === title ? "" : detail;
    throw new Refusal({ ...more, errors: [], title: `All is read, but the report could not be drawn: ${title}`, detail: why });
  }
  signal.throwIfAborted();
  const html = new TextDecoder().decode(page);
  // Without its head: the style in it is here already, and would be against this page's policy.
  const drawn = new DOMParser().parseFromString(html.slice(html.indexOf("</head>")), "text/html").getElementById("report");
  if (!drawn) throw new Refusal({ title: "All is read, but what came back is no report." });
  read.page = page;
  $("report").replaceChildren(...drawn.childNodes);
  linked.index();
  offer();
  tell(`Read in ${Math.max(1, Math.round(read.seconds))} s.`);
  $("heading").hidden = false;
  // Whoever types the next article meanwhile goes on with it.
  if (form.contains(document.activeElement) && ![$("read"), $("stop")].includes(document.activeElement)) return;
  $("heading").scrollIntoView();
  $("heading").focus({ preventScroll: true });
}

/** Return the page of what was read; a service that is busy is asked once more, for reading again would cost far more. */
async function drawnPage(signal) {
  const asking = () => reportOf(read, { accept: "text/html", headers: credentials(), signal });
  try {
    return await asking();
  } catch (error) {
    if (!error.problem?.retryable) throw error;
    tell("All is read. The service is busy; the report will be drawn in a moment.");
    await pause(Number(error.problem.retryAfter ?? 5) * 1_000, signal);
    return asking();
  }
}

/** Return after some milliseconds, or as soon as `signal` is aborted. */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Return the record at the end of a stream; until then, show what is told. */
async function follow(response, provisional, signal) {
  let record = null;
  let toldAt = performance.now();
  try {
    for await (const { name, data } of events(response.body)) {
      signal.throwIfAborted();
      if (name === "record") record = data;
      else if (name === "error") throw new Refusal(JSON.parse(data));
      else if (name === "done") return record ?? broken(provisional);
      else if (name === "reset") provisional.drop(JSON.parse(data));
      else if (name === "entry") showEntry(provisional, JSON.parse(data));
      else if (name === "progress" && performance.now() - toldAt > TELL_EVERY_MS) {
        toldAt = performance.now();
        tell(progressOf(JSON.parse(data), provisional.size));
      }
    }
  } catch (error) {
    if (error instanceof Refusal || signal.aborted) throw error;
  }
  signal.throwIfAborted();
  return record ?? broken(provisional);
}

const showEntry = (provisional, { section, entry }) => provisional.add(section, entry);

function broken({ size }) {
  const detail = size ? "What was found until then is below." : "";
  throw new Refusal({ title: "The connection broke before all was read.", detail, retryable: true });
}

function progressOf({ questions_done: done, questions, sections: asked }, size) {
  const what = asked.length ? `, looking for ${asked.join(", ")}` : "";
  return `Reading${what}: ${done} of ${questions} questions answered, ${size} ${size === 1 ? "entry" : "entries"} so far.`;
}

/** Return the article in the form, as the service wants it. */
function articleOf({ elements }) {
  const article = { text: whole(elements.text.value) };
  for (const name of ["title", "published", "language", "source"]) {
    if (elements[name].value.trim()) article[name] = whole(elements[name].value.trim());
  }
  const wanted = [...elements.section].filter((box) => box.checked).map((box) => box.value);
  return { ...article, options: { sections: wanted } };
}

/** Return words as a form sends them: half of a character, which no UTF-8 holds, becomes a sign. */
const whole = (words) => words.toWellFormed?.() ?? words.replace(/\p{Cs}/gu, "\ufffd");

/** Return the header of the key, if one is asked for. The key is in its field and nowhere else. */
function credentials() {
  const key = $("key")?.value.trim();
  if (!key) return {};
  if (/^[!-~]+$/.test(key)) return { Authorization: `Bearer ${key}` };
  throw new Refusal({ title: "The key is not valid.", detail: "It has letters or signs that no key has.", status: 401 });
}

function keyIsAccepted() {
  if (!$("key")) return;
  $("key-field").hidden = true;
  $("key-accepted").hidden = !$("key").value;
}

function askForKey() {
  if (!$("key")) return;
  $("key-field").hidden = false;
  $("key-accepted").hidden = true;
}

async function exportTable() {
  const of = read;
  const section = $("export-section").value;
  $("problem").replaceChildren();
  $("export-csv").disabled = true;
  try {
    const table = await reportOf(of, { accept: "text/csv", section, headers: credentials() });
    save([table], "text/csv", `${nameOf(of.record)}-${section}.csv`);
  } catch (error) {
    if (of === read) fail(error);
  } finally {
    $("export-csv").disabled = false;
  }
}

function fail(error) {
  if ([401, 403].includes(error.problem?.status)) askForKey();
  tellProblem(error);
}

/** Offer what there is to keep. */
function offer() {
  $("exports").hidden = false;
  $("export-html").hidden = !read.page;
}

function clear() {
  read = null;
  document.title = "Vigie";
  $("heading").hidden = true;
  $("exports").hidden = true;
  $("problem").replaceChildren();
  $("report").replaceChildren();
  linked.index();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}
