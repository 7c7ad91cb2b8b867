"""Conditions: the clause on which a threat or a promise depends, as the article has it."""

from bisect import bisect_left, bisect_right

import regex

from service.extraction.judgement.telling import Sentence, Told

_BOUNDARY = regex.compile(r"[,،，](?!\d)|[;:!?…—–()\[\]\n؛؟。；：！？\"“”«»„](?!\d)|\.(?=\s|$)")
#: A clause that is longer holds more than a condition; one that is shorter holds none.
_MAX_CHARS = 300
_MIN_WORDS = 3
#: A condition that is told this far from the words that prove an entry belongs to something else.
_MAX_GAP_WORDS = 12
#: Words before an "if" that make a question or a comparison of it: not if but when, as if, even if, asked if.
_NO_CONDITION = frozenset(
    {
        "not",
        "as",
        "even",
        "asked",
        "ask",
        "wonder",
        "wondered",
        "unclear",
        "unknown",
        "know",
        "knows",
        "see",
        "non",
        "pas",
        "demande",
        "demander",
        "savoir",
        "ignore",
        "comme",
        "meme",
        "de",
        "ob",
        "weiss",
        "como",
        "incluso",
        "pregunto",
        "sabe",
        "saber",
        "aunque",
        "wissen",
        "fragte",
        "selbst",
        "auch",
        "anche",
        "come",
        "chiede",
        "mesmo",
        "perguntou",
        "не",
        "даже",
        "как",
        "будто",
        "nawet",
        "jakby",
    }
)


def condition_in(sentence: Sentence, span: tuple[int, int]) -> str | None:
    """Return the one clause of `sentence` that opens with an "if" and is part of, or beside, the words at `span`; None if there is none, or several."""
    found = {
        clause
        for clause in (_clause(one, sentence) for label in ("if", "if_with") for one in sentence.told(label))
        if clause and _beside(clause, span, sentence)
    }
    outer = [one for one in found if not any(other != one and other[0] <= one[0] and one[1] <= other[1] for other in found)]
    return sentence.text[slice(*outer[0])] if len(outer) == 1 else None


def conditional_clauses(sentence: Sentence) -> list[tuple[int, int]]:
    """Return the spans of the clauses that open with an "if"."""
    return [clause for one in sentence.told("if") if (clause := _clause(one, sentence))]


def _clause(one: Told, sentence: Sentence) -> tuple[int, int] | None:
    start = sentence.words[one.first].start
    mark = _BOUNDARY.search(sentence.text, start, min(sentence.end, start + _MAX_CHARS))
    end = mark.start() if mark else min(sentence.end, start + _MAX_CHARS)
    last = bisect_right(sentence.words, end, key=lambda word: word.end)
    if last - one.first < _MIN_WORDS or _asks(one, sentence):
        return None
    return start, sentence.words[last - 1].end


def _asks(one: Told, sentence: Sentence) -> bool:
    """Whether an "if" asks and does not condition: the question is not if, as if, even if, he asked if."""
    if one.first == 0:
        return False
    before = {form for word in sentence.words[max(one.first - 2, 0) : one.first] for form in word.forms}
    return bool(before & _NO_CONDITION)


def _beside(clause: tuple[int, int], span: tuple[int, int], sentence: Sentence) -> bool:
    if clause[0] < span[1] and span[0] < clause[1]:
        return True
    low, high = (clause[1], span[0]) if clause[1] <= span[0] else (span[1], clause[0])
    between = bisect_right(sentence.words, high, key=lambda word: word.end) - bisect_left(sentence.words, low, key=lambda word: word.start)
    return between <= _MAX_GAP_WORDS
