"""Dates: when an article says of itself that it was published."""

import datetime as dt

import regex

from schemas.vocabulary import PublishedBasis

#: `date 2024-04`, `Date: 2024-04-17` at the very head of a text.
_HEAD = regex.compile(r"\s*(?:date|datum|fecha|дата|التاريخ|日期)\s*[:：]?\s*([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?(?![0-9-])", regex.IGNORECASE)


def dateline(text: str) -> tuple[str | None, PublishedBasis]:
    """Return the publication date that stands at the head of `text`, as an EDTF month or day, or None where there is none that is real."""
    match = _HEAD.match(text)
    if match:
        year, month, day = match.groups()
        try:
            dt.date(int(year), int(month), int(day or 1))
        except ValueError:
            return None, PublishedBasis.NONE
        return "-".join(part for part in (year, month, day) if part), PublishedBasis.TEXT
    return None, PublishedBasis.NONE
