"""The endpoint of a model for those who mock HTTP: for httpx, for httpx2, for the client of OpenAI, and for a live service in front of it."""

import json
from pathlib import Path
from typing import Any

import httpx
import httpx2
import openai
import pytest
import respx

from service.settings import bare_settings
from service.testing import actor, openai_route, threat
from service.testing.provider import OPENAI
from service.testing.serving import client_of

ARTICLE = "Valmer threatened on Friday to shell the army base at Teln."
ENTRIES = (actor("Valmer"), threat("Valmer threatened on Friday to shell the army base at Teln", by=["Valmer"], when="on Friday"))
CALL: dict[str, Any] = {"model": "gpt-x", "messages": [{"role": "user", "content": f'<article id="a">\n{ARTICLE}\n</article id="a">'}]}


async def test_a_client_of_httpx_is_answered() -> None:
    """Under plain respx the address of OpenAI answers with what the model finds, and counts its calls."""
    with respx.mock() as router:
        route = openai_route(router, *ENTRIES)
        async with httpx.AsyncClient() as client:
            answers = [await client.post(f"{OPENAI}/chat/completions", json=CALL) for _ in range(3)]

    drafts = [json.loads(answer.json()["choices"][0]["message"]["content"]) for answer in answers]
    assert [entry["name"] for entry in drafts[0]["actors"]] == ["Valmer"]
    assert drafts[0] == drafts[1] == drafts[2]
    assert (route.call_count, answers[0].json()["model"]) == (3, "gpt-x")


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "streamed"])
async def test_the_client_of_openai_is_answered(*, streams: bool) -> None:
    """Under respx for httpx2 it gets the completion whole or in pieces, as it asks."""
    with respx.mock(using="httpcore2") as router:
        openai_route(router, *ENTRIES)
        async with openai.AsyncOpenAI(api_key="k", max_retries=0) as client:
            if streams:
                pieces = [piece async for piece in await client.chat.completions.create(**CALL, stream=True)]
                said = "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)
            else:
                said = (await client.chat.completions.create(**CALL)).choices[0].message.content

    assert json.loads(said)["threats"][0]["by"] == ["Valmer"]


def test_a_live_service_reads_what_a_test_says(tmp_path: Path) -> None:
    """Vigie itself, with the endpoint in place of the model's: a record comes of it, proven."""
    settings = bare_settings(model="reader", openai_base_url="http://llm.test/v1/", data_dir=tmp_path)
    with respx.mock(using="httpcore2") as router, client_of(settings) as client:
        route = openai_route(router, *ENTRIES, base_url="http://llm.test/v1/")
        answer = client.post("/extract", json={"text": ARTICLE})

    record = answer.json()
    assert answer.headers.get("vigie-mode") != "replay"
    assert (route.call_count, record["extraction"]["model"]) == (1, "reader")
    assert [one["by"] for one in record["threats"]] == [["A1"]]


@pytest.mark.parametrize(
    ("fault", "theirs", "others"),
    [("timed_out", httpx2.ReadTimeout, httpx.ReadTimeout), ("interrupted", httpx2.RemoteProtocolError, httpx.RemoteProtocolError)],
)
async def test_a_connection_ends_as_each_library_says(fault: str, theirs: type[Exception], others: type[Exception]) -> None:
    """Whoever handles the errors of httpx or of httpx2 gets their own."""
    with respx.mock(using="httpcore2") as router:
        openai_route(router, fails=fault)
        async with httpx2.AsyncClient() as client:
            with pytest.raises(theirs):
                await client.post(f"{OPENAI}/chat/completions", json=CALL)
    with respx.mock() as router:
        openai_route(router, fails=fault)
        async with httpx.AsyncClient() as older:
            with pytest.raises(others):
                await older.post(f"{OPENAI}/chat/completions", json=CALL)


async def test_headers_of_a_fault_are_sent() -> None:
    """An endpoint that limits the rate says when to come back."""
    with respx.mock() as router:
        openai_route(router, fails="rate_limited")
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{OPENAI}/chat/completions", json=CALL)

    assert (answer.status_code, answer.headers["retry-after"], answer.json()["error"]["code"]) == (429, "7", "rate_limit_exceeded")


def test_what_is_no_fault_is_refused_at_once() -> None:
    """A mistyped name fails where it stands."""
    with respx.mock(assert_all_called=False) as router, pytest.raises(ValueError, match="no fault"):
        openai_route(router, fails="sleepy")


async def test_a_record_may_stand_in_place_of_entries() -> None:
    """What is written as a record is found as well."""
    with respx.mock() as router:
        openai_route(router, record={"actors": [{"name": "Valmer", "kind": "state"}]})
        async with httpx.AsyncClient() as client:
            answer = await client.post(f"{OPENAI}/chat/completions", json=CALL)

    assert "Valmer" in answer.json()["choices"][0]["message"]["content"]
