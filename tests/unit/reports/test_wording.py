"""Codes in plain words."""

from enum import StrEnum
from typing import Any

import pytest

from schemas import vocabulary
from schemas.vocabulary import CommitmentKind, CountryBasis, Match, Polarity, RejectionReason, Sector, TargetKind
from service.reports.wording import _WORDS, country, country_name, interval, language, shortened, words
from tests.unit.reports.report_parts import timeline

SETS = [made for made in vars(vocabulary).values() if isinstance(made, type) and issubclass(made, StrEnum)]
VALUES = [value for made in SETS for value in made]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: f"{type(value).__name__}-{value}")
def test_every_value_is_plain_words(value: StrEnum) -> None:
    """No value is told with the underscores or the capitals of a code."""
    told = words(value)

    assert told.strip()
    assert "_" not in told
    assert told == told.lower()


def test_no_wording_is_left_over() -> None:
    """Whatever has words of its own is a value of the record."""
    assert set(_WORDS) <= {value.value for value in VALUES}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (CommitmentKind.SUPPORT_MILITARY, "military support"),
        (TargetKind.WEAPON_SYSTEM, "weapon system"),
        (Polarity.WILL_NOT, "will not"),
        (Sector.MILITARY, "military"),
        (CountryBasis.MODEL, "said by the model alone"),
        (Match.FUZZY, "found nearly so"),
        (RejectionReason.DUPLICATE, "there already"),
    ],
)
def test_values_are_told(value: StrEnum, told: str) -> None:
    """A reader need not know the codes."""
    assert words(value) == told


@pytest.mark.parametrize(("code", "name", "told"), [("IRN", "Iran", "Iran (IRN)"), ("KOR", "South Korea", "South Korea (KOR)"), ("QQQ", "QQQ", "QQQ")])
def test_countries_are_told_by_name(code: str, name: str, told: str) -> None:
    """A country is told as people call it; a code of no country stays a code."""
    assert (country_name(code), country(code)) == (name, told)


@pytest.mark.parametrize(
    ("tag", "told"),
    [("en", "English (en)"), ("pt-BR", "Portuguese (pt-BR)"), ("FA", "Persian (FA)"), ("und", "not told"), ("qqq", "qqq"), ("<b>", "<b>")],
)
def test_languages_are_told_by_name(tag: str, told: str) -> None:
    """A language is told by its English name and its tag, and whatever is none as it is."""
    assert language(tag) == told


INTERVALS: dict[str, tuple[str | None, str | None, dict[str, Any], str]] = {
    "day": ("2026-03-12", "2026-03-12", {}, "12 Mar 2026"),
    "about a day": ("2026-03-12", "2026-03-12", {"approximate": True}, "about 12 Mar 2026"),
    "days": ("2026-03-12", "2026-03-19", {"within": True, "approximate": True}, "some time within about 12 Mar 2026 – 19 Mar 2026"),
    "day within": ("2026-03-12", "2026-03-12", {"within": True}, "12 Mar 2026"),
    "month": ("2026-02-01", "2026-02-28", {"approximate": True}, "about Feb 2026"),
    "months": ("2026-04-01", "2026-06-30", {}, "Apr 2026 – Jun 2026"),
    "year": ("2026-01-01", "2026-12-31", {}, "2026"),
    "years": ("2030-01-01", "2039-12-31", {}, "2030 – 2039"),
    "hours": ("2026-03-01T14", "2026-03-31T15", {}, "1 Mar 2026, 14 h – 31 Mar 2026, 15 h"),
    "since": ("2026-03-12", None, {"approximate": True}, "from about 12 Mar 2026 on"),
    "until": (None, "2026-03-12", {"within": True}, "some time until 12 Mar 2026"),
    "unknown": (None, None, {"basis": "unresolved", "approximate": True}, "not resolved"),
    "unknown with EDTF": (None, None, {"basis": "unresolved", "edtf": "../.."}, "not resolved"),
    "open": (None, None, {"edtf": "../.."}, "open at both ends"),
    "season": (None, None, {"edtf": "2026-21"}, "2026-21"),
    "no calendar": ("2026-99-99", "2026-03-12", {}, "2026-99-99 – 12 Mar 2026"),
    "day of no calendar": ("2026-99-99", "2026-99-99", {}, "2026-99-99"),
}


@pytest.mark.parametrize(("start", "end", "fields", "told"), INTERVALS.values(), ids=INTERVALS)
def test_intervals_are_told(start: str | None, end: str | None, fields: dict[str, Any], told: str) -> None:
    """A time is told from its first to its last moment, in whole months and years where it has no other edges, also where one of them is open."""
    assert interval(timeline("on a day", 1, "on a day", start, end, **fields)) == told


def test_long_words_are_shortened() -> None:
    """What is too long ends in an ellipsis, and what is not stays as it is."""
    assert shortened("abcd", 4) == "abcd"
    assert shortened("abcde", 4) == "abc…"
