"""The record's codes in plain words."""

from enum import StrEnum
from functools import cache

import iso3166
from babel import Locale

from schemas.record import Timeline
from schemas.vocabulary import TimeBasis
from service.reports.moments import Moment, moment, month_length, month_name

#: How EDTF writes an interval that is open at both ends.
_OPEN = "../.."
_DECEMBER = 12

#: Values that are no words of their own; of all others the underscores become blanks.
_WORDS = {
    "support_military": "military support",
    "support_diplomatic": "diplomatic support",
    "support_economic": "economic support",
    "support_humanitarian": "humanitarian support",
    "ship_or_aircraft": "ship or aircraft",
    "cbrn": "chemical, biological, radiological or nuclear",
    "roughly_even": "roughly even chance",
    "GOV": "government",
    "MIL": "military",
    "PTY": "party",
    "BUS": "business",
    # How something is known.
    "none": "not known",
    "verified": "confirmed by code",
    "model": "said by the model alone",
    "text": "found in the text",
    # How a quote was found.
    "exact": "found letter by letter",
    "folded": "found up to typography",
    "elided": "found around an ellipsis",
    "fuzzy": "found nearly so",
    # Why something was refused.
    "civilian": "a civilian thing",
    "not_in_text": "not in the text",
    "contradicted": "its own words say otherwise",
    "negated": "the article denies it",
    "hypothetical": "the article only imagines it",
    "duplicate": "there already",
    "dangling": "refers to nothing in the record",
    "over_limit": "the list is full",
    "unverifiable": "the words do not prove it",
}


def words(value: StrEnum) -> str:
    """Return an enumerated value in plain words."""
    return _WORDS.get(value.value, value.value.replace("_", " "))


def country_name(code: str) -> str:
    """Return the English name of a country, or the code where it is no country's."""
    known = iso3166.countries_by_alpha3.get(code)
    return _english().territories.get(known.alpha2, known.name) if known else code


def country(code: str) -> str:
    """Return the English name of a country with its code, or the code alone where it is no country's."""
    name = country_name(code)
    return code if name == code else f"{name} ({code})"


def language(tag: str) -> str:
    """Return the English name of a language with its tag; that it cannot be told, if so."""
    if tag == "und":
        return "not told"
    name = _english().languages.get(tag.split("-", maxsplit=1)[0].lower())
    return f"{name} ({tag})" if name else tag


def interval(time: Timeline) -> str:
    """Return in words when a time is, as the record has it: `some time within about 12 Mar 2026 – 19 Mar 2026`.

    A bound that no calendar has stays as it is written.
    """
    start, end = moment(time.start), moment(time.end)
    first, last = str(start or time.start or ""), str(end or time.end or "")
    about = "about " if time.approximate else ""
    some_time = "some time " if time.within and first != last else ""
    if first and last:
        whole = _whole(start, end) if start and end else first if first == last else f"{first} – {last}"
        return f"{some_time and 'some time within '}{about}{whole}"
    if first or last:
        return f"{some_time}from {about}{first} on" if first else f"{some_time}until {about}{last}"
    return _unbounded(time)


def _unbounded(time: Timeline) -> str:
    """Return in words what an interval without bounds is."""
    if time.edtf is None or time.basis is TimeBasis.UNRESOLVED:
        return "not resolved"
    return "open at both ends" if time.edtf == _OPEN else time.edtf


def _whole(start: Moment, end: Moment) -> str:
    """Return an interval without the days where it begins and ends with a month, and without the months where with a year."""
    if start.hour is None and end.hour is None and start.day == 1 and end.day == month_length(end.year, end.month or 1):
        years = start.month == 1 and end.month == _DECEMBER
        first, last = (str(one.year) if years else f"{month_name(one.month or 1)} {one.year}" for one in (start, end))
    else:
        first, last = str(start), str(end)
    return first if first == last else f"{first} – {last}"


def shortened(text: str, most: int) -> str:
    """Return `text`, or its beginning with an ellipsis where it is longer than `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


@cache
def _english() -> Locale:
    return Locale("en")
