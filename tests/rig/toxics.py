"""What a toxic proxy does to the bytes of a connection, in the vocabulary of toxiproxy: times in milliseconds, rates in kB a second.

Each acts on the connections that are open as it is switched on, and on those that come later.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Protocol


class Flow(Protocol):
    """One direction of one connection, as its toxics see it."""

    #: When the bytes at hand were read, on the clock of the loop.
    read_at: float
    #: Bytes that were passed on.
    passed: int

    def close(self) -> None:
        """End the connection."""

    def reset(self) -> None:
        """End the connection with a reset."""


@dataclass(eq=False)
class Toxic:
    """A toxic that does nothing; the others differ from it in what they say."""

    #: Set as soon as the toxic is switched off.
    removed: asyncio.Event = field(default_factory=asyncio.Event, init=False, repr=False)

    async def passing(self, block: bytes, flow: Flow) -> AsyncIterator[bytes]:
        """Yield what becomes of a block, when it is to be passed on."""
        yield block

    async def while_on(self, flow: Flow) -> None:
        """Do something to a connection, whether or not bytes come."""

    async def before_close(self, flow: Flow) -> None:
        """Wait before one side learns that the other has closed."""


@dataclass(eq=False)
class Latency(Toxic):
    """Each block comes later by `latency_ms`, give or take `jitter_ms`; the order stays, and waiting is not added up."""

    latency_ms: float
    jitter_ms: float = 0
    seed: int = 0

    def __post_init__(self) -> None:
        """Make the jitter the same each time."""
        self._chance = random.Random(self.seed)  # noqa: S311 - no secret

    async def passing(self, block: bytes, flow: Flow) -> AsyncIterator[bytes]:
        """Wait until the time has come."""
        delay = (self.latency_ms + self._chance.uniform(-self.jitter_ms, self.jitter_ms)) / 1_000
        await asyncio.sleep(max(flow.read_at + delay - asyncio.get_running_loop().time(), 0))
        yield block


@dataclass(eq=False)
class Bandwidth(Toxic):
    """Bytes come no faster than this, a tenth of a second's worth at a time."""

    rate_kb: float

    async def passing(self, block: bytes, flow: Flow) -> AsyncIterator[bytes]:
        """Take the time that the bytes need."""
        most = max(int(self.rate_kb * 100), 1)
        for at in range(0, len(block), most):
            piece = block[at : at + most]
            await asyncio.sleep(len(piece) / (self.rate_kb * 1_000))
            yield piece


@dataclass(eq=False)
class Slicer(Toxic):
    """Blocks come in slices of about this size, with a pause after each."""

    average_size: int
    size_variation: int = 0
    delay_us: float = 0
    seed: int = 0

    def __post_init__(self) -> None:
        """Make the sizes the same each time."""
        self._chance = random.Random(self.seed)  # noqa: S311 - no secret

    async def passing(self, block: bytes, flow: Flow) -> AsyncIterator[bytes]:
        """Cut."""
        at = 0
        while at < len(block):
            size = max(self.average_size + self._chance.randint(-self.size_variation, self.size_variation), 1)
            yield block[at : at + size]
            at += size
            await asyncio.sleep(self.delay_us / 1_000_000)


@dataclass(eq=False)
class LimitData(Toxic):
    """The connection ends once so many bytes have come, those before the toxic was switched on counted."""

    limit_bytes: int

    async def passing(self, block: bytes, flow: Flow) -> AsyncIterator[bytes]:
        """Pass on what is allowed."""
        left = max(self.limit_bytes - flow.passed, 0)
        yield block[:left]
        if len(block) >= left:
            flow.close()


@dataclass(eq=False)
class Timeout(Toxic):
    """Nothing comes through; the connection ends after so long, or, where that is 0, goes on once the toxic is off."""

    timeout_ms: float = 0

    async def passing(self, block: bytes, flow: Flow) -> AsyncIterator[bytes]:
        """Hold back."""
        await self.removed.wait()
        yield block

    async def while_on(self, flow: Flow) -> None:
        """End the connection in time."""
        if self.timeout_ms:
            await asyncio.sleep(self.timeout_ms / 1_000)
            flow.close()


@dataclass(eq=False)
class ResetPeer(Toxic):
    """Nothing comes through, and the connection is reset, at once or after so long."""

    timeout_ms: float = 0

    async def passing(self, block: bytes, flow: Flow) -> AsyncIterator[bytes]:
        """Hold back."""
        await self.removed.wait()
        yield block

    async def while_on(self, flow: Flow) -> None:
        """Reset the connection in time."""
        await asyncio.sleep(self.timeout_ms / 1_000)
        flow.reset()


@dataclass(eq=False)
class SlowClose(Toxic):
    """One side learns so much later that the other has closed."""

    delay_ms: float

    async def before_close(self, flow: Flow) -> None:
        """Wait."""
        await asyncio.sleep(self.delay_ms / 1_000)
