"""Programs that run beside us and are spoken to in lines of JSON."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from service.errors import SetupError

#: More than any line takes.
_LINE_BYTES = 16 * 1024 * 1024
#: Between the end of a program's input, at which it should end, and ours of its life.
_GRACE_S = 5


class Child:
    """A program that answers a line with a line. What it says on standard error is not heard: it may hold words of articles."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Keep the process."""
        self._process = process

    async def tell(self, message: Mapping[str, object]) -> None:
        """Write a line.

        Raises:
            SetupError: Nobody reads it.
        """
        if self._process.stdin is None:  # pragma: no cover - it is a pipe; the types cannot say so
            raise SetupError("A program beside us has no input.")
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            await self._process.stdin.drain()
        except ConnectionError:
            raise SetupError("A program beside us has ended.") from None

    async def answer(self) -> bytes:
        """Return the next line.

        Raises:
            SetupError: There is none.
        """
        line = await self._process.stdout.readline() if self._process.stdout else b""
        if not line:
            raise SetupError("A program beside us has ended.")
        return line


@asynccontextmanager
async def child(*command: str) -> AsyncIterator[Child]:
    """Yield the program that `command` starts, and end it.

    Raises:
        SetupError: It cannot be started.
    """
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, limit=_LINE_BYTES)
    except OSError as error:
        raise SetupError(f"{command[0]} cannot be started: {error.strerror}.") from None
    try:
        yield Child(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _GRACE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
