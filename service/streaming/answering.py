"""The answer to `POST /extract` as a stream of events."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from schemas.stream import DoneEvent
from service.disconnect import unless_gone
from service.problems import fault_of, problem_of
from service.reception import Received
from service.streaming.events import HEARTBEAT, Events
from service.streaming.feed import Event, Follower

EVENT_STREAM = "text/event-stream"
#: Seconds without anything to tell, after which a sign of life is sent.
HEARTBEAT_S = 10.0


@dataclass(frozen=True, slots=True)
class Streaming:
    """What a stream needs beside the reading."""

    request: Request[Any, Any, Any]
    #: Under which problems are known.
    public_url: str | None
    #: Whether the reading goes on though the caller leaves.
    worth_finishing: bool

    async def answer(self, read: Callable[..., Coroutine[Any, Any, Received]], held: ExitStack) -> ServerSentEvent:
        """Return the stream of what is told while an article is read, and of its record.

        Until there is something to tell, whatever goes wrong is a problem like any other.

        Args:
            read: Reads the article, and tells its `follower`.
            held: What is given back once it is read.

        Raises:
            VigieError: It could not even be begun.
            ClientGone: The caller left; the body of the request was read before.
        """
        follower = Follower()
        reading = asyncio.ensure_future(read(follower=follower))

        def end(reading: asyncio.Future[Received]) -> None:
            follower.end()
            if not reading.cancelled():
                reading.exception()  # if nobody is there any more, nobody asks for it

        def ended() -> None:
            if not self.worth_finishing:
                reading.cancel()
            # Called at once where the reading is over.
            reading.add_done_callback(lambda _: held.close())

        reading.add_done_callback(end)
        # When the request has ended, whether or not a word of the stream was asked for.
        self.request.scope["state"]["ended"] = ended
        first = await unless_gone(follower.next(), self.request.receive)
        if first is None:
            await reading  # it failed, or the record was there at once
        self.request.scope["state"]["facts"] = {"code": "client-gone"}
        return ServerSentEvent(self._events(first, follower, reading))

    async def _events(self, event: Event | None, follower: Follower, reading: asyncio.Future[Received]) -> AsyncIterator[ServerSentEventMessage]:
        """Yield what is told, then the record, or the problem that came in its place."""
        events = Events()
        facts = self.request.scope["state"]["facts"]
        while event is not None:
            yield events.of(event)
            while True:
                try:
                    event = await follower.next(HEARTBEAT_S)
                    break
                except TimeoutError:
                    yield HEARTBEAT
        try:
            received = await reading
        except Exception as error:  # noqa: BLE001 - there is nobody else to answer
            fault = fault_of(error)
            facts["code"] = fault.code
            yield events.named("error", problem_of(fault, self.public_url, self.request.scope["state"]["request_id"]).decode())
            return
        del facts["code"]
        facts.update(received.facts)
        yield events.named("record", received.answer.body.decode())
        yield events.named("done", DoneEvent(cache=received.cache).model_dump_json())
