"""How far a reading is, on a terminal and elsewhere."""

import io
import sys

import pytest

from schemas.vocabulary import Section
from service.cli.showing import display
from service.extraction.progress import Progress

STEPS = [
    Progress(0, 2, 0, 4, (Section.ACTORS,)),
    Progress(0, 2, 1, 4, (Section.THREATS,)),
    Progress(1, 2, 2, 4, (Section.ACTORS,)),
    Progress(1, 2, 3, 4, (Section.THREATS,)),
    Progress(2, 2, 4, 4, ()),
]


class Terminal(io.StringIO):
    """A terminal that keeps what it is shown."""

    def isatty(self) -> bool:
        """Pretend."""
        return True


def test_a_line_a_piece(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches, each piece is told once, on standard error."""
    with display(quiet=False) as shown:
        shown.begin("loading")
        for step in STEPS:
            shown.show(step)

    assert capsys.readouterr() == ("", "vigie: loading ...\nvigie: reading piece 1 of 2 ...\nvigie: reading piece 2 of 2 ...\n")


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody watches, a bar says what is being asked for, and is gone at the end."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with display(quiet=False) as shown:
        shown.begin("loading")
        for step in STEPS:
            shown.show(step)

    assert "piece 2 of 2: done" in terminal.getvalue()


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_quiet_is_quiet_everywhere(monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO]) -> None:
    """Who wants it quiet sees nothing."""
    kept = stream()
    monkeypatch.setattr(sys, "stderr", kept)
    with display(quiet=True) as shown:
        shown.begin("loading")
        shown.show(STEPS[0])

    assert kept.getvalue() == ""
