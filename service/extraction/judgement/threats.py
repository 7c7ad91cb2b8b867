"""Threats: which of the proven threats may stand, and what the words around them say of their basis, condition, means and likelihood."""

from collections.abc import Iterator

from schemas.draft import ThreatDraft
from schemas.record import Rejection
from schemas.vocabulary import Means, RejectionReason, Section, ThreatBasis
from service.extraction.grounding import Proven, rejection
from service.extraction.judgement.conditions import condition_in, conditional_clauses
from service.extraction.judgement.likelihood import phrases_in
from service.extraction.judgement.speaking import Cast, doers, sources, subject
from service.extraction.judgement.telling import Sentence, Telling, Told, has_lexicon
from service.extraction.people.names import actor_key
from service.extraction.quotes.clauses import cut_off
from service.extraction.quotes.quantities import unsupported
from service.extraction.quotes.turning import CutKind

Verdict = tuple[RejectionReason, str]

#: How far the name before a threat and the one behind it may stand from its verb, in words, for "X threatened Y" to be plain.
_BEFORE_WORDS, _BEHIND_WORDS = 3, 4
#: Words that say that harm is to come.
_TO_COME = ("future", "will", "threaten", "intend", "expect", "if", "if_with")
#: Words of which a threat has at least one in its sentence.
_OF_HARM = (*_TO_COME, "harm", "struck")
#: Means without words of their own.
_UNTOLD = frozenset({Means.OTHER})


def judge_threat(proven: Proven[ThreatDraft], telling: Telling, cast: Cast) -> tuple[Proven[ThreatDraft] | None, list[Rejection]]:
    """Return a threat as the words of its sentence have it, or None if it may not stand, and what was refused of it."""
    sentence = telling.sentence(proven.evidence)
    if not has_lexicon(telling.language):
        return proven, []
    verdict = next(_faults(proven, sentence, telling, cast), None)
    if verdict:
        return None, [rejection(Section.THREATS, *verdict, proven.draft)]
    draft = proven.draft.model_copy(update={"by": doers(proven.draft.by, ("will",), sentence, cast)})
    draft, refused = _of_others(draft, sentence, cast)
    proven = Proven(draft, proven.evidence)
    changes: dict[str, object] = _basis(proven, sentence, cast) | _reported(draft, sentence, cast)
    span = proven.span
    if draft.condition is None:
        changes["condition"] = condition_in(sentence, span)
    elif draft.condition not in telling.text[slice(*proven.evidence.sentence)]:
        changes["condition"] = None
        refused.append(_part("condition", draft.condition))
    if draft.likelihood is None:
        changes["likelihood"] = _likelihood(sentence, span, telling)
    elif draft.likelihood not in telling.text[slice(*proven.evidence.sentence)]:
        changes["likelihood"] = None
        refused.append(_part("likelihood", draft.likelihood))
    untold = [means for means in draft.means if means not in _UNTOLD and not sentence.told(means)]
    changes["means"] = [means for means in draft.means if means not in untold]
    refused += [_part("means", means) for means in untold]
    return Proven(draft.model_copy(update=changes), proven.evidence), refused


def _of_others(draft: ThreatDraft, sentence: Sentence, cast: Cast) -> tuple[ThreatDraft, list[Rejection]]:
    """Return a threat of somebody against somebody else: who is on both sides stays where the words have it, else on neither. Two may threaten each other."""
    both = cast.numbers(draft.by) & cast.numbers(draft.against)
    if len(both) != 1:
        return draft, []
    threatens = any(subject(one, sentence) in both for one in sentence.told("threaten"))
    wrong = {side: [name for name in getattr(draft, side) if cast.numbers([name]) == both] for side in (("against",) if threatens else ("by", "against"))}
    changes = {side: [name for name in getattr(draft, side) if name not in names] for side, names in wrong.items()}
    return draft.model_copy(update=changes), [_part(side, name) for side, names in wrong.items() for name in names]


def _part(field: str, value: str) -> Rejection:
    detail = f"The sentences of the threat do not say this of its `{field}`."
    return rejection(Section.THREATS, RejectionReason.UNVERIFIABLE, detail, {field: value})


def _faults(proven: Proven[ThreatDraft], sentence: Sentence, telling: Telling, cast: Cast) -> Iterator[Verdict]:
    """Yield why a threat may not stand."""
    span = proven.span
    if is_imagined(span, sentence):
        yield RejectionReason.HYPOTHETICAL, "The article only imagines it."
    if _is_negated(proven, sentence, telling):
        yield RejectionReason.NEGATED, "The article says that it is not threatened."
    if unsupported(proven.draft.action, telling.text[sentence.start : sentence.end], telling.language):
        yield RejectionReason.CONTRADICTED, "Its words hold another number."
    if _is_exchanged(proven.draft, sentence, cast):
        yield RejectionReason.CONTRADICTED, "The article has the one who threatens and the one who is threatened the other way round."
    if not any(sentence.told(label) for label in _OF_HARM):
        yield RejectionReason.UNVERIFIABLE, "Its words tell of no harm to come."
    if sentence.told("struck", span) and not any(sentence.told(label, span) for label in _TO_COME) and not _likelihood(sentence, span, telling):
        yield RejectionReason.UNVERIFIABLE, "It tells of harm that is done; a threat is of harm to come."


def is_imagined(span: tuple[int, int], sentence: Sentence) -> bool:
    """Whether the words at `span` are of what is only imagined, or of a past that was not."""
    if sentence.told("imagined"):
        return True
    for clause in conditional_clauses(sentence):
        unreal = [one for one in sentence.told("unreal", clause) if not sentence.told("threaten", clause)]
        own = clause[0] <= span[0] and span[1] <= clause[1]
        main = [one for one in sentence.told("unreal_main") if not clause[0] <= sentence.words[one.first].start < clause[1]]
        if unreal and (own or main):
            return True
    return False


def _is_negated(proven: Proven[ThreatDraft], sentence: Sentence, telling: Telling) -> bool:
    """Whether all that a threat stands on is negated: the threatening, the plan, or the harm itself; or the quote is cut off from its negation."""
    span = proven.span
    cut = cut_off(span, telling.text, proven.evidence.sentence, telling.language)
    if cut and cut.kind != CutKind.MODAL:
        return True
    clause = sentence.clause(span)
    conditions = conditional_clauses(sentence)

    def standing(label: str, within: tuple[int, int]) -> list[Told]:
        return [one for one in sentence.told(label, within) if not any(low <= sentence.words[one.first].start < high for low, high in conditions)]

    sayings = [*standing("threaten", clause), *standing("intend", clause)]
    if sayings:
        return all(sentence.negates(one, clause, telling.negated) for one in sayings)
    harms = standing("harm", span)
    return bool(harms) and all(sentence.negates(one, clause, telling.negated, before=2) for one in harms)


def _is_exchanged(draft: ThreatDraft, sentence: Sentence, cast: Cast) -> bool:
    """Whether "X threatened Y" stands plainly in one clause where the draft has Y threaten X."""
    by, against = cast.numbers(draft.by), cast.numbers(draft.against)
    if not by or not against or by & against:
        return False
    for one in sentence.told("threaten"):
        before = [(other, number) for other, number in sentence.mentions if 0 <= one.first - other.last <= _BEFORE_WORDS]
        behind = [(other, number) for other, number in sentence.mentions if 0 <= other.first - one.last <= _BEHIND_WORDS]
        if not before or not behind:
            continue
        (first, actor), (last, victim) = before[-1], behind[0]
        if actor in against and victim in by and not _is_passive(sentence, first.first, last.last):
            return True
    return False


def _is_passive(sentence: Sentence, first: int, last: int) -> bool:
    """Whether a mark, or a word of the passive, stands among words."""
    return any(word.is_comma for word in sentence.words[first:last]) or any(first - 2 <= one.first < last for one in sentence.told("passive"))


def _basis(proven: Proven[ThreatDraft], sentence: Sentence, cast: Cast) -> dict[str, object]:
    """Return the basis of a threat and who asserts it, where the words tell."""
    draft = proven.draft
    by = cast.with_parts(cast.numbers(draft.by))
    speakers = [(one, subject(one, sentence)) for one in sentence.told("threaten", sentence.clause(proven.span))]
    threatening = [number for _, number in speakers if number is not None and number in by]
    if threatening:
        named = {actor_key(name) for name in draft.asserted_by}
        itself = [name for name in draft.by if cast.numbers([name])]
        own = [name for name in (itself if threatening[0] in cast.numbers(itself) else [cast.name(threatening[0])]) if actor_key(name) not in named]
        return {"basis": ThreatBasis.DECLARED, "asserted_by": [*draft.asserted_by, *own]}
    pronouns = {one.last for one in sentence.told("self")}
    expecting = [number for one in sentence.told("expect") if one.first not in pronouns and (number := subject(one, sentence)) is not None]
    if expecting and by and not speakers and not by & set(expecting):
        return {"basis": ThreatBasis.ASSESSED}
    return {}


def _reported(draft: ThreatDraft, sentence: Sentence, cast: Cast) -> dict[str, object]:
    """Return through whom the article has a threat, where it names a source that the draft leaves out; a lone source asserts it."""
    known = cast.numbers([*draft.asserted_by, *draft.reported_by, *draft.by])
    found = [cast.name(number) for number in sources(sentence) if number not in known]
    if not found:
        return {}
    return {"reported_by": [*draft.reported_by, *found]} if draft.asserted_by else {"asserted_by": found}


def _likelihood(sentence: Sentence, span: tuple[int, int], telling: Telling) -> str | None:
    """Return the one phrase of likelihood in the sentence of a threat, with the negation before it."""
    found = phrases_in(sentence.words, telling.language)
    if len(found) != 1:
        return None
    first, last, _ = found[0]
    low, high = sentence.words[first].start, sentence.words[last - 1].end
    clause = sentence.clause(span)
    if not clause[0] <= low < clause[1] or sentence.negates(Told(first, last), (low if first == 0 else sentence.words[first - 1].start, high), telling.negated):
        return None
    return telling.text[low:high]
