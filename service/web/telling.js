import { made } from "./provisional.js";

const $ = (id) => document.getElementById(id);

/** Say how it goes, also to those who listen. */
export function tell(words) {
  $("status").textContent = words;
}

/** Tell what went wrong, and lead to the fields that do not fit. */
export function tellProblem(error) {
  const lost = { title: "The service cannot be reached.", detail: "Is it still running, and are you still connected?", retryable: true };
  const { title, detail, errors: told, retryable, retryAfter, status } = error.problem ?? lost;
  const errors = Array.isArray(told) ? told.filter((one) => typeof one?.pointer === "string") : [];
  const list = made("ul");
  list.append(...errors.map(toldFault));
  const summary = made("p");
  summary.append(made("strong", title), detail && detail !== title ? ` ${detail}` : "");
  const wait = made("p", `The same may succeed ${retryAfter ? `in ${retryAfter} seconds` : "later"}.`);
  tell("");
  $("problem").replaceChildren(summary, ...(errors.length ? [list] : []), ...(retryable ? [wait] : []));
  const field = status === 401 || status === 403 ? $("key") : $("form").querySelector("[aria-invalid]");
  if (field) showField(field);
  else $("problem").scrollIntoView({ block: "nearest" });
}

/** Return what is wrong with a field, in the words that are beside it where there are any. */
function toldFault({ pointer, detail }) {
  const name = pointer.startsWith("/options/sections") ? "sections" : pointer.slice(1);
  const field = /^[a-z]+$/.test(name) && $("form").contains($(name)) ? $(name) : null;
  const item = made("li");
  if (!field) return made("li", `${name}: ${detail}`);
  field.setAttribute("aria-invalid", "true");
  const label = (field.labels?.[0] ?? field.querySelector("legend")).firstChild.textContent.trim();
  item.append(made("a", label, { href: `#${name}` }), `: ${$(`${name}-hint`)?.textContent ?? detail}`);
  return item;
}

/** Go to the field that a link of a problem names, wherever it is hidden. */
export function leadToField(event) {
  const field = $(/^#(.+)$/.exec(event.target.closest("a")?.getAttribute("href"))?.[1]);
  if (!field) return;
  event.preventDefault();
  showField(field);
}

function showField(field) {
  const details = field.closest("details");
  if (details) details.open = true;
  field.focus();
}
