"""From bytes to an article: what is refused, as what, how fast, and without being repeated."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import MAX_ARTICLE_CHARS
from service.errors import ArticleTooLong, MalformedBody, RequestError, UnsupportedMediaType, ValidationFailed
from service.intake import JSON, TEXT, article_of
from service.strict_json import MAX_ERRORS
from tests.unit.service_parts import CANARY

MALFORMED = {
    "a08-empty": b"",
    "a01-truncated": b'{"text": "a',
    "a01-trailing": b'{"text": "a"} x',
    "a03-byte order mark": b'\xef\xbb\xbf{"text": "a"}',
    "a01-UTF-16": '{"text": "a"}'.encode("utf-16"),
    "a02-invalid UTF-8": b'{"text": "\xff"}',
    "a02-surrogate in UTF-8": b'{"text": "\xed\xa0\x80"}',
    "b05-lone surrogate": b'{"text": "\\ud800"}',
    "a01-control character": b'{"text": "\x01"}',
    "a05-NaN": b'{"text": "a", "options": {"deadline_s": NaN}}',
    "a05-infinity": b'{"text": "a", "options": {"deadline_s": 1e999}}',
    "a05-minus infinity": b'{"text": "a", "options": {"deadline_s": -1e999}}',
    "a05-5,000 digits": b'{"text": "a", "options": {"deadline_s": ' + b"9" * 5_000 + b"}}",
    "a05-1,000,000 digits": b'{"text": "a", "options": {"deadline_s": ' + b"9" * 1_000_000 + b"}}",
    "a06-duplicate key": b'{"text": "a", "text": "b"}',
    "a06-duplicate key below": b'{"text": "a", "options": {"deadline_s": 1, "deadline_s": 2}}',
    "a04-33 levels": b"[" * 33 + b"]" * 33,
    "a04-33 levels of objects": b'{"a":' * 33 + b"1" + b"}" * 33,
    "a04-1,000 levels": b"[" * 1_000 + b"]" * 1_000,
    "a04-1,001 values": b'{"text": "a", "options": {"sections": [' + b"1," * 1_000 + b"1]}}",
    "a04-100,000 levels": b"[" * 100_000,
    "a04-4 MiB of lists": b"[" + b"[]," * 1_400_000 + b"[]]",
    "a04-4 MiB of objects": b"[" + b"{}," * 1_400_000 + b"{}]",
    "a04-4 MiB of quotes": b'"' * (1 << 22),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_strict_json_is_malformed_at_once(body: bytes) -> None:
    """JSON that a lenient parser would let pass, or choke on, is refused within milliseconds."""
    began = time.process_time()

    with pytest.raises(MalformedBody):
        article_of(body, JSON)

    assert time.process_time() - began < 0.05


INVALID = {
    "a08-null": (b"null", "", "model_type"),
    "a08-list": (b"[]", "", "model_type"),
    "a04-32 levels": (b"[" * 32 + b"]" * 32, "", "model_type"),
    "a07-no text": (b"{}", "/text", "missing"),
    "a07-number for text": (b'{"text": 1}', "/text", "string_type"),
    "a07-text for number": (b'{"text": "a", "options": {"deadline_s": "5"}}', "/options/deadline_s", "float_type"),
    "a07-truth for number": (b'{"text": "a", "options": {"deadline_s": true}}', "/options/deadline_s", "float_type"),
    "a26-no time at all": (b'{"text": "a", "options": {"deadline_s": 0}}', "/options/deadline_s", "greater_than"),
    "a26-less than none": (b'{"text": "a", "options": {"deadline_s": -1}}', "/options/deadline_s", "greater_than"),
    "a26-a word": (b'{"text": "a", "options": {"deadline_s": "abc"}}', "/options/deadline_s", "float_type"),
    "a07-unknown section": (b'{"text": "a", "options": {"sections": ["threats", "x"]}}', "/options/sections/1", "enum"),
    "a07-no such day": (b'{"text": "a", "published": "2024-02-30"}', "/published", "value_error"),
    "a24-unknown field": (b'{"text": "a", "model": "gpt"}', "/model", "extra_forbidden"),
    "a07-name to escape": (b'{"text": "a", "a/b~c": 1}', "/a~1b~0c", "extra_forbidden"),
}


@pytest.mark.parametrize(("body", "pointer", "code"), INVALID.values(), ids=INVALID)
def test_fields_that_do_not_fit_are_pointed_at(body: bytes, pointer: str, code: str) -> None:
    """Each field that does not fit is named by a JSON Pointer and a stable code."""
    with pytest.raises(ValidationFailed) as refused:
        article_of(body, JSON)

    assert (refused.value.errors[0].pointer, refused.value.errors[0].code) == (pointer, code)


@pytest.mark.parametrize("field", ["model", "base_url", "api_base", "max_tokens", "n", "grammar", "n_discard"])
def test_a24_nothing_is_handed_on_to_the_engine(field: str) -> None:
    """A caller cannot set what only the installation may set."""
    with pytest.raises(ValidationFailed):
        article_of(json.dumps({"text": "a", field: 1_000_000_000}).encode(), JSON)


@pytest.mark.parametrize("field", ["text", "title", "published", "language", "source", "options"])
@pytest.mark.parametrize("value", [{"a": CANARY}, [CANARY], f"2024-01-01T00:00:00 {CANARY}" * 200])
def test_a07_values_are_never_repeated(field: str, value: object) -> None:
    """What was sent does not come back, whatever was wrong with it."""
    with pytest.raises(RequestError) as refused:
        article_of(json.dumps({"x": 1, field: value}).encode(), JSON)

    assert CANARY not in repr([refused.value.detail, getattr(refused.value, "errors", None)])


def test_a07_names_of_unknown_fields_are_cut() -> None:
    """A caller gets neither a long name nor a long list back."""
    body = {"text": "a"} | {f"{number:03}{'k' * 200}": 1 for number in range(100)}

    with pytest.raises(ValidationFailed) as refused:
        article_of(json.dumps(body).encode(), JSON)

    assert len(refused.value.errors) == MAX_ERRORS
    assert all(len(error.pointer) == 1 + 64 for error in refused.value.errors)


@pytest.mark.parametrize("media_type", [JSON, TEXT])
def test_b02_length_is_counted_in_code_points(media_type: str) -> None:
    """The longest text is read, one code point more is not, whatever its bytes."""
    longest = "\U0001f5fe" * MAX_ARTICLE_CHARS
    body = (lambda text: json.dumps({"text": text}).encode()) if media_type == JSON else str.encode

    assert article_of(body(longest), media_type).text == longest
    with pytest.raises(ArticleTooLong) as refused:
        article_of(body(longest + "a"), media_type)
    assert (refused.value.limit, refused.value.actual) == (MAX_ARTICLE_CHARS, MAX_ARTICLE_CHARS + 1)


@given(st.text('"\\,[{a', min_size=1_001, max_size=1_100))
def test_signs_in_the_text_are_no_parts(text: str) -> None:
    """However many brackets, commas and quotes an article has, it is read."""
    assert article_of(json.dumps({"text": text}).encode(), JSON).text == text


@given(st.text())
def test_b06_b07_every_text_arrives_as_it_was_sent(text: str) -> None:
    """Both ways keep the text code point by code point, so that offsets mean the same on both sides."""
    assert article_of(text.encode(), TEXT).text == text
    assert article_of(json.dumps({"text": text}).encode(), JSON).text == text


@pytest.mark.parametrize("body", [b"\xff", "é".encode("latin-1"), "a".encode("utf-16")])
def test_a01_a02_text_in_another_encoding_is_malformed(body: bytes) -> None:
    """Text that is not UTF-8 is refused rather than guessed at."""
    with pytest.raises(MalformedBody, match="byte"):
        article_of(body, TEXT)


@pytest.mark.parametrize(
    ("media_type", "charset"), [("", "utf-8"), ("text/html", "utf-8"), (TEXT, "latin-1"), (JSON, "utf-16"), ("application/a+json", "utf-8")]
)
def test_a12_other_media_types_are_not_served(media_type: str, charset: str) -> None:
    """Only JSON and plain text in UTF-8 are read."""
    with pytest.raises(UnsupportedMediaType):
        article_of(b"{}", media_type, charset)
