"""The article, its answer, and what becomes of them."""

import json
import sys

import pytest

from benchmarks.quality.children import child
from benchmarks.speed.article import SHORT, VARIANTS, answer, article
from benchmarks.speed.stages import DETERMINISTIC, STAGES, Clock, measure
from schemas.draft import Draft
from schemas.vocabulary import Section


@pytest.mark.parametrize("number", [0, 7, VARIANTS + 7, 1_000_001])
def test_the_answer_has_forty_entries_about_two_thousand_characters(number: int) -> None:
    """It fits the draft, and each of its quotes and names stands in the article that it is about."""
    draft, text = Draft.model_validate_json(answer(number)), article(number)

    words = [one.name for one in draft.actors] + [one.name for one in draft.targets] + [one.quote for one in draft.threats]
    assert sum(len(getattr(draft, section)) for section in Section) == 40
    assert [word for word in words if word not in text] == []
    assert len(text) == 2_000


def test_no_two_articles_are_the_same() -> None:
    """Variants have other names, and those of the same variant another number."""
    assert len({article(number) for number in range(2 * VARIANTS)}) == 2 * VARIANTS
    assert len({answer(number) for number in range(2 * VARIANTS)}) == VARIANTS
    assert all(len(text) > 200 for text in SHORT)


async def test_most_of_the_answer_comes_into_the_record() -> None:
    """All stages are measured, each as often as was asked, and the endpoint is asked once for each article."""
    async with child(sys.executable, "-m", "benchmarks.speed.upstream") as process:
        seen = await measure(f"http://127.0.0.1:{json.loads(await process.answer())['port']}/v1", 2)
        await process.tell({"delay_s": 0})
        calls = json.loads(await process.answer())["calls"]

    assert seen["entries"] >= 36
    assert {stage: len(ms) for stage, ms in seen["stages"].items()} == dict.fromkeys(STAGES, 2)
    assert set(DETERMINISTIC) < set(STAGES)
    assert calls == 7


def test_a_stage_within_another_counts_once() -> None:
    """The outer one has what is left."""
    clock = Clock(seconds=iter([0.0, 1.0, 4.0, 5.0, 9.0, 10.0]).__next__)
    with clock.of("outer"):
        with clock.of("inner"):
            pass
        with clock.of("inner"):
            pass

    assert clock.ms == {"inner": [3_000, 4_000], "outer": [3_000]}
