"""Sections D and E of the fault matrix: what an endpoint may do to a call, and what its model may write."""

import asyncio
import json
import time
from uuid import uuid4

import pytest

from tests.faults.service_at import service_at
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("warm")]

#: What a caller has who does not say.
DEADLINE_S = 5

#: Fault, status, code of the problem, and calls.
ROWS = {
    "d01-500": ("once-500", 200, None, 2),
    "d01-502": ("once-502", 200, None, 2),
    "d01-503": ("once-503", 200, None, 2),
    "d02": ("status-500", 503, "upstream-unavailable", 3),
    "d04-3600": ("limited-after-3600", 503, "upstream-rate-limited", 1),
    "d04-nan": ("limited-after-nan", 503, "upstream-rate-limited", 1),
    "d05": ("no-quota", 503, "upstream-quota-exhausted", 1),
    "d06-401": ("status-401", 502, "upstream-misconfigured", 1),
    "d06-403": ("status-403", 502, "upstream-misconfigured", 1),
    "d06-404": ("no-model", 502, "upstream-misconfigured", 1),
    "d07": ("status-400", 502, "upstream-rejected-request", 1),
    "d08-408": ("once-408", 200, None, 2),
    "d08-409": ("once-409", 200, None, 2),
    "d08-425": ("once-425", 200, None, 2),
    "d10-close": ("closes", 502, "upstream-invalid-response", 3),
    "d10-reset": ("resets", 502, "upstream-invalid-response", 3),
    "d10-midway": ("resets-midway", 502, "upstream-invalid-response", 3),
    "d10-short": ("short-body", 502, "upstream-invalid-response", 3),
    "d13": ("html", 502, "upstream-invalid-response", 1),
    "d14": ("broken-json", 502, "upstream-invalid-response", 1),
    "d14-deep": ("deep-json", 502, "upstream-invalid-response", 1),
    "d15-error": ("ok-with-error", 502, "upstream-invalid-response", 1),
    "d15-no-choices": ("no-choices", 502, "upstream-invalid-response", 1),
    "d15-no-message": ("message-missing", 502, "upstream-invalid-response", 1),
    "d16-huge": ("huge-3", 502, "upstream-invalid-response", 1),
    "d16-bomb": ("gzip-bomb-20", 502, "upstream-invalid-response", 1),
    "d17-301": ("redirects-301", 502, "upstream-misconfigured", 1),
    "d17-302": ("redirects-302", 502, "upstream-misconfigured", 1),
    "d17-303": ("redirects-303", 502, "upstream-misconfigured", 1),
    "d17-307": ("redirects-307", 502, "upstream-misconfigured", 1),
    "d17-308": ("redirects-308", 502, "upstream-misconfigured", 1),
    "d18": ("odd-headers", 200, None, 1),
    "d19-missing": ("usage-missing", 200, None, 1),
    "d19-negative": ("usage-negative", 200, None, 1),
    "d19-huge": ("usage-huge", 200, None, 1),
    "d25": ("closes-after", 200, None, 1),
    "b03": ("too-long", 413, "article-too-long", 1),
    "e01-field": ("field-missing-once", 200, None, 2),
    "e01-enum": ("bad-enum-once", 200, None, 2),
    "e02-field": ("field-missing", 502, "model-output-invalid", 2),
    "e02-enum": ("bad-enum", 502, "model-output-invalid", 2),
    "e03-fenced": ("fenced", 200, None, 1),
    "e03-thoughts": ("thoughts-before", 200, None, 1),
    "e03-prose-before": ("prose-before", 502, "model-output-invalid", 2),
    "e03-trailing-text": ("trailing-text", 502, "model-output-invalid", 2),
    "e03-two-objects": ("two-objects", 502, "model-output-invalid", 2),
    "e03-prose": ("prose", 502, "model-output-invalid", 2),
    "e04-at-once": ("cut-at-once", 502, "model-output-truncated", 1),
    "e05": ("content-filter", 422, "model-refused", 1),
    "e06-refusal": ("refusal", 422, "model-refused", 1),
    "e06-null": ("content-null", 502, "upstream-invalid-response", 1),
    "e06-empty": ("content-empty", 502, "upstream-invalid-response", 1),
    "e07-whitespace": ("whitespace", 502, "model-output-truncated", 1),
    "e07-repeats": ("repeats", 502, "model-output-invalid", 2),
    "e08-surrogate": ("lone-surrogate", 502, "model-output-invalid", 2),
    "e08-escaped-surrogate": ("escaped-surrogate", 502, "model-output-invalid", 2),
    "e08-escape": ("bad-escape", 502, "model-output-invalid", 2),
    "e08-nul": ("nul", 200, None, 1),
    "e09-nan": ("nan", 502, "model-output-invalid", 2),
    "e09-1e400": ("too-great", 502, "model-output-invalid", 2),
    "e09-400-digits": ("many-digits", 502, "model-output-invalid", 2),
    "e09-9999-99-99": ("no-such-date", 200, None, 1),
    "e14": ("aliases-100000", 502, "model-output-invalid", 2),
    "e15": ("nesting-100000", 502, "model-output-invalid", 2),
}


@pytest.mark.parametrize(("fault", "status", "code", "calls"), ROWS.values(), ids=ROWS)
async def test_g6_what_an_endpoint_does(upstream: FaultyUpstream, fault: str, status: int, code: str | None, calls: int) -> None:
    """Each fault has its one answer after so many calls, no later than a quarter of a second after the deadline; nothing went anywhere else."""
    token = uuid4().hex
    async with service_at(upstream.base_url(fault, token), deadline_s=DEADLINE_S) as service:
        began = time.monotonic()
        answer = await service.extract(small_article())
        took = time.monotonic() - began
        live = await service.client.get("/livez")

    body = answer.json()
    assert (answer.status_code, body.get("code")) == (status, code)
    assert answer.headers["content-type"].split(";")[0] == ("application/json" if status == 200 else "application/problem+json")
    assert ("retry-after" in answer.headers) is bool(body.get("retryable"))
    assert upstream.tally(fault, token).calls == calls
    assert upstream.elsewhere(fault, token).bytes_received == 0
    assert live.status_code == 200
    assert took <= DEADLINE_S + 0.25


async def test_d03_the_endpoint_is_given_the_time_that_it_asks_for(upstream: FaultyUpstream) -> None:
    """A second is waited for, and the answer is a record."""
    token = uuid4().hex
    async with service_at(upstream.base_url("limited-for-1", token)) as service:
        answer = await service.extract(small_article())

    times = upstream.tally("limited-for-1", token).times
    assert answer.status_code == 200
    assert times[-1] - times[0] >= 1


LATE = {
    "d11": "hangs",
    "d11-midway": "hangs-midway",
    "d12": "drips-1000",
    "d20": "slow-5000",
    "d20-slots": "slow-5000-slots-1",
}


@pytest.mark.parametrize("fault", LATE.values(), ids=LATE)
async def test_g6_the_deadline_holds(upstream: FaultyUpstream, fault: str) -> None:
    """An endpoint that is silent, slow, or drips, costs no more than the deadline; the connection to it is closed, and the turn is free."""
    token = uuid4().hex
    async with service_at(upstream.base_url(fault, token)) as service:
        began = time.monotonic()
        answer = await service.extract(small_article(), deadline_s=1)
        took = time.monotonic() - began
        metrics = (await service.client.get("/metrics")).text
        await asyncio.sleep(0.2)

    assert (answer.status_code, answer.json()["code"]) == (504, "deadline-exceeded")
    assert took <= 1.25
    assert upstream.tally(fault, token).cancelled == 1
    assert "vigie_articles_reading 0.0" in metrics


async def test_f07_a_caller_who_leaves_ends_the_call(upstream: FaultyUpstream) -> None:
    """The call to the endpoint ends within half a second."""
    token = uuid4().hex
    async with service_at(upstream.base_url("hangs", token)) as service:
        asking = asyncio.create_task(service.extract(small_article()))
        while not upstream.tally("hangs", token).calls:  # noqa: ASYNC110 - the upstream tells nobody
            await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await asyncio.sleep(0.5)

        assert upstream.tally("hangs", token).cancelled == 1


async def test_d28_proxies_of_the_environment_are_not_asked(upstream: FaultyUpstream, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article goes to the endpoint that the settings name, whatever the environment says of proxies."""
    token = uuid4().hex
    async with FaultyUpstream() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        async with service_at(upstream.base_url("ok", token)) as service:
            answer = await service.extract(small_article())

        assert answer.status_code == 200
        assert upstream.tally("ok", token).calls == 1
        assert proxy.connections == 0


async def test_d24_the_answer_of_another_request_proves_nothing(upstream: FaultyUpstream) -> None:
    """What is not in this article is in no list of its record."""
    async with service_at(upstream.base_url("others-answer", "d24")) as service:
        answer = await service.extract(small_article())

    record = answer.json()
    assert answer.status_code == 200
    assert all(record[section] == [] for section in ("actors", "targets", "threats", "commitments"))


@pytest.mark.parametrize("fault", ["civilian-target", "civilian-as-military"])
async def test_e13_no_civilian_target(upstream: FaultyUpstream, fault: str) -> None:
    """Whatever the model calls it, a hospital is no target."""
    async with service_at(upstream.base_url(fault, "e13")) as service:
        record = (await service.extract(small_article())).json()

    assert "hospital" not in json.dumps(record["targets"])


async def test_e04_a_cut_answer_is_never_a_short_list_that_looks_whole(upstream: FaultyUpstream) -> None:
    """What was whole before the cut is in the record, each list has a warning, and nobody is asked again."""
    async with service_at(upstream.base_url("cut", "e04")) as service:
        answer = await service.extract(small_article())

    record = answer.json()
    assert answer.status_code == 200
    assert upstream.tally("cut", "e04").calls == 1
    assert [actor["name"] for actor in record["actors"]] == ["Valmer", "Ilan Dorst"]
    assert [warning["code"] for warning in record["warnings"]] == ["answer_cut_off"] * 5


@pytest.mark.parametrize(
    ("fault", "refused"),
    [
        pytest.param("quote-of-nothing", {("threats", "not_in_text"), ("commitments", "not_in_text")}, id="e10-nothing"),
        pytest.param("quote-paraphrased", {("threats", "not_in_text"), ("commitments", "not_in_text")}, id="e10-paraphrase"),
        pytest.param("quote-in-capitals", set[tuple[str, str]](), id="e10-case"),
        pytest.param("quote-elided", {("commitments", "not_in_text")}, id="e10-ellipsis"),
        pytest.param("duplicates", {(section, "duplicate") for section in ("targets", "threats", "timelines", "commitments")}, id="e12-duplicates"),
        pytest.param(
            "contradicts",
            {("targets", "negated")} | {(section, "duplicate") for section in ("threats", "timelines", "commitments")},
            id="e12-contradiction",
        ),
        pytest.param("nul", set[tuple[str, str]](), id="e08-nul"),
        pytest.param("no-such-date", set[tuple[str, str]](), id="e09-9999-99-99"),
    ],
)
async def test_what_a_model_makes_up_is_not_believed(upstream: FaultyUpstream, fault: str, refused: set[tuple[str, str]]) -> None:
    """Each entry is once in the record or among the rejected with its reason, and each quote stands in the article where it says."""
    article = small_article()
    async with service_at(upstream.base_url(fault, uuid4().hex)) as service:
        answer = await service.extract(article)
        again = await service.extract(article)

    record = answer.json()
    kept = {section for section in ("threats", "targets", "timelines", "commitments") if record[section]}
    spans = [span for section in kept for entry in record[section] for span in entry["evidence"]] + [
        span for one in record["actors"] for span in one["mentions"]
    ]
    assert {(one["section"], one["reason"]) for one in record["rejected"]} == refused
    assert kept >= {"threats", "targets", "timelines", "commitments"} - {section for section, reason in refused if reason == "not_in_text"}
    assert all(article[span["start"] : span["end"]] == span["quote"] for span in spans)
    assert not any(words in json.dumps([record[section] for section in kept]) for words in ("9999-99", "\\u0000", "would come under fire"))
    assert [record["id"], record["rejected"]] == [again.json()["id"], again.json()["rejected"]]


async def test_d21_g3_a_dead_endpoint_is_left_alone(upstream: FaultyUpstream) -> None:
    """After a few articles nobody asks it any more, and the answer comes at once; fewer calls than a tenth more than there were articles."""
    token = uuid4().hex
    async with service_at(upstream.base_url("status-500", token)) as service:
        slowest, articles = 0.0, 60
        for number in range(articles):
            began = time.monotonic()
            answer = await service.extract(small_article(f"number {number}"))
            slowest = time.monotonic() - began
            assert (answer.status_code, answer.json()["code"]) == (503, "upstream-unavailable")
            assert 1 <= int(answer.headers["retry-after"]) <= 60

    assert upstream.tally("status-500", token).calls <= 1.1 * articles
    assert upstream.tally("status-500", token).calls <= 20
    assert slowest <= 0.5


async def test_d22_a_flapping_endpoint_is_made_the_most_of(upstream: FaultyUpstream) -> None:
    """Of an endpoint that fails now and then at least as many articles are read as it has good answers, for a tenth more calls than what was saved up."""
    articles = 20
    async with service_at(upstream.base_url("flapping-30", "d22"), deadline_s=20) as service:
        answers = [await service.extract(small_article(f"number {number}")) for number in range(articles)]

    assert {answer.status_code for answer in answers} <= {200, 503}
    assert sum(answer.status_code == 200 for answer in answers) >= 0.7 * articles
    assert upstream.tally("flapping-30", "d22").calls <= 1.1 * articles + 6


async def test_d22_half_of_an_endpoint_is_left_alone(upstream: FaultyUpstream) -> None:
    """One that fails every other time is asked until that is known, and then costs nothing: fewer calls than a tenth more than there were articles."""
    articles = 20
    async with service_at(upstream.base_url("flapping-50", "d22"), deadline_s=20) as service:
        answers = [await service.extract(small_article(f"number {number}")) for number in range(articles)]

    assert {answer.status_code for answer in answers} <= {200, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)
    assert any(answer.status_code == 200 for answer in answers)
    assert upstream.tally("flapping-50", "d22").calls <= 1.1 * articles


async def test_identical_requests_share_one_call(upstream: FaultyUpstream) -> None:
    """Ten callers who send the same at once cost one call, and get the same bytes."""
    token = uuid4().hex
    async with service_at(upstream.base_url("slow-200", token)) as service:
        answers = await asyncio.gather(*(service.extract(small_article()) for _ in range(10)))

    assert upstream.tally("slow-200", token).calls == 1
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer.headers.get("vigie-cache", "") for answer in answers) == ["miss"] + ["shared"] * 9
