"""What names a request."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article, Options
from schemas.record import SCHEMA_VERSION
from schemas.vocabulary import Section
from service import __version__
from service.caching.naming import Reader, _name, reader_of, record_name, repeat_name, request_name
from service.extraction import prompting
from service.extraction.pipeline import PROMPT
from service.models.base import OutputMode
from service.settings import Settings
from tests.unit.service_parts import FakeModel

READER: Reader = ("model", "", "", "json_schema", "24000", "0" * 64, "1", "0.1.0")

#: Parts that are easily mistaken for each other: lengths, marks of JSON, the same word in several forms.
words = st.sampled_from(["", " ", "a", "A", "aa", "1:a", "1", ":", '"', '","', "\\", "null", "é", "e\u0301", "ａ", "\u200b", "\n", "\r\n"]) | st.text(
    max_size=6
)
maybe_words = st.none() | words
articles = st.builds(
    Article,
    text=words,
    title=maybe_words,
    source=maybe_words,
    published=st.none() | st.sampled_from(["2024", "2024-01", "2024-01-01"]),
    language=st.none() | st.sampled_from(["fr", "FR", "fr-CA"]),
    options=st.builds(Options, sections=st.lists(st.sampled_from(Section), min_size=1, max_size=5).map(tuple), deadline_s=st.none() | st.just(3.0)),
)
callers = st.sampled_from(["anonymous", "a", "aa", "set-00000000"]) | words


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, by whom, and what reads."""

    article: Article
    caller: str
    reader: Reader

    @property
    def meaning(self) -> tuple[object, ...]:
        """All of it but for how long the caller waits."""
        patient = self.article.options.model_copy(update={"deadline_s": None})
        return self.article.model_copy(update={"options": patient}), self.caller, self.reader

    @property
    def name(self) -> str:
        """What names it."""
        return record_name(self.article, self.caller, self.reader)


asked = st.builds(Asked, articles, callers, st.tuples(*[st.sampled_from(["", "a", "1:", "ab"])] * len(READER)))


@given(asked, asked)
def test_j09_j10_no_two_requests_have_one_name(one: Asked, other: Asked) -> None:
    """Requests have the same name if, and only if, the same caller asks for the same of the same reader."""
    assert (one.name == other.name) == (one.meaning == other.meaning)


@given(st.lists(words, max_size=4), st.lists(words, max_size=4))
def test_j10_no_sign_moves_from_part_to_part(one: list[str], other: list[str]) -> None:
    """Parts that read alike in a row have other names where their borders are elsewhere."""
    assert (_name(*one) == _name(*other)) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "ab", "source": "c"}, {"title": "a", "source": "bc"}),
        ({"title": "ab"}, {"source": "ab"}),
        ({"title": ""}, {}),
        ({"title": 'a","source":"b'}, {"title": "a", "source": "b"}),
        ({"text": "é"}, {"text": "e\u0301"}),
        ({"text": "a"}, {"text": "a "}),
        ({"text": "a"}, {"text": "A"}),
        ({"text": "a"}, {"text": "ａ"}),
        ({"text": "a\n"}, {"text": "a\r\n"}),
        ({"text": "a"}, {"text": "a\u200b"}),
        ({"text": "a/../b"}, {"text": "b"}),
        ({"text": "a\x00b"}, {"text": "ab"}),
    ],
)
def test_j10_crafted_articles_have_names_of_their_own(one: dict[str, str], other: dict[str, str]) -> None:
    """Nothing is normalised, and no field runs into the next."""
    names = {record_name(Article.model_validate({"text": "t", **said}), "caller", READER) for said in (one, other)}

    assert len(names) == 2


CHANGES: dict[str, Any] = {"text": "u", "title": "t", "published": "2024", "language": "fr", "source": "s", "options": Options(sections=(Section.ACTORS,))}


@pytest.mark.parametrize("field", Article.model_fields)
def test_j09_each_field_of_an_article_counts(field: str) -> None:
    """Also one that is added one day: the row for it is missing here until somebody thinks of it."""
    article = Article(text="t")

    assert record_name(article.model_copy(update={field: CHANGES[field]}), "caller", READER) != record_name(article, "caller", READER)


def test_j09_patience_does_not_count_and_nothing_else_is_exempt() -> None:
    """How long a caller waits changes no record; whatever else may be chosen does."""
    assert set(Options.model_fields) == {"deadline_s", "partial", "sections"}
    assert record_name(Article(text="t", options=Options(deadline_s=1)), "caller", READER) == record_name(Article(text="t"), "caller", READER)


class OtherModel(FakeModel):
    """Another model."""

    name = "other"


class ToolsModel(FakeModel):
    """The same, asked in another way."""

    output_mode = OutputMode.TOOLS


@pytest.mark.parametrize(
    ("model", "changed"),
    [
        (OtherModel, {}),
        (ToolsModel, {}),
        (FakeModel, {"chunk_chars": 600}),
        (FakeModel, {"openai_base_url": "http://a/v1"}),
        (FakeModel, {"embedded_model": "a.gguf"}),
    ],
)
def test_j09_another_reader_is_another_name(model: type[FakeModel], changed: dict[str, Any]) -> None:
    """What another model, endpoint, output mode or length of pieces reads is not taken for the same."""
    assert reader_of(model(), Settings.model_validate(changed)) != reader_of(FakeModel(), Settings())


def test_j09_j12_prompt_schema_and_version_are_in_the_name() -> None:
    """A record of an older prompt, schema or version is not even looked for."""
    reader = reader_of(FakeModel(), Settings())
    others = [(*reader[:place], "other", *reader[place + 1 :]) for place in range(len(reader))]

    assert {prompting.load(PROMPT).sha256, SCHEMA_VERSION, __version__} <= {*reader}
    assert len({record_name(Article(text="t"), "caller", one) for one in (reader, *others)}) == len(reader) + 1


@given(words, words, words, words)
def test_h06_j08_keys_are_their_callers(caller: str, key: str, other_caller: str, other_key: str) -> None:
    """The same key of another caller is another key."""
    assert (repeat_name(caller, key) == repeat_name(other_caller, other_key)) == ((caller, key) == (other_caller, other_key))


@given(articles, articles)
def test_h04_a_request_is_what_it_asks_for(one: Article, other: Article) -> None:
    """Bodies mean the same if, and only if, they ask for the same, however they were written and however long their callers wait."""
    meanings = [Asked(article, "", READER).meaning for article in (one, other)]

    assert (request_name(one) == request_name(other)) == (meanings[0] == meanings[1])
