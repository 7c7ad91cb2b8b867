"""Drafting: the model reads the article, piece by piece, and writes what it finds. The only stage that waits.

Pieces are read side by side as far as others leave room. A piece that fails does not sink the rest, unless the caller wants all or nothing.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from pydantic import BaseModel

from schemas.record import Notice, Usage
from schemas.vocabulary import Section
from service.errors import (
    ArticleTooLong,
    DeadlineExceeded,
    ModelOutputInvalid,
    ModelOutputTruncated,
    ModelRefused,
    ReplayMiss,
    UpstreamInvalidResponse,
    UpstreamRateLimited,
    UpstreamUnavailable,
    VigieError,
)
from service.extraction import prompting
from service.extraction.beside import Beside
from service.extraction.candidates.finding import find
from service.extraction.chunking import Chunk
from service.extraction.context import Context, contexts
from service.extraction.conversation import Conversation, FindFaults, Reading
from service.extraction.preparing import Prepared
from service.extraction.progress import Progress, Tell, nobody
from service.extraction.provisional import Provisional
from service.extraction.tally import Tally
from service.models.base import Model
from service.models.budget import Budget
from service.models.spending import Spending

#: The code of the warning that a piece was not read.
NOT_READ = "not_read"
#: Failures that may be over by the next piece, and after how many in a row they are not; those that are about one piece. After any other nothing more is asked.
_PASSING, _MOST_IN_A_ROW = (UpstreamUnavailable, UpstreamRateLimited), 3
_OF_A_PIECE = (ModelRefused, ModelOutputInvalid, ModelOutputTruncated, UpstreamInvalidResponse, ArticleTooLong)


class Lane(AbstractContextManager[object], Protocol):
    """Room to read one more piece at the same time; it is given back at the end."""

    @property
    def is_wanted(self) -> bool:
        """Whether somebody waits for it."""


#: Returns room for one more piece, if there is any that nobody waits for.
Lanes = Callable[[], Lane | None]


def one_lane() -> None:
    """Have no room but one's own."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a model wrote about an article, unproven: one draft a call, each with the chunk that it is about, in the order of the text."""

    drafts: tuple[tuple[Chunk, BaseModel], ...]
    calls: int
    usage: Usage
    warnings: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be read, by whom, and for what."""

    prepared: Prepared
    chunks: Sequence[Chunk]
    sections: Sequence[Section]
    model: Model
    prompt: prompting.Prompt
    find_faults: FindFaults
    budget: Budget
    spending: Spending
    tell: Tell = nobody
    lanes: Lanes = one_lane
    #: When pieces that are not read yet are left out, on the clock of the event loop; None: all are read, or the article fails.
    read_by: float | None = None
    #: Takes what is written while it is being written, if anybody wants to know.
    provisional: Provisional | None = None
    #: Does what looks through the article.
    beside: Beside = asyncio.to_thread


async def draft(task: Task) -> Drafted:
    """Return what the model of `task` writes about each chunk.

    One more question at most is asked about a chunk: where an answer does not fit the schema, or where quotes are not in the text and the model's profile says
    that asking again helps. Of several chunks those that fail are left out, with a warning, as long as one is read and the caller does not mind.

    Raises:
        ModelError: There was no answer, or none that fits.
        ArticleTooLong: A chunk is longer than the context of the model.
        DeadlineExceeded: Nothing was read in time.
    """
    by_rows = task.model.profile.rows is not None
    # In rows the model is told of actors by the grammar. Before the first piece stands nothing.
    candidates = await task.beside(find, task.prepared) if by_rows else {}
    alone = by_rows or len(task.chunks) == 1
    earlier: list[Context] = [()] * len(task.chunks) if alone else await task.beside(contexts, task.prepared, task.chunks)
    tally = Tally()
    reading = Reading(
        task.prepared,
        task.sections,
        task.model,
        task.prompt,
        task.find_faults,
        task.budget,
        task.spending,
        candidates,
        tally,
        provisional=task.provisional,
        beside=task.beside,
    )
    pile = _Pile(task, reading, earlier)
    await pile.read()
    return Drafted(pile.drafts(), tally.calls, task.spending.usage(), (*tally.notices(task.sections), *pile.notices()))


@dataclass(slots=True)
class _Piece:
    """A chunk, what stands before it, and what has come of it."""

    chunk: Chunk
    earlier: Context
    drafts: list[BaseModel] = field(default_factory=list)
    #: Why it was not read to its end; None: it was, or will be.
    fault: VigieError | None = None
    is_read: bool = False


class _Pile:
    """The pieces of an article, which are taken from the top."""

    def __init__(self, task: Task, reading: Reading, earlier: Sequence[Context]) -> None:
        self._task, self._reading = task, reading
        self._groups = prompting.groups(task.sections, task.model.profile)
        self._pieces = [_Piece(*one) for one in zip(task.chunks, earlier, strict=True)]
        self._waiting = deque(self._pieces)
        self._answered = self._failed_in_a_row = 0

    async def read(self) -> None:
        """Read what can be read.

        Raises:
            VigieError: Nothing can, or the caller wants all or nothing.
        """
        # Time runs out for what is not read, not for what is.
        try:
            async with asyncio.timeout_at(self._task.read_by) as limit:
                await self._read_side_by_side()
        except TimeoutError:
            if not limit.expired():
                raise
        self._give_up(DeadlineExceeded())
        if not any(piece.is_read for piece in self._pieces):
            raise next(piece.fault for piece in self._pieces if piece.fault)
        self._tell(())

    def drafts(self) -> tuple[tuple[Chunk, BaseModel], ...]:
        """Return what was written, in the order of the text."""
        return tuple((piece.chunk, draft) for piece in self._pieces for draft in piece.drafts)

    def notices(self) -> list[Notice]:
        """Return a warning for each stretch of the text that was not read, and why."""
        stretches = groupby(self._pieces, lambda piece: piece.fault.code if piece.fault and not piece.is_read else None)
        return [_notice(code, [piece.chunk for piece in pieces]) for code, pieces in stretches if code]

    async def _read_side_by_side(self) -> None:
        try:
            async with asyncio.TaskGroup() as lanes:
                await self._take(lanes)
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _join(self, lanes: asyncio.TaskGroup) -> None:
        """Take pieces as long as there is room."""
        room = self._task.lanes()
        if room:
            with room:
                await self._take(lanes, room)

    async def _take(self, lanes: asyncio.TaskGroup, room: Lane | None = None) -> None:
        """Read one piece after the other, and have others join."""
        while self._waiting and not (room and room.is_wanted):
            piece = self._waiting.popleft()
            if self._waiting:
                lanes.create_task(self._join(lanes))
            try:
                await self._read(piece)
            except VigieError as fault:
                if self._task.read_by is None or isinstance(fault, ReplayMiss):
                    raise
                piece.fault = fault
                self._failed_in_a_row += isinstance(fault, _PASSING)
                if not isinstance(fault, (*_OF_A_PIECE, *_PASSING)) or self._failed_in_a_row >= _MOST_IN_A_ROW:
                    self._waiting.clear()
                    self._give_up(fault)
            else:
                self._failed_in_a_row = 0

    async def _read(self, piece: _Piece) -> None:
        # Times are looked for where the model writes rows; else there is nothing to wait for.
        about = self._reading, piece.chunk, piece.earlier
        conversation = await self._reading.beside(Conversation, *about) if self._task.model.profile.rows else Conversation(*about)
        for group in self._groups:
            self._tell(group)
            answer = await conversation.ask(group)
            if answer is not None:
                piece.drafts.append(answer)
            self._answered += 1
        piece.is_read = True

    def _give_up(self, fault: VigieError) -> None:
        """Note why what is not read will not be."""
        for piece in self._pieces:
            if not piece.is_read and piece.fault is None:
                piece.fault = fault

    def _tell(self, group: Sequence[Section]) -> None:
        done = sum(piece.is_read for piece in self._pieces)
        self._task.tell(Progress(done, len(self._pieces), self._answered, len(self._pieces) * len(self._groups), tuple(group)))


def _notice(code: str, chunks: Sequence[Chunk]) -> Notice:
    """Return the warning that chunks that follow one another were not read."""
    return Notice(code=NOT_READ, detail=f"This was not read, or not to its end: {code}.", start=chunks[0].start, end=chunks[-1].end)
