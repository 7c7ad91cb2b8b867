"""How far the reading of an article is, told to whoever waits for it."""

from collections.abc import Callable
from dataclasses import dataclass

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


#: Told before each question and after the last, on the event loop: it returns at once, and what it raises ends the reading.
Tell = Callable[[Progress], None]


def nobody(_progress: Progress) -> None:
    """Tell nobody."""
