"""Good answers with faults among them."""

import httpx2

from tests.rig.faulty_upstream import FaultyUpstream
from tests.unit.rig.rig_parts import asking, client


async def outcome(address: str) -> str:
    """Return what comes of a call: the answer's beginning, or the way in which there is none."""
    async with client() as asks:
        try:
            return (await asks.post(f"{address}/chat/completions", json=asking(), timeout=0.5)).text[:400]
        except httpx2.HTTPError as failure:
            return type(failure).__name__


async def test_so_many_in_a_hundred_fail(upstream: FaultyUpstream) -> None:
    """Of a hundred none, or each in its own manner."""
    good, none, each = [[await outcome(upstream.base_url(fault, "a")) for _ in range(8)] for fault in ("ok", "mixed-0", "mixed-100")]

    assert none == good
    assert len({*each}) > 4
