"""A service that is killed (K04). Starting it again is the matter of whoever started it: systemd, Docker, Kubernetes."""

import asyncio
import signal
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from service.models.replay import ReplayModel
from tests.faults.serving_process import serving_process
from tests.rig.faulty_upstream import FaultyUpstream
from tests.rig.small_article import small_article

pytestmark = pytest.mark.integration


async def test_k04_a_killed_service_takes_nothing_with_it(tmp_path: Path) -> None:
    """Of two that record into one folder one is killed in the midst of its work: the other reads on, and every recording is whole."""
    recording = {"VIGIE_MODE": "record", "VIGIE_REPLAY_DIR": str(tmp_path)}
    token = uuid4().hex
    async with FaultyUpstream() as upstream:
        address = upstream.base_url("slow-20", token)
        async with (
            serving_process(address, VIGIE_CONCURRENCY="1", **recording) as (killed, one),
            serving_process(address, **recording) as (_, other),
            httpx2.AsyncClient(timeout=60, trust_env=False) as client,
        ):

            async def ask(service: str, number: int) -> httpx2.Response:
                return await client.post(f"{service}/extract", json={"text": small_article(f"number {number}")})

            lost = [asyncio.create_task(ask(one, number)) for number in range(6)]
            kept = [asyncio.create_task(ask(other, number)) for number in range(3, 9)]
            await asyncio.wait(lost, return_when=asyncio.FIRST_COMPLETED)
            killed.send_signal(signal.SIGKILL)
            ends = await asyncio.gather(*lost, return_exceptions=True)
            answers = [*await asyncio.gather(*kept), await ask(other, 9)]

    assert any(isinstance(end, httpx2.HTTPError) for end in ends)
    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}
    # Reads each file, and refuses one that is cut or is not what its name says.
    recordings = ReplayModel(tmp_path)
    assert len(recordings._outcomes) >= len(answers)
