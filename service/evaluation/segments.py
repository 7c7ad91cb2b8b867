"""A text in pieces, so that marks which overlap can be shown: each piece lies under the same marks from its first character to its last."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from schemas.vocabulary import Section
from service.evaluation.reading import Span


class Verdict(IntEnum):
    """What is to be said of an entry, the worse the greater."""

    RIGHT = 1
    #: The same thing, but not its words or not all its key fields.
    NEAR = 2
    MISSED = 3
    WRONG = 4
    #: A target that must not be.
    LEAK = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text that an entry stands for."""

    span: Span
    section: Section
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text."""

    text: str
    #: All marks that it lies under, in their order.
    marks: tuple[Mark, ...]
    #: Those of them that begin with it.
    opening: tuple[Mark, ...]

    @property
    def worst(self) -> Verdict | None:
        """The worst verdict of its marks."""
        return max((mark.verdict for mark in self.marks), default=None)


def segments(text: str, marks: Sequence[Mark]) -> list[Segment]:
    """Return `text` in pieces, in order and with nothing left out."""
    edges = sorted({0, len(text), *(edge for mark in marks for edge in mark.span if 0 <= edge <= len(text))})
    pieces = []
    for start, end in pairwise(edges):
        over = tuple(mark for mark in marks if mark.span[0] <= start and end <= mark.span[1])
        pieces.append(Segment(text[start:end], over, tuple(mark for mark in over if mark.span[0] == start)))
    return pieces
