"""What a report is made of, and what its parts call each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.entries import Entry
from schemas.record import Actor, Mention, Record
from schemas.vocabulary import Section

#: The sections in the order in which a reader wants them.
SECTIONS = (Section.THREATS, Section.TARGETS, Section.COMMITMENTS, Section.TIMELINES, Section.ACTORS)


@dataclass(frozen=True, slots=True)
class Report:
    """An article and its record, which belong together."""

    text: str
    record: Record
    #: How long the reading took; None if nobody knows.
    seconds: float | None = None


def anchor(entry_id: str, place: int) -> str:
    """Return what a place of the article is called where it proves an entry: `T1-2` for the second evidence, or mention, of `T1`. The entry itself is `T1`."""
    return f"{entry_id}-{place}"


def entries_in(record: Record, section: Section) -> Sequence[Entry]:
    """Return the entries of a section."""
    entries: Sequence[Entry] = getattr(record, section.value)
    return entries


def places_of(entry: Entry) -> Sequence[Mention]:
    """Return the places of the article that prove `entry`, or, of an actor, that name it."""
    return entry.mentions if isinstance(entry, Actor) else entry.evidence
