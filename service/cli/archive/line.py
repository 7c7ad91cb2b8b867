"""One line of the file of records: `index`, `source` of a file in a folder, `digest`, and `record` or `problem`.

The shape is that of the lines of `GET /jobs/{id}/records`, and beside it what is needed to go on: whether the article at a place is still the same.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

import jiter

from schemas.record import SCHEMA_VERSION, Record
from service.cli.archive.articles import DIGITS, Item
from service.cli.terminal import harmless_json
from service.errors import VigieError
from service.problems import problem_of

#: How every line begins.
BEGINNING = b'{"index":'
_DIGEST = re.compile(f"[0-9a-f]{{{DIGITS}}}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read back."""

    index: int
    source: str | None
    digest: str
    #: The record, as it was written; None where there is a problem.
    record: dict[str, Any] | None
    #: Whether the problem may pass by itself.
    is_retryable: bool = False


def line_of(item: Item, outcome: Record | VigieError, public_url: str | None, request_id: str) -> bytes:
    """Return the line that tells what came of an article; `request_id` is what the log calls the reading."""
    source = {} if item.source is None else {"source": item.source}
    head = json.dumps({"index": item.index, **source, "digest": item.digest}, ensure_ascii=False, separators=(",", ":"))
    if isinstance(outcome, Record):
        what, content = "record", outcome.model_dump_json()
    else:
        what, content = "problem", problem_of(outcome, public_url, request_id).decode()
    # Harmless, also to whoever takes other characters than a newline for the end of a line.
    return harmless_json(f'{head[:-1]},"{what}":{content}}}\n').encode()


def read_back(line: bytes) -> Line | None:
    """Return what `line` says; None where it is none of ours."""
    try:
        content = jiter.from_json(line, cache_mode="none")
    except ValueError:
        return None
    if not (line.startswith(BEGINNING) and isinstance(content, dict)):
        return None
    match content:
        case {"index": int(index), "digest": str(digest), **rest} if not isinstance(index, bool) and index >= 0 and _DIGEST.fullmatch(digest):
            source = rest.get("source")
            match rest:
                case {"record": {"schema_version": version} as record} if version == SCHEMA_VERSION:
                    return Line(index, source, digest, record)
                case {"problem": {"retryable": bool(retryable)}}:
                    return Line(index, source, digest, None, retryable)
    return None
