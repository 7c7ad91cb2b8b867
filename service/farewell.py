"""The end of a connection on which more arrives than anybody reads: the caller must hear why."""

import asyncio
import contextlib

from litestar.types import HTTPReceiveMessage, HTTPResponseBodyEvent, Message, Receive, Send, WebSocketReceiveMessage

#: Seconds in which a caller may finish sending what nobody will read.
FAREWELL_S = 1.0


def lingering(receive: Receive, send: Send) -> tuple[Receive, Send]:
    """Return both ways of a request, changed where its answer ends the connection before all of the body was read.

    A connection that is closed while something unread lies on it is reset, and the reset takes the answer with it. So the answer is sent, and its end, at which
    the server closes, only after what still comes has been thrown away.
    """
    unread, closes = True, False

    async def receive_noting() -> HTTPReceiveMessage | WebSocketReceiveMessage:
        nonlocal unread
        message = await receive()
        unread = message["type"] == "http.request" and message["more_body"]
        return message

    async def send_lingering(message: Message) -> None:
        nonlocal closes
        if message["type"] == "http.response.start":
            closes = (b"connection", b"close") in message["headers"]
        elif message["type"] == "http.response.body" and closes and unread and not message["more_body"]:
            await send(HTTPResponseBodyEvent(type="http.response.body", body=message["body"], more_body=True))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FAREWELL_S):
                    while unread:
                        await receive_noting()
            message = HTTPResponseBodyEvent(type="http.response.body", body=b"", more_body=False)
        await send(message)

    return receive_noting, send_lingering
