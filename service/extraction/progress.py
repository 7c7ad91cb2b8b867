"""What is told of a reading while it goes on: how far it is, what it has found, what of that is to be forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from schemas.vocabulary import Section


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a reading is: numbers and names of sections, nothing of the text."""

    #: Pieces of the article that are read, and in all.
    chunks_done: int
    chunks: int
    #: Questions that are answered or needed no asking, and in all; asking again is not counted.
    questions_done: int
    questions: int
    #: What is being asked for now; empty once all is read.
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that is proven, as a record would have it now: without an id, and with names where a record refers to other entries."""

    section: Section
    entry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A piece whose sections are asked for once more: what was found of them there may not stand."""

    sections: tuple[Section, ...]
    #: The piece, as a half-open span of the code points of the text.
    start: int
    end: int


#: Told before each question and after the last, on the event loop: it returns at once, and what it raises ends the reading.
Tell = Callable[[Progress], None]
#: Told of entries as they come, in the same way.
Hear = Callable[[Found | Forgotten], None]


def nobody(_progress: Progress) -> None:
    """Tell nobody."""
