"""A section of a record as CSV (RFC 4180): an entry a row, in which nothing is a formula to a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemas.entries import KINDS, REFERENCES
from schemas.record import Record
from schemas.vocabulary import Section

#: Fields that take several columns: what these are called, and the keys to the value of each. Of several quotes the first stands for all. An interval has a
#: `start` and an `end` of its own, so those of a quote bear its name.
_SPREAD: Mapping[str, Mapping[str, str]] = {
    "evidence": {"quote": "quote", "quote_start": "start", "quote_end": "end", "match": "match"},
    "mentions": {"quote": "quote", "quote_start": "start", "quote_end": "end"},
    "likelihood": {"likelihood_phrase": "phrase", "likelihood_band": "band"},
}
#: Where a cell begins: at its beginning, and where a spreadsheet may part it, as those of half the world do at semicolons. Blanks and quotes that it may drop
#: come first, then perhaps what it takes for the beginning of a formula, in either width. It matches with or without, so that no run is looked at twice.
_BEGINNING = re.compile(r"(?:\A|[;\t\r\n])[\s;\"\ufeff\u200b-\u200f\u2060]*+([=+\-@\uff1d\uff0b\uff0d\uff20]?)")
_AT_ONCE = ("\t", "\r", "\n")


def table(record: Record, section: Section) -> bytes:
    """Return a section as a file of its own, in UTF-8; its byte order mark tells spreadsheets so, which would guess otherwise."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header(section))
    writer.writerows(rows(record.model_dump(mode="json", include={section.value, Section.ACTORS.value}), section, record.article.source))
    return out.getvalue().encode("utf-8-sig")


def header(section: Section) -> list[str]:
    """Return the names of the columns."""
    fields = KINDS[section].model_fields
    return ["source", *(column for field in fields for column in _SPREAD.get(field, (field,)))]


def rows(record: Mapping[str, Any], section: Section, source: str | None) -> Iterator[list[str]]:
    """Yield a row for each entry of a section of a record, as JSON has it; actors by their names."""
    names = {actor["id"]: actor["name"] for actor in record.get(Section.ACTORS, ())}
    fields = KINDS[section].model_fields
    for entry in record.get(section, ()):
        cells: list[object] = [source]
        for field in fields:
            value = entry.get(field)
            if field in _SPREAD:
                one = (value[0] if value else {}) if isinstance(value, list) else value or {}
                cells += [one.get(key) for key in _SPREAD[field].values()]
            else:
                cells.append(_named(value, names) if REFERENCES[section].get(field) is Section.ACTORS else value)
        yield [cell(one) for one in cells]


def cell(value: object) -> str:
    """Return `value` as a cell: lists with semicolons between their parts, what could be a formula behind an apostrophe, wherever the cell may be parted."""
    match value:
        case None:
            text = ""
        case bool():
            text = str(value).lower()
        case list():
            text = "; ".join(map(str, value))
        case _:
            text = str(value)
    guarded = _BEGINNING.sub(_guarded, text)
    return f"'{guarded}" if guarded.startswith(_AT_ONCE) else guarded


def _guarded(beginning: re.Match[str]) -> str:
    before, sign = beginning[0][: beginning.start(1) - beginning.start()], beginning[1]
    return f"{before}'{sign}" if sign else before


def _named(value: list[str] | str | None, names: Mapping[str, str]) -> list[str] | str | None:
    return [names.get(one, one) for one in value] if isinstance(value, list) else value and names.get(value, value)
