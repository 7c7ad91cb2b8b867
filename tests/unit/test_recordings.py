"""The recorded answers of the embedded model that ship, about the demonstration's article, replayed through the whole service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from schemas.record import Record
from service.extraction.pipeline import PROMPT
from service.models.embedded import PROFILE
from service.models.replay import ReplayModel
from service.testing import SHIPPED
from service.testing.serving import client_of, replaying

ARTICLE = (Path(__file__).parents[2] / "examples" / "strait.txt").read_bytes()
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    """The service in replay mode."""
    with client_of(replaying(SHIPPED, tmp_path)) as made:
        yield made


def test_the_recordings_are_of_the_profile_in_use() -> None:
    """A change of the embedded model's profile asks for new recordings: VIGIE_MODE=record, then `vigie extract examples/strait.txt`."""
    assert ReplayModel(SHIPPED).profile == PROFILE


def test_a_recorded_article_gives_its_record(client: TestClient[Litestar]) -> None:
    """No model and no network: every quote is exact; base, ministry, station and officers are targets, and the waterworks and the fisherman are none."""
    answer = client.post("/extract", content=ARTICLE, headers=TEXT)
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


def test_a_replay_is_the_same_to_the_byte(client: TestClient[Litestar]) -> None:
    """The same article and the same answers give the same body."""
    bodies = {client.post("/extract", content=ARTICLE, headers=TEXT).content for _ in range(5)}

    assert len(bodies) == 1


def test_what_was_not_recorded_is_not_guessed(client: TestClient[Litestar]) -> None:
    """An article without a recording is a replay miss, never a question to a live model."""
    answer = client.post("/extract", content=b"Valmer threatened to strike the port.", headers=TEXT)

    assert (answer.status_code, answer.json()["code"]) == (404, "replay-miss")
