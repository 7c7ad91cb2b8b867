/** Have the article and the record of reports in `root` find each other; nothing of it goes into the browser's history. */
export function link(root) {
  const linked = new Linked(root);
  root.addEventListener("click", (event) => linked.click(event));
  root.addEventListener("keydown", (event) => event.key === "Escape" && linked.clear());
  return linked;
}

/** What in a report belongs together. */
class Linked {
  /** The pieces of the article under each place: `T1-1` and so on; and the places of each entry. */
  #pieces = new Map();
  #places = new Map();
  #lit = new Set();
  /** The piece that was clicked last, and which of its places was found. */
  #last = { piece: null, turn: 0 };

  constructor(root) {
    this.root = root;
  }

  /** Look at a report that has just been put there. */
  index() {
    this.clear();
    this.#pieces.clear();
    this.#places.clear();
    for (const piece of this.root.querySelectorAll("mark[data-of]")) {
      for (const place of piece.dataset.of.split(" ")) {
        if (!this.#pieces.has(place)) {
          this.#pieces.set(place, []);
          put(this.#places, entryOf(place), place);
        }
        this.#pieces.get(place).push(piece);
      }
    }
  }

  /** Light nothing. */
  clear() {
    for (const element of this.#lit) element.classList.remove("lit");
    this.#lit.clear();
    this.#last = { piece: null, turn: 0 };
  }

  /** Find what belongs to what was clicked. */
  click(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const anchor = event.target.closest("a[href]");
    const piece = event.target.closest("mark[data-of]");
    if (anchor ? !this.root.contains(anchor) || !hashOf(anchor) : !piece || isSelecting()) return;
    event.preventDefault();
    if (piece) this.#findEntry(piece, anchor ? hashOf(anchor) : null);
    else this.#go(hashOf(anchor));
  }

  /** From the article to the record: the entry of the innermost place; of the next one at each further click. */
  #findEntry(piece, wanted) {
    const places = piece.dataset.of.split(" ");
    const first = Math.max(0, places.findIndex((place) => entryOf(place) === wanted));
    const turn = this.#last.piece === piece ? (this.#last.turn + 1) % places.length : first;
    const place = places[turn];
    this.clear();
    this.#last = { piece, turn };
    this.#light(this.#pieces.get(place));
    this.#show(this.#element(entryOf(place)));
  }

  /** To whatever is called `id`: a place of the article, an entry, or a part of the report. */
  #go(id) {
    this.clear();
    const pieces = this.#pieces.get(id);
    if (pieces) {
      this.#light(pieces, [this.#element(entryOf(id))]);
      this.#show(pieces[0], pieces[0].querySelector("a[href]") ?? pieces[0]);
      return;
    }
    for (const place of this.#places.get(id) ?? []) this.#light(this.#pieces.get(place));
    this.#show(this.#element(id));
  }

  #show(element, focused = element) {
    if (!element) return;
    if (element.matches(".entry")) this.#light([element]);
    if (!isInView(element)) element.scrollIntoView({ behavior: isStill() ? "instant" : "smooth", block: isTall(element) ? "start" : "center" });
    if (!focused.matches("a[href], [tabindex]")) focused.setAttribute("tabindex", "-1");
    focused.focus({ preventScroll: true });
  }

  #light(...lists) {
    for (const element of lists.flat()) {
      if (!element) continue;
      element.classList.add("lit");
      this.#lit.add(element);
    }
  }

  #element(id) {
    const element = document.getElementById(id);
    return element && this.root.contains(element) ? element : null;
  }
}

/** Return what of this page an anchor leads to; SVG's too. */
const hashOf = (anchor) => /^#(.+)$/.exec(anchor.getAttribute("href"))?.[1];
/** Return the entry that a place proves. */
const entryOf = (place) => place.slice(0, place.lastIndexOf("-"));
const isSelecting = () => !window.getSelection().isCollapsed;
const isStill = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
/** So many pixels of an element may be cut off: its ground is higher than its words. */
const SLACK = 12;
/** Whether all words of an element can be seen: on a wide screen the article is scrolled beside the record. */
const isInView = (element) => {
  const { top, bottom } = element.getBoundingClientRect();
  const side = element.closest(".side")?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight };
  return top >= Math.max(0, side.top) - SLACK && bottom <= Math.min(window.innerHeight, side.bottom) + SLACK;
};
const isTall = (element) => element.getBoundingClientRect().height > window.innerHeight;

function put(lists, name, value) {
  if (!lists.has(name)) lists.set(name, []);
  lists.get(name).push(value);
}
