"""`POST /extract`, with a fake in place of the extractor."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.problem import Problem
from schemas.record import Record
from service.app import app_around
from service.errors import UnusableArticle
from service.settings import Settings
from tests.unit.service_parts import FakeExtractor, FakeModel, client

JSON_BODY = {"content-type": "application/json"}
TEXT_BODY = {"content-type": "text/plain; charset=utf-8"}


async def test_b18_json_and_text_give_the_same_bytes() -> None:
    """The two ways of sending a text give the same record, byte for byte, as often as asked."""
    async with client() as caller:
        answers = [await caller.post("/extract", json={"text": "Été à Gaza"}) for _ in range(2)]
        answers.append(await caller.post("/extract", content="Été à Gaza".encode(), headers=TEXT_BODY))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].headers["content-type"] == "application/json"
    assert Record.model_validate_json(answers[0].content).article.characters == 10


@pytest.mark.parametrize(("asked", "expected"), [(None, 300), (20, 20), (10**9, 600)])
async def test_a26_deadline_is_the_callers_up_to_a_maximum(asked: float | None, expected: float) -> None:
    """The extractor gets the deadline that was asked for, the default, or the maximum."""
    extractor = FakeExtractor()
    async with client(extractor) as caller:
        await caller.post("/extract", json={"text": "a", "options": {"deadline_s": asked}})

    assert extractor.seconds[0] == pytest.approx(expected, abs=1)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "application/msgpack"}, 415),
        ({"content-type": "multipart/form-data; boundary=a"}, 415),
        ({"content-type": "application/xml"}, 415),
        (JSON_BODY | {"content-encoding": "gzip"}, 415),
        (JSON_BODY | {"content-encoding": "br"}, 415),
        (JSON_BODY | {"content-encoding": "identity"}, 200),
        ({"content-type": 'Application/JSON; charset="UTF-8"'}, 200),
        (JSON_BODY | {"accept": "text/html"}, 406),
        (JSON_BODY | {"accept": "*/*, application/json;q=0"}, 406),
        (JSON_BODY | {"accept": "application/*;q=0.0, */*"}, 406),
        (JSON_BODY | {"accept": "text/html;q=x, application/*;q=0.1"}, 200),
        (JSON_BODY | {"accept": "text/html, */*;q=0.8"}, 200),
    ],
)
async def test_a11_a12_a13_headers_decide_first(headers: dict[str, str], status: int) -> None:
    """Media types that are not served, either way, are refused."""
    async with client() as caller:
        answer = await caller.post("/extract", content=b'{"text": "a"}', headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize("content", ["a", ""])
async def test_b14_no_browser_guesses_what_an_answer_is(content: str) -> None:
    """A record and a problem are what they say, whatever markup stands in them."""
    async with client() as caller:
        answer = await caller.post("/extract", content=content, headers=TEXT_BODY)

    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a09_a_long_body_is_refused_by_its_length() -> None:
    """A body at the limit is read; one byte more is refused with both numbers."""
    async with client(settings=Settings(max_body_bytes=1_024)) as caller:
        fits = await caller.post("/extract", content=b"a" * 1_024, headers=TEXT_BODY)
        answer = await caller.post("/extract", content=b"a" * 1_025, headers=TEXT_BODY)

    assert (fits.status_code, answer.status_code) == (200, 413)
    assert (answer.json()["code"], answer.json()["limit"], answer.json()["actual"]) == ("body-too-large", 1_024, 1_025)
    assert answer.headers["connection"] == "close"


async def test_work_stops_when_the_caller_leaves() -> None:
    """A caller who leaves stops the work; the log's status is 499 and nothing breaks."""
    extractor, sent = FakeExtractor(waits=True), []

    async def arriving() -> AsyncIterator[dict[str, Any]]:
        yield {"type": "http.request", "body": b"a", "more_body": False}
        await extractor.begun.wait()
        yield {"type": "http.request", "body": b"", "more_body": False}
        yield {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/extract",
        "query_string": b"",
        "headers": [(b"host", b"a"), (b"content-type", b"text/plain")],
    }
    async with asyncio.timeout(5):
        await app_around(Settings(), FakeModel(), extractor)(scope, arriving().__anext__, send)  # type: ignore[arg-type]

    assert extractor.cancelled.is_set()
    assert sent[0]["status"] == 499


async def test_b01_what_cannot_be_read_is_the_extractors_to_say() -> None:
    """An error of the extractor is the caller's problem."""
    async with client(FakeExtractor(fails=UnusableArticle())) as caller:
        answer = await caller.post("/extract", content="\u200b \n".encode(), headers=TEXT_BODY)

    assert (answer.status_code, answer.json()["code"]) == (422, "unusable-article")


json_values = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
near_articles = st.fixed_dictionaries({"text": json_values}, optional=dict.fromkeys(("title", "published", "options", "x"), json_values))
bodies = st.binary(max_size=200) | (json_values | near_articles).map(lambda value: json.dumps(value).encode())
media_types = st.sampled_from(["application/json", "text/plain", 'text/plain;charset="', "application/json; charset=utf-8"]) | st.text(
    st.characters(min_codepoint=32, max_codepoint=126)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, media_type=media_types)
async def test_rubbish_never_breaks_the_service(body: bytes, media_type: str) -> None:
    """Whatever is sent, the answer is a record or a problem of the caller's."""
    async with client() as caller:
        answer = await caller.post("/extract", content=body, headers={"content-type": media_type})

    if answer.status_code == 200:
        Record.model_validate_json(answer.content)
    else:
        assert 400 <= answer.status_code < 500
        assert Problem.model_validate_json(answer.content).status == answer.status_code
        assert answer.headers["content-type"] == "application/problem+json"
