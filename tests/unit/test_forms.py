"""Forms, as browsers send them and as nobody should."""

import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import MAX_ARTICLE_CHARS
from schemas.vocabulary import Section
from service.errors import ArticleTooLong, MalformedBody, UnsupportedMediaType, ValidationFailed, VigieError
from service.forms import MAX_FIELD_BYTES, MAX_PARTS, TEXT_FIELDS, Form, article_in, boundary_of, form_of
from tests.unit.form_parts import BOUNDARY, head, multipart, part
from tests.unit.service_parts import CANARY

#: What a browser can send: UTF-8 has no halves of surrogate pairs.
texts = st.text(st.characters(exclude_categories=["Cs"]))


def faults_of(body: bytes) -> list[tuple[str, str]]:
    """Return what does not fit in the form that `body` holds: pointers and codes."""
    with pytest.raises(ValidationFailed) as refused:
        article_in(form_of(body, BOUNDARY))
    return [(error.pointer, error.code) for error in refused.value.errors]


@given(text=texts, title=texts)
def test_every_text_arrives_as_it_was_typed(text: str, title: str) -> None:
    """Whatever is typed is what is read, letter by letter; ends of lines, which browsers send as two signs, are one again."""
    form = form_of(multipart(text=text, title=title, section=["threats"]), BOUNDARY)

    assert form.text == text.replace("\r\n", "\n")
    assert article_in(form).text == form.text


@given(lines=st.lists(texts.filter(lambda line: not {"\r", "\n"} & {*line})))
def test_lines_of_a_browser_are_lines(lines: list[str]) -> None:
    """What stands in the field with LF between its lines is read with LF between its lines."""
    form = form_of(multipart(text="\r\n".join(lines)), BOUNDARY)

    assert form.text == "\n".join(lines)


@given(st.binary(max_size=300))
def test_rubbish_is_a_problem_and_never_a_fault(rubbish: bytes) -> None:
    """A body of whatever bytes, and a field of whatever bytes, is a form or a problem of the caller's."""
    for body in (rubbish, head("text").encode() + rubbish + f"\r\n--{BOUNDARY}--\r\n".encode()):
        with suppress(MalformedBody):
            assert form_of(body, BOUNDARY).text in rubbish.decode().replace("\r\n", "\n")


def test_a_form_is_an_article() -> None:
    """Each field goes where it belongs; what is left empty is not given."""
    form = form_of(multipart(text=" a ", title=" T ", published="2026-03", language="pt-BR", source="", key=CANARY, section=["threats", "actors"]), BOUNDARY)
    article = article_in(form)

    assert (article.text, article.title, article.published, article.language, article.source) == (" a ", "T", "2026-03", "pt-BR", None)
    assert article.options.sections == (Section.THREATS, Section.ACTORS)
    assert form.key == CANARY
    assert CANARY not in repr(form)


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"section": []}, [("/options/sections", "too_short")]),
        ({"section": ["wars"]}, [("/options/sections/0", "enum"), ("/options/sections", "too_short")]),
        ({"section": ["threats"] * 6}, [("/options/sections", "too_long")]),
        ({"published": "12 March"}, [("/published", "string_pattern_mismatch")]),
        ({"published": "2026-02-30"}, [("/published", "value_error")]),
        ({"title": "t" * 1_001, "language": "?"}, [("/title", "string_too_long"), ("/language", "string_pattern_mismatch")]),
        ({"a/b~c": "x"}, [("/a~1b~0c", "extra_forbidden")]),
        ({"": "x"}, [("/", "extra_forbidden")]),
        ({"x" * 500: "x"}, [("/" + "x" * 64, "extra_forbidden")]),
        ({"options": "{}", "published": "never"}, [("/options", "extra_forbidden"), ("/published", "string_pattern_mismatch")]),
        ({"text": ["a", "b"]}, [("/text", "repeated")]),
        ({"key": ["a", "b"]}, [("/key", "repeated")]),
        ({"title": "t" * (MAX_FIELD_BYTES + 1)}, [("/title", "string_too_long")]),
        ({"key": "é" * MAX_FIELD_BYTES, "source": "\0" * MAX_FIELD_BYTES}, [("/key", "string_too_long"), ("/source", "string_too_long")]),
        ({"section": ["threats", "t" * (MAX_FIELD_BYTES + 1)]}, [("/section", "string_too_long")]),
    ],
)
def test_what_does_not_fit_is_told_by_field(fields: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    """Each field that does not fit, is unknown, or is there twice, is named."""
    assert faults_of(multipart(**{"text": "a", "section": ["threats"], **fields})) == faults


def test_a_file_is_no_field() -> None:
    """A file in place of words is refused, and not read."""
    body = part("text", "a") + part("source", CANARY, filename="a.txt") + f"--{BOUNDARY}--\r\n".encode()

    assert form_of(body, BOUNDARY).source == ""
    assert ("/source", "file") in faults_of(body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no form"),
        (b"text=a", "no form"),
        (f"--{BOUNDARY}\r\n".encode(), "no form"),
        (part("text", "a"), "no form"),
        (multipart(text="a").replace(b"form-data", b"attachment"), "no form"),
        (multipart(text="a").replace(b'; name="text"', b""), "no form"),
        (multipart(text="a").replace(b"\r\n", b"\n"), "no form"),
        (multipart(**{"x" * 2_000: "a"}), "no form"),
        (multipart(section=["threats"] * (MAX_PARTS + 1)), "no form"),
        (multipart(text="a").replace(b"\r\n\r\na", b"\r\n\r\n\xff\xfe"), "The field text is not UTF-8 at its byte 0."),
        (multipart(section=["a"]).replace(b"\r\n\r\na", b"\r\n\r\n\xed\xa0\x80"), "The field section is not UTF-8 at its byte 0."),
        (multipart(text="a").replace(b'"text"', b'"\xff"'), "no form"),
    ],
)
def test_what_is_no_form_is_told_without_its_words(body: bytes, words: str) -> None:
    """A body that breaks off, has too many parts or is not UTF-8 is refused in words of ours."""
    with pytest.raises(MalformedBody, match=words) as refused:
        form_of(body, BOUNDARY)

    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    ("media_type", "parameters", "error"),
    [
        ("application/x-www-form-urlencoded", {}, UnsupportedMediaType),
        ("application/json", {}, UnsupportedMediaType),
        ("", {}, UnsupportedMediaType),
        ("multipart/form-data", {"boundary": "a", "charset": "latin-1"}, UnsupportedMediaType),
        ("multipart/form-data", {}, MalformedBody),
        ("multipart/form-data", {"boundary": ""}, MalformedBody),
        ("multipart/form-data", {"boundary": "b" * 71}, MalformedBody),
        ("multipart/form-data", {"boundary": "ü"}, MalformedBody),
        ("multipart/form-data", {"boundary": "a\nb"}, MalformedBody),
    ],
)
def test_only_forms_with_a_boundary_are_read(media_type: str, parameters: dict[str, str], error: type[VigieError]) -> None:
    """What is no form, or cannot be taken apart, is refused by its head."""
    with pytest.raises(error):
        boundary_of(media_type, parameters)


def test_a_form_may_be_as_long_as_a_body() -> None:
    """A form of four mebibytes is taken apart in a moment, whatever its lines look like; its text is too long for an article."""
    for text in ("x\n" * (2 << 20), f"\r\n--{BOUNDARY[:-1]}" * (4 << 20 >> 6), "\r" * (4 << 20)):
        began = time.process_time()
        form = form_of(multipart(text=text, section=["threats"]), BOUNDARY)
        with pytest.raises(ArticleTooLong, match=f"{MAX_ARTICLE_CHARS:,}"):
            article_in(form)

        assert time.process_time() - began < 3


def test_a_field_that_is_too_long_is_not_kept() -> None:
    """Of what is far longer than a title nothing is read, whatever bytes it is; the rest of the form is."""
    form = form_of(multipart(text="a", key="k" * (MAX_FIELD_BYTES + 1)).replace(b"kkk", b"\xff\xfe\xfd"), BOUNDARY)

    assert (form.text, form.key) == ("a", "")


def test_a_text_that_is_too_long_is_refused_by_its_length() -> None:
    """Nothing is made of a text whose signs would each be six as JSON."""
    forms = [Form(text="\x01" * (4 << 20)), Form(text='"' * (4 << 20))]
    began = time.process_time()
    for form in forms * 10:
        with pytest.raises(ArticleTooLong):
            article_in(form)

    assert time.process_time() - began < 0.1


def test_heads_cost_little() -> None:
    """Heads made to keep a parser busy do not."""
    bodies = [multipart(**{f"{sign * 900}{n}": "a" for n in range(MAX_PARTS)}) for sign in ("; a=", ";" + " " * 50, "\\", '%22;a="', "%")]
    began = time.process_time()
    for body in bodies:
        with pytest.raises((MalformedBody, ValidationFailed)):
            article_in(form_of(body, BOUNDARY))

    assert time.process_time() - began < 1


def test_an_empty_form_asks_for_everything() -> None:
    """Before anybody has chosen, all sections are wanted, and no field is filled."""
    form = Form()

    assert [getattr(form, name) for name in TEXT_FIELDS] == [""] * 6
    assert {*form.sections} == {section.value for section in Section}
