"""What a report says, piece by piece: whose words each is, and what it leads to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.record import Record
from service.reports.wording import shortened

#: Whose words they are: the article's, the model's, others that came with the record, or ours where it is empty.
Origin = Literal["", "record", "article", "model"]

#: A name in a heading or in a link is no longer; it stands in full where it is told.
MOST_NAME = 120


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and the entry that they lead to, if any."""

    text: str
    origin: Origin = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that is told, with what it is called."""

    label: str
    pieces: tuple[Piece, ...]


#: Links to the entries of a record, by their ids.
Links = Mapping[str, Piece]


def names_of(record: Record) -> Mapping[str, str]:
    """Return what each actor is called, short enough for a line; with its id where another is called the same."""
    short = {actor.id: shortened(actor.name, MOST_NAME) for actor in record.actors}
    times = Counter(map(_as_read, short.values()))
    return {key: f"{name} ({key})" if times[_as_read(name)] > 1 else name for key, name in short.items()}


def _as_read(name: str) -> str:
    return " ".join(name.casefold().split())


def links(record: Record) -> Links:
    """Return the link to each entry that others may refer to."""
    of_article = [
        *((target.id, target.name) for target in record.targets),
        *((time.id, time.expression) for time in record.timelines),
    ]
    of_model = [(threat.id, threat.action) for threat in record.threats]
    made = {key: Piece(shortened(name, MOST_NAME), "article", key) for key, name in of_article}
    made |= {key: Piece(name, "article", key) for key, name in names_of(record).items()}
    return made | {key: Piece(shortened(name, MOST_NAME), "model", key) for key, name in of_model}


def linked(key: str, known: Links) -> Piece:
    """Return the link to the entry `key`, or its id alone where there is no such entry."""
    return known.get(key) or Piece(key, "record")
