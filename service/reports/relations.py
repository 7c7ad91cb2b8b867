"""Relations: who threatens, strikes or supports whom, as the entries of a record say it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, product
from typing import NamedTuple

from schemas.record import Commitment, Record, Target, Threat
from schemas.vocabulary import CommitmentKind, Polarity, Section, TargetStatus, ThreatBasis

#: So many pairs of actors are looked at, at most: two lists in one entry can have more pairs than anyone can read.
MOST_PAIRS = 2_000


class Verb(StrEnum):
    """What one actor does to another, as the middle of a sentence; the gravest first."""

    #: A target of the other's has been attacked.
    STRIKES = "strikes"
    #: Harm is declared.
    THREATENS = "threatens"
    #: A target of the other's is threatened.
    MAY_STRIKE = "may strike"
    #: Harm is expected by others: the actor has not said so.
    EXPECTED = "is seen as a threat to"
    #: Help is promised.
    SUPPORTS = "promises to support"
    #: Something else is promised that serves the other; it need not be done to them, nor said to them: a retaliation is neither.
    PROMISES = "makes a promise concerning"
    #: Help is refused.
    REFUSES_SUPPORT = "refuses to support"
    #: Something else is refused.
    REFUSES = "refuses something to"

    @property
    def section(self) -> Section:
        """Return the section of the entries that say so."""
        if self in (Verb.STRIKES, Verb.MAY_STRIKE):
            return Section.TARGETS
        return Section.THREATS if self in (Verb.THREATENS, Verb.EXPECTED) else Section.COMMITMENTS


#: What is a help to whom it serves. A ceasefire, a release or a reform serves someone too, and is no support of theirs.
_SUPPORT = frozenset(
    {
        CommitmentKind.SUPPORT_MILITARY,
        CommitmentKind.SUPPORT_DIPLOMATIC,
        CommitmentKind.SUPPORT_ECONOMIC,
        CommitmentKind.SUPPORT_HUMANITARIAN,
        CommitmentKind.DEFENCE,
        CommitmentKind.DELIVERY,
    }
)


class _Pair(NamedTuple):
    """Two actors, by their ids, and what is between them."""

    by: str
    to: str
    verb: Verb


@dataclass(frozen=True, slots=True)
class Relation:
    """What one actor does to another, and the entries that say so; actors by their ids."""

    by: str
    to: str
    verb: Verb
    entries: tuple[str, ...]
    #: Those of the entries in which it hangs on a condition.
    conditional: frozenset[str] = frozenset()


def relations(record: Record) -> list[Relation]:
    """Return the relations between the actors of a record: the gravest first, then in the order of the text."""
    found: defaultdict[_Pair, list[str]] = defaultdict(list)
    for pair, entry in islice(_pairs(record), MOST_PAIRS):
        if entry not in found[pair]:
            found[pair].append(entry)
    entries: list[Threat | Commitment] = [*record.threats, *record.commitments]
    conditional = frozenset(one.id for one in entries if one.condition is not None)
    gravest = {verb: number for number, verb in enumerate(Verb)}
    return [Relation(*pair, tuple(found[pair]), conditional.intersection(found[pair])) for pair in sorted(found, key=lambda pair: gravest[pair.verb])]


def unread(record: Record) -> bool:
    """Tell whether a record has more pairs of actors than are looked at."""
    return next(islice(_pairs(record), MOST_PAIRS, None), None) is not None


def _pairs(record: Record) -> Iterator[tuple[_Pair, str]]:
    """Yield each pair of actors with the entry that has it."""
    for threat in record.threats:
        yield from _each(threat.by, threat.against, _of_threat(threat), threat.id)
    for target in record.targets:
        yield from _each(target.by, target.owners, _of_target(target), target.id)
    for commitment in record.commitments:
        doers = commitment.on_behalf_of or commitment.speakers
        yield from _each(doers, commitment.beneficiaries, _of_commitment(commitment), commitment.id)


def _each(doers: list[str], others: list[str], verb: Verb, entry: str) -> Iterator[tuple[_Pair, str]]:
    # Cut before they are multiplied, for `product` keeps both lists; one more than is looked at, so that it is known to be there.
    for by, to in product(doers[: MOST_PAIRS + 1], others[: MOST_PAIRS + 1]):
        yield _Pair(by, to, verb), entry


def _of_threat(threat: Threat) -> Verb:
    return Verb.THREATENS if threat.basis is ThreatBasis.DECLARED else Verb.EXPECTED


def _of_target(target: Target) -> Verb:
    return Verb.STRIKES if target.status is TargetStatus.ATTACKED else Verb.MAY_STRIKE


def _of_commitment(commitment: Commitment) -> Verb:
    """Return what a commitment is to those whom it serves; not to retaliate is a promise and refuses them nothing."""
    helps = commitment.kind in _SUPPORT
    if commitment.polarity is Polarity.WILL or commitment.kind is CommitmentKind.RETALIATION:
        return Verb.SUPPORTS if helps else Verb.PROMISES
    return Verb.REFUSES_SUPPORT if helps else Verb.REFUSES
