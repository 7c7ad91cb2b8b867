"""The recorded answers of the embedded model about the demonstration's article, replayed through the whole service."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from litestar import Litestar
from litestar.testing import AsyncTestClient

from schemas.record import Record
from service.app import create_app
from service.extraction.pipeline import PROMPT
from service.models.embedded import PROFILE
from service.models.replay import ReplayModel
from service.settings import Settings

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "service" / "examples" / "recordings"
ARTICLE = (ROOT / "examples" / "strait.txt").read_bytes()
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@pytest_asyncio.fixture
async def client() -> AsyncIterator[AsyncTestClient[Litestar]]:
    """The service in replay mode."""
    async with AsyncTestClient(create_app(Settings(mode="replay", replay_dir=RECORDINGS))) as made:
        yield made


async def test_the_recordings_are_of_the_profile_in_use() -> None:
    """A change of the embedded model's profile asks for new recordings: VIGIE_MODE=record, then `vigie extract examples/strait.txt`."""
    assert ReplayModel(RECORDINGS).profile == PROFILE


async def test_a_recorded_article_gives_its_record(client: AsyncTestClient[Litestar]) -> None:
    """No model and no network: every quote is exact; base, ministry, station and officers are targets, and the waterworks and the fisherman are none."""
    answer = await client.post("/extract", content=ARTICLE, headers=TEXT)
    record, text = Record.model_validate_json(answer.content), ARTICLE.decode()

    assert answer.status_code == 200
    assert answer.headers["Vigie-Mode"] == "replay"
    assert all(text[one.start : one.end] == one.quote for target in record.targets for one in target.evidence)
    assert {(target.name, target.category) for target in record.targets} == {
        ("naval base at Port Hale", "military"),
        ("defence ministry in Ormen", "government"),
        ("coastguard station on Gull Island", "military"),
        ("four officers", "military"),
    }
    assert record.extraction.prompt == PROMPT


async def test_a_replay_is_the_same_to_the_byte(client: AsyncTestClient[Litestar]) -> None:
    """The same article and the same answers give the same body."""
    bodies = {(await client.post("/extract", content=ARTICLE, headers=TEXT)).content for _ in range(5)}

    assert len(bodies) == 1


async def test_what_was_not_recorded_is_not_guessed(client: AsyncTestClient[Litestar]) -> None:
    """An article without a recording is a replay miss, never a question to a live model."""
    answer = await client.post("/extract", content=b"Valmer threatened to strike the port.", headers=TEXT)

    assert (answer.status_code, answer.json()["code"]) == (404, "replay-miss")
