"""The faults of a model are what their names say, in an envelope without fault."""

import json

import pytest
from pydantic import ValidationError

from schemas.draft import Draft
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.model_faults import MODEL_FAULTS
from tests.unit.rig.rig_parts import ARTICLE, asking, asking_again, post, said

#: Those that still are a draft that fits the schema, though it may be untrue.
FITTING = {"lone-surrogate", "nul", "no-such-date", "quote-of-nothing", "quote-paraphrased", "quote-in-capitals", "quote-elided", "duplicates", "contradicts"}
FITTING |= {"civilian-target", "civilian-as-military"}
#: Those that say nothing at all.
SILENT = {"content-null", "refusal"}


def named(fault: str) -> str:
    """Return a name with small numbers."""
    return fault.replace("#", "1000")


@pytest.mark.parametrize("fault", sorted(MODEL_FAULTS.keys() - FITTING - SILENT))
async def test_what_cannot_be_read_as_a_draft(upstream: FaultyUpstream, fault: str) -> None:
    """Taken as it comes, it does not fit the schema."""
    with pytest.raises(ValidationError):
        Draft.model_validate_json(await said(upstream.base_url(named(fault), "a")))


@pytest.mark.parametrize("fault", sorted(FITTING - {"lone-surrogate"}))
async def test_what_fits_but_is_untrue(upstream: FaultyUpstream, fault: str) -> None:
    """It is a draft by its form, and not the one that a good model writes."""
    draft, good = [Draft.model_validate_json(await said(upstream.base_url(name, "a"))) for name in (fault, "ok")]

    assert draft != good


@pytest.mark.parametrize("fault", ["field-missing-once", "bad-enum-once"])
async def test_some_are_mended_when_they_are_asked_again(upstream: FaultyUpstream, fault: str) -> None:
    """The second question is answered well, whoever asked in between."""
    assert Draft.model_validate_json(await said(upstream.base_url(fault, "a"), asking_again())).threats[0].quote in ARTICLE


@pytest.mark.parametrize(
    ("fault", "finish_reason"), [("cut", "length"), ("whitespace", "length"), ("repeats", "length"), ("content-filter", "content_filter"), ("fenced", "stop")]
)
async def test_the_reason_for_the_end(upstream: FaultyUpstream, fault: str, finish_reason: str) -> None:
    """It is told as an endpoint tells it, streamed or not."""
    plain = await post(upstream.base_url(fault, "a"))
    streamed = await post(upstream.base_url(fault, "a"), asking(stream=True))

    assert plain.json()["choices"][0]["finish_reason"] == finish_reason
    assert f'"finish_reason": "{finish_reason}"' in streamed.text


async def test_a_refusal_has_no_content(upstream: FaultyUpstream) -> None:
    """It stands in a field of its own."""
    message = (await post(upstream.base_url("refusal", "a"))).json()["choices"][0]["message"]

    assert message["content"] is None
    assert message["refusal"].startswith("rig-refusal")


@pytest.mark.parametrize(
    ("fault", "mark"), [("lone-surrogate", "\ud800"), ("escaped-surrogate", r"\ud800"), ("nul", r"\u0000"), ("nan", "NaN"), ("many-digits", "9" * 400)]
)
async def test_what_json_should_not_hold_is_there(upstream: FaultyUpstream, fault: str, mark: str) -> None:
    """The mark stands in the text of the answer."""
    assert mark in await said(upstream.base_url(fault, "a"))


async def test_large_answers_are_as_large_as_they_say(upstream: FaultyUpstream) -> None:
    """A hundred thousand elements, or levels, stay below what a reader of two MB takes."""
    aliases, nested = [await said(upstream.base_url(name, "a")) for name in ("aliases-100000", "nesting-100000")]

    assert len(json.loads(aliases)["actors"][0]["aliases"]) == 100_000
    assert nested.count("[") == 100_000
    assert max(len(aliases), len(nested)) < 2_000_000
