"""README tells the truth about problems. That it does about settings is tested with them."""

import re
from pathlib import Path

from service.problems import kinds

ROW = re.compile(r"^\| `([a-z-]+)` \| (\d{3}) \| (yes|no) \|", re.MULTILINE)


def test_each_problem_is_told_with_its_status() -> None:
    """README's table has each problem once, with the status and the promise that the code has."""
    told = ROW.findall((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8"))

    assert sorted(told) == sorted((code, str(kind.status), "yes" if kind.retryable else "no") for code, kind in kinds().items())
