"""Work that is worth doing only until something else happens."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def unless(happens: Coroutine[Any, Any, object], work: Coroutine[Any, Any, T], failing: type[Exception]) -> T:
    """Return what `work` returns; where something `happens` first, cancel it and raise `failing`."""
    working, happening = asyncio.ensure_future(work), asyncio.ensure_future(happens)
    try:
        await asyncio.wait({working, happening}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise failing
    finally:
        working.cancel()
        happening.cancel()
        await asyncio.gather(working, happening, return_exceptions=True)
