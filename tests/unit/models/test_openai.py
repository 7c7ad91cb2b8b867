"""The adapter for endpoints: what it sends, what it takes for an answer, and what each failure becomes."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
import respx
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import SecretStr

from schemas.record import Usage
from service.errors import (
    ArticleTooLong,
    SetupError,
    UpstreamInvalidResponse,
    UpstreamMisconfigured,
    UpstreamQuotaExhausted,
    UpstreamRateLimited,
    UpstreamRejectedRequest,
    UpstreamUnavailable,
    VigieError,
)
from service.models.base import ModelCall, OutputMode, Profile
from service.models.counting import Counts
from service.models.failures import retry_after_s
from service.models.openai import REPLY_BYTES, Dialect, OpenAIModel, client_for, openai_model
from service.models.replies import collected
from service.models.spending import Spending
from service.settings import Settings

ADDRESS = "http://llm.test/v1"
CANARY = "canary-of-the-article"
PROFILE = Profile(chunk_chars=1_000, section_by_section=False, max_completion_tokens=10, reask_quotes=True, sampling={"repeat_penalty": 1.1})
CALL = ModelCall(messages=({"role": "user", "content": CANARY},), shape={"response_format": {"type": "json_object"}}, max_completion_tokens=10)
STREAMED = ModelCall(messages=CALL.messages, shape={"grammar": "g"}, max_completion_tokens=10, repeats=lambda text: text.count("a") > 1)


@pytest.fixture
def endpoint() -> Iterator[respx.Route]:
    """An endpoint that answers as the test tells it."""
    with respx.mock(base_url=ADDRESS, using="httpcore2") as router:
        yield router.post("/chat/completions")


@pytest.fixture
async def model() -> AsyncIterator[OpenAIModel]:
    """A model at that endpoint, which streams."""
    client = client_for(ADDRESS, "secret-key", read_timeout_s=5)
    made = OpenAIModel(
        client, name="some-model", profile=PROFILE, output_mode=OutputMode.JSON_SCHEMA, dialect=Dialect(extra={"cache_prompt": True}, streams=True)
    )
    yield made
    await made.close()


def reply(**changes: object) -> dict[str, Any]:
    """Return the body of a good reply but for `changes`."""
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "{}"}}
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9, "prompt_tokens_details": {"cached_tokens": 4}}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage} | changes


def events(*chunks: dict[str, Any] | str) -> httpx.Response:
    """Return a streamed reply of these `chunks`."""
    lines = [
        chunk if isinstance(chunk, str) else json.dumps({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"} | chunk) for chunk in chunks
    ]
    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content="".join(f"data: {line}\n\n" for line in lines).encode())


def piece(content: str | None, finish_reason: str | None = None, **more: object) -> dict[str, Any]:
    """Return one chunk."""
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish_reason}]} | more


async def test_sends_the_call_as_it_is(endpoint: respx.Route, model: OpenAIModel) -> None:
    """The body holds the conversation, the shape, the sampling and nothing that varies."""
    endpoint.respond(json=reply())

    await model.complete(CALL)

    request = endpoint.calls.last.request
    assert json.loads(request.content) == {
        "model": "some-model",
        "messages": [{"role": "user", "content": CANARY}],
        "temperature": 0,
        "seed": 7,
        "max_completion_tokens": 10,
        "cache_prompt": True,
        "repeat_penalty": 1.1,
        "response_format": {"type": "json_object"},
    }
    assert request.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("heard", [None, str.strip], ids=["at once", "streamed"])
@pytest.mark.parametrize("content", ["", 'Plain, "quoted" \\ and\nbroken.', "Les « élections » de 2024 \x00\x7f\u2028 — 選挙 🚀"])
async def test_sends_the_bytes_that_the_client_would(endpoint: respx.Route, model: OpenAIModel, content: str, heard: Callable[[str], None] | None) -> None:
    """The body is to the byte what the client's own method makes of the call."""
    endpoint.side_effect = [events(piece("{}", "stop")) if heard else httpx.Response(200, json=reply())] * 2
    messages = [{"role": "system", "content": "Read."}, {"role": "user", "content": content}]
    call = replace(CALL, messages=tuple(messages), shape={"response_format": {"type": "json_schema", "json_schema": {"strict": True}}}, heard=heard)
    options: Any = {"stream": True, "stream_options": {"include_usage": True}} if heard else {}
    extra = {"cache_prompt": True, "repeat_penalty": 1.1, **call.shape}

    await model.complete(call)
    async with client_for(ADDRESS, "secret-key", read_timeout_s=5) as client:
        said: Any = messages
        await client.chat.completions.create(messages=said, model="some-model", temperature=0, seed=7, max_completion_tokens=10, extra_body=extra, **options)

    ours, theirs = (each.request for each in endpoint.calls)
    assert ours.content == theirs.content
    assert {*ours.headers.multi_items()} == {*theirs.headers.multi_items()}


async def test_a_call_that_is_no_unicode_is_not_made(model: OpenAIModel) -> None:
    """Half a character cannot be sent, and is a failure like any other."""
    with pytest.raises(UpstreamInvalidResponse):
        await model.complete(replace(CALL, messages=({"role": "user", "content": "\ud800"},)))


async def test_returns_the_completion(endpoint: respx.Route, model: OpenAIModel) -> None:
    """A good reply comes back with its text and its counts."""
    endpoint.respond(json=reply())

    completion = await model.complete(CALL)

    assert isinstance(completion, ChatCompletion)
    assert completion.choices[0].message.content == "{}"
    assert completion.usage is not None
    assert completion.usage.prompt_tokens == 7


@pytest.mark.parametrize(
    "usage", [None, {"prompt_tokens": -1, "completion_tokens": 2}, {"prompt_tokens": 10**12, "completion_tokens": 2}, {"prompt_tokens": "x"}]
)
async def test_drops_counts_that_cannot_be_true(endpoint: respx.Route, model: OpenAIModel, usage: object) -> None:
    """A reply is good without its usage; a wrong usage is none."""
    endpoint.respond(json=reply(usage=usage))

    assert (await model.complete(CALL)).usage is None


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"error": {"message": CANARY}}, UpstreamRejectedRequest),
        (400, [CANARY], UpstreamRejectedRequest),
        (400, {"error": {"type": "exceed_context_size_error", "n_ctx": 2048, "n_prompt_tokens": 6030}}, ArticleTooLong),
        (400, {"error": {"message": "This model's maximum context length is 4096 tokens. You asked for more."}}, ArticleTooLong),
        (401, {"error": {"message": "Incorrect API key provided: secret-key"}}, UpstreamMisconfigured),
        (402, {}, UpstreamQuotaExhausted),
        (403, {}, UpstreamMisconfigured),
        (404, {}, UpstreamMisconfigured),
        (408, {}, UpstreamUnavailable),
        (409, {}, UpstreamUnavailable),
        (422, {}, UpstreamRejectedRequest),
        (425, {}, UpstreamUnavailable),
        (429, {}, UpstreamRateLimited),
        (429, {"error": {"code": "insufficient_quota"}}, UpstreamQuotaExhausted),
        (500, {}, UpstreamUnavailable),
        (503, {}, UpstreamUnavailable),
    ],
)
async def test_names_what_a_status_means(endpoint: respx.Route, model: OpenAIModel, status: int, body: object, expected: type[VigieError]) -> None:
    """Each status has one meaning, is asked for once, and carries no words of the endpoint."""
    endpoint.respond(status, json=body)

    for call in (CALL, STREAMED):
        with pytest.raises(expected) as caught:
            await model.complete(call)

        assert caught.value.__context__ is None
        assert CANARY not in str(caught.value)
        assert "secret-key" not in str(caught.value)
    assert endpoint.call_count == 2


async def test_says_how_long_the_conversation_was(endpoint: respx.Route, model: OpenAIModel) -> None:
    """Where the endpoint gives numbers, the error does."""
    endpoint.respond(400, json={"error": {"n_ctx": 2048, "n_prompt_tokens": 6030}})

    with pytest.raises(ArticleTooLong, match="At most 2,048 tokens are read; 6,030 were sent"):
        await model.complete(CALL)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("1", 1),
        ("2.4", 2),
        ("3600", 60),
        ("9" * 400, 60),
        ("-5", 5),
        ("NaN", 5),
        ("soon", 5),
        ("", 5),
        ("0", 1),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 1),
        ("Sun, 06 Nov 1994 08:49:37 -0000", 5),
    ],
)
def test_reads_retry_after(header: str, seconds: int) -> None:
    """Whatever the header says, the wait is between 1 and 60 seconds."""
    assert retry_after_s({"retry-after": header}) == seconds


def test_reads_a_retry_after_that_is_a_date() -> None:
    """A date is as good as a number."""
    later = datetime.now(UTC) + timedelta(seconds=30)

    assert 28 <= retry_after_s({"retry-after": format_datetime(later, usegmt=True)}) <= 30


async def test_passes_retry_after_on(endpoint: respx.Route, model: OpenAIModel) -> None:
    """The caller is told what the endpoint asked for."""
    endpoint.respond(429, headers={"Retry-After": "17"})

    with pytest.raises(UpstreamRateLimited) as caught:
        await model.complete(CALL)

    assert caught.value.retry_after_s == 17


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError("x"), httpx.ReadError("x"), httpx.RemoteProtocolError("x"), httpx.ReadTimeout("x"), httpx.ConnectTimeout("x")]
)
async def test_names_a_broken_connection(endpoint: respx.Route, model: OpenAIModel, failure: Exception) -> None:
    """No connection, or none that lasts, is an endpoint that is not available."""
    endpoint.mock(side_effect=failure)

    with pytest.raises(UpstreamUnavailable):
        await model.complete(CALL)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_follows_no_redirect(endpoint: respx.Route, model: OpenAIModel, status: int) -> None:
    """A redirect would carry the article elsewhere: it is a fault of the configuration."""
    elsewhere = respx.mock(using="httpcore2", assert_all_called=False).post("http://elsewhere.test/")
    endpoint.respond(status, headers={"Location": "http://elsewhere.test/"})

    with pytest.raises(UpstreamMisconfigured):
        await model.complete(CALL)
    assert not elsewhere.called


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<p>Please log in</p>"),
        httpx.Response(200, headers={"Content-Type": "application/json"}, content=b'{"choices": ['),
        httpx.Response(200, headers={"Content-Type": "application/json"}, content=b"[" * 100_000),
        httpx.Response(200, json={"error": {"message": CANARY}}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json=None),
        httpx.Response(200, json=reply(choices=[])),
        httpx.Response(200, json=reply(choices=None)),
        httpx.Response(200, json=reply(choices=[{"index": 0, "finish_reason": "stop"}])),
        httpx.Response(200, json=reply(choices=[{"index": 0, "message": "hello"}])),
        httpx.Response(200, json=reply(choices=[{"index": 0, "message": {"content": 7}}])),
        httpx.Response(200, json=reply(choices=[{"index": 0, "message": {"tool_calls": [{"function": None}]}}])),
        httpx.Response(200, json=reply(padding="x" * REPLY_BYTES)),
        httpx.Response(200, headers={"Content-Encoding": "gzip", "Content-Type": "application/json"}, content=gzip.compress(b"{}")),
        httpx.Response(500, content=b"x" * (REPLY_BYTES + 1)),
    ],
)
async def test_refuses_what_is_no_completion(endpoint: respx.Route, model: OpenAIModel, answer: httpx.Response) -> None:
    """A page, broken JSON, an envelope without a message, or more than can be held: all are no valid answer, and asked for once."""
    endpoint.mock(return_value=answer)

    with pytest.raises(UpstreamInvalidResponse) as caught:
        await model.complete(CALL)

    assert CANARY not in str(caught.value)
    assert endpoint.call_count == 1


async def test_takes_numbers_in_any_spelling(endpoint: respx.Route, model: OpenAIModel) -> None:
    """Counts that some endpoint sends as words or with a point are whole numbers here, and what nobody reads of them cannot do harm."""
    usage = {"prompt_tokens": "7", "completion_tokens": 2.0, "total_tokens": None, "completion_tokens_details": {"reasoning_tokens": "some"}}
    endpoint.respond(json=reply(usage=usage))

    completion = await model.complete(CALL)

    assert completion.usage == Counts(7, 0, 0, 2).usage()


@pytest.mark.parametrize("choices", [[], None, [{"index": 0, "finish_reason": "stop"}]])
async def test_counts_what_an_answer_used_that_is_none(endpoint: respx.Route, model: OpenAIModel, choices: object) -> None:
    """An envelope without a message was paid for all the same."""
    spending = Spending()
    endpoint.respond(json=reply(choices=choices))

    with pytest.raises(UpstreamInvalidResponse):
        await model.complete(replace(CALL, spending=spending))

    assert spending.usage() == Usage(prompt_tokens=7, cached_tokens=4, completion_tokens=2, cost_usd=None)


@pytest.mark.parametrize("rest", ["{", {"error": {"message": CANARY}}, "[DONE]"])
async def test_counts_what_a_stream_used_that_broke_off(endpoint: respx.Route, model: OpenAIModel, rest: dict[str, Any] | str) -> None:
    """What was written until then counts, once."""
    spending = Spending()
    first, second = ({"prompt_n": 3, "cache_n": 4, "predicted_n": written} for written in (1, 2))
    endpoint.mock(return_value=events(piece("b", timings=first), piece("b", timings=second), rest))

    with pytest.raises(UpstreamInvalidResponse):
        await model.complete(replace(STREAMED, spending=spending))

    assert spending.usage() == Usage(prompt_tokens=7, cached_tokens=4, completion_tokens=2, cost_usd=None)


async def test_leaves_an_answer_that_it_returns_to_whoever_asked(endpoint: respx.Route, model: OpenAIModel) -> None:
    """What is returned is not counted here, so that nothing is counted twice."""
    spending = Spending()
    endpoint.respond(json=reply())
    await model.complete(replace(CALL, spending=spending))
    endpoint.mock(return_value=events(piece("b", timings={"prompt_n": 3, "predicted_n": 1}), piece(None, "stop"), "[DONE]"))
    await model.complete(replace(STREAMED, spending=spending))

    assert spending.usage().prompt_tokens == 0


async def test_counts_what_a_stream_used_that_nobody_waits_for() -> None:
    """A deadline that passes in the midst of an answer leaves the tokens of its first half counted."""
    spent: list[CompletionUsage | None] = []
    timings = {"prompt_n": 3, "cache_n": 4, "predicted_n": 2}

    async def half() -> AsyncIterator[object]:
        yield piece("b", timings=timings)
        await asyncio.sleep(3_600)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(collected(half(), spent.append), 0.05)

    assert spent == [Counts(7, 4, 0, 2).usage()]


async def test_collects_a_stream(endpoint: respx.Route, model: OpenAIModel) -> None:
    """A streamed answer is a completion like any other."""
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}
    endpoint.mock(return_value=events(piece(None), piece("a"), piece("b"), piece(None, "stop"), {"choices": [], "usage": usage}, "[DONE]"))

    completion = await model.complete(STREAMED)

    assert completion.choices[0].message.content == "ab"
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage is not None
    assert completion.usage.completion_tokens == 2
    assert json.loads(endpoint.calls.last.request.content)["stream_options"] == {"include_usage": True}


async def test_cuts_an_answer_that_repeats_itself(endpoint: respx.Route, model: OpenAIModel) -> None:
    """The text ends where it began to repeat, as if at the limit, and its tokens are counted all the same."""
    timings = {"prompt_n": 3, "cache_n": 4, "predicted_n": 2}
    endpoint.mock(return_value=events(piece("a"), piece("a", timings=timings), piece("a"), "not read"))

    completion = await model.complete(STREAMED)

    assert completion.choices[0].message.content == "aa"
    assert completion.choices[0].finish_reason == "length"
    assert completion.usage is not None
    assert completion.usage.prompt_tokens == 7
    assert completion.usage.prompt_tokens_details is not None
    assert completion.usage.prompt_tokens_details.cached_tokens == 4


@pytest.mark.parametrize(
    "chunks",
    [
        (),
        ("[DONE]",),
        (piece("b"),),
        ("{",),
        ("[1]",),
        ({"choices": "x"},),
        ({"error": {"message": CANARY}},),
        (piece("b", "unheard-of"),),
        (piece("b", "stop", usage={}),),
    ],
)
async def test_refuses_a_stream_that_is_no_completion(endpoint: respx.Route, model: OpenAIModel, chunks: tuple[dict[str, Any] | str, ...]) -> None:
    """A stream that breaks off, or holds something else, is no valid answer."""
    endpoint.mock(return_value=events(*chunks))

    with pytest.raises(UpstreamInvalidResponse):
        await model.complete(STREAMED)


async def test_does_not_stream_by_default(endpoint: respx.Route) -> None:
    """Where the dialect does not say so, the answer comes whole."""
    endpoint.respond(json=reply())
    model = OpenAIModel(client_for(ADDRESS, "k", read_timeout_s=5), name="m", profile=PROFILE, output_mode=OutputMode.TOOLS)

    await model.start()
    await model.check()
    await model.complete(STREAMED)
    await model.close()

    assert "stream" not in json.loads(endpoint.calls.last.request.content)


async def test_is_made_from_settings(endpoint: respx.Route) -> None:
    """The settings name the model, the endpoint, the key and the size of a piece."""
    endpoint.respond(json=reply())
    model = openai_model(Settings(model="gpt", openai_base_url=ADDRESS, openai_api_key=SecretStr("k"), chunk_chars=900))

    await model.complete(CALL)
    await model.close()

    assert (model.name, model.profile.chunk_chars, model.profile.section_by_section) == ("gpt", 900, False)
    assert endpoint.calls.last.request.headers["authorization"] == "Bearer k"


async def test_needs_no_key_at_an_endpoint_of_ones_own(endpoint: respx.Route) -> None:
    """A server in one's own house is asked without a key."""
    endpoint.respond(json=reply())
    model = openai_model(Settings(model="gpt", openai_base_url=ADDRESS))

    await model.complete(CALL)
    await model.close()


UNSAFE = {
    "d28-file": "file:///etc/passwd",
    "d28-user": "http://user:secret@llm.test/v1",
    "d28-user alone": "http://secret@llm.test/v1",
    "d28-hidden user": "http://169.254.169.254\\secret@llm.test/v1",
    "d28-no scheme": "llm.test/v1",
    "d28-no host": "http://",
    "d28-no address": "http://[::1/",
    "d28-plain": "http://169.254.169.254/secret",
    "d28-with a port": "https://169.254.0.1:8080/v1",
    "d28-decimal": "http://2852039166/secret",
    "d28-hexadecimal": "http://0xA9FEA9FE/secret",
    "d28-octal": "http://0251.0376.0251.0376/secret",
    "d28-octal and hexadecimal": "http://0251.254.0xa9.254/secret",
    "d28-short": "http://169.254.43518/secret",
    "d28-dot at the end": "http://169.254.169.254./secret",
    "d28-other dots": "http://169。254。169。254/secret",
    "d28-IPv6": "http://[fe80::1]/secret",
    "d28-last of IPv6": "http://[febf:ffff::1]/secret",
    "d28-IPv6 with a zone": "http://[fe80::1%25eth0]/secret",
    "d28-mapped": "http://[::ffff:169.254.169.254]/secret",
    "d28-mapped, hexadecimal": "http://[::FFFF:A9FE:A9FE]:80/secret",
}


@pytest.mark.parametrize("address", UNSAFE.values(), ids=UNSAFE)
def test_d28_refuses_an_address_that_is_not_safe(address: str) -> None:
    """What is no web address, holds a password or is link-local, where a cloud tells a machine its secrets, is not asked; the refusal does not repeat it."""
    with pytest.raises(SetupError, match=r"^OPENAI_BASE_URL must .+\.$") as caught:
        openai_model(Settings(model="gpt", openai_base_url=address, openai_api_key=SecretStr("k")))

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8080/v1",
        "http://[::1]:8080/v1",
        "http://10.0.0.1/v1",
        "https://169.253.169.254/v1",
        "http://169-254-169-254.test/v1",
        "http://fe80.test/v1",
    ],
)
async def test_d28_takes_an_address_of_ones_own(address: str) -> None:
    """A server on this machine or in one's own house may be asked, and a name that looks like an address is a name."""
    await openai_model(Settings(model="gpt", openai_base_url=address)).close()


def test_needs_a_key_for_the_default_endpoint() -> None:
    """Without an address and a key there is nobody to ask."""
    with pytest.raises(SetupError, match="OPENAI_API_KEY"):
        openai_model(Settings(model="gpt"))
