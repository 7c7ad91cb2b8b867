"""The page on faults tells of each row what is done about it, and each row that is held has a test that bears its id."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: How many rows each section has.
SECTIONS = {"A": 26, "B": 18, "C": 15, "D": 31, "E": 15, "F": 16, "G": 9, "H": 30, "K": 17}
GOALS = {"G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12", "G13", "G14", "G15", "G16"}
CALLERS = {f"J{number:02}" for number in range(1, 17)} - {"J06"}
ROWS = {f"{section}{number:02}" for section, count in SECTIONS.items() for number in range(1, count + 1)} | GOALS | CALLERS

_ID = re.compile(r"\b([A-K]\d{2}|G\d{1,2})\b")
_RANGE = re.compile(r"\b([A-K])(\d{2}) to \1(\d{2})\b")
#: At the head of a parametrisation's id.
_CASE = re.compile(r"([a-k]\d{2}|g\d{1,2})(?:[- ].*)?")
_PART = re.compile(r"[a-k]\d{2}|g\d{1,2}")


def rows_of(heading: str) -> list[str]:
    """Return the rows that the page's section `heading` names in the first column of its tables."""
    page = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| ")]
    spelt_out = (_RANGE.sub(lambda span: " ".join(f"{span[1]}{number:02}" for number in range(int(span[2]), int(span[3]) + 1)), cell) for cell in cells)
    return [row for cell in spelt_out for row in _ID.findall(cell)]


def borne() -> Iterator[str]:
    """Yield the rows that tests bear: in their names, or in the ids of their cases."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield from (part.upper() for part in node.name.split("_") if _PART.fullmatch(part))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (case := _CASE.fullmatch(node.value)):
                yield case[1].upper()


def test_each_row_is_told_of_once() -> None:
    """No row is forgotten, and none is both held and not."""
    assert sorted(rows_of("Held") + rows_of("Not held, or not asked for")) == sorted(ROWS)


def test_each_row_that_is_held_has_a_test() -> None:
    """What the page calls held can be run by its id."""
    assert set(rows_of("Held")) - set(borne()) == set()
