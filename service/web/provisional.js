/** Most cards at the same time; the report shows all. */
const MOST_CARDS = 1_000;
/** What of an entry is its main words, by its section. */
const WORDS = {
  actors: (entry) => entry.name,
  threats: (entry) => entry.action,
  targets: (entry) => entry.name,
  timelines: (entry) => [entry.expression, entry.event].filter(Boolean).join(": "),
  commitments: (entry) => entry.commitment,
};

/** What reports make visible (`service/reports/signs.py`). */
const UNSEEN = /[^\P{Default_Ignorable_Code_Point}\u061c\u180b-\u180d\u180f\u200c-\u200f\ufe00-\ufe0f]|[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb]/gu;
const TURNS = {
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
};

/** Return a new element with words in it. Nothing of an article ever becomes markup. */
export function made(tag, words = "", attributes = {}) {
  const element = document.createElement(tag);
  element.textContent = words;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** What is found while an article is read, as cards in groups; the report takes their place. */
export class Provisional {
  #groups = new Map();
  #cards = new Set();

  /**
   * @param {HTMLElement} place where the cards stand
   * @param {{value: string, letter: string, name: string}[]} sections in the order of the report
   */
  constructor(place, sections) {
    this.root = made("section", "", { class: "provisional", "aria-labelledby": "provisional-title" });
    this.root.append(
      made("h2", "Found so far", { id: "provisional-title" }),
      made("p", "Provisional: what is found may still be merged, corrected or dropped.", { class: "hint" }),
    );
    for (const section of sections) {
      const group = made("section", "", { class: `group ${section.value}`, hidden: "" });
      const count = made("span", "", { class: "count" });
      const title = made("h3", section.name);
      title.append(" ", count);
      group.append(title);
      this.#groups.set(section.value, { ...section, group, count, size: 0 });
      this.root.append(group);
    }
    place.replaceChildren(this.root);
  }

  /** How many entries stand. */
  get size() {
    return this.#cards.size;
  }

  /** Show an entry. */
  add(section, entry) {
    const of = this.#groups.get(section);
    if (!of || this.#cards.size >= MOST_CARDS) return;
    const proof = entry.evidence?.[0] ?? entry.mentions?.[0];
    const element = made("article", "", { class: `entry ${section}` });
    const words = made("p", "", { class: "words" });
    words.append(made("span", of.letter, { class: "letter", "aria-hidden": "true" }), " ", made("bdi", text(WORDS[section]?.(entry))));
    element.append(words);
    if (proof) element.append(made("blockquote", text(proof.quote), { dir: "auto" }));
    of.group.append(element);
    this.#cards.add({ section, start: Number(proof?.start), element });
    this.#count(of, 1);
  }

  /** Drop the entries of some sections whose proof begins within [start, end). */
  drop({ sections, start, end }) {
    for (const card of this.#cards) {
      if (!sections.includes(card.section) || !(card.start >= start && card.start < end)) continue;
      card.element.remove();
      this.#cards.delete(card);
      this.#count(this.#groups.get(card.section), -1);
    }
  }

  #count(of, more) {
    of.size += more;
    of.group.hidden = !of.size;
    of.count.textContent = `(${of.size})`;
  }
}

/** Return words as reports show them: what nobody sees, or what turns the direction of writing, as a sign. */
const text = (value) => (typeof value === "string" ? value.replace(/\r\n?/g, "\n").replace(UNSEEN, signOf) : "");

const signOf = (character) => `⟨${TURNS[character] ?? `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`}⟩`;
