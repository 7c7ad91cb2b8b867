"""The fields of an entry, as rows for people: those that are set, under a label, in plain words."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from schemas.entries import REFERENCES, Entry
from schemas.record import Actor, Likelihood, Target, Timeline
from schemas.vocabulary import CountryBasis, TimeBasis
from service.reports.pieces import MOST_NAME, Links, Origin, Piece, Row, linked
from service.reports.wording import country, words

#: Told by the heading, the anchor or the quotes of an entry.
_ELSEWHERE = frozenset({"id", "evidence", "mentions"})
#: What they say is of an interval, and says nothing where there is none.
_OF_INTERVAL = frozenset({"approximate", "within"})
#: Told by the heading, in full unless it is long.
_IN_HEADING: dict[type[Entry], frozenset[str]] = {
    Actor: frozenset({"name"}),
    Target: frozenset({"name", "category", "kind"}),
    Timeline: frozenset({"expression"}),
}
#: Fields that hold ids of entries.
_REFERENCES = frozenset(field for fields in REFERENCES.values() for field in fields)
_ORIGINS: dict[str, Origin] = {
    **dict.fromkeys(("name", "aliases", "place", "condition", "expression", "direct_quote"), "article"),
    **dict.fromkeys(("action", "event", "commitment"), "model"),
}
#: Labels that are not the field's own name.
_LABELS = {
    "action": "Action, in the model's words",
    "event": "Event, in the model's words",
    "commitment": "Commitment, in the model's words",
    "edtf": "EDTF",
    "country_basis": "Country is",
    "direct_quote": "Quoted",
    "dual_use": "Serves civilians too",
    "approximate": "Edges",
    "within": "It takes",
}
_TRUTHS = {"approximate": ("sharp", "not sharp"), "within": ("the whole interval", "a part of the interval")}


def rows(entry: Entry, known: Links) -> tuple[Row, ...]:
    """Return a row for each field of `entry` that is set and that its heading does not tell."""
    told = _IN_HEADING.get(type(entry), frozenset())
    hidden = _ELSEWHERE | (_OF_INTERVAL if isinstance(entry, Timeline) and entry.basis is TimeBasis.UNRESOLVED else frozenset())
    return tuple(row for name, value in entry if name not in hidden and not (name in told and len(value) <= MOST_NAME) for row in _rows(name, value, known))


def _rows(name: str, value: object, known: Links) -> Iterator[Row]:
    if value is None or value == [] or value is CountryBasis.NONE:
        return
    if isinstance(value, Likelihood):
        yield Row("Likelihood", (Piece(value.phrase, "article"),))
        if value.band is not None:
            yield Row("Likelihood band of ICD 203", (Piece(words(value.band)),))
        return
    values = value if isinstance(value, list) else [value]
    yield Row(_label(name), tuple(_pieces(name, values, known)))


def _label(name: str) -> str:
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def _pieces(name: str, values: Sequence[object], known: Links) -> Iterator[Piece]:
    for value in values:
        match value:
            case bool():
                yield Piece(_TRUTHS.get(name, ("no", "yes"))[value])
            case StrEnum():
                yield Piece(words(value))
            case str() if name in _REFERENCES:
                yield linked(value, known)
            case str() if name == "country":
                yield Piece(country(value), "record")
            case _:
                yield Piece(str(value), _ORIGINS.get(name, "record"))
