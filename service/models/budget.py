"""What one article may take: until when, and how many calls beyond those that it needs."""

import asyncio
from dataclasses import dataclass

#: Re-asks and retries of one article together, or of one piece of a long one.
SPARE_CALLS = 2


@dataclass(slots=True)
class Budget:
    """The budget of one article, which queueing, calls, re-asks and retries draw on."""

    #: On the clock of the running event loop.
    deadline_at: float
    #: Calls that may still be made for nothing new.
    spare: int = SPARE_CALLS

    def left_s(self) -> float:
        """Return the seconds that are left; below zero when there are none."""
        return self.deadline_at - asyncio.get_running_loop().time()

    def take(self) -> bool:
        """Take a spare call; return whether there was one."""
        if self.spare <= 0:
            return False
        self.spare -= 1
        return True
