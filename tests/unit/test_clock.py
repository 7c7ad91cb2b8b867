"""Time that is waited for is counted on a clock that nobody sets (D27)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What tells the time of day, by the module or class that it is asked of.
OF_THE_WALL = {("time", "time"), ("time", "time_ns"), ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
#: Who may look at it: an endpoint may say when to come back as a date, and a key may have a date on which it ends.
LOOKING = {"service/models/failures.py", "service/access/keys.py", "service/cli/keys.py", "service/cli/checking.py"}


def looks_at_the_wall(source: str) -> bool:
    """Return whether `source` asks for the time of day."""
    nodes = list(ast.walk(ast.parse(source)))
    asked = {(getattr(node.value, "id", getattr(node.value, "attr", "")), node.attr) for node in nodes if isinstance(node, ast.Attribute)}
    imported = {(node.module, alias.name) for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    return bool((asked | imported) & OF_THE_WALL)


@pytest.mark.parametrize(
    ("source", "looks"),
    [
        ("import time\ntime.time()", True),
        ("from time import time as now", True),
        ("import datetime\ndatetime.datetime.now()", True),
        ("from datetime import date\ndate.today()", True),
        ("import time\ntime.monotonic()", False),
        ("asyncio.get_running_loop().time()", False),
    ],
)
def test_a_look_is_seen(source: str, *, looks: bool) -> None:
    """The search below finds what it looks for."""
    assert looks_at_the_wall(source) is looks


def test_d27_nothing_that_waits_looks_at_the_wall() -> None:
    """A clock that leaps by an hour ends nothing early and nothing late."""
    looking = {
        path.relative_to(ROOT).as_posix()
        for package in ("service", "schemas", "prompts")
        for path in (ROOT / package).rglob("*.py")
        if looks_at_the_wall(path.read_text(encoding="utf-8"))
    }

    assert looking == LOOKING
