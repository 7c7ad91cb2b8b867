"""How late the event loop is: whatever holds it up holds up every caller."""

import asyncio
from collections.abc import Callable

#: Seconds between two looks.
_EVERY_S = 0.25


async def watch_lag(observe: Callable[[float], None], every_s: float = _EVERY_S) -> None:
    """Tell `observe`, again and again until cancelled, how many seconds too late the loop woke us."""
    clock = asyncio.get_running_loop().time
    while True:
        began = clock()
        await asyncio.sleep(every_s)
        observe(max(clock() - began - every_s, 0.0))
