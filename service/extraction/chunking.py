"""Chunking: the pieces of an article that a model reads at once, cut between paragraphs, or between sentences where a paragraph is too long."""

from dataclasses import dataclass

import regex

from service.extraction.preparing import Prepared

_PARAGRAPH = regex.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a text: a half-open span of its code points, and what the model sees of it."""

    start: int
    end: int
    text: str


def chunk(prepared: Prepared, max_chars: int) -> list[Chunk]:
    """Return the pieces of an article in order, none longer than `max_chars` code points; together they hold all of its words."""
    text = prepared.model_text
    spans: list[tuple[int, int]] = []
    for start, end in _atoms(prepared, max_chars):
        if spans and end - spans[-1][0] <= max_chars:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [Chunk(start, end, text[start:end]) for start, end in spans if text[start:end].strip()]


def _atoms(prepared: Prepared, max_chars: int) -> list[tuple[int, int]]:
    """Return the smallest spans that are kept whole where they fit: paragraphs, else sentences, else pieces of a sentence."""
    text = prepared.model_text
    atoms: list[tuple[int, int]] = []
    for paragraph in _PARAGRAPH.finditer(text):
        start, end = paragraph.span()
        if end - start <= max_chars:
            atoms.append((start, end))
            continue
        at = start
        for _, sentence_end in [span for span in prepared.sentences.spans if start <= span[0] < end] or [(start, end)]:
            stop = min(max(sentence_end, at), end)
            atoms.extend((piece, min(piece + max_chars, stop)) for piece in range(at, stop, max_chars))
            at = stop
        atoms.extend((piece, min(piece + max_chars, end)) for piece in range(at, end, max_chars))
    return atoms
