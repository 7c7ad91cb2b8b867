"""Measure all, in rounds: each is started anew in each round, and another one comes first each time, so that whatever else the machine does is shared.

The endpoint and the load share one core and those who are measured have the others, where there are several: who is measured does not pay for being measured.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quality.children import child
from benchmarks.speed.article import VARIANTS, answer, article
from benchmarks.speed.contestants import CONTESTANTS, FASTAPI, LITELLM, ROOT
from benchmarks.speed.machine import machine, version_in
from benchmarks.speed.results import STUB, Embedded, Measured
from benchmarks.speed.serving import held_to
from benchmarks.speed.turn import Figures, Plan, Stub, direct, turn
from service.cli.proceeding import March
from service.errors import SetupError

#: What is asked of those in other environments: which version is there.
_VERSIONS = {FASTAPI: "fastapi", LITELLM: "litellm"}
_STAGES_S = 300


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    letters: Sequence[str]
    rounds: int
    plan: Plan
    #: How often the stages are measured.
    repeats: int
    #: The options, as they were given.
    options: str


async def measure(order: Order, shown: March, embedded: Embedded | None = None) -> Measured:
    """Return what is seen of those who are asked for.

    Raises:
        SetupError: One of them does not serve.
    """
    turns: dict[str, list[Figures]] = {letter: [] for letter in (*order.letters, STUB)}
    for number in range(VARIANTS):  # once, and not while somebody waits
        article(number)
    ours, theirs = cores()
    with held_to(ours), tempfile.TemporaryDirectory(prefix="vigie-speed-") as folder:
        async with stub() as upstream:
            for number in range(order.rounds):
                for letter in rotated((*order.letters, STUB), number):
                    turns[letter].append(await _turn(letter, order.plan, upstream, Path(folder) / f"{letter}-{number}", theirs))
                    shown.step(f"round {number + 1}, {CONTESTANTS[letter].called if letter in CONTESTANTS else 'the endpoint itself'}")
            shown.begin("the stages")
            await upstream.answers_after(0)
            seen = await _stages(upstream.address, order.repeats)
    others = {package: version_in(CONTESTANTS[letter].python, package) for letter, package in _VERSIONS.items() if letter in order.letters}
    answered = sum(map(len, json.loads(answer(0)).values()))
    return Measured(machine(), order.plan, order.options, others, turns, seen["stages"], (seen["entries"], answered), embedded)


def rotated(letters: Sequence[str], number: int) -> list[str]:
    """Return the letters in the order of the round of this `number`."""
    first = number % len(letters)
    return [*letters[first:], *letters[:first]]


def cores() -> tuple[list[int], list[int]]:
    """Return the cores of the load and those of who is measured; none, where there is but one."""
    every = sorted(os.sched_getaffinity(0))
    return (every[:1], every[1:]) if len(every) > 1 else ([], [])


@asynccontextmanager
async def stub() -> AsyncIterator[Stub]:
    """Yield the endpoint.

    Raises:
        SetupError: It cannot be started.
    """
    async with child(sys.executable, "-m", "benchmarks.speed.upstream") as process:
        yield Stub(process, f"http://127.0.0.1:{json.loads(await process.answer())['port']}")


async def _turn(letter: str, plan: Plan, upstream: Stub, folder: Path, theirs: Sequence[int]) -> Figures:
    if letter == STUB:
        return await direct(CONTESTANTS[LITELLM], plan, upstream)
    return await turn(CONTESTANTS[letter], plan, upstream, folder, theirs)


async def _stages(address: str, repeats: int) -> Mapping[str, Any]:
    """Return what `benchmarks.speed.stages` says.

    Raises:
        SetupError: It says nothing.
    """
    command = (sys.executable, "-m", "benchmarks.speed.stages", f"{address}/v1", str(repeats))
    with held_to(cores()[1]):
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
    said = b""
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(_STAGES_S):
                said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if not said:
        raise SetupError("The stages cannot be measured.")
    seen: Mapping[str, Any] = json.loads(said)
    return seen
