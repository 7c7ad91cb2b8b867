"""Recordings of a real model are served by the fixtures as they are."""

import shutil
from pathlib import Path

import pytest

from service.errors import SetupError
from service.testing import SHIPPED, Recordings, actor
from service.testing.serving import client_of, replaying

ARTICLE = "Valdoria vowed on Friday to shell the port."


def test_what_a_real_model_said_is_served(tmp_path: Path) -> None:
    """A suite names a folder that record mode wrote, and gets that model's record."""
    recordings = Recordings(SHIPPED)

    with client_of(replaying(recordings.folder, tmp_path)) as client:
        answer = client.post("/extract", content=(SHIPPED.parent / "english.json").read_bytes(), headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.headers["vigie-mode"]) == (200, "replay")
    assert answer.json()["extraction"]["model"].startswith("qwen")


def test_nothing_written_by_hand_is_put_beside_it(tmp_path: Path) -> None:
    """What a test would make up is refused there, and the folder stays as it was."""
    folder = tmp_path / "recordings"
    shutil.copytree(SHIPPED, folder)
    before = sorted(folder.iterdir())
    recordings = Recordings(folder)

    with pytest.raises(SetupError, match="another model"):
        recordings.finds(ARTICLE, actor("Valdoria"))
    with pytest.raises(SetupError, match="another model"):
        recordings.fails(ARTICLE, "truncated")
    assert sorted(folder.iterdir()) == before
