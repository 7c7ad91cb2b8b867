"""Events as they go over the wire (Server-Sent Events). Names of events are ours alone; whatever an article says stays within the JSON of `data`."""

from collections.abc import Iterator
from itertools import count

from litestar.response.sse import ServerSentEventMessage

from schemas.stream import EntryEvent, ProgressEvent, ResetEvent
from service.extraction.progress import Forgotten, Found, Progress
from service.streaming.feed import Event

#: Sent where there is nothing to tell, so that proxies keep the connection.
HEARTBEAT = ServerSentEventMessage(data=None, comment="still reading")


class Events:
    """Numbers the events of one stream."""

    def __init__(self) -> None:
        """Begin with 1."""
        self._numbers: Iterator[int] = count(1)

    def of(self, event: Event) -> ServerSentEventMessage:
        """Return `event` for the wire."""
        match event:
            case Progress():
                told = ProgressEvent(
                    chunks_done=event.chunks_done,
                    chunks=event.chunks,
                    questions_done=event.questions_done,
                    questions=event.questions,
                    sections=[*event.sections],
                )
                return self.named("progress", told.model_dump_json())
            case Found():
                return self.named("entry", EntryEvent(section=event.section, entry=dict(event.entry)).model_dump_json())
            case Forgotten():
                return self.named("reset", ResetEvent(sections=[*event.sections], start=event.start, end=event.end).model_dump_json())

    def named(self, name: str, data: str) -> ServerSentEventMessage:
        """Return an event with this name and JSON."""
        return ServerSentEventMessage(data=data, event=name, id=next(self._numbers))
