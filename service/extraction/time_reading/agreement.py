"""Agreement: whether a draft that a model wrote says no other numbers, months and days of the week than its words do."""

from schemas.time import TimeDraft
from service.extraction.lexicons import primary_subtag
from service.extraction.time_reading.lexing import lex
from service.extraction.time_reading.words import WEEKDAYS, Word

#: A count up to this may be told without a number: `last week`, `the week after next`.
_SMALL_COUNT = 2
#: Kinds that hold less than their words tell.
_WITHOUT_NUMBERS = frozenset({"event", "repeat"})


def agrees(draft: TimeDraft, expression: str, language: str) -> bool:
    """Whether every number, month and day of the week of `draft` stands in the words, in digits or spelt out, and every number of the words in `draft`."""
    words = [word for readings in lex(expression, primary_subtag(language)) for word in readings]
    told = {number for word in words for number in _numbers_of(word)}
    stated = {word.number for word in words if word.letter in "NOYR" and (word.digits or word.number > 1)}
    needed, allowed = _numbers_in(draft)
    if draft.kind not in _WITHOUT_NUMBERS and not stated <= allowed.union(*needed):
        return False
    return all(told & numbers for numbers in needed) and _days_in(draft) <= _days_of(words)


def _numbers_of(word: Word) -> set[int]:
    """Return the numbers that one reading of a word can stand for."""
    if word.letter == "T":
        return set().union(*_numbers_in_date(word.text)[0])
    if word.letter in "CV":
        return {int(part) for part in word.text.split(":") if part.isdecimal()}
    return {abs(word.number)} if word.letter in "NOYRMZAK" else set()


def _days_of(words: list[Word]) -> set[str]:
    """Return the days of the week that words name; the night to Sunday is that of Saturday too."""
    days = {word.text for word in words if word.letter == "W"}
    if any(word.letter == "J" for word in words):
        days |= {WEEKDAYS[index - 1] for index, day in enumerate(WEEKDAYS) if day in days}
    return days


def _days_in(draft: TimeDraft) -> set[str]:
    """Return the days of the week that a draft names."""
    return {getattr(draft, name, "") for name in ("weekday", "start", "end")} & set(WEEKDAYS)


def _numbers_in(draft: TimeDraft) -> tuple[list[set[int]], set[int]]:
    """Return the numbers of a draft of which its words must tell one each, and those that they may tell besides."""
    needed: list[set[int]] = []
    allowed: set[int] = set()
    for name in ("date", "start", "end"):
        more, besides = _numbers_in_date(getattr(draft, name, ""))
        needed += more
        allowed |= besides
    hour, _, minute = (getattr(draft, "clock", None) or "").partition(":")
    allowed |= {int(hour), int(hour) % 12, int(minute or 0)} if hour else set()
    count = abs(getattr(draft, "count", None) or 0)
    needed += [{count}] if count > _SMALL_COUNT else []
    return needed, allowed | {count}


def _numbers_in_date(text: str) -> tuple[list[set[int]], set[int]]:
    """Return the same for one date text: a decade is told by its first year or two digits of it, a century by its number."""
    if text[:2].isdecimal() and text.endswith("XX"):
        return [{int(text[:2]) + 1}], set()
    if text[:3].isdecimal() and text.endswith("X"):
        year = int(text[:3]) * 10
        return [{year, year % 100}], {year // 100 + 1}
    return [{int(part.lstrip("QH"))} for part in text.split("-") if part.lstrip("QH").isdecimal()], set()
