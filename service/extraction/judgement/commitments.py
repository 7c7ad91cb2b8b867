"""Commitments: which of the proven commitments may stand. A promise, a refusal, an assurance; no fact, no forecast, no demand that others make."""

from collections.abc import Callable

import regex

from schemas.draft import CommitmentDraft
from schemas.record import Rejection
from schemas.vocabulary import Polarity, RejectionReason, Section
from service.extraction.grounding import Proven, rejection
from service.extraction.judgement.conditions import condition_in, conditional_clauses
from service.extraction.judgement.speaking import Cast, doers
from service.extraction.judgement.telling import Sentence, Telling, Told, has_lexicon
from service.extraction.quotes.quantities import unsupported

Span = tuple[int, int]

#: A pronoun or a name further before a "will" is not who will.
_WHO_WORDS = 3
#: A demand further before a promise is of something else.
_DEMAND_WORDS = 8
#: A promise may stand so many characters before the words that it is of, or behind them.
_BEFORE_CHARS, _BEHIND_CHARS = 160, 60
#: Languages whose verbs need no subject: there, what a speaker says is to come may be its own doing.
NO_SUBJECT = frozenset({"es", "it", "pt", "pl", "ru", "uk", "ar", "he", "tr", "fa", "zh"})
_QUOTED = regex.compile(r"\"([^\"\n]{1,400})\"|“([^”\n]{1,400})”|«\s?([^»\n]{1,400}?)\s?»|„([^“”\n]{1,400})[“”]|「([^」\n]{1,400})」")


def judge_commitment(
    proven: Proven[CommitmentDraft], telling: Telling, cast: Cast, is_promise: Callable[[Span, Span], bool] = lambda _span, _sentence: False
) -> tuple[Proven[CommitmentDraft] | None, list[Rejection]]:
    """Return a commitment as the words of its sentence have it, or None if it may not stand, and what was refused of it.

    Args:
        proven: What the model offered.
        telling: The sentences of the article.
        cast: Its actors.
        is_promise: Whether the words at a span, in the sentences at another, are known to bind somebody, whoever the model says that it is.
    """
    sentence, draft = telling.sentence(proven.evidence), proven.draft
    if not has_lexicon(telling.language):
        return proven, []
    if not holds_promise(sentence, proven.span, telling, cast, draft.speakers) and not is_promise(proven.span, proven.evidence.sentence):
        return None, [rejection(Section.COMMITMENTS, RejectionReason.UNVERIFIABLE, "The words hold no promise.", draft)]
    contradiction = _contradiction(draft, sentence, telling)
    if contradiction:
        return None, [rejection(Section.COMMITMENTS, RejectionReason.CONTRADICTED, contradiction, draft)]
    refused: list[Rejection] = []
    changes: dict[str, object] = {"speakers": doers(draft.speakers, ("promise", "refuse", "said", "will"), sentence, cast)}
    polarity = _polarity(sentence, proven.span, telling)
    if polarity:
        changes["polarity"] = polarity
    whole = telling.text[slice(*proven.evidence.sentence)]
    quoted = [next(filter(None, match.groups())) for match in _QUOTED.finditer(whole[:4000])]
    if draft.condition is None:
        changes["condition"] = condition_in(sentence, proven.span)
    elif draft.condition not in whole:
        changes["condition"] = None
        refused.append(_part("condition", draft.condition, "The sentences of the commitment do not hold this condition."))
    if draft.direct_quote is None:
        own = cast.numbers(draft.speakers)
        others = {number for _, number in sentence.mentions} - cast.with_parts(own)
        changes["direct_quote"] = quoted[0] if len(quoted) == 1 and _is_said(sentence, own, others) else None
    elif not any(_bare(draft.direct_quote) in words for words in quoted):
        changes["direct_quote"] = None
        refused.append(_part("direct_quote", draft.direct_quote, "These words do not stand between quotation marks."))
    return Proven(draft.model_copy(update=changes), proven.evidence), refused


def holds_promise(sentence: Sentence, span: tuple[int, int], telling: Telling, cast: Cast, speakers: list[str]) -> bool:
    """Whether the words at `span`, in their sentence, bind whoever says them."""
    bound = [one for label in ("promise", "refuse") for one in sentence.told(label) if not is_demanded(one, sentence)]
    inside = sentence.told("promise", span) or sentence.told("refuse", span) or _QUOTED.search(telling.text, *span)
    if bound and (inside or any(_near(one, span, sentence) for one in bound)):
        clause = (sentence.start, sentence.end)
        return any(
            one in sentence.told("refuse") or _is_hard(one, sentence) or not sentence.negates(one, clause, telling.negated, before=2, behind=0) for one in bound
        )
    # A threat that waits for something is a pledge to answer it.
    if sentence.told("threaten", sentence.clause(span)) and condition_in(sentence, span):
        return True
    own = cast.numbers(speakers)
    return any(_is_own(one, sentence, own) for one in sentence.told("will") if _near(one, span, sentence))


def _contradiction(draft: CommitmentDraft, sentence: Sentence, telling: Telling) -> str | None:
    """Return what of a commitment its own words contradict: a refusal where nothing is refused, or a number that is another."""
    words = telling.text[sentence.start : sentence.end]
    if draft.polarity == Polarity.WILL_NOT and not sentence.told("refuse") and not telling.negated(words, telling.language) and telling.knows_negations:
        return "The words refuse nothing."
    return "The words hold another number." if unsupported(draft.commitment, words, telling.language) else None


def _part(field: str, value: str, detail: str) -> Rejection:
    return rejection(Section.COMMITMENTS, RejectionReason.UNVERIFIABLE, detail, {field: value})


def _bare(words: str) -> str:
    return words.strip(" \t\n\"“”„«»「」'’‘")


def _near(one: Told, span: tuple[int, int], sentence: Sentence) -> bool:
    """Whether `one` stands in the words at `span` or not far from them."""
    return span[0] - _BEFORE_CHARS <= sentence.words[one.first].start < span[1] + _BEHIND_CHARS


def _is_hard(one: Told, sentence: Sentence) -> bool:
    """Whether a promise is itself worded as a negation: will never, لن, 绝不."""
    return sentence.words[one.first].forms[0] in {"never", "لن", "绝", "决", "никогда", "jamas", "n"}


def is_demanded(one: Told, sentence: Sentence) -> bool:
    """Whether others are asked for it, or only hope for it."""
    return any(0 <= one.first - other.last <= _DEMAND_WORDS and not _marked(sentence, other.last, one.first) for other in sentence.told("demand"))


def _marked(sentence: Sentence, first: int, last: int) -> bool:
    return any(word.is_comma for word in sentence.words[first:last])


def _is_own(one: Told, sentence: Sentence, own: set[int]) -> bool:
    """Whether what is still to come is the speaker's own doing, and no forecast."""
    if _in_condition(one, sentence) or sentence.told("expect") or is_demanded(one, sentence):
        return False
    who = [*sentence.told("self"), *(told for told, number in sentence.mentions if number in own)]
    if any(0 <= one.first - other.last <= _WHO_WORDS for other in who):
        return True
    if sentence.base not in NO_SUBJECT:
        return False
    return bool(sentence.told("said")) or any(told.last <= one.first for told, number in sentence.mentions if number in own)


def _in_condition(one: Told, sentence: Sentence) -> bool:
    start = sentence.words[one.first].start
    return any(low <= start < high for low, high in conditional_clauses(sentence))


def _polarity(sentence: Sentence, span: tuple[int, int], telling: Telling) -> Polarity | None:
    """Return whether it is promised or refused, where the words tell; what is refused without a negation is refused."""
    refusals = [one for one in sentence.told("refuse") if _near(one, span, sentence) and not _in_condition(one, sentence)]
    if refusals:
        negated = sentence.negates(refusals[0], (sentence.start, sentence.end), telling.negated, before=3, behind=0)
        return None if negated else Polarity.WILL_NOT
    acts = [one for one in sentence.told("will") if _near(one, span, sentence) and not _in_condition(one, sentence)]
    clause = sentence.clause(span)
    if acts:
        return Polarity.WILL_NOT if any(sentence.negates(one, clause, telling.negated, before=1, behind=2) for one in acts) else None
    promises = [one for one in sentence.told("promise", clause) if not _in_condition(one, sentence)]
    if promises and any(sentence.negates(one, clause, telling.negated, before=0, behind=3) for one in promises):
        return Polarity.WILL_NOT
    return None


def _is_said(sentence: Sentence, own: set[int], others: set[int]) -> bool:
    """Whether the words between quotation marks are the speaker's: it is named in the sentence, and nobody else stands nearer to the verb of saying."""
    named = {number for _, number in sentence.mentions}
    if not named & own:
        return False
    if not others:
        return True
    said = sentence.told("said")
    near = [number for one in said for other, number in sentence.mentions if -4 <= one.first - other.last <= 4]  # noqa: PLR2004 - words
    return bool(near) and near[0] in own
