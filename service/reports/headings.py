"""The heading of an entry: the essential in one line."""

from collections.abc import Iterator, Sequence

from schemas.entries import Entry
from schemas.record import Actor, Commitment, Target, Threat, Timeline
from schemas.vocabulary import ThreatBasis
from service.reports.pieces import MOST_NAME, Links, Origin, Piece, linked
from service.reports.wording import country_name, interval, shortened, words

#: So many names stand in a heading.
_MOST_NAMES = 3


def heading(entry: Entry, known: Links) -> tuple[Piece, ...]:
    """Return what `entry` says, in one line without links."""
    match entry:
        case Threat():
            pieces = _threat(entry, known)
        case Commitment():
            pieces = _commitment(entry, known)
        case Target():
            pieces = iter((_short(entry.name), Piece(f" ({words(entry.category)}, {words(entry.kind)})")))
        case Timeline():
            pieces = iter((_short(entry.expression), Piece(" → "), Piece(interval(entry), "record")))
        case _:
            pieces = _actor(entry)
    return tuple(pieces)


def _threat(threat: Threat, known: Links) -> Iterator[Piece]:
    declared, many = threat.basis is ThreatBasis.DECLARED, len(threat.by) > 1
    yield from _names(threat.by, known)
    if threat.by and declared:
        yield Piece(" threaten" if many else " threatens")
    elif threat.by:
        yield Piece(f" {'are' if many else 'is'} expected to act{' against' if threat.against else ''}")
    else:
        yield Piece(f"A {'threat' if declared else 'danger'}{' to' if threat.against else ''}")
    if threat.against:
        yield Piece(" ")
        yield from _names(threat.against, known)
    yield Piece(f"{_condition(threat)}: ")
    yield _short(threat.action, "model")


def _commitment(commitment: Commitment, known: Links) -> Iterator[Piece]:
    yield from _names(commitment.speakers, known) if commitment.speakers else (Piece("Someone"),)
    if commitment.on_behalf_of:
        yield Piece(" for ")
        yield from _names(commitment.on_behalf_of, known)
    yield Piece(f" {words(commitment.polarity)}{_condition(commitment)}: ")
    yield _short(commitment.commitment, "model")


def _condition(entry: Threat | Commitment) -> str:
    """Return that it hangs on a condition, if it does; which one, its card tells."""
    return ", on a condition" if entry.condition is not None else ""


def _actor(actor: Actor) -> Iterator[Piece]:
    yield _short(actor.name)
    if actor.country is not None and (where := country_name(actor.country)).casefold() != actor.name.casefold():
        yield Piece(", ")
        yield Piece(where, "record")


def _names(keys: Sequence[str], known: Links) -> Iterator[Piece]:
    shown = [linked(key, known) for key in keys[:_MOST_NAMES]]
    further = len(keys) - len(shown)
    for at, piece in enumerate(shown):
        if at:
            yield Piece(" and " if at == len(shown) - 1 and not further else ", ")
        yield Piece(piece.text, piece.origin)
    if further:
        yield Piece(f" and {further} more")


def _short(text: str, origin: Origin = "article") -> Piece:
    return Piece(shortened(text, MOST_NAME), origin)
