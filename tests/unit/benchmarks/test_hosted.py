"""What one article costs a hosted model."""

import json
from collections.abc import Iterator

import httpx
import pytest
import respx

from benchmarks.quality.engine import Endpoint
from benchmarks.quality.hosted import draft_of, extractions_of, hosted, written
from benchmarks.quality.report import costs, page
from benchmarks.quality.results import results_of
from schemas.draft import Draft
from service.evaluation.gold import GoldArticle
from service.settings import Settings
from tests.unit.benchmarks.comparing_parts import ARTICLES, CONDITIONS, good
from tests.unit.evaluation.evaluation_parts import gold

SETTINGS = Settings(model="other", openai_base_url="http://endpoint.test/v1")


@pytest.fixture
def article() -> GoldArticle:
    """An article with an entry of each section."""
    return gold(
        "Kestria will shell the base at Orsk by Sunday. Belmark will help.",
        actors=[{"name": ["Kestria"], "kind": "state"}, {"name": ["Belmark"], "kind": "state", "optional": True}],
        targets=[{"name": ["the base at Orsk"], "category": "military", "status": "threatened"}],
        threats=[{"quote": ["Kestria will shell the base at Orsk"], "by": ["Kestria"]}],
        timelines=[{"expression": ["by Sunday"], "end": ["2027-01-03"]}],
        commitments=[{"quote": ["Belmark will help"], "speakers": ["Belmark"]}],
    )


@pytest.fixture
def engine() -> Iterator[respx.Router]:
    """An engine in whose eyes each word is a token."""
    with respx.mock(base_url="http://engine.test", using="httpcore2") as router:
        router.post("/apply-template").mock(
            side_effect=lambda request: httpx.Response(
                200, json={"prompt": " ".join(message["content"] for message in json.loads(request.content)["messages"])}
            )
        )
        router.post("/tokenize").mock(side_effect=lambda request: httpx.Response(200, json={"tokens": json.loads(request.content)["content"].split()}))
        yield router


async def test_what_an_article_costs_is_counted(engine: respx.Router) -> None:
    """Of Vigie what it really sends an endpoint, of langextract what it was seen to send; of both the answer that the gold gives."""
    told = await hosted(ARTICLES, [*map(good, ARTICLES)], SETTINGS, Endpoint("http://engine.test/v1", "key", "tiny"))

    assert told.langextract.sent == 100
    assert told.vigie.sent > told.prefix > 500
    assert told.vigie.answered == sum(len(written(draft_of(article)).split()) for article in ARTICLES) / len(ARTICLES)
    assert told.langextract.answered == sum(len(written(extractions_of(article)).split()) for article in ARTICLES) / len(ARTICLES)
    assert {call.request.headers["Authorization"] for call in engine.calls} == {"Bearer key"}
    dearer = {name: cells[-1] for name, *cells in costs(told).rows}
    assert dearer["both"] == "no"
    assert "For hosted models" in page(results_of(ARTICLES, {"vigie": [*map(good, ARTICLES)]}, CONDITIONS, told))


def test_both_answers_hold_what_must_be_found(article: GoldArticle) -> None:
    """Ours is a draft as Vigie asks for it; what is optional is in neither."""
    ours = Draft.model_validate_json(written(draft_of(article)))
    theirs = extractions_of(article)["extractions"]

    assert [len(getattr(ours, section)) for section in ("actors", "targets", "threats", "timelines", "commitments")] == [1] * 5
    assert [next(iter(one)) for one in theirs] == ["actor", "target", "timeline", "threat", "commitment"]
    assert theirs[2]["timeline_attributes"] == {"start": None, "end": "2027-01-03", "direction": "past"}
