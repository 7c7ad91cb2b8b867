"""A model behind any endpoint that speaks OpenAI's chat completions."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address
from socket import inet_aton
from typing import cast

import httpx2
import openai
from openai.types.chat import ChatCompletion
from pydantic_core import to_json

from service.errors import SetupError
from service.models.base import Model, ModelCall, OutputMode, Profile
from service.models.failures import FAILURES, UnboundedReply, meaning_of
from service.models.replies import checked, collected
from service.settings import Settings

#: Any number will do, as long as it stays the same.
SEED = 7

#: Where completions are asked for, below the address of the API.
_PATH = "/chat/completions"
#: As `create` has it: the key of these settings alone, and never that of an administrator in the environment.
_KEY: openai.RequestOptions = {"security": {"bearer_auth": True}}

#: Most bytes of a reply. A draft of 8,000 tokens has 40 KB at once, and 4 MB as events of a token each; 300 KB of gzip were seen to unpack to over a gigabyte.
REPLY_BYTES = 8 * 1024 * 1024

#: Connecting takes one round trip or three; a longer wait is a dead host. The whole call is bounded by the caller's deadline.
_CONNECT_S = 5
_WRITE_S = 30

#: The answer about a piece must hold what the densest news tell: up to 41 actors and 23 targets, at 8,000 tokens. Some 3,700 letters, or 1,000 of Chinese.
_CHUNK_TOKENS = 1_500

#: A large model needs the form shown, not drilled: every example more is read with every article.
_EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an endpoint understands beyond the common API."""

    #: Further fields of the body of each call.
    extra: Mapping[str, object] = field(default_factory=dict)
    #: Whether an answer that may begin to repeat itself is read as it is written, whoever listens.
    streams: bool = False


#: No more than what everybody understands.
COMMON = Dialect()


class OpenAIModel:
    """A model at an endpoint; one client, and so one pool of connections, for all calls."""

    def __init__(self, client: openai.AsyncOpenAI, *, name: str, profile: Profile, output_mode: OutputMode, dialect: Dialect = COMMON) -> None:
        """Keep the `client`, which is closed with the model, and what the endpoint calls the model."""
        self.name, self.profile, self.output_mode = name, profile, output_mode
        self._client, self._dialect = client, dialect

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Return the completion, once only: re-asking and waiting are for whoever knows the deadline.

        Raises:
            ModelError: There is none.
            ArticleTooLong: The conversation is longer than the context of the model.
        """
        try:
            return await self._asked(call)
        except FAILURES as failure:
            fault = meaning_of(failure)
        raise fault

    async def check(self) -> None:
        """Return: asking the endpoint costs money, and a call that fails says more."""

    async def start(self) -> None:
        """Do nothing: connections are made as they are needed."""

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _asked(self, call: ModelCall) -> ChatCompletion:
        repeats = call.repeats if self._dialect.streams else None
        if repeats is None and call.heard is None:
            try:
                return checked(await self._client.post(_PATH, cast_to=ChatCompletion, content=self._body(call), options=_KEY), call.waste)
            except asyncio.CancelledError:
                call.waste(None)  # it may be written to its end, and nobody will know what it used
                raise
        body = self._body(call, stream=True, stream_options={"include_usage": True})
        # As JSON has them: the client would make objects of each event, half of what a token costs, and does not validate them.
        stream = await self._client.post(_PATH, cast_to=object, content=body, options=_KEY, stream=True, stream_cls=openai.AsyncStream[object])
        async with stream:  # leaving it closes the connection, at which the endpoint stops writing
            return await collected(stream, call.waste, repeats=repeats, heard=call.heard)

    def _body(self, call: ModelCall, **streaming: object) -> bytes:
        """Return the body of a call as it goes out: the client's own `create` walks through each message and each word of the schema before it writes them."""
        return to_json(
            {
                "messages": call.messages,
                "model": self.name,
                # Not `max_tokens`: OpenAI's newer models refuse that; OpenAI, vLLM and llama.cpp all know this one.
                "max_completion_tokens": call.max_completion_tokens,
                "seed": SEED,
                **streaming,
                "temperature": 0,
                **self._dialect.extra,
                **self.profile.sampling,
                **call.shape,
            }
        )


def openai_model(settings: Settings) -> Model:
    """Return the model that the settings name at the endpoint that they name.

    Raises:
        SetupError: The key is missing, or the address is none.
    """
    key, address = settings.openai_api_key, settings.openai_base_url
    if address is not None:
        _refuse_unsafe(address)
    if key is None and address is None:
        raise SetupError("OPENAI_API_KEY is needed to ask OpenAI's own endpoint.")
    # Endpoints of one's own often want no key; the client always sends one.
    client = client_for(address, key.get_secret_value() if key else "none", read_timeout_s=settings.max_deadline_s)
    return OpenAIModel(client, name=settings.model, profile=profile_for(settings), output_mode=settings.output_mode)


def profile_for(settings: Settings) -> Profile:
    """Return how a large model reads best: the whole article, all forms at once."""
    return Profile(
        chunk_chars=settings.chunk_chars,
        chunk_tokens=_CHUNK_TOKENS,
        section_by_section=False,
        max_completion_tokens=8_000,
        reask_quotes=True,
        examples=_EXAMPLES,
    )


def client_for(base_url: str | None, key: str, *, read_timeout_s: float) -> openai.AsyncOpenAI:
    """Return a client that asks once, goes nowhere else and reads at most `REPLY_BYTES` of a reply.

    Args:
        base_url: Address of the endpoint; None: OpenAI's own.
        key: Key for it.
        read_timeout_s: Longest silence: a last resort, since a whole answer may come at once, after as long as a deadline may be.
    """

    async def bound(reply: httpx2.Response) -> None:
        # Bytes are counted as they arrive, which is what they unpack to only if they are not packed.
        if reply.headers.get("content-encoding", "identity") != "identity":
            raise UnboundedReply
        reply.stream = _Bounded(cast(httpx2.AsyncByteStream, reply.stream), REPLY_BYTES)

    # No proxy of the environment, no redirect: either would carry the article to where the settings do not say.
    http_client = openai.DefaultAsyncHttpxClient(
        follow_redirects=False, trust_env=False, headers={"Accept-Encoding": "identity"}, event_hooks={"response": [bound]}
    )
    timeout = httpx2.Timeout(read_timeout_s, connect=_CONNECT_S, write=_WRITE_S)
    return openai.AsyncOpenAI(base_url=base_url, api_key=key, max_retries=0, timeout=timeout, http_client=http_client)


class _Bounded(httpx2.AsyncByteStream):
    """A stream of at most so many bytes."""

    def __init__(self, stream: httpx2.AsyncByteStream, limit: int) -> None:
        """Keep the `stream` and the `limit` in bytes."""
        self._stream, self._left = stream, limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Pass the bytes on.

        Raises:
            UnboundedReply: There are more.
        """
        async for block in self._stream:
            self._left -= len(block)
            if self._left < 0:
                raise UnboundedReply
            yield block

    async def aclose(self) -> None:
        """Close what is bounded."""
        await self._stream.aclose()


def _refuse_unsafe(address: str) -> None:
    """Refuse what is no plain web address, or one at which a cloud tells a machine its secrets; the detail does not repeat it, since it may hold a password."""
    try:
        url = httpx2.URL(address)  # read as it will be asked
    except httpx2.InvalidURL:
        url = httpx2.URL()
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise SetupError("OPENAI_BASE_URL must be an http or https address without a user name.")
    if _is_link_local(url.raw_host.decode().rstrip(".")):
        raise SetupError("OPENAI_BASE_URL must not be a link-local address.")


def _is_link_local(host: str) -> bool:
    """Return whether `host` is a link-local address, in any spelling that a resolver takes for one: decimal, hexadecimal, octal, short, mapped to IPv6."""
    try:
        address = ip_address(host) if ":" in host else IPv4Address(inet_aton(host))
    except (OSError, ValueError):
        return False  # a name
    return (getattr(address, "ipv4_mapped", None) or address).is_link_local
