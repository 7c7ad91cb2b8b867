"""Context: the expression as the model quoted it, and the words right around it that belong to it."""

from functools import lru_cache

import regex

from schemas.time import TimeDraft
from schemas.vocabulary import Direction
from service.extraction.lexicons import primary_subtag
from service.extraction.time_reading.grammar import View
from service.extraction.time_reading.lexing import lex
from service.extraction.time_reading.reading import MAX_CHARS, read_words, view_of
from service.extraction.time_reading.words import Readings

_WINDOW_CHARS = 40
#: Classes of words that change what the expression after them says, and those that do so from behind.
_LEADS = frozenset("bfuyxagwireB+<~lnpct")
#: Those that only count where the expression cannot be read alone: `48` before `hours`.
_COUNTS = frozenset("FN")
_TAILS = frozenset("gwEhHnlpc")
#: Those that follow in languages with postpositions: elsewhere a "to" behind the words opens what comes next.
_POSTPOSITIONS = frozenset("bu")
_DENIALS, _LIMITS = frozenset("¬"), frozenset("xuyb")
#: Longer expressions are not kept in memory.
_MAX_KNOWN_CHARS = 32
_CUT = regex.compile(r"[.;:!?。！？؟…\n«»“”\"()]")
_POSSESSIVE = regex.compile(r"['’]s\b")


def read_time(expression: str, language: str, *, direction: Direction | None = None, sentence: str | None = None) -> TimeDraft | None:
    """Return the draft that an expression says, or None where it cannot be read.

    Args:
        expression: The words of the time, as the article has them.
        language: BCP 47 tag of the article.
        direction: Where the time lies, seen from publication; it counts only where the words do not tell.
        sentence: The sentence that the words stand in, for a word before or after them that the model left out: `since`, `in the`, `ago`.
    """
    code = primary_subtag(language)
    if not 0 < len(expression) <= MAX_CHARS or not (code.isascii() and code.isalpha()):
        return None
    # The same few words tell the times of most articles.
    words, draft = (_known if len(expression) <= _MAX_KNOWN_CHARS else _alone)(expression, code, direction)
    if sentence is None or not _open(draft):
        return draft
    at = sentence.find(expression)
    if at < 0:
        return draft
    end = at + len(expression)
    if _POSSESSIVE.match(sentence, end):
        return draft
    before = _CUT.split(sentence[max(0, at - _WINDOW_CHARS) : at])[-1]
    after = _CUT.split(sentence[end : end + _WINDOW_CHARS])[0]
    return _widened(lex(before, code), words, lex(after, code), view_of(code, direction), draft)


def _alone(expression: str, code: str, direction: Direction | None) -> tuple[list[Readings], TimeDraft | None]:
    """Return the readings of each word of an expression, and the draft that they say by themselves."""
    words = lex(expression, code)
    return words, read_words(words, view_of(code, direction))


_known = lru_cache(maxsize=1024)(_alone)


def _open(draft: TimeDraft | None) -> bool:
    """Whether words around could still change what is said."""
    return draft is None or draft.kind == "length" or (draft.kind in ("date", "weekday", "offset", "dated") and getattr(draft, "bound", "") == "in")


def _widened(before: list[Readings], words: list[Readings], after: list[Readings], view: View, draft: TimeDraft | None) -> TimeDraft | None:
    """Return the draft of `words` with the longest run of words before or after them that changes what they say."""
    classes = _LEADS if draft else _LEADS | _COUNTS
    leads = _run(before[::-1], classes)[::-1]
    if any(_says(word, _DENIALS) for word in before[-4:]) and any(_says(word, _LIMITS) for word in leads):
        return None
    trailing = _TAILS | _POSTPOSITIONS if view.postpositions else _TAILS
    tails = _run(after, trailing)
    for lead in range(len(leads), -1, -1):
        for tail in (1, 0) if tails else (0,):
            around = leads[len(leads) - lead :]
            if not (lead or tail) or (lead and not _says(around[0], classes)) or (tail and not _says(tails[tail - 1], trailing)):
                continue
            if view.direction == "past" and view.loose_from and any(_says(word, frozenset("f")) for word in around):
                continue
            wider = read_words([*around, *words, *tails[:tail]], view)
            if wider and wider.kind != "event" and wider != draft:
                return wider
    # "More than" two years ago is not two years ago.
    return None if leads and _says(leads[-1], frozenset("+<")) and draft and draft.kind == "offset" else draft


def _run(words: list[Readings], classes: frozenset[str]) -> list[Readings]:
    """Return the first words, three at most, that are of `classes` or tell nothing."""
    run: list[Readings] = []
    for readings in words[:3]:
        if not _says(readings, classes | {"_"}):
            break
        run.append(readings)
    return run


def _says(readings: Readings, classes: frozenset[str]) -> bool:
    return any(word.letter in classes for word in readings)
