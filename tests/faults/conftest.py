"""What tests of faults share: an endpoint that fails as it is told to, and tables that are read before deadlines run."""

from collections.abc import AsyncIterator

import pytest

from service.extraction.pipeline import warm_up
from tests.rig.faulty_upstream import FaultyUpstream


@pytest.fixture(scope="module")
def warm() -> None:
    """Read the tables first, as `vigie serve` does: the deadlines are of calls, not of them."""
    warm_up()


@pytest.fixture
async def upstream() -> AsyncIterator[FaultyUpstream]:
    """An endpoint that fails as the path of a call says."""
    async with FaultyUpstream() as faulty:
        yield faulty
