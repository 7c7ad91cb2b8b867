"""What the model offered and code refused, in a shape to be shown: whatever it holds, it is short."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.record import Rejection
from schemas.vocabulary import Section
from service.reports.pieces import Piece, Row
from service.reports.wording import shortened, words

_MOST_NAME, _MOST_VALUE, _MOST_FIELDS = 60, 300, 40
_COMPACT = json.JSONEncoder(ensure_ascii=False, skipkeys=True, separators=(",", ":"), default=str)


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that was refused, as it is shown."""

    section: Section
    reason: str
    detail: str
    item: tuple[Row, ...]
    #: How many of its fields are not shown.
    omitted: int


def refused(rejection: Rejection) -> Refused:
    """Return `rejection` in plain words, the values of its item shortened."""
    return Refused(rejection.section, words(rejection.reason), rejection.detail, _rows(rejection.item), max(0, len(rejection.item) - _MOST_FIELDS))


def _rows(item: Mapping[str, Any]) -> tuple[Row, ...]:
    return tuple(Row(shortened(name, _MOST_NAME), (Piece(_brief(value), "model"),)) for name, value in [*item.items()][:_MOST_FIELDS])


def _brief(value: object) -> str:
    """Return a value of whatever kind as text; of a large or deep one no more is written than is shown."""
    if isinstance(value, str):
        return shortened(value, _MOST_VALUE)
    written = ""
    for part in _COMPACT.iterencode(value):
        written += part
        if len(written) > _MOST_VALUE:
            break
    return shortened(written, _MOST_VALUE)
