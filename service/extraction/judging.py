"""Judging: which of the proven entries may stand, and what the words around them say of them whatever the model said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TypeVar

from pydantic import BaseModel

from schemas.draft import ActorDraft, CommitmentDraft, ThreatDraft, TimelineDraft
from schemas.record import Rejection
from schemas.vocabulary import Direction, RejectionReason, Section
from service.extraction.candidates.passages import commitments_in
from service.extraction.grounding import Grounded, Proven, rejection
from service.extraction.judgement.actors import judge_actors
from service.extraction.judgement.commitments import judge_commitment
from service.extraction.judgement.speaking import Cast
from service.extraction.judgement.targets import JudgedTarget, judge_targets
from service.extraction.judgement.telling import Negated, Telling, has_lexicon
from service.extraction.judgement.threats import judge_threat
from service.extraction.people.names import actor_key
from service.extraction.preparing import Prepared
from service.extraction.quotes import turning

__all__ = ["Judged", "JudgedTarget", "judge"]

D = TypeVar("D", bound=BaseModel)

#: Entries of the same actors that share more of the shorter one's words are one.
_SAME_SHARE = 0.8
#: A pledge and a threat that share more of the shorter one's words are one utterance.
_UTTERANCE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Judged:
    """The entries that may stand, and why the others may not."""

    actors: list[Proven[ActorDraft]]
    targets: list[JudgedTarget]
    threats: list[Proven[ThreatDraft]]
    commitments: list[Proven[CommitmentDraft]]
    timelines: list[Proven[TimelineDraft]]
    refused: list[Rejection]
    #: Where the threat stands that is the same utterance as the commitment at a span.
    pledges: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def judge(grounded: Grounded, prepared: Prepared, negated: Negated = turning.negated) -> Judged:
    """Return which entries may stand.

    Args:
        grounded: The entries whose words were found.
        prepared: The article.
        negated: Tells whether words of a language hold a negation.
    """
    actors, nobody = judge_actors(grounded.actors, prepared)
    cast = Cast(actors)
    telling = Telling(prepared.text, prepared.language, cast.names(), negated)
    targets, refused = judge_targets(grounded.targets, actors, telling)
    threats: list[Proven[ThreatDraft]] = []
    for threat in grounded.threats:
        kept, why = judge_threat(threat, telling, cast)
        threats += [kept] if kept else []
        refused += why
    promises = cache(partial(commitments_in, prepared, read=telling.within))
    commitments: list[Proven[CommitmentDraft]] = []
    for commitment in grounded.commitments:
        promised, why = judge_commitment(commitment, telling, cast, lambda span, sentences: span in promises(sentences))
        commitments += [promised] if promised else []
        refused += why
    threats, same = _once(threats, Section.THREATS, lambda draft: draft.by)
    commitments, again = _once(commitments, Section.COMMITMENTS, lambda draft: draft.speakers)
    timelines = [_sided(timeline, telling) for timeline in grounded.timelines]
    return Judged(actors, targets, threats, commitments, timelines, [*nobody, *refused, *same, *again], _pledges(commitments, threats, cast))


def _sided(proven: Proven[TimelineDraft], telling: Telling) -> Proven[TimelineDraft]:
    """Return a timeline, its side open where the model says that it is to come and no word of its sentence does: a bare "Thursday" would be a false date."""
    sentence = telling.sentence(proven.evidence)
    # A threat that was made on Thursday is of what is to come; the Thursday is not.
    to_come = {*sentence.told("future"), *sentence.told("will"), *sentence.told("if"), *sentence.told("if_with")} - {*sentence.told("threaten")}
    if proven.draft.direction != Direction.FUTURE or not has_lexicon(telling.language) or to_come:
        return proven
    return Proven(proven.draft.model_copy(update={"direction": Direction.PRESENT}), proven.evidence)


def _once(entries: Sequence[Proven[D]], section: Section, actors: Callable[[D], Sequence[str]]) -> tuple[list[Proven[D]], list[Rejection]]:
    """Return the entries in the order of the text, of those that the same actors have with the same words only the longest."""
    last: dict[frozenset[str], Proven[D]] = {}
    kept: list[Proven[D]] = []
    refused = []
    for proven in sorted(entries, key=lambda entry: (entry.span[0], -entry.span[1])):
        who = frozenset(actor_key(name) for name in actors(proven.draft))
        before = last.get(who)
        if before and _share(before.span, proven.span) > _SAME_SHARE:
            refused.append(rejection(section, RejectionReason.DUPLICATE, "The record has this entry already.", proven.draft))
            continue
        last[who] = proven
        kept.append(proven)
    return kept, refused


def _pledges(commitments: Sequence[Proven[CommitmentDraft]], threats: Sequence[Proven[ThreatDraft]], cast: Cast) -> dict[tuple[int, int], tuple[int, int]]:
    """Return which commitments are the same utterance as which threat: most of the same words, or the same sentence of the same actor."""
    by_sentence: dict[tuple[int, int], list[Proven[ThreatDraft]]] = {}
    for threat in threats:
        by_sentence.setdefault(threat.evidence.sentence, []).append(threat)
    pledges = {}
    for commitment in commitments:
        draft = commitment.draft
        speakers = cast.numbers([*draft.speakers, *draft.on_behalf_of])
        found = [
            (-share, threat.span)
            for threat in by_sentence.get(commitment.evidence.sentence, ())
            if (share := _share(threat.span, commitment.span)) > _UTTERANCE_SHARE or cast.with_parts(cast.numbers(threat.draft.by)) & speakers
        ]
        if found:
            pledges[commitment.span] = min(found)[1]
    return pledges


def _share(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Return how much of the shorter of two spans they share."""
    return max(min(one[1], other[1]) - max(one[0], other[0]), 0) / max(min(one[1] - one[0], other[1] - other[0]), 1)
