"""From bytes to an article: what is no article ends here, quickly and without being repeated.

JSON is read twice: by jiter, which refuses what a lenient parser would let pass (duplicate keys, NaN, lone surrogates, numbers of 5,000 digits), and by
Pydantic, which looks at the fields.
"""

import math
import re
from itertools import islice

import jiter
from pydantic import ValidationError

from schemas.article import MAX_ARTICLE_CHARS, Article
from schemas.problem import FieldError
from service.errors import ArticleTooLong, MalformedBody, UnsupportedMediaType, ValidationFailed

JSON = "application/json"
TEXT = "text/plain"

#: Deepest nesting of arrays and objects. An article needs three.
MAX_DEPTH = 32
#: Most strings, brackets and commas. An article needs forty; of a body that has nothing else, a tree takes twenty-five times the space.
MAX_PARTS = 1_000
#: Most fields that one answer complains of.
MAX_ERRORS = 20
#: Most characters of a name that the caller chose.
MAX_NAME_CHARS = 64

#: A string, up to the end of the body where it has none, or a sign outside of strings. Possessive, so that no body is gone through twice.
_PART = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[{,]', re.DOTALL)


def article_of(body: bytes, media_type: str, charset: str = "utf-8") -> Article:
    """Return the article that `body` holds.

    Raises:
        UnsupportedMediaType: It is neither JSON nor plain text, or not in UTF-8.
        MalformedBody: It is not what `media_type` says.
        ValidationFailed: Its fields do not fit.
        ArticleTooLong: Its text has too many code points.
    """
    if media_type not in {JSON, TEXT} or charset.lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(f"Send {JSON} or {TEXT}, in UTF-8 and without Content-Encoding.")
    article = _from_json(body) if media_type == JSON else _from_text(body)
    if len(article.text) > MAX_ARTICLE_CHARS:
        raise ArticleTooLong(MAX_ARTICLE_CHARS, len(article.text), "characters")
    return article


def _from_text(body: bytes) -> Article:
    """Return the article whose text is all of `body`, byte for byte."""
    try:
        return Article(text=body.decode())
    except UnicodeDecodeError as error:
        raise MalformedBody(f"The text is not UTF-8 at byte {error.start}.") from None


def is_crowded(body: bytes) -> bool:
    """Return whether `body` has so many parts that it is not read as JSON."""
    return next(islice(_PART.finditer(body), MAX_PARTS, None), None) is not None


def _from_json(body: bytes) -> Article:
    """Return the article that `body` describes as JSON."""
    if is_crowded(body):
        raise MalformedBody(f"There are more than {MAX_PARTS:,} strings, brackets and commas.")
    try:
        document = jiter.from_json(body, allow_inf_nan=False, catch_duplicate_keys=True, cache_mode="none")
    except ValueError as error:
        # The place alone: the rest of the message may name a key of the caller's.
        place = re.search(r"line \d+ column \d+$", str(error))
        raise MalformedBody(f"The body is not valid JSON{f' at {place[0]}' if place else ''}; UTF-8 without BOM and unique keys are expected.") from None
    _check_bounds(document)
    try:
        return Article.model_validate_json(body)
    except ValidationError as error:
        raise ValidationFailed(_field_errors(error)) from None


def _check_bounds(document: object) -> None:
    """Return if `document` is not too deep and no number in it overflows; goes down level by level, so that depth costs no stack."""
    level = [document]
    for _ in range(MAX_DEPTH + 1):
        if math.inf in level or -math.inf in level:
            raise MalformedBody("A number is out of range.")
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
            pointer="".join(f"/{_escaped(part)}" for part in one["loc"]),
            code=one["type"],
            # The words of an exception that a check of ours caught may repeat the value.
            detail="The value is not valid." if one["type"] == "value_error" else one["msg"],
        )
        for one in found[:MAX_ERRORS]
    ]


def _escaped(part: str | int) -> str:
    """Return one part of a JSON Pointer (RFC 6901), cut to a bearable length: an unknown field has whatever name the caller gave it."""
    return str(part)[:MAX_NAME_CHARS].replace("~", "~0").replace("/", "~1")
