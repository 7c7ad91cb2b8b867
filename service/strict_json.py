"""JSON of strangers: what is not strict, or would take long to look at, ends here, quickly and without being repeated.

It is read twice: by jiter, which refuses what a lenient parser would let pass (duplicate keys, NaN, lone surrogates, numbers of 5,000 digits), and by
Pydantic, which looks at the fields.
"""

import math
import re
from itertools import islice
from typing import TypeVar

import jiter
from pydantic import BaseModel, ValidationError

from schemas.problem import FieldError
from service.errors import MalformedBody, ValidationFailed

T = TypeVar("T", bound=BaseModel)

#: Deepest nesting of arrays and objects. An article needs three, a record six.
MAX_DEPTH = 32
#: Most keys of an object: an unknown one is a fault each. No body that is read as an article has more.
MAX_KEYS = 500
#: Most fields that one answer complains of.
MAX_ERRORS = 20
#: Most characters of a name that the caller chose.
MAX_NAME_CHARS = 64

#: A string, up to the end of the body where it has none, or a sign outside of strings. Possessive, so that no body is gone through twice.
_PART = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[{,]', re.DOTALL)


def is_crowded(body: bytes, most_parts: int) -> bool:
    """Return whether `body` has more than so many strings, brackets and commas, so that it is not read as JSON."""
    return next(islice(_PART.finditer(body), most_parts, None), None) is not None


def read(body: bytes, model: type[T], *, most_parts: int, below: float = math.inf) -> T:
    """Return what `body` holds as JSON, if it has at most so many parts and all its numbers lie `below` this one, and above its opposite.

    Raises:
        MalformedBody: It is no such JSON.
        ValidationFailed: Its fields do not fit.
    """
    if is_crowded(body, most_parts):
        raise MalformedBody(f"There are more than {most_parts:,} strings, brackets and commas.")
    try:
        document = jiter.from_json(body, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="none")
    except ValueError as error:
        # The place alone: the rest of the message may name a key of the caller's.
        place = re.search(r"line \d+ column \d+$", str(error))
        raise MalformedBody(f"The body is not valid JSON{f' at {place[0]}' if place else ''}; UTF-8 without BOM and unique keys are expected.") from None
    _check_bounds(document, below)
    del document
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise ValidationFailed(_field_errors(error)) from None


def pointer_to(*parts: str | int) -> str:
    """Return the JSON Pointer (RFC 6901) of these `parts`, each cut to a bearable length: an unknown field has whatever name the caller gave it."""
    return "".join("/" + str(part)[:MAX_NAME_CHARS].replace("~", "~0").replace("/", "~1") for part in parts)


def _check_bounds(document: object, below: float) -> None:
    """Return if `document` is not too deep, no object in it too wide and no number too great; goes down level by level, so that depth costs no stack."""
    level = [document]
    for _ in range(MAX_DEPTH + 1):
        if any(isinstance(node, int | float) and abs(node) >= below for node in level):
            raise MalformedBody("A number is out of range.")
        if any(isinstance(node, dict) and len(node) > MAX_KEYS for node in level):
            raise MalformedBody(f"An object has more than {MAX_KEYS} keys.")
        parents = [node for node in level if isinstance(node, dict | list)]
        if not parents:
            return
        level = [child for parent in parents for child in (parent.values() if isinstance(parent, dict) else parent)]
    raise MalformedBody(f"Arrays and objects are nested deeper than {MAX_DEPTH} levels.")


def _field_errors(error: ValidationError) -> list[FieldError]:
    """Return what Pydantic found, without what was sent."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        FieldError(
            pointer=pointer_to(*one["loc"]),
            code=one["type"],
            # The words of an exception that a check of ours caught may repeat the value.
            detail="The value is not valid." if one["type"] == "value_error" else one["msg"],
        )
        for one in found[:MAX_ERRORS]
    ]
