"""Leases: what this process reads is its own as long as it says so every few seconds, by the database's clock."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from service.jobs.store import Claim, JobStore

#: Seconds for which an article is nobody else's, and between two times of saying so. Whoever cancels a job waits for the second of them.
LEASE_S, RENEWAL_S = 20.0, 1.0


class Lease:
    """An article that is held."""

    def __init__(self, claim: Claim) -> None:
        """Begin with it held."""
        self.claim = claim
        #: Set once it is held no longer: it was cancelled, or is somebody else's.
        self.lost = asyncio.Event()


class Leases:
    """All that this process holds."""

    def __init__(self, store: JobStore) -> None:
        """Begin with nothing."""
        self._store = store
        self._held: set[Lease] = set()

    def __len__(self) -> int:
        """Return how many are held."""
        return len(self._held)

    @contextmanager
    def holding(self, claim: Claim) -> Iterator[Lease]:
        """Hold what was claimed."""
        lease = Lease(claim)
        self._held.add(lease)
        try:
            yield lease
        finally:
            self._held.remove(lease)

    async def renew(self) -> None:
        """Hold all of them for longer, tell those that are lost, and wait a while.

        Raises:
            QueueUnavailable: The database does not answer; for the time being they are held on to.
            StorageUnavailable: It takes nothing more.
        """
        leases = list(self._held)
        if leases:
            tokens = await self._store.renew([lease.claim for lease in leases], LEASE_S)
            for lease in leases:
                if lease.claim.token not in tokens:
                    lease.lost.set()
        await asyncio.sleep(RENEWAL_S)
