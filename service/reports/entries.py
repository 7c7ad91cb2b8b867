"""The record for people: each section with a card for each entry, and on the card what is known and the words that prove it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from schemas.entries import LETTERS, Entry
from schemas.record import Actor, Evidence, Mention, Record
from schemas.vocabulary import Match, Section
from service.reports.fields import rows
from service.reports.headings import heading
from service.reports.pieces import Links, Piece, Row, links
from service.reports.report import SECTIONS, Report, anchor, entries_in, places_of
from service.reports.templating import rendered
from service.reports.wording import words

#: So many mentions of an actor stand open.
_OPEN_MENTIONS = 5


@dataclass(frozen=True, slots=True)
class Proof:
    """Words of the article, and where they stand in it."""

    quote: str
    href: str
    #: How they were found; None if letter by letter.
    found: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """An entry as it is shown."""

    id: str
    heading: tuple[Piece, ...]
    rows: tuple[Row, ...]
    evidence: tuple[Proof, ...]
    mentions: tuple[Proof, ...]
    further_mentions: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A section as it is shown."""

    section: Section
    letter: str
    cards: tuple[Card, ...]
    count: str


def counted(record: Record, section: Section) -> str:
    """Return how many entries a section has, or that nobody asked for it."""
    count = len(entries_in(record, section))
    return str(count) if count or section in record.extraction.sections else "not asked for"


def drawn(report: Report) -> Markup:
    """Return the record as HTML: its sections, each with its entries, which link to each other and to the article."""
    record = report.record
    known = links(record)
    return rendered(
        "record.html",
        lists=[
            Listed(section, LETTERS[section], tuple(_card(entry, known) for entry in entries_in(record, section)), counted(record, section))
            for section in SECTIONS
        ],
    )


def _card(entry: Entry, known: Links) -> Card:
    proofs = _proofs(entry.id, places_of(entry))
    mentions = proofs if isinstance(entry, Actor) else ()
    return Card(
        id=entry.id,
        heading=heading(entry, known),
        rows=rows(entry, known),
        evidence=() if mentions else proofs,
        mentions=mentions[:_OPEN_MENTIONS],
        further_mentions=mentions[_OPEN_MENTIONS:],
    )


def _proofs(entry_id: str, places: Sequence[Mention]) -> tuple[Proof, ...]:
    return tuple(Proof(place.quote, anchor(entry_id, number), _found(place)) for number, place in enumerate(places, 1))


def _found(place: Mention) -> str | None:
    return words(place.match) if isinstance(place, Evidence) and place.match is not Match.EXACT else None
