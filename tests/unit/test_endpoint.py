"""The whole service in front of an OpenAI-compatible endpoint: environment variables alone make the difference."""

import json
from typing import Any

import pytest
import respx
from litestar.testing import AsyncTestClient

from schemas.record import Record
from service.app import create_app
from service.settings import Settings

TEXT = "Valmer threatened on Friday to shell the army base at Teln. {{ 7*7 }} “We will not wait,” said Ilan Dorst of Valmer."
DRAFT: dict[str, list[dict[str, Any]]] = {
    "actors": [
        {"name": "Valmer", "kind": "state", "country": None, "part_of": None, "aliases": []},
        {"name": "Ilan Dorst", "kind": "person", "country": None, "part_of": "Valmer", "aliases": []},
        {"name": "Norvia", "kind": "state", "country": None, "part_of": None, "aliases": []},
    ],
    "targets": [
        {"name": "the army base at Teln", "category": "military", "kind": "base", "status": "threatened"}
        | {"place": "Teln", "owner": None, "by": "Valmer", "when": "on Friday"}
    ],
    "threats": [
        {"quote": "Valmer threatened on Friday to shell the army base at Teln", "by": ["Valmer"], "against": [], "basis": "declared", "asserted_by": ["Valmer"]}
        | {"reported_by": [], "kind": "violence", "stage": "threatened", "means": ["artillery"], "action": "shell a base", "condition": None}
        | {"likelihood": None, "when": "on Friday"}
    ],
    "timelines": [{"expression": "on Friday", "direction": "past", "event": "the threat", "time": None}],
    "commitments": [
        {"quote": '"We will not wait," said Ilan Dorst', "speakers": ["Ilan Dorst"], "on_behalf_of": ["Valmer"], "beneficiaries": [], "kind": "retaliation"}
        | {"polarity": "will_not", "commitment": "wait", "direct_quote": "We will not wait", "condition": None, "when": None}
    ],
}
COMPLETION = {
    "id": "c1",
    "object": "chat.completion",
    "created": 0,
    "model": "reader",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": json.dumps(DRAFT)}}],
    "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150},
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What an operator sets to have another model read."""
    for name, value in {"VIGIE_MODEL": "reader", "OPENAI_BASE_URL": "http://llm.test/v1", "OPENAI_API_KEY": "a-key"}.items():
        monkeypatch.setenv(name, value)
    return Settings()


async def test_an_endpoint_reads_the_article(settings: Settings) -> None:
    """One lean call under our strict schema gives a proven record; what is not in the article is refused, and templates in it are text."""
    with respx.mock(base_url="http://llm.test/v1", using="httpcore2") as router:
        route = router.post("/chat/completions").respond(json=COMPLETION)
        async with AsyncTestClient(create_app(settings)) as client:
            answer = await client.post("/extract", json={"text": TEXT})
    record = Record.model_validate_json(answer.content)
    sent = json.loads(route.calls[0].request.content)

    assert sent["model"] == "reader"
    assert sent["response_format"]["json_schema"]["strict"] is True
    assert "{{ 7*7 }}" in sent["messages"][-1]["content"]
    assert [(target.name, target.category, target.timelines) for target in record.targets] == [("the army base at Teln", "military", ["W1"])]
    assert [evidence.match for evidence in record.commitments[0].evidence] == ["folded"]
    assert record.threats[0].targets == ["G1"]
    assert [(one.reason, one.item["name"]) for one in record.rejected] == [("not_in_text", "Norvia")]
    # The name that is not there is worth one more question, and only one.
    assert record.extraction.calls == len(route.calls) == 2


@pytest.mark.parametrize(("status", "code"), [(401, "upstream-misconfigured"), (500, "upstream-unavailable"), (429, "upstream-rate-limited")])
async def test_a_failing_endpoint_is_no_fault_of_the_caller(settings: Settings, status: int, code: str) -> None:
    """Its failures come back as problems of ours, and hold nothing of what it said."""
    with respx.mock(base_url="http://llm.test/v1", using="httpcore2") as router:
        router.post("/chat/completions").respond(status, json={"error": {"message": "canary a-key"}})
        async with AsyncTestClient(create_app(settings)) as client:
            answer = await client.post("/extract", json={"text": TEXT})

    assert answer.json()["code"] == code
    assert answer.status_code in {502, 503}
    assert "canary" not in answer.text
