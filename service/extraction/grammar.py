"""Grammar: what the embedded model can write at all, as a Lark grammar of llguidance.

A JSON schema fixes the shape of an answer. This grammar also fixes its words: a quote, a name or a time can only be a stretch of the article, word for word.
A small model that would translate, misspell or copy from a worked example cannot. What it writes is checked all the same, like any other answer.
"""

import json
import types
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args, get_origin

import regex

from schemas.draft import Draft
from schemas.vocabulary import Section
from service.models.base import Profile

#: Starts a grammar that llama.cpp hands to llguidance.
_HEADER = "%llguidance {}"
#: A word, a run of space, or one sign; of scripts without spaces, one character.
_WORDS = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]|[\p{L}\p{M}\p{N}_--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]+|\s+|.",
    regex.V1 | regex.DOTALL,
)
#: Fields in the model's own words, in English.
_FREE = frozenset({"action", "event", "commitment"})
_TIMES = frozenset({"expression", "when"})
_CODES = frozenset({"country"})
_ACTORS = frozenset({"part_of", "owner", "by", "against", "asserted_by", "reported_by", "speakers", "on_behalf_of", "beneficiaries"})
#: Most entries of a list inside a row.
_INNER_CAP = 3
#: The JSON strings that each kind of field may hold, as expressions over the words of the article. A backslash in them would be a line break or an escaped
#: quotation mark.
_NAME = r"WORDS & /[^ \\,.;:!?)][^\\;]{0,68}[^ \\,;(]/"
#: A time may begin four words before the one that tells it and end two words after, or six characters where words are not spaced.
_TIME = r"WORDS & /([^ \\,.;:]+ ){0,4}[^ \\,.;:]{0,6}(%s)[^ \\,.;:]{0,6}( [^ \\,.;:]+){0,2}/"


@dataclass(frozen=True, slots=True)
class Quotable:
    """The words that an answer may take from an article."""

    #: What is read: where all words are.
    text: str
    #: Those of its words that tell a time.
    times: Sequence[str]
    #: With which words the first rows of an answer begin, one row each.
    candidates: Sequence[str] = ()
    #: Most rows beyond these, about whatever else the model finds.
    free: int = 0
    #: The names of the actors that are known, of whom an entry is told and whom nobody need name again; None: anybody in the text.
    actors: Sequence[str] | None = None


def grammar(section: Section, profile: Profile, words: Quotable) -> str | None:
    """Return the grammar of an answer about one `section`, or None if it could only be empty."""
    free = 0 if section == Section.TIMELINES and not words.times else words.free
    if not words.candidates and not free:
        return None
    model = get_args(Draft.model_fields[section].annotation)[0]
    first, *others = (_cell(name, model.model_fields[name].annotation, words) for name in (profile.rows or {})[section])
    opening = _json(f'{{"{section}":[')
    known = [f'"[" {_json(_json(candidate))} "," rest "]"' for candidate in words.candidates[: profile.row_caps[section]]]
    more = _at_most(free, "row", after=bool(known)) if free else ""
    lines = [
        _HEADER,
        f'start: {opening} {_joined(known)} {more} "]}}"',
        f"rest: {_joined(others)}",
        *([f'row: "[" {first} "," rest "]"'] if free else []),
        'name: "\\"" NAME "\\""',
        f"NAME: {_NAME}{_but([*words.candidates, *(words.actors or ())]) if section == Section.ACTORS else ''}",
        f"WORDS: {_stretches(words.text)}",
        r'FREE: /"[^"\\\x00-\x1f]{1,60}"/',
        'CODE: /"[A-Z]{3}"/',
    ]
    if words.actors:
        lines.append(f"actor: {_alternatives(words.actors)}")
    if words.times:
        lines += ['time: "\\"" TIME "\\""', f"TIME: {_TIME % _either(words.times)}"]
    return "\n".join(lines) + "\n"


def _but(names: Sequence[str]) -> str:
    """Return the end of an expression that matches none of `names`: who is known need not be named again."""
    return f" & ~/({_either(names)})/" if names else ""


def _joined(cells: Sequence[str]) -> str:
    return ' "," '.join(cells)


def _alternatives(values: Sequence[str]) -> str:
    """Return the expression that matches one of `values` as a JSON string: a literal of Lark is written as JSON writes a string."""
    return f"({'|'.join(_json(_json(value)) for value in values)})"


def _either(words: Sequence[str]) -> str:
    """Return the inside of a regular expression that matches one of `words`, as it stands inside a JSON string."""
    return "|".join(regex.escape(_inside_json(word), special_only=True).replace("/", "\\/") for word in words)


def _stretches(text: str) -> str:
    """Return the expression that matches any stretch of `text` from the beginning of one word to the end of another, as it stands inside a JSON string."""
    return f"%regex {_json({'substring_chunks': [_inside_json(word) for word in _WORDS.findall(text)]})}"


def _cell(name: str, annotation: object, words: Quotable) -> str:
    """Return the expression for one field of a row."""
    is_optional = get_origin(annotation) is types.UnionType
    kept = next(part for part in get_args(annotation) if part is not type(None)) if is_optional else annotation
    is_list = get_origin(kept) is list
    inner = get_args(kept)[0] if is_list else kept
    values = _values(inner)
    if values:
        cell = _alternatives(values)
    elif name in _TIMES:
        cell = "time" if words.times else '"null"'
    elif name in _ACTORS and words.actors is not None:
        if not words.actors:
            return '"[]"' if is_list else '"null"'
        cell = "actor"
    else:
        cell = "FREE" if name in _FREE else "CODE" if name in _CODES else "name"
    if is_list:
        cell = f'"[" {_at_most(_INNER_CAP, cell)} "]"'
    return f'({cell} | "null")' if is_optional else cell


def _at_most(cap: int, item: str, *, after: bool = False) -> str:
    """Return the expression for up to `cap` of `item`, with commas between them. Zero repetitions cannot be written: llguidance refuses `{0,0}`."""
    if after:
        return f'("," {item}){{0,{cap}}}'
    return f'({item} ("," {item}){{0,{cap - 1}}})?' if cap > 1 else f"({item})?"


def _values(annotation: object) -> list[str]:
    """Return the closed set that a field takes its value from, if it is one."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [member.value for member in annotation] if isinstance(annotation, type) and issubclass(annotation, StrEnum) else []


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _inside_json(words: str) -> str:
    return _json(words)[1:-1]
