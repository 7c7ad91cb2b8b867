"""Answers are kept until something that they hang on changes."""

from pathlib import Path

import pytest

from benchmarks.quality import keeping
from benchmarks.quality.keeping import FILES, Kept, digest_of, setting_of
from tests.unit.benchmarks.comparing_parts import ARTICLES, good
from tests.unit.evaluation.evaluation_parts import gold

KEPT = Kept("vigie", "reporting", "en-a", "d" * 64, 1, good(ARTICLES[0]))


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    """Line after line; half a line, as a run that was killed leaves it, is none."""
    path = tmp_path / "answers.ndjson"

    assert [*keeping.load(path)] == []
    keeping.append(KEPT, path)
    with path.open("ab") as file:
        file.write(b'\n{"reader": "vig')
    keeping.append(KEPT, path)

    assert [*keeping.load(path)] == [KEPT, KEPT]


@pytest.mark.parametrize("reader", FILES)
def test_an_answer_hangs_on_what_made_it(reader: str, tmp_path: Path) -> None:
    """Other weights or another line in a file of its own make another answer; what Python leaves behind does not."""
    for pattern in FILES[reader]:
        path = tmp_path / pattern.replace("**/*", "part.py").replace("_*", "_alone.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    before = setting_of(reader, "a", tmp_path)

    path.with_suffix(".pyc").write_text("")
    assert setting_of(reader, "a", tmp_path) == before
    assert setting_of(reader, "b", tmp_path) != before
    path.write_text("two")
    assert setting_of(reader, "a", tmp_path) != before


@pytest.mark.parametrize("reader", FILES)
def test_the_files_of_each_reader_are_there(reader: str) -> None:
    """No file is looked for where none is."""
    assert all([*keeping.ROOT.glob(pattern)] for pattern in FILES[reader])


def test_an_answer_hangs_on_the_article_and_not_on_its_annotation() -> None:
    """A corrected annotation costs no reading; another text or date does."""
    first = digest_of("setting", gold("Kestria"))

    assert digest_of("setting", gold("Kestria", actors=[{"name": ["Kestria"]}])) == first
    assert digest_of("setting", gold("Kestria.")) != first
    assert digest_of("setting", gold("Kestria", article={"kind": "dispatch", "published": "2027"})) != first
    assert digest_of("other", gold("Kestria")) != first
