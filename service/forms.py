"""From the form of the page to an article: what was sent is taken apart here, and judged where every article is."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

from multipart import MultipartError, MultipartSegment, PushMultipartParser

from schemas.article import Article
from schemas.problem import FieldError
from schemas.vocabulary import Section
from service.errors import MalformedBody, UnsupportedMediaType, ValidationFailed
from service.intake import JSON, article_of, check_length, is_utf8
from service.strict_json import pointer_to

MULTIPART = "multipart/form-data"

#: The fields that a form has, each once.
TEXT_FIELDS = ("text", "title", "published", "language", "source", "key")
#: The field that is there once for each section that is wanted.
SECTION_FIELD = "section"
#: Most parts of a body; the page sends eleven.
MAX_PARTS = 20
#: Longest field but the text: eight times the longest title.
MAX_FIELD_BYTES = 8 * 1_024
#: What the frame around the fields takes at most, beside the fields themselves.
FRAME_BYTES = 16 * 1_024

_parser = partial(PushMultipartParser, max_header_size=1_024, max_header_count=4, max_segment_count=MAX_PARTS, strict=True)


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it was sent, word for word; or as it is before anybody has filled it."""

    text: str = ""
    title: str = ""
    published: str = ""
    language: str = ""
    source: str = ""
    sections: tuple[str, ...] = tuple(Section)
    key: str = field(default="", repr=False)
    #: What of it fits nowhere.
    faults: tuple[FieldError, ...] = ()


def boundary_of(media_type: str, parameters: dict[str, str]) -> str:
    """Return what stands between the parts of a body of this type.

    Raises:
        UnsupportedMediaType: The body is no form, or not in UTF-8.
        MalformedBody: The type does not say what stands there.
    """
    if media_type != MULTIPART or not is_utf8(parameters.get("charset", "utf-8")):
        raise UnsupportedMediaType(f"Send {MULTIPART}, in UTF-8 and without Content-Encoding, as the page does.")
    boundary = parameters.get("boundary", "")
    if not (boundary.isascii() and boundary.isprintable()) or not 1 <= len(boundary) <= 70:  # noqa: PLR2004 - RFC 2046, 5.1.1
        raise MalformedBody("The header Content-Type names no boundary between the parts.")
    return boundary


def form_of(body: bytes, boundary: str) -> Form:
    """Return the form that `body` holds.

    Raises:
        MalformedBody: It holds none.
    """
    parts = _parts(body, boundary)
    names = Counter(part.name or "" for part, _ in parts)
    faults = [fault for part, content in parts if (fault := _fault(part, len(content)))]
    faults += [_field_error(name, "repeated", "The field is there more than once.") for name in TEXT_FIELDS if names[name] > 1]
    values: dict[str, str] = {}
    sections: list[str] = []
    for part, content in parts:
        name = part.name or ""
        if _fault(part, len(content)):
            continue
        if name == SECTION_FIELD:
            sections.append(_decoded(name, content))
        else:
            values.setdefault(name, _decoded(name, content))
    return Form(sections=tuple(sections), faults=tuple(faults), **values)


def article_in(form: Form) -> Article:
    """Return the article that `form` describes.

    Raises:
        ValidationFailed: Its fields do not fit.
        ArticleTooLong: Its text has too many code points.
    """
    # First: of what is too long nothing is made.
    check_length(form.text)
    given = {name: value for name in ("title", "published", "language", "source") if (value := getattr(form, name).strip())}
    document = {"text": form.text, **given, "options": {"sections": form.sections}}
    try:
        article = article_of(json.dumps(document, ensure_ascii=False).encode(), JSON)
    except ValidationFailed as error:
        raise ValidationFailed([*form.faults, *error.errors]) from None
    if form.faults:
        raise ValidationFailed([*form.faults])
    return article


def _parts(body: bytes, boundary: str) -> list[tuple[MultipartSegment, bytes]]:
    """Return the parts of `body`, each with its content."""
    found: list[tuple[MultipartSegment, list[bytes]]] = []
    try:
        with _parser(boundary) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    found.append((event, []))
                elif event:
                    found[-1][1].append(event)
    except MultipartError:
        # Its words may repeat what was sent.
        raise MalformedBody(f"The body is no form of at most {MAX_PARTS} parts, each with a short head, as its boundary parts them.") from None
    return [(part, b"".join(content)) for part, content in found]


def _fault(part: MultipartSegment, size: int) -> FieldError | None:
    """Return what is wrong with a part of so many bytes, whatever they are."""
    name = part.name or ""
    if name not in {*TEXT_FIELDS, SECTION_FIELD}:
        return _field_error(name, "extra_forbidden", "There is no such field.")
    if part.filename is not None:
        return _field_error(name, "file", "A file was sent where words are expected.")
    if name != "text" and size > MAX_FIELD_BYTES:
        return _field_error(name, "string_too_long", f"At most {MAX_FIELD_BYTES:,} bytes are read.")
    return None


def _decoded(name: str, content: bytes) -> str:
    """Return the words of a field as they were typed: browsers send each end of a line as CRLF, whatever it was."""
    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise MalformedBody(f"The field {name} is not UTF-8 at its byte {error.start}.") from None


def _field_error(name: str, code: str, detail: str) -> FieldError:
    return FieldError(pointer=pointer_to(name), code=code, detail=detail)
