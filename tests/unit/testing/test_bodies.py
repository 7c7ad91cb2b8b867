"""What a test says of a request holds for that request."""

from pathlib import Path
from typing import Any

import pytest

from service.testing import Recordings, actor
from service.testing.serving import client_of, replaying

TEXT = "Valdoria vowed on Friday to shell the port."
BODIES: list[dict[str, Any]] = [
    {"text": TEXT},
    {"text": TEXT, "title": "A vow", "published": "2026-03-12", "source": "https://news.example/vow", "language": "en"},
    {"text": TEXT, "options": {"sections": ["actors"]}},
]


@pytest.mark.parametrize("body", BODIES, ids=["text", "context", "sections"])
def test_a_body_is_taken_as_callers_send_it(tmp_path: Path, body: dict[str, Any]) -> None:
    """Whatever JSON callers may send is what the model can be said to find something in."""
    recordings = Recordings(tmp_path / "recordings")
    recordings.finds(body, actor("Valdoria"))

    with client_of(replaying(recordings.folder, tmp_path)) as client:
        answer = client.post("/extract", json=body)

    assert [one["name"] for one in answer.json()["actors"]] == ["Valdoria"]
