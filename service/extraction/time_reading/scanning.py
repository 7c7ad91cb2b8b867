"""Scanning: an expression cut into words, numbers, dates and signs, before any language is asked."""

import calendar
from dataclasses import dataclass
from typing import Literal

import regex

from service.extraction.time_reading.folding import fold

Kind = Literal["word", "number", "date", "clock", "dotted", "dash", "sign"]

_PIECE = regex.compile(
    r"""
    (?P<ymd>[0-9]{4}([-/.])[0-9]{1,2}\2[0-9]{1,2}(?![0-9]))
  | (?P<dmy>[0-9]{1,2}([-/.])[0-9]{1,2}\4[0-9]{4}(?![0-9]))
  | (?P<dm>[0-9]{1,2}\.[0-9]{1,2}\.(?![0-9]))
  | (?P<ym>[0-9]{4}-[0-9]{2}(?![0-9]))
  | (?P<clock>[0-9]{1,2}:[0-9]{2}(?![0-9:]))
  | (?P<dotted>[0-9]{1,2}\.[0-9]{2}(?![0-9.,]))
  | (?P<broken>[0-9]+[.,/:][0-9.,/:]*[0-9])
  | (?P<number>[0-9]+)
  | (?P<char>[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}ー])
  | (?P<word>(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}])[\p{L}\p{M}])+)
  | (?P<dash>[-—])
  | (?P<sign>[^\s])
    """,
    regex.VERBOSE,
)
#: Signs that say nothing: punctuation but for the full stop and the degree sign, which can mark an ordinal.
_MONTHS = range(1, 13)
_SILENT = frozenset("\"',;()[]{}«»“”„‚‹›「」『』、。，،؛:!?¡¿/·´`״׳\u200b")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a number or a sign; `glued` where no space stands before it."""

    text: str
    kind: Kind
    glued: bool


def scan(expression: str, *, month_first: bool = False) -> list[Piece]:
    """Return the pieces of `expression`, folded; in a language that may write the month first, an undecided date is a sign that nobody can read."""
    text = fold(expression)
    pieces: list[Piece] = []
    end = -1
    for match in _PIECE.finditer(text):
        group = match.lastgroup or "sign"
        glued = match.start() == end
        end = match.end()
        piece = match[0]
        if group == "sign" and piece in _SILENT:
            continue
        if group == "dash" and glued and text[end : end + 1].strip() and not (text[match.start() - 1].isdecimal() and text[end].isdecimal()) and piece == "-":
            continue
        pieces.append(_piece(group, piece, glued=glued, month_first=month_first))
    return pieces


def _piece(group: str, text: str, *, glued: bool, month_first: bool) -> Piece:
    """Return what one match of the pattern is."""
    if group in ("ymd", "dmy", "dm", "ym"):
        date = _date(group, text, month_first=month_first)
        return Piece(date or text, "date" if date else "sign", glued)
    if group in ("word", "char"):
        return Piece(text, "word", glued)
    if group in ("number", "clock", "dotted", "dash"):
        kind: Kind = group  # type: ignore[assignment]
        return Piece(text, kind, glued)
    return Piece(text, "sign", glued)


def _date(group: str, text: str, *, month_first: bool) -> str | None:
    """Return a date in digits as the draft writes it, or None where it is no date or could be two."""
    numbers = [int(part) for part in regex.split(r"[-/.]", text) if part]
    if group == "ym":
        year, month = numbers
        # 2010-12 may be two years as well as a month; 2024-04 is no rising pair.
        return f"{year}-{month:02}" if month in _MONTHS and month <= year % 100 else None
    year, month, day = numbers if group == "ymd" else (numbers[2] if group == "dmy" else 0, numbers[1], numbers[0])
    if group == "dmy" and "." not in text and month_first and month != day:
        if month in _MONTHS and day in _MONTHS:
            return None
        if month not in _MONTHS:
            month, day = day, month
    return date_text(year or None, month, day)


def date_text(year: int | None, month: int | None, day: int | None) -> str | None:
    """Return year, month and day as the draft writes them, an X for each digit that is not known, or None where there is no such date."""
    if month is not None and month not in _MONTHS:
        return None
    longest = 31 if month is None else calendar.monthrange(year or 2000, month)[1]
    if day is not None and not 1 <= day <= longest:
        return None
    if month is None and day is None:
        return f"{year:04}" if year else None
    if month is None:
        return None if year else f"XXXX-XX-{day:02}"
    return f"{f'{year:04}' if year else 'XXXX'}-{month:02}" + (f"-{day:02}" if day is not None else "")
