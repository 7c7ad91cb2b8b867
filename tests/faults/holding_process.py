"""A process that takes a place of a caller in the database of the first argument, says so, and keeps it."""

import asyncio
import sys

from service.database.database import Database
from service.database.limits import Pace, SharedLimits
from service.settings import Settings


async def main(database_url: str) -> None:
    """Hold it until the end."""
    shared = SharedLimits(Database(Settings.model_validate({"database_url": database_url})), Pace(round_s=0.2, lease_s=1))
    running = asyncio.create_task(shared.run())
    while not shared.answers:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.02)
    print(await shared.hold("caller", 1), flush=True)  # noqa: T201 - whoever started it waits for this
    await running


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
