"""Each command of these tests has an installation of its own, which replays and has no recording."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.unit.service_parts import FakeModel


@pytest.fixture(autouse=True)
def _installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set up the installation."""
    (tmp_path / "recordings").mkdir()
    identity = {"name": FakeModel.name, "output_mode": FakeModel.output_mode, "profile": asdict(FakeModel.profile)}
    (tmp_path / "recordings" / "model.json").write_text(json.dumps(identity), encoding="utf-8")
    monkeypatch.setenv("VIGIE_MODE", "replay")
    monkeypatch.setenv("VIGIE_DATA_DIR", str(tmp_path))
