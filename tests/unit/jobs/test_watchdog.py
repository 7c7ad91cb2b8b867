"""A process whose loop stands still ends by itself (H11)."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE

from service.jobs.watchdog import STUCK
from tests.faults.serving_process import ROOT

PROGRAM = """
import asyncio, re, time
from service import logs
from service.jobs.watchdog import Watchdog

async def main():
    logs.configure("info")
    walking = asyncio.create_task(Watchdog(2, 2).walk())
    await asyncio.sleep(0.1)
    {does}
    walking.cancel()
    await asyncio.gather(walking, return_exceptions=True)

asyncio.run(main())
"""
#: An expression that goes on for ever, and holds the interpreter.
HOLDS = 're.match("(a+)+$", "a" * 60 + "b")'


async def ended(does: str) -> tuple[int | None, bool]:
    """Return how a process ends that does this, and whether it says that it was stuck."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM.format(does=does), cwd=ROOT, stdout=PIPE, stderr=PIPE)
    try:
        _, err = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode, b"stuck" in err


async def test_h11_what_stands_still_ends() -> None:
    """Whatever it is that does not come to an end, even one that holds the interpreter; and nothing that lives."""
    ends = await asyncio.gather(*map(ended, ("while True: pass", HOLDS, "await asyncio.sleep(4.5)")))

    assert ends == [(STUCK, True), (-signal.SIGVTALRM, False), (0, False)]
