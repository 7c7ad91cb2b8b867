"""Sentences: where each sentence of a text begins and ends.

Sentencex tells them apart; what it parts within one sentence, at abbreviations, initials and numbers, is joined again, and what it leaves together, behind an
ellipsis or an "etc.", is parted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

import regex
import sentencex

from service.extraction.lexicons import primary_subtag
from service.extraction.stops import cuts, joins

#: As much as sentencex reads at once: its time grows with the square of the length where a text is hostile.
_BLOCK_CHARS = 1000
#: Where a block is best cut, the best first.
_CUTS = ("\n\n", ". ", "! ", "? ", "。", "؟ ", "। ")

#: Half of a surrogate pair, which sentencex cannot read.
_LONE = regex.compile(r"[\ud800-\udfff]")


class Sentences:
    """The sentences of one text, as half-open spans of its code points, without the space around them."""

    def __init__(self, text: str, language: str) -> None:
        """Segment `text`; an unknown `language` is segmented by the rules of a related one."""
        self.spans: list[tuple[int, int]] = []
        base = primary_subtag(language)
        for first, last, torn in _blocks(text):
            for number, (start, end) in enumerate(_pieces(text, first, last, base)):
                if self.spans and ((torn and number == 0) or joins(text, self.spans[-1], (start, end), base)):
                    self.spans[-1] = (self.spans[-1][0], end)
                else:
                    self.spans.append((start, end))
        self._starts = [start for start, _ in self.spans]
        self._ends = [end for _, end in self.spans]

    def enclosing(self, start: int, end: int) -> tuple[int, int]:
        """Return the span from the beginning of the sentence that holds `start` to the end of the one that holds the last code point before `end`."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        last = min(bisect_left(self._ends, end), len(self.spans) - 1)
        if last < 0:
            return start, end
        return min(self.spans[first][0], start), max(self.spans[last][1], end)

    def within(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the sentences that begin within a span."""
        return self.spans[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield spans of `text` that sentencex reads at once, and whether each begins within what may be a sentence."""
    start, torn = 0, False
    while len(text) - start > _BLOCK_CHARS:
        half, limit = start + _BLOCK_CHARS // 2, start + _BLOCK_CHARS
        cut = next((at + len(sign) for sign in _CUTS if (at := text.rfind(sign, half, limit)) >= 0), None)
        end = cut or max(text.rfind(" ", half, limit) + 1, 0) or limit
        yield start, end, torn
        start, torn = end, cut is None
    yield start, len(text), torn


def _pieces(text: str, first: int, last: int, language: str) -> Iterator[tuple[int, int]]:
    """Yield the pieces between the boundaries of sentencex and those that it leaves out, without the space around them."""
    boundaries = sentencex.get_sentence_boundaries(language, _LONE.sub("\ufffd", text[first:last]))
    begun = {first + boundary["start_index"] for boundary in boundaries} | {first, *cuts(text, first, last, language)}
    for start, end in pairwise([*sorted(begun), last]):
        words = text[start:end]
        if words.strip():
            yield start + len(words) - len(words.lstrip()), start + len(words.rstrip())
