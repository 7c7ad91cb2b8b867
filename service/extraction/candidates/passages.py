"""Passages: where a text states a threat or a commitment, clause by clause, by code alone."""

from collections.abc import Callable, Iterator

from service.extraction.candidates.acts import Act, acts_of
from service.extraction.candidates.reading import Reading
from service.extraction.judgement.telling import Names, Sentence, has_lexicon
from service.extraction.preparing import Prepared

Span = tuple[int, int]

#: What stands before an act may be so many times as long as the act, or as many characters, or it stays away.
_MOST_BEFORE, _BEFORE_CHARS = 2, 60


def threat_passages(prepared: Prepared) -> list[Span]:
    """Return where `prepared` states a threat: one span for each, in the order of the text and without overlaps."""
    return [span for act, span in _stated(prepared) if act.threat]


def commitment_passages(prepared: Prepared) -> list[Span]:
    """Return where `prepared` states what somebody will or will not do: one span for each, in the order of the text and without overlaps."""
    return [span for act, span in _stated(prepared) if act.commitment]


def commitments_in(prepared: Prepared, sentences: Span, read: Callable[[Span], Sentence]) -> frozenset[Span]:
    """Return those of the `commitment_passages` that stand in some sentences.

    Args:
        prepared: The article.
        sentences: Where they stand.
        read: Gives the sentence at a span.
    """
    if not has_lexicon(prepared.language):
        return frozenset()
    within = (one for one in prepared.sentences.within(*sentences) if one[1] <= sentences[1])
    return frozenset(span for one in within for act, span in _stated_in(read(one), prepared.published) if act.commitment)


def _stated(prepared: Prepared) -> Iterator[tuple[Act, Span]]:
    if has_lexicon(prepared.language):
        for span in prepared.sentences.spans:
            yield from _stated_in(Sentence(prepared.text, *span, prepared.language, Names(())), prepared.published)


def _stated_in(sentence: Sentence, published: str | None) -> Iterator[tuple[Act, Span]]:
    reading = Reading(sentence)
    acts = acts_of(reading, published)
    free = 0
    for number, act in enumerate(acts):
        following = acts[number + 1].at if number + 1 < len(acts) else len(reading.clauses)
        first, last = _first(act, free, reading), _last(act.at, following, reading)
        free = last + 1
        yield act, (_start(first, last, act, reading), reading.span(last)[1])


def _first(act: Act, free: int, reading: Reading) -> int:
    """Return the clause with which the words of an act begin: the first one of its subject, its condition, its verb."""
    first, before, length = act.at, 0, _length(act.at, reading)
    while first > free and not reading.clauses[first].apart and not reading.clauses[first].joined:
        if reading.opens(first, "that") and not (act.commitment and reading.heads[act.at] is not None):
            break
        if reading.is_condition(first - 1):
            length += _length(first - 1, reading)
        elif act.threat and reading.closes(first - 1):
            break
        else:
            before += _length(first - 1, reading)
        if before > max(length * _MOST_BEFORE, _BEFORE_CHARS):
            break
        first -= 1
    while first < act.at and reading.is_relative(first):
        first += 1
    return first


def _last(at: int, following: int, reading: Reading) -> int:
    """Return the clause with which the words of an act end: itself, its conditions, the rest of a list."""
    last = at
    while last + 1 < following and not reading.clauses[last + 1].apart and (reading.is_condition(last + 1) or _goes_on(at, last + 1, reading)):
        last += 1
    return last


def _goes_on(at: int, after: int, reading: Reading) -> bool:
    """Whether a clause is but another part of the list that one ends with: on the convoys, and on the residence."""
    clause, own, words = reading.clauses[after], reading.clauses[at], reading.sentence.words
    return clause.joined and any(word.forms[:1] == words[clause.first].forms[:1] for word in words[own.first : own.last])


def _start(first: int, last: int, act: Act, reading: Reading) -> int:
    """Return where the words of an act begin: those of a threat, and of what is shorter than that, behind the ones that only say who says it."""
    start, end = reading.span(first)[0], reading.span(last)[1]
    for at in range(first, act.at + 1):
        said = reading.said(at)
        if said is None:
            continue
        own = reading.sentence.words[said].start
        if act.threat or own - start > end - own or said == reading.clauses[first].first + 1:
            start = own
    return start


def _length(at: int, reading: Reading) -> int:
    start, end = reading.span(at)
    return end - start
