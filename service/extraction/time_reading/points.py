"""Points: a day, a month, a year, a week told by a date, a day of the week or steps from now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import regex

from schemas.time import Part, Unit, Weekday, When
from service.extraction.time_reading.scanning import date_text
from service.extraction.time_reading.words import Word, letters

_SEASON_UNITS: dict[str, str] = {"quarter": "Q", "half": "H"}
_STEPS = {"l": -1, "n": 1, "t": 0, "L": -2, "X": 2}
_DAY_CHARS = len("XXXX-MM-DD")
#: Centuries that a draft can say, and those of which a decade can be told by two digits; weeks that can be counted with a day.
_CENTURIES, _DECADES_OF, _WEEKS = range(1, 31), range(11, 31), range(-4, 5)


@dataclass(frozen=True, slots=True)
class Point:
    """What is told: `kind` and the fields of a draft of that kind, None where the words do not tell them."""

    kind: Literal["date", "weekday", "offset", "dated"]
    date: str = ""
    weekday: Weekday = "mon"
    week: int | None = None
    count: int = 0
    unit: Unit = "day"
    part: Part | None = None
    when: When | None = None
    not_now: bool = False

    @property
    def daily(self) -> bool:
        """Whether it is one day."""
        return self.kind == "weekday" or (self.unit == "day" if self.kind == "offset" else len(self.date) == _DAY_CHARS)


def point_of(words: list[Word]) -> Point | None:
    """Return the point that `words` tell, all of them, or None."""
    code = letters(words)
    if code[:1] in tuple("ehH") or code[-1:] in tuple("ehH"):
        marked, rest = (words[0], words[1:]) if code[0] in "ehH" else (words[-1], words[:-1])
        return _in_part(marked, rest)
    return _plain(words) or _weekday_of_week(words) or _dated(words)


def _in_part(mark: Word, words: list[Word]) -> Point | None:
    """Return the beginning, middle or end of what `words` tell; of a day, the day."""
    if mark.letter == "e" and letters(words) in ("U", "P"):
        return Point("offset", unit=words[0].unit, part=_part(mark)) if words[0].unit not in ("hour", "minute") else None
    point = point_of(words)
    if point is None or point.part:
        return None
    if point.daily:
        return point
    if mark.letter in "hH" and point.kind == "offset" and point.count:
        return None
    return replace(point, part=_part(mark)) if point.unit not in ("hour", "minute") else None


def _part(mark: Word) -> Part:
    """Return which part a word names."""
    if mark.letter in "hH":
        return "elapsed" if mark.letter == "h" else "rest"
    return "start" if mark.text == "start" else "middle" if mark.text == "middle" else "end"


def _plain(words: list[Word]) -> Point | None:
    """Return a single date, day of the week or offset."""
    code = letters(words)
    if code == "U" and words[0].unit == "weekend":
        return Point("offset", unit="weekend")
    for pattern, build in _RULES:
        if pattern.fullmatch(code):
            return build(words)
    return None


def _date(words: list[Word]) -> Point | None:
    """Build a date of any order: the number that is no year is the day."""
    year = month = day = None
    when: When | None = None
    for word in words:
        if word.letter == "Y":
            year = word.number
        elif word.letter == "M":
            month = word.number
        elif word.letter in "NO":
            day = word.number
        elif word.letter in "ln":
            when = "past" if word.letter == "l" else "future"
    text = date_text(year, month, day)
    return Point("date", date=text, when=when, not_now=when is not None) if text else None


def _day_alone(words: list[Word]) -> Point | None:
    """Build `the 11th`: in digits, an ordinal or after the article."""
    word = words[0]
    return _date(words) if word.digits and (word.letter == "O" or word.article) else None


def _text(words: list[Word]) -> Point | None:
    """Build a date that one word tells: in digits, a feast, a decade; with its year or with last and next."""
    text = next((word.text for word in words if word.letter in "TS"), None)
    if text is None:
        return None
    if text in ("SP", "SU", "AU", "WI"):
        text = f"XXXX-{text}"
    year = next((word.number for word in words if word.letter == "Y"), None)
    when: When | None = next(("past" if word.letter in "lp" else "future" for word in words if word.letter in "lnpc"), None)
    if (year or when) and not text.startswith("XXXX"):
        return None
    return Point("date", date=text.replace("XXXX", f"{year:04}") if year else text, when=when, not_now=when is not None)


def _decade_of_century(words: list[Word]) -> Point | None:
    """Build `the nineties of the 20th century`, `上世纪90年代`."""
    decade = next((word.text for word in words if word.letter == "T"), "")
    century = next((word.number for word in words if word.letter in "NOR"), 20)
    if not decade.endswith("X") or any(word.letter == "U" and word.unit != "century" for word in words) or century not in _DECADES_OF:
        return None
    return Point("date", date=f"{century - 1}{decade[2:]}")


def _numbered(words: list[Word]) -> Point | None:
    """Build a quarter, a half or a century by its number: `third quarter of 2024`, `XXIe siècle`."""
    number = next(word.number for word in words if word.letter in "NOR")
    unit = next(word.unit for word in words if word.letter == "U")
    year = next((word.number for word in words if word.letter == "Y"), None)
    if unit == "century" and year is None and number in _CENTURIES:
        return Point("date", date=f"{number - 1:02}XX")
    if unit in _SEASON_UNITS and 0 < number <= (4 if unit == "quarter" else 2):
        return Point("date", date=f"{f'{year:04}' if year else 'XXXX'}-{_SEASON_UNITS[unit]}{number}")
    return None


def _weekday(words: list[Word]) -> Point | None:
    """Build a day of the week, or one of a week that is counted with it (`下周一`)."""
    day = next(word.text for word in words if word.letter == "W")
    counted = next((word.number for word in words if word.letter == "K"), None)
    when: When | None = next(("past" if word.letter in "lp" else "future" for word in words if word.letter in "lnpc"), None)
    return Point("weekday", weekday=_name(day), week=counted, when=when, not_now=when is not None) if counted is None or counted in _WEEKS else None


def _name(day: str) -> Weekday:
    """Return a day of the week under its own type."""
    return next(name for name in _WEEKDAY_NAMES if name == day)


def _offset(words: list[Word]) -> Point | None:
    """Build steps from now: a word such as yesterday, or this, last or next with a unit."""
    if any(word.many or word.letter == "P" for word in words):
        return None
    if letters(words) == "AU" and words[0].unit != words[1].unit:
        return None
    steps = next(word for word in words if word.letter in "AlntLXK")
    unit = steps.unit if steps.letter == "A" else next(word.unit for word in words if word.letter == "U")
    count = steps.number if steps.letter in "AK" else _STEPS[steps.letter]
    if unit in ("hour", "minute") or (unit == "day" and steps.letter in "lnLX"):
        return None
    return Point("offset", count=count, unit=unit)


def _weekday_of_week(words: list[Word]) -> Point | None:
    """Build `Friday of next week`."""
    for day, rest, last in ((words[:1], words[1:], False), (words[-1:], words[:-1], True)):
        week = _plain(rest) if letters(day) == "W" else None
        if week and week.kind == "offset" and week.count in _WEEKS:
            if week.unit == "week":
                return Point("weekday", weekday=_name(day[0].text), week=week.count)
            if week.unit == "day" and last:
                return week
    return None


def _dated(words: list[Word]) -> Point | None:
    """Build a date of a year or month that is counted from now: `October last year`, `the 15th of next month`."""
    for size in (1, 2):
        for date_words, step_words in ((words[:-size], words[-size:]), (words[size:], words[:size])):
            step = _plain(step_words) if letters(step_words) in _STEP_CODES else None
            if step is None or not date_words:
                continue
            date = _date(date_words) if letters(date_words) == "N" and date_words[0].article else point_of(date_words)
            if date is None or date.kind != "date" or date.when:
                continue
            if step.unit == "day":
                return date
            fits = date.date.startswith("XXXX-XX-") if step.unit == "month" else date.date.startswith("XXXX-") and not date.date.startswith("XXXX-XX")
            if step.unit in ("month", "year") and fits:
                return Point("dated", date=date.date, count=step.count, unit=step.unit, part=date.part)
    return None


_WEEKDAY_NAMES: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STEP_CODES = frozenset({"A"} | {f"{step}U" for step in "lntLXK"} | {f"U{step}" for step in "lntLX"})
_RULES: tuple[tuple[regex.Pattern[str], Callable[[list[Word]], Point | None]], ...] = tuple(
    (regex.compile(pattern), build)
    for pattern, build in (
        (r"W?(?:[NO]MY?|M[NO]Y?|YM[NO]|Y[NO]M)W?", _date),
        (r"MY|YM|Y|t?M|[ln]M|M[ln]|t?[NO]M|[NO]M[ln]|[ln][NO]M|M[NO][ln]|W[NO]M[ln]", _date),
        (r"W?O|O?W?O|W?t?N", lambda words: _day_alone(words[-1:])),
        (r"W?TW?|TY|YT|[lnt]?[TS]|[TS][lnt]|[SY][SY]|[pc]S", _text),
        (r"[NORlK]UT|T(?:[NORlK]U|Ul)", _decade_of_century),
        (r"[NOR]U|[NO]UY|Y[NO]U", _numbered),
        (r"t?[lnpc]?W|Wt?[lnpc]?|KW", _weekday),
        (r"AU?|[lntLXK]U|U[lntLX]", _offset),
    )
)
