"""How far the reading of an archive is, on a terminal and elsewhere."""

import io
import sys

import pytest

from service.cli.archive.pace import Pace, pacing


class Terminal(io.StringIO):
    """A terminal that keeps what it is shown."""

    def isatty(self) -> bool:
        """Pretend."""
        return True


@pytest.mark.parametrize(
    ("total", "seconds", "told"),
    [(1_004, 25.0, "4.8 a minute, 25 s left"), (1_302, 20.0, "6.0 a minute, 50 min left"), (4_002, 20.0, "6.0 a minute, 8.3 h left")],
)
def test_the_figures(total: int, seconds: float, told: str) -> None:
    """What was done before does not count for the rate, nor does the time before the reading; time left is told in the unit that suits it."""
    now = iter([0.0, 100.0, 100.0, 100.0 + seconds])
    pace = Pace(total, 1_000, lambda: next(now))
    pace.begin()
    at_first = str(pace)
    pace.step(failed=True)
    pace.step(failed=False)

    assert at_first == f"1,000 of {total:,} articles, 0 failed"
    assert str(pace) == f"1,002 of {total:,} articles, 1 failed, {told}"


def test_a_line_every_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody watches, lines are few."""
    now = [0.0]
    pace = Pace(9, 0, lambda: now[0])
    with pacing(pace, quiet=False) as shown:
        shown.begin("loading")
        for number in range(9):
            now[0] += 4
            shown.step(failed=number == 0)

    out, err = capsys.readouterr()
    told = [line.split(" articles")[0] for line in err.splitlines()]
    assert (out, pace.done, pace.failed) == ("", 9, 1)
    assert told == ["vigie: loading ...", "vigie: 3 of 9", "vigie: 6 of 9", "vigie: 9 of 9"]


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody watches, a bar shows the figures."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "160")
    with pacing(Pace(2, 0), quiet=False) as shown:
        shown.begin("loading \x1b[2J")
        shown.step(failed=False)
        shown.step(failed=True)

    assert "2 of 2 articles, 1 failed" in terminal.getvalue()
    assert "\x1b[2J" not in terminal.getvalue()


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_quiet_is_quiet_everywhere(monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO]) -> None:
    """Who wants it quiet sees nothing, and all is counted."""
    kept, pace = stream(), Pace(1, 0)
    monkeypatch.setattr(sys, "stderr", kept)
    with pacing(pace, quiet=True) as shown:
        shown.begin("loading")
        shown.step(failed=True)

    assert (kept.getvalue(), pace.done, pace.failed) == ("", 1, 1)
