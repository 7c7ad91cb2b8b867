"""The closed time draft: what a time expression says, before a calendar is looked at.

Ten kinds, each with the fields that it needs and no others. `when` tells whether the time lies before or after the publication of the article, not the tense
of a verb. What the words do not say stays open: `X` stands for a digit of a date that is not written, null for a count that is not told.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Bound = Literal["in", "since", "until"]
When = Literal["past", "present", "future"]
#: The thirds of a unit, what of it is over (`earlier this month`), and what of it is to come (`later this year`).
Part = Literal["start", "middle", "end", "elapsed", "rest"]
Unit = Literal["minute", "hour", "day", "weekend", "week", "month", "quarter", "half", "season", "year", "decade", "century"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

#: `YYYY[-MM[-DD]]`, `XXXX-MM[-DD]`, `YYYX` (a decade), `YYXX` (a century), `XXXX-XX-DD`; and
#: `YYYY` or `XXXX` with `-Q1` to `-Q4`, `-H1`, `-H2`, `-SP`, `-SU`, `-AU`, `-WI`.
DateText = Annotated[
    str,
    StringConstraints(
        pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?|XXXX-[0-9]{2}(-[0-9]{2})?|[0-9]{3}X|[0-9]{2}XX|XXXX-XX-[0-9]{2}|([0-9]{4}|XXXX)-(Q[1-4]|H[12]|SP|SU|AU|WI))$"
    ),
]
#: `HH` or `HH:MM` on a clock of 24 hours.
ClockText = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3])(:[0-5][0-9])?$")]


class _Time(BaseModel):
    """Base of the kinds."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DateTime(_Time):
    """A written date, whole or in part: `on 3 March`, `fin 2023`, `since Oct. 7`, `in den 1990er Jahren`."""

    kind: Literal["date"]
    bound: Bound
    when: When
    date: DateText
    part: Part | None
    clock: ClockText | None
    #: True for `last` and `next`: the day, month or season of the publication itself is not meant (`en mars dernier`, `next April`).
    not_now: bool = False


class WeekdayTime(_Time):
    """A day of the week: `mercredi`, `on Friday evening`, `le mardi de la semaine prochaine`; `week` only where the words name it: 0 this, -1 last, 1 next."""

    kind: Literal["weekday"]
    bound: Bound
    when: When
    weekday: Weekday
    week: Annotated[int, Field(ge=-4, le=4)] | None
    clock: ClockText | None
    #: True for `last` and `next`: the day of the publication itself is not meant (`last Friday`, `vendredi prochain`).
    not_now: bool = False


class OffsetTime(_Time):
    """A unit of the calendar counted from now: `hier` (-1 day), `la semaine prochaine` (1 week), `il y a deux ans` (-2 year), `ce mois-ci` (0 month)."""

    kind: Literal["offset"]
    bound: Bound
    count: Annotated[int, Field(ge=-10_000, le=10_000)]
    unit: Unit
    part: Part | None
    clock: ClockText | None
    #: Told where the count leaves it open: `ce week-end` on a Monday is the one that is over or the one to come.
    when: When | None = None


class DatedTime(_Time):
    """A date within a year or a month counted from now: `in October last year`, `am 3. des nächsten Monats`, `明年上半年`; its year is written `XXXX`."""

    kind: Literal["dated"]
    bound: Bound
    count: Annotated[int, Field(ge=-100, le=100)]
    unit: Literal["month", "year"]
    date: DateText
    part: Part | None
    clock: ClockText | None


class WindowTime(_Time):
    """A span that begins or ends now: `within 48 hours`, `dans les prochains jours`; a null count is "a few"."""

    kind: Literal["window"]
    when: Literal["past", "future"]
    count: Annotated[int, Field(ge=1, le=10_000)] | None
    unit: Unit


class RangeTime(_Time):
    """From one point to another: `between 3 and 5 May`, `de lundi à mercredi`; each end is a date or a day of the week."""

    kind: Literal["range"]
    when: When
    start: DateText | Weekday
    end: DateText | Weekday


class LengthTime(_Time):
    """How long something takes, at no place in time: `for three hours`, `depuis deux semaines` is none (it is an offset with a bound)."""

    kind: Literal["length"]
    count: Annotated[int, Field(ge=1, le=10_000)] | None
    unit: Unit


class EventTime(_Time):
    """A time told by an event: `after the elections`, `le lendemain de l'attaque`."""

    kind: Literal["event"]


class RepeatTime(_Time):
    """A time that comes again: `every Friday`, `chaque année`."""

    kind: Literal["repeat"]


class VagueTime(_Time):
    """A time without a length: `soon`, `récemment`, `now`."""

    kind: Literal["vague"]
    when: When


TimeDraft = DateTime | WeekdayTime | OffsetTime | DatedTime | WindowTime | RangeTime | LengthTime | EventTime | RepeatTime | VagueTime
