"""Encoded text: runs of base64 that hold prose, which a model may read and no reader does."""

import base64
import binascii
from collections.abc import Iterator

import regex

from service.extraction.hostile.hidden_characters import Span

_LEAST_RUN = 40
_RUN = regex.compile(rf"[A-Za-z0-9+/_\-]{{{_LEAST_RUN},}}+={{0,2}}")
#: As many runs are read, and as much of each.
_MOST_RUNS, _MOST_CHARS = 50, 4_000
_STANDARD = str.maketrans("-_", "+/")
_PROSE = regex.compile(r"[\p{L}\p{M}\p{Zs}\n]")
_SPACE = regex.compile(r"[\p{Zs}\n]")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
#: Of the characters of prose so many are letters and spaces; and so many spaces stand in it, but in scripts that have none.
_LEAST_PROSE, _LEAST_SPACES = 0.75, 3


def encoded_prose(text: str) -> Iterator[Span]:
    """Yield where base64 stands that holds prose, in the order of `text`."""
    if all(len(word) < _LEAST_RUN for word in text.split()):
        return
    for number, run in enumerate(_RUN.finditer(text)):
        if number == _MOST_RUNS:
            return
        if _is_prose(_decoded(run[0][:_MOST_CHARS])):
            yield run.span()


def _decoded(run: str) -> str:
    body = run.rstrip("=").translate(_STANDARD)
    # One sign alone holds no letter: it is a neighbour.
    body = body[:-1] if len(body) % 4 == 1 else body
    try:
        # A cut run may end within a letter.
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-8", "ignore" if len(run) == _MOST_CHARS else "strict")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _is_prose(text: str) -> bool:
    spaces = len(_SPACE.findall(text)) + len(_UNSPACED.findall(text))
    return spaces >= _LEAST_SPACES and len(_PROSE.findall(text)) >= _LEAST_PROSE * len(text)
