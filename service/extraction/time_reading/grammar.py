"""The grammar: from the classes of the words of an expression to the draft of what it says. One for all languages.

A rule is a pattern over classes (see `words`). Every word must be told by the rule: what is left over makes an expression unreadable.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import regex

from schemas.time import (
    Bound,
    DatedTime,
    DateTime,
    EventTime,
    LengthTime,
    OffsetTime,
    RepeatTime,
    TimeDraft,
    Unit,
    VagueTime,
    WeekdayTime,
    When,
    WindowTime,
)
from service.extraction.time_reading.clock import clock_of
from service.extraction.time_reading.points import Point, point_of
from service.extraction.time_reading.settling import settle
from service.extraction.time_reading.words import Word, letters

_BOUNDS: dict[str, Bound] = {"b": "since", "f": "since", "a": "since", "u": "until", "y": "until", "x": "until"}
#: Where the words around a bound put the time, seen from now.
_BOUND_WHEN: dict[str, When] = {"b": "past", "y": "future"}
#: A time that is told by an event: something unknown after or before which, with or without a count of units; and what refers back (`the next day`).
_EVENT = regex.compile(r"[~<+]*(?:[NF]?[UP])?[xabufme].*\?.*|[~<+]*[NF]?[UP][ax]|.*E.*|t?[kh]?[NF]?[UP]?k[NF]?[UPW]?|[UPW]k|[NF]?[UP][hH]")
_EVENT_AFTER = regex.compile(r".*\?.*[xabumeE][NF]?[UP]?")
_WINDOW = regex.compile(r"[mwdib]?t?(?:[lpnc][NF]?[UP]|[NF][lpnc][UP]|[NF]?[UP]t?[lpnc]|[UP][NF][lpnc])w?")
#: More of a unit than any draft can count.
_MAX_COUNT = 10_000
_COUNTED = regex.compile(r"(?P<lead>[wmdbgi]|bg)?(?P<count>[NF])?(?P<unit>[UP])(?P<tail>[wgbid])?")


@dataclass(frozen=True, slots=True)
class View:
    """How an expression is looked at: where the model says that the time lies, and the customs of the language."""

    direction: When | None
    twelve_hours: bool = False
    rolling_article: bool = False
    postpositions: bool = False
    loose_from: bool = False


def draft_of(words: list[Word], view: View) -> TimeDraft | None:
    """Return the draft that the words of one reading tell, or None."""
    words = settle(words)
    code = letters(words)
    if not code:
        return None
    special = _special(words, code, view)
    if special or "?" in code or "r" in code:
        return special
    words, clock, in_day = clock_of(words, twelve_hours=view.twelve_hours)
    if not words:
        return None
    about, upper = any(word.letter == "~" for word in words), any(word.letter == "<" for word in words)
    words = [word for word in words if word.letter not in "~<"]
    if in_day and letters(words) == "t":
        return OffsetTime(kind="offset", bound="in", count=0, unit="day", part=None, clock=clock)
    draft = _night(words, view) or _window(words, view) or _counted(words, view, about=about, upper=upper)
    if draft is None and not upper:
        draft = bounded(words, clock, view)
    return draft


def _special(words: list[Word], code: str, view: View) -> TimeDraft | None:
    """Return a repeated, event-relative or vague time."""
    if "r" in code and "?" not in code:
        return RepeatTime(kind="repeat")
    if _EVENT.fullmatch(code) or (view.postpositions and _EVENT_AFTER.fullmatch(code)):
        return EventTime(kind="event")
    vague = [word.text for word in words if word.letter == "v"]
    if vague and len(vague) == len(code) and len(set(vague)) == 1:
        return VagueTime(kind="vague", when="past" if vague[0] == "past" else "future" if vague[0] == "future" else "present")
    return None


def _night(words: list[Word], view: View) -> TimeDraft | None:
    """Return a night without a date: it lies on two days."""
    code = letters(words)
    if code in ("lG", "Gl", "pG", "Gp"):
        return WindowTime(kind="window", when="past", count=1, unit="day")
    if code in ("nG", "Gn", "cG", "Gc"):
        return WindowTime(kind="window", when="future", count=1, unit="day")
    if code in ("G", "tG", "Gt") and view.direction in ("past", "future"):
        return WindowTime(kind="window", when="past" if view.direction == "past" else "future", count=1, unit="day")
    return None


def _window(words: list[Word], view: View) -> TimeDraft | None:
    """Return a span that begins or ends now: `the past two weeks`; one unit without a count is rather an offset (`last week`)."""
    code = letters(words)
    if not _WINDOW.fullmatch(code):
        return None
    side = next(word for word in words if word.letter in "lpnc")
    if code[-2:-1] != "N" and any(first.letter == "N" and second.apart for first, second in pairwise(words)):
        # The 15th of next month.
        return None
    unit = next(word for word in words if word.letter in "UP")
    number = next((word.number for word in words if word.letter == "N"), None)
    many = unit.letter == "P" or side.many or "F" in code
    rolling = side.letter in "pc" or (view.rolling_article and (side.article or code[0] == "w"))
    if not many and number is None and not (rolling and unit.unit not in ("quarter", "half", "season", "weekend")):
        return None
    if code[0] == "b" and not many:
        return None
    count = number if number is not None else None if many else 1
    return WindowTime(kind="window", when="past" if side.letter in "lp" else "future", count=count, unit=unit.unit) if count != 0 else None


def _counted(words: list[Word], view: View, *, about: bool, upper: bool) -> TimeDraft | None:
    """Return a count of units, by the word that goes with it: `two days ago`, `in two days`, `within two days`, `for two days`, `since two days`."""
    match = _COUNTED.fullmatch(letters(words))
    if not match or (match["lead"] and match["tail"]):
        return None
    role = (match["lead"] or match["tail"] or "d").replace("bg", "b")
    unit = next(word.unit for word in words if word.letter in "UP")
    number = next((word for word in words if word.letter == "N"), None)
    if number is None and match["unit"] == "U" and not match["count"]:
        if role not in "giw":
            return None
        number = Word("N", number=1)
    if number and not 0 < number.number <= _MAX_COUNT:
        return None
    count = number.number if number else None
    if (role in "wi" and view.direction == "past" and match["lead"]) or (role == "m" and view.direction != "future"):
        role = "d"
    if role == "d":
        return LengthTime(kind="length", count=count, unit=unit) if not upper else None
    loose = upper or (number is not None and number.ranged) or (about and unit in ("day", "hour", "minute"))
    if role in "wm" or count is None or loose:
        return _some(count, unit, role, about=about and loose)
    return OffsetTime(kind="offset", bound="since" if role == "b" else "in", count=count if role == "i" else -count, unit=unit, part=None, clock=None)


def _some(count: int | None, unit: Unit, role: str, *, about: bool) -> TimeDraft | None:
    """Return the span in which something lies that is told by the most that it is away; about three days, or since at most three, is no bound."""
    if count is not None and (about or role == "b"):
        return None
    return WindowTime(kind="window", when="past" if role in "gb" else "future", count=count, unit=unit)


def bounded(words: list[Word], clock: str | None, view: View) -> TimeDraft | None:
    """Return a point with the bound before or after it: `since 7 October`, `bis Freitag`."""
    code = letters(words)
    role = ""
    if code[:1] in ("m", "d", "i", "w"):
        words = words[1:]
    elif code[:1] in _BOUNDS:
        role, words = code[0], words[1:]
    if letters(words)[-1:] in _BOUNDS and role in ("", "f"):
        role, words = letters(words)[-1], words[:-1]
    point = point_of([word for word in words if word.letter != "G"]) if words else None
    return draft_of_point(point, role, clock, view) if point else None


def draft_of_point(point: Point, role: str, clock: str | None, view: View) -> TimeDraft | None:
    """Return the draft of a point: where it lies is told by its own words, else by its bound, else by the model."""
    bound = _BOUNDS.get(role, "in")
    if clock and not point.daily:
        return None
    if point.kind == "offset":
        return _offset(point, bound, clock, view)
    if point.kind == "dated":
        unit: Literal["year", "month"] = "year" if point.unit == "year" else "month"
        return DatedTime(kind="dated", bound=bound, count=point.count, unit=unit, date=point.date, part=point.part, clock=clock)
    when = point.when or _BOUND_WHEN.get(role) or view.direction
    if point.kind == "weekday" and point.week is not None:
        when = "past" if point.week < 0 else "future" if point.week > 0 else when or "present"
    elif when is None and point.kind == "date" and not point.date.startswith("XXXX"):
        when = "present"
    if when is None:
        return None
    if point.kind == "weekday":
        return WeekdayTime(kind="weekday", bound=bound, when=when, weekday=point.weekday, week=point.week, clock=clock, not_now=point.not_now)
    return DateTime(kind="date", bound=bound, when=when, date=point.date, part=point.part, clock=clock, not_now=point.not_now)


def _offset(point: Point, bound: Bound, clock: str | None, view: View) -> OffsetTime | None:
    """Return the draft of steps from now; the end of "the year", told of the past, is that of another year."""
    if point.part and point.count == 0 and bound == "in" and (point.part, view.direction) in (("end", "past"), ("start", "future")):
        return None
    near = view.direction if (point.unit, point.count) == ("weekend", 0) else None
    return OffsetTime(kind="offset", bound=bound, count=point.count, unit=point.unit, part=point.part, clock=clock, when=near)
