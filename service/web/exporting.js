import { hasType, refusalOf } from "./streaming.js";

/** Milliseconds for which a file can be had: a browser may ask first where to put it. */
const KEPT_MS = 60_000;

/** Return the name under which a record is kept; whatever its id says, no path. */
export const nameOf = (record) => `vigie-${/^rec_[0-9a-f]{1,64}$/.exec(JSON.parse(record).id)?.[0] ?? "record"}`;

/** Hand a file to the person at the browser. */
export function save(parts, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}

/**
 * Return the answer of `report`: a page, or the table of a section.
 * The record goes back letter by letter as it came, so that no number in it is rounded by a browser.
 * @param {{text: string, record: string, seconds: number}} read what was read
 * @param {{accept: string, section?: string, headers: object, signal?: AbortSignal}} how
 */
export async function reportOf({ text, record, seconds }, { accept, section, headers, signal }) {
  const response = await fetch(section ? `report?section=${encodeURIComponent(section)}` : "report", {
    method: "POST",
    headers: { ...headers, Accept: accept, "Content-Type": "application/json" },
    body: `{"text":${JSON.stringify(text)},"record":${record},"seconds":${JSON.stringify(seconds)}}`,
    signal,
  });
  if (!response.ok || !hasType(response, accept)) throw await refusalOf(response);
  return response.arrayBuffer();
}
