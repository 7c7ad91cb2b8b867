"""The data: what an article may be, what a model may write, and what a record is."""

import json
from typing import Any

import instructor
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from instructor.processing.response import handle_response_model
from llguidance import LLMatcher
from openai.lib._pydantic import to_strict_json_schema
from pydantic import BaseModel, ValidationError
from syrupy.assertion import SnapshotAssertion

from schemas.article import Article
from schemas.draft import Draft, draft_of, response_of
from schemas.problem import Problem
from schemas.record import Record
from schemas.vocabulary import Section
from service.models.embedded import PROFILE


def test_the_draft_schema_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    """What every model is sent as the shape of its answer changes only on purpose."""
    assert to_strict_json_schema(Draft) == snapshot


def test_the_record_schema_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    """What callers build on changes only on purpose."""
    assert Record.model_json_schema(mode="serialization") == snapshot


@pytest.mark.parametrize("model", [Article, Problem], ids=lambda model: model.__name__)
def test_the_other_schemas_are_as_they_were(model: type[BaseModel], snapshot: SnapshotAssertion) -> None:
    """What comes in, and what is wrong with it, change only on purpose."""
    assert model.model_json_schema() == snapshot


@pytest.mark.parametrize("sections", [tuple(Section), *((section,) for section in Section), (Section.ACTORS, Section.THREATS)], ids=str)
def test_the_strict_schema_compiles(sections: tuple[Section, ...]) -> None:
    """Whatever sections are wanted, llguidance can bind a model to the schema."""
    schema = json.dumps(to_strict_json_schema(draft_of(sections)))

    assert LLMatcher.validate_grammar(LLMatcher.grammar_from_json_schema(schema)) == ""


def test_the_draft_of_some_sections() -> None:
    """A draft of some sections has these alone, is made once, and is called as the whole one is."""
    model = draft_of((Section.ACTORS, Section.THREATS))

    assert [*model.model_fields] == ["actors", "threats"]
    assert (model.__name__, model.__doc__) == (Draft.__name__, Draft.__doc__)
    assert draft_of((Section.ACTORS, Section.THREATS)) is model
    assert draft_of(tuple(Section)) is Draft


SOME = [(Section.ACTORS,), (Section.TIMELINES, Section.THREATS), tuple(Section)]


@pytest.mark.parametrize("mode", [instructor.Mode.JSON_SCHEMA, instructor.Mode.TOOLS, instructor.Mode.JSON, instructor.Mode.MD_JSON])
@pytest.mark.parametrize("sections", SOME, ids=str)
def test_instructor_asks_for_the_draft(sections: tuple[Section, ...], mode: instructor.Mode) -> None:
    """What Instructor makes of the draft's stand-in is what it makes of the draft, each time."""
    asked = [
        handle_response_model(model, mode, messages=[{"role": "user", "content": "A text."}])[1]
        for model in (draft_of(sections), response_of(sections), response_of(sections))
    ]
    for one in asked:
        one.get("response_format", {}).get("json_schema", {}).pop("name", None)  # ours takes its place

    assert asked[0] == asked[1] == asked[2]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "kind", "aliases", "x"]), inner, max_size=4),
    max_leaves=8,
)
answers = st.dictionaries(st.sampled_from([*Section, "more"]), st.lists(json_values, max_size=2) | json_values).map(json.dumps) | st.text(max_size=20)


def outcome(model: type[BaseModel], text: str) -> BaseModel | str:
    """Return what a model reads in a text, or what is wrong with it in all its words."""
    try:
        return model.model_validate_json(text, strict=False)
    except ValidationError as error:
        return f"{error} {error.errors()}"


@given(answers | st.builds(lambda name: json.dumps({"actors": [{"name": name, "kind": "state", "country": None, "part_of": None, "aliases": []}]}), st.text()))
def test_instructor_reads_the_draft(text: str) -> None:
    """Whatever a model writes, the draft's stand-in reads it as the draft itself does, and finds the same faults."""
    for sections in SOME:
        read = outcome(response_of(sections), text)

        assert read == outcome(draft_of(sections), text)
        assert isinstance(read, str | draft_of(sections))


def test_every_field_of_a_draft_is_required() -> None:
    """There are no defaults: what is missing was forgotten."""
    models = [Draft, *(field.annotation.__args__[0] for field in Draft.model_fields.values() if field.annotation)]

    assert all(field.is_required() for model in models for field in model.model_fields.values())
    assert all(model.model_config["extra"] == "forbid" for model in models)


def test_every_field_of_a_record_is_always_there() -> None:
    """No part of a record has a default, so that generated clients know each field as present."""
    schema = Record.model_json_schema(mode="serialization")

    assert all({*one["required"]} == {*one["properties"]} for one in [schema, *schema["$defs"].values()] if "properties" in one)
    assert all(one["additionalProperties"] is False for one in [schema, *schema["$defs"].values()] if "properties" in one)


def test_rows_name_fields_of_the_draft() -> None:
    """A profile asks for fields that the draft has, and caps each list no higher than the draft does."""
    for section in Section:
        field = Draft.model_fields[section]
        model: type[BaseModel] = field.annotation.__args__[0] if field.annotation else Draft
        assert {*(PROFILE.rows or {})[section]} <= {*model.model_fields}
        assert PROFILE.row_caps[section] <= field.metadata[0].max_length


PUBLISHED = {
    "year": ("2024", True),
    "month": ("2024-04", True),
    "day": ("2024-04-17", True),
    "leap day": ("2024-02-29", True),
    "instant": ("2024-04-17T12:30:00Z", True),
    "zone": ("2024-04-17T12:30:00.25+02:00", True),
    "local time": ("2024-04-17T12:30", True),
    "year nought": ("0000", False),
    "month 13": ("2024-13", False),
    "no leap day": ("2023-02-29", False),
    "day 31": ("2024-04-31", False),
    "hour 25": ("2024-04-17T25:00", False),
    "zone 25": ("2024-04-17T12:30+25:00", False),
    "time alone": ("12:30", False),
    "month and time": ("2024-04T12:30", False),
    "approximate": ("2024-04~", False),
    "interval": ("2024-04/2024-05", False),
    "words": ("17 April 2024", False),
    "order": ("17-04-2024", False),
    "compact": ("20240417", False),
    "space": (" 2024", False),
    "line break": ("2024-04-17\n", False),
    "other digits": ("٢٠٢٤", False),
    "empty": ("", False),
    "long": ("2024-04-17T12:30:00." + "0" * 40 + "Z", False),
}


@pytest.mark.parametrize(("published", "fits"), PUBLISHED.values(), ids=PUBLISHED)
def test_publication_dates(published: str, *, fits: bool) -> None:
    """A year, a month, a day or an instant that is real is a date of publication, and comes back as it was."""
    if fits:
        assert Article(text="a", published=published).published == published
    else:
        with pytest.raises(ValidationError):
            Article(text="a", published=published)


@given(st.text(max_size=45) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{0,30}", fullmatch=True))
@settings(max_examples=150, deadline=None)
def test_no_date_raises_anything_else(published: str) -> None:
    """Whatever is sent as a date, it fits or is a fault of the field."""
    try:
        Article(text="a", published=published)
    except ValidationError as error:
        assert [fault["loc"] for fault in error.errors()] == [("published",)]  # noqa: PT017 - most texts do not fit; none may fail otherwise


TAGS = dict.fromkeys(("fr", "FR", "fr-CA", "zh-Hant-TW", "yue", "de-1996", "und"), True)
TAGS |= dict.fromkeys(("", "f", "french", "fr_CA", "fr-", "-fr", "fr-C", "fr\n", "фр", "en" + "-abcdefgh" * 4), False)


@pytest.mark.parametrize(("language", "fits"), TAGS.items())
def test_language_tags(language: str, *, fits: bool) -> None:
    """A language is a BCP 47 tag."""
    if fits:
        assert Article(text="a", language=language).language == language
    else:
        with pytest.raises(ValidationError):
            Article(text="a", language=language)


WRONG: dict[str, dict[str, Any]] = {
    "no text": {},
    "null": {"text": None},
    "bytes": {"text": 1},
    "unknown field": {"text": "a", "model": "x"},
    "long title": {"text": "a", "title": "t" * 1_001},
    "long source": {"text": "a", "source": "s" * 2_001},
    "unknown option": {"text": "a", "options": {"temperature": 1}},
    "no options": {"text": "a", "options": None},
    "no sections": {"text": "a", "options": {"sections": []}},
    "unknown section": {"text": "a", "options": {"sections": ["civilians"]}},
    "too many sections": {"text": "a", "options": {"sections": ["actors"] * 6}},
    "one section unlisted": {"text": "a", "options": {"sections": "actors"}},
    "negative": {"text": "a", "options": {"deadline_s": -1}},
    "word": {"text": "a", "options": {"deadline_s": "5"}},
}


@pytest.mark.parametrize("article", WRONG.values(), ids=WRONG)
def test_what_is_no_article_is_refused(article: dict[str, Any]) -> None:
    """Nothing is guessed at, coerced or ignored."""
    with pytest.raises(ValidationError):
        Article.model_validate_json(json.dumps(article))


def test_an_article_is_frozen_and_whole_by_default() -> None:
    """All five lists are wanted unless the caller says otherwise; an article does not change."""
    article = Article.model_validate_json('{"text": "a", "options": {"sections": ["threats", "actors"], "deadline_s": 5}}')

    assert article.options.sections == (Section.THREATS, Section.ACTORS)
    assert article.options.deadline_s == 5.0
    assert Article(text="a").options.sections == tuple(Section)
    with pytest.raises(ValidationError):
        article.text = "b"  # type: ignore[misc]
