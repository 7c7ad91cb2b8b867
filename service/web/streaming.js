/** The longest event that is held, in UTF-16 code units: many times the longest record. */
const MOST_HELD = 64 * 1024 * 1024;

/** Why there is no record: a problem as the service tells it, or what is known of it. */
export class Refusal extends Error {
  /** @param {{title: string, detail?: string, status?: number, errors?: object[], retryable?: boolean, retryAfter?: string}} problem */
  constructor(problem) {
    super(problem.title);
    this.problem = problem;
  }
}

/** Return what an answer without success says, whoever it is from: proxies answer with pages of their own. */
export async function refusalOf(response) {
  const retryAfter = /^\d{1,3}$/.exec(response.headers.get("retry-after") ?? "")?.[0];
  if (hasType(response, "application/problem+json")) {
    const problem = await response.json().catch(() => null);
    if (typeof problem?.title === "string") return new Refusal({ ...problem, retryAfter });
  } else {
    response.body?.cancel().catch(() => {});
  }
  const detail = `It may be a proxy in between that answers so (status ${response.status}).`;
  return new Refusal({ title: "The service gave no answer that this page knows.", detail, status: response.status, retryable: response.status >= 500, retryAfter });
}

/** Return whether an answer is of a media type. */
export const hasType = (response, type) => (response.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase() === type;

/** Yield the events of a stream (Server-Sent Events): their names and their data. */
export async function* events(bytes) {
  let name = "message";
  let data = [];
  let held = 0;
  for await (const line of linesOf(bytes.pipeThrough(new TextDecoderStream()))) {
    if (line === "") {
      if (data.length) yield { name, data: data.join("\n") };
      [name, data, held] = ["message", [], 0];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    held += value.length + 1;
    if (held > MOST_HELD) throw new RangeError("An event is too long.");
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
}

/** Yield the lines of a stream of texts. Each text is gone through once, however long a line grows: its pieces are joined at its end. */
async function* linesOf(texts) {
  const reader = texts.getReader();
  let pieces = [];
  let held = 0;
  let afterReturn = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return; // what has no end is no whole line
      let from = 0;
      for (const end of value.matchAll(/\r\n|\n|\r/g)) {
        const isRest = afterReturn && end.index === 0 && end[0] === "\n"; // of an end that came in two
        if (!isRest) {
          pieces.push(value.slice(from, end.index));
          yield pieces.join("");
          [pieces, held] = [[], 0];
        }
        from = end.index + end[0].length;
      }
      if (value) afterReturn = value.endsWith("\r");
      pieces.push(value.slice(from));
      held += value.length - from;
      if (held > MOST_HELD) throw new RangeError("A line is too long.");
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
