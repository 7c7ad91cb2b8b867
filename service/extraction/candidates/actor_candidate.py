"""An actor candidate: words of a sentence that name somebody, and of what sort they are."""

from dataclasses import dataclass
from enum import Enum

#: As many letters of a word tell it from another, whatever its ending.
_STEM = 5


def stem(form: str) -> str:
    """Return the letters by which a word is known in all its cases."""
    return form[:_STEM]


class Sort(Enum):
    """What a name is of."""

    PERSON = "person"
    STATE = "state"
    BODY = "body"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words from `first` to before `last` of a sentence that name somebody."""

    first: int
    last: int
    sort: Sort
    #: The word that says what it is.
    head: int
    #: Of a state.
    code: str | None = None
    #: Whether its mention alone is enough to list it.
    sure: bool = True
