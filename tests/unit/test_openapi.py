"""What `/openapi.json` says."""

from syrupy.assertion import SnapshotAssertion

from service import __version__
from tests.unit.service_parts import client


async def test_the_document_is_as_it_was(snapshot: SnapshotAssertion) -> None:
    """What callers generate clients from changes only on purpose; the version apart."""
    async with client() as caller:
        document = (await caller.get("/openapi.json")).json()

    assert document["info"].pop("version") == __version__
    assert document == snapshot
