"""Forms: in which shape a model writes a section, whole objects or bare rows of a few fields.

A row costs a third of the tokens of an object. Code turns it back into the object that the schema wants: a field that was not asked for is null or empty.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic_core import from_json

from schemas.draft import Draft
from schemas.vocabulary import Section, ThreatStage

Rows = Mapping[str, tuple[str, ...]]

#: What a field that was not asked for means. A threat that is asked for as such is threatened: what came of it is another question; what a target is, its
#: words tell.
_UNASKED: Mapping[str, Any] = {"stage": ThreatStage.THREATENED.value, "category": "other"}
#: Most characters of the first words of a quote.
_OPENING_CHARS = 30
_LISTS = frozenset({"aliases", "by", "against", "asserted_by", "reported_by", "means", "speakers", "on_behalf_of", "beneficiaries"})


def write(answer: Mapping[str, Sequence[Mapping[str, Any]]], sections: Iterable[Section], rows: Rows | None) -> str:
    """Return the `sections` of a whole `answer` as the model is to write them: compact JSON, in rows where `rows` names their fields."""
    shaped: dict[str, Any] = {}
    for section in sections:
        items = answer[section]
        shaped[section.value] = [[_cell(field, item[field]) for field in rows[section]] for item in items] if rows else items
    return json.dumps(shaped, ensure_ascii=False, separators=(",", ":"))


def opening(words: str) -> str:
    """Return the first words of a quote, with which a row points to it: to write all of them again would cost the time of several rows."""
    if len(words) <= _OPENING_CHARS:
        return words
    cut = words[:_OPENING_CHARS].rsplit(maxsplit=1)
    return cut[0] if len(cut) > 1 else words[:_OPENING_CHARS]


def read(text: str, rows: Rows | None, pointed: Sequence[str] = ()) -> str:
    """Return what the model wrote as the JSON of whole objects; what is no rows is returned as it is, for the schema to refuse.

    Args:
        text: What the model wrote.
        rows: The fields of a row of each section.
        pointed: The whole words to which the rows point by their first ones, in the order of the rows.
    """
    if not rows:
        return text
    try:
        answer = from_json(text)
    except ValueError:
        return text
    if not isinstance(answer, dict):
        return text
    return json.dumps(
        {section: [_whole(section, row, rows) for row in _pointing(items, pointed)] for section, items in answer.items() if isinstance(items, list)},
        ensure_ascii=False,
    )


def mend(text: str, rows: Rows | None, sections: Iterable[Section] = ()) -> str | None:
    """Return as much of a cut-off answer as is whole, as JSON of the same form; None if nothing is.

    Everything up to the last entry is kept. That one is kept if it has all its fields. A list that was not reached is empty. Of rows, which are about
    one section of several, an empty list is something.
    """
    answer, ended = _parsed(text)
    if not isinstance(answer, dict) or not all(isinstance(items, list) for items in answer.values()):
        return None
    for section, items in answer.items():
        if items and not _is_whole(section, items[-1], rows):
            items.pop()
    if not (ended or any(answer.values()) or (rows and answer)):
        return None
    return json.dumps({section: [] for section in sections} | answer, ensure_ascii=False, separators=(",", ":"))


def _parsed(text: str) -> tuple[object, bool]:
    """Return what an answer says up to where it was cut, and whether that was behind its end."""
    for partial in (False, True):
        try:
            return from_json(text, allow_partial=partial), not partial
        except ValueError:
            continue
    return None, False


def repeats(text: str) -> bool:
    """Whether rows have begun to repeat: one begins with the same words as an earlier one of its section."""
    try:
        answer = from_json(text, allow_partial=True)
    except ValueError:
        return False
    if not isinstance(answer, dict):
        return False
    for rows in answer.values():
        firsts = [row[0] for row in rows if isinstance(row, list) and row and isinstance(row[0], str)] if isinstance(rows, list) else []
        if len(firsts) != len(set(firsts)):
            return True
    return False


def fields_of(section: str) -> tuple[str, ...]:
    """Return the names of the fields of a section's draft, in their order; none for what is no section."""
    if section not in Draft.model_fields:
        return ()
    return tuple(get_args(Draft.model_fields[section].annotation)[0].model_fields)


def _is_whole(section: str, item: object, rows: Rows | None) -> bool:
    if rows:
        return isinstance(item, list) and len(item) == len(rows.get(section, ()))
    return isinstance(item, dict) and set(fields_of(section)) <= set(item)


def _cell(field: str, value: Any) -> Any:  # noqa: ANN401 - whatever a draft holds
    return opening(value) if field == "quote" else value


def _pointing(items: Sequence[Any], pointed: Sequence[str]) -> Sequence[Any]:
    """Return rows with the whole words in place of the first ones."""
    if not pointed or not all(isinstance(row, list) and row for row in items):
        return items
    return [[words, *row[1:]] for row, words in zip(items, pointed, strict=False)]


def _whole(section: str, row: object, rows: Rows) -> object:
    if section not in rows or not isinstance(row, list) or len(row) != len(rows[section]):
        return row
    given = dict(zip(rows[section], row, strict=True))
    return {name: given[name] if name in given else _UNASKED.get(name, [] if name in _LISTS else None) for name in fields_of(section)}
