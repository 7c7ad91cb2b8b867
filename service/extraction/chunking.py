"""Chunking: the pieces of an article that a model reads at once, cut between paragraphs, or between sentences where a paragraph is too long."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import regex

from service.extraction.preparing import Prepared

_PARAGRAPH = regex.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a text: a half-open span of its code points, and what the model sees of it."""

    start: int
    end: int
    text: str


def chunk(prepared: Prepared, max_chars: int, max_tokens: int | None = None) -> list[Chunk]:
    """Return the pieces of an article in order; together they hold all of its words.

    Args:
        prepared: The article.
        max_chars: Most code points of a piece.
        max_tokens: Most tokens of a piece, by a careful estimate.
    """
    text = prepared.model_text
    reach = _Reach(text, max_chars, max_tokens)
    spans: list[tuple[int, int]] = []
    for start, end in _atoms(prepared, reach):
        if spans and end <= reach.of(spans[-1][0]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [Chunk(start, end, text[start:end]) for start, end in spans if text[start:end].strip()]


class _Reach:
    """How far a piece may reach that begins somewhere in a text."""

    def __init__(self, text: str, max_chars: int, max_tokens: int | None) -> None:
        self._chars, self._tokens = max_chars, max_tokens
        #: Of the text before each character, in tenths of a token.
        self._sums = [] if max_tokens is None else list(accumulate(_tenths(text), initial=0))

    def of(self, start: int) -> int:
        """Return the furthest end of a piece that begins at `start`: at least one character further."""
        far = start + self._chars
        if self._tokens is not None:
            far = min(far, bisect_right(self._sums, self._sums[start] + self._tokens * 10, lo=start + 1) - 1)
        return max(far, start + 1)


def _tenths(text: str) -> list[int]:
    """Return how many tenths of a token each character costs: more than tokenizers in use need for the prose of a language."""
    return [4 if char < "\x80" else 8 if char < "\u0800" else 14 if char < "\U00010000" else 40 for char in text]


def _atoms(prepared: Prepared, reach: _Reach) -> Iterator[tuple[int, int]]:
    """Yield the smallest spans that are kept whole where they fit: paragraphs, else sentences, else pieces of a sentence."""
    text = prepared.model_text
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        if end <= reach.of(start):
            yield start, end
            continue
        at = start
        for _, sentence_end in prepared.sentences.within(start, end):
            stop = min(max(sentence_end, at), end)
            yield from _pieces(at, stop, reach)
            at = stop
        yield from _pieces(at, end, reach)


def _pieces(start: int, end: int, reach: _Reach) -> Iterator[tuple[int, int]]:
    """Yield a span in pieces that fit, as long as they may be."""
    while start < end:
        stop = min(reach.of(start), end)
        yield start, stop
        start = stop
