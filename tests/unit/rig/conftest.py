"""One upstream for each test of the rig."""

from collections.abc import AsyncIterator

import pytest

from tests.rig.faulty_upstream import FaultyUpstream


@pytest.fixture
async def upstream() -> AsyncIterator[FaultyUpstream]:
    """An upstream that listens while a test lasts."""
    async with FaultyUpstream() as listening:
        yield listening
