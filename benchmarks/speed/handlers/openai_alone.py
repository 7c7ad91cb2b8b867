"""The `openai` client alone: what the model wrote goes back as it came. Nothing but ASGI stands before it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import openai

from benchmarks.speed.handlers.asking import MODEL, RESPONSE_FORMAT, messages

Message = Mapping[str, Any]

_client = openai.AsyncOpenAI()


async def app(scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    """Answer any request with what the model says of its article."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    article = json.loads(await _body(receive) or b'{"text": ""}')["text"]
    said = await _said(article) if article else ""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": said.encode()})


async def _said(article: str) -> str:
    # Its types want a class of each role.
    ask: Any = _client.chat.completions.create
    completion = await ask(model=MODEL, messages=messages(article), response_format=RESPONSE_FORMAT)
    return completion.choices[0].message.content or ""


async def _body(receive: Callable[[], Awaitable[Message]]) -> bytes:
    blocks = []
    while True:
        message = await receive()
        blocks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(blocks)


async def _live(receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    for stage in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{stage}.complete"})
