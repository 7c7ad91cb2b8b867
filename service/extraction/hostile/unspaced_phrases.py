"""Phrases in scripts without spaces: which of a lexicon begin at a place of a text, by its next two characters."""

from collections.abc import Iterable, Iterator

import regex

from service.extraction.judgement.phrases import NOTHING

#: A run of characters without spaces between its words.
UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}ー]"


class UnspacedPhrases:
    """The phrases of one lexicon, each with its label."""

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        """Index the phrases; `labelled` gives phrases and the label that they have."""
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        for phrase, label in labelled:
            self._by_start.setdefault(phrase[:2], []).append((phrase, label))
        firsts = "".join(sorted({start[0] for start in self._by_start}))
        self._first = regex.compile(f"[{regex.escape(firsts)}]")

    def within(self, text: str, start: int, end: int) -> Iterator[tuple[int, dict[str, int]]]:
        """Yield each place of a part of `text` at which phrases begin, with their labels and where the longest of each label ends."""
        for match in self._first.finditer(text, start, end):
            at = match.start()
            found: dict[str, int] = {}
            for key in (text[at : at + 2], text[at]):
                for phrase, label in self._by_start.get(key, ()):
                    last = at + len(phrase)
                    if last > found.get(label, 0) and text.startswith(phrase, at):
                        found[label] = last
            hidden = found.pop(NOTHING, 0)
            if found:
                yield at, {label: last for label, last in found.items() if last > hidden}
