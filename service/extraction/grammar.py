"""Grammar: what the embedded model can write at all, as a Lark grammar of llguidance.

A JSON schema fixes the shape of an answer. This grammar also fixes its words: a quote, a name or a time can only be a stretch of the article, word for word.
A small model that would translate, misspell or copy from a worked example cannot. What it writes is checked all the same, like any other answer.
"""

import json
import types
from collections.abc import Sequence
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
#: Most entries of a list inside a row.
_INNER_CAP = 3
#: The JSON strings that each kind of field may hold, as expressions over the words of the article. A backslash in them would be a line break or an escaped
#: quotation mark.
_QUOTE = r"WORDS & /[^ \\].{10,400}[^ ]/"
_NAME = r"WORDS & /[^ \\,.;:!?)][^\\;]{0,68}[^ \\,;(]/"
#: A time may begin four words before the one that tells it and end two words after, or six characters where words are not spaced.
_TIME = r"WORDS & /([^ \\,.;:]+ ){0,4}[^ \\,.;:]{0,6}(%s)[^ \\,.;:]{0,6}( [^ \\,.;:]+){0,2}/"


def grammar(sections: Sequence[Section], profile: Profile, text: str, times: Sequence[str]) -> str | None:
    """Return the grammar of an answer about `text`, or None if it could only be empty.

    Args:
        sections: What is asked for, in order.
        profile: Names the fields of each section's row, and the most rows.
        text: The words that may be quoted.
        times: Those of its words that tell a time.
    """
    rows, caps = profile.rows or {}, profile.row_caps
    if Section.TIMELINES in sections and len(sections) == 1 and not times:
        return None
    rules, start = [], []
    for number, section in enumerate(sections):
        opening = f'{"{" if number == 0 else ","}"{section.value}":['
        start.append(f'{_literal(opening)} ({section} ("," {section}){{0,{caps[section] - 1}}})? "]"')
        annotation = Draft.model_fields[section].annotation
        model = annotation.__args__[0] if annotation else Draft
        cells = ' "," '.join(_cell(name, model.model_fields[name].annotation, has_times=bool(times)) for name in rows[section])
        rules.append(f'{section}: "[" {cells} "]"')
    lines = [_HEADER, f'start: {" ".join(start)} "}}"', *rules]
    lines += ['quote: "\\"" QUOTE "\\""', f"QUOTE: {_QUOTE}", 'name: "\\"" NAME "\\""', f"NAME: {_NAME}"]
    if times:
        anchors = "|".join(regex.escape(_inside_json(word), special_only=True).replace("/", "\\/") for word in times)
        lines += ['time: "\\"" TIME "\\""', f"TIME: {_TIME % anchors}"]
    lines += [f"WORDS: %regex {_json({'substring_chunks': [_inside_json(word) for word in _WORDS.findall(text)]})}"]
    lines += [r'FREE: /"[^"\\\x00-\x1f]{1,60}"/', 'CODE: /"[A-Z]{3}"/']
    return "\n".join(lines) + "\n"


def _cell(name: str, annotation: object, *, has_times: bool) -> str:
    """Return the expression for one field of a row."""
    is_optional = get_origin(annotation) is types.UnionType
    kept = next(part for part in get_args(annotation) if part is not type(None)) if is_optional else annotation
    is_list = get_origin(kept) is list
    inner = get_args(kept)[0] if is_list else kept
    values = _values(inner)
    if values:
        cell = f"({'|'.join(_literal(_json(value)) for value in values)})"
    elif name in _TIMES:
        cell = "time" if has_times else '"null"'
    else:
        cell = "quote" if name == "quote" else "FREE" if name in _FREE else "CODE" if name in _CODES else "name"
    if is_list:
        cell = f'"[" ({cell} ("," {cell}){{0,{_INNER_CAP - 1}}})? "]"'
    return f'({cell} | "null")' if is_optional else cell


def _values(annotation: object) -> list[str]:
    """Return the closed set that a field takes its value from, if it is one."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [member.value for member in annotation] if isinstance(annotation, type) and issubclass(annotation, StrEnum) else []


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _inside_json(words: str) -> str:
    return _json(words)[1:-1]


def _literal(words: str) -> str:
    return _json(words)
