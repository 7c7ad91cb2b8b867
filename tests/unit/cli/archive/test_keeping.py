"""The file of records: whatever happened to it, what stands there is gone on with or left alone."""

import fcntl
import os
import resource
from io import FileIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Article
from service.cli.archive.articles import Item
from service.cli.archive.keeping import keeping
from service.cli.archive.line import line_of, read_back
from service.errors import DeadlineExceeded, InternalError, MalformedBody, SetupError, VigieError
from tests.unit.service_parts import record_of

DIGEST = "0123456789abcdef"


def line(index: int, fault: VigieError | None = None, source: str | None = None, text: str = "a") -> bytes:
    """Return a line about the article at a place."""
    return line_of(Item(index, source, DIGEST, b""), fault or record_of(Article(text="a", title=text)), None, "r")


LINES = [line(0), line(1, DeadlineExceeded()), line(2, MalformedBody()), line(3, source="b/a.txt", text="Été\u2028\x85")]
WHOLE = b"".join(LINES)


@given(st.integers(0, len(WHOLE)))
def test_a_file_that_is_cut_off_anywhere_is_gone_on_with(size: int) -> None:
    """Whatever a killed run left, its whole lines stay, the rest is gone, and what is added stands on a line of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        path.write_bytes(WHOLE[:size])
        with keeping(path) as kept:
            whole = WHOLE[: WHOLE.rfind(b"\n", 0, size) + 1]
            kept.settle(())
            assert [*kept.known] == [*range(whole.count(b"\n"))]
            kept.add(line(9))

        assert path.read_bytes() == whole + line(9)


@given(st.binary(min_size=1, max_size=200), st.integers(0, len(LINES)))
def test_what_is_no_file_of_records_is_left_alone(other: bytes, lines: int) -> None:
    """A file that holds anything else, after whatever lines, is refused and stays as it is; only what may be our own line, cut off, is not anything else."""
    content = b"".join(LINES[:lines]) + other
    if b"\n" not in other and line(0).startswith(other[:9]):
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        path.write_bytes(content)
        with pytest.raises(SetupError, match="none that this command wrote"), keeping(path):
            pass

        assert path.read_bytes() == content


@given(st.text(), st.text(), st.integers(min_value=0))
def test_a_line_is_a_line_whatever_is_in_it(title: str, source: str, index: int) -> None:
    """Nothing in a record or a path ends a line before its end, also for those who know more ends of lines than one."""
    written = line(index, source=source.encode(errors="replace").decode(), text=title.encode(errors="replace").decode())
    found = read_back(written)

    assert len(written.decode().splitlines()) == 1
    assert found is not None
    assert found.record is not None
    assert (found.index, found.record["article"]["title"]) == (index, title.encode(errors="replace").decode())


@pytest.mark.parametrize(
    "content",
    [
        b"[]\n",
        b"{}\n",
        b'{"index":0}\n',
        b'{"index":true,"digest":"0123456789abcdef","problem":{"retryable":true}}\n',
        b'{"index":false,"digest":"0123456789abcdef","problem":{"retryable":true}}\n',
        b'{"index":-1,"digest":"0123456789abcdef","problem":{"retryable":true}}\n',
        b'{"index":0,"digest":"0123456789abcde","problem":{"retryable":true}}\n',
        b'{"index":0,"digest":"0123456789abcdef","problem":{}}\n',
        b'{"index":0,"digest":"0123456789abcdef","record":{"schema_version":"2"}}\n',
        b'{"index":0,"digest":"0123456789abcdef","record":7}\n',
        b'{"text":"an article"}\n',
    ],
)
def test_what_looks_like_a_line_is_none(content: bytes) -> None:
    """An archive, records of another version and the like are not gone on with."""
    assert read_back(content) is None


def test_two_lines_about_one_article_are_refused(tmp_path: Path) -> None:
    """Which of them counts nobody can say."""
    (tmp_path / "out").write_bytes(LINES[0] * 2)
    with pytest.raises(SetupError, match="Line 2 is about an article that had one before"), keeping(tmp_path / "out"):
        pass


def test_a_line_without_end_is_not_taken_into_memory(tmp_path: Path) -> None:
    """A huge file without a newline is refused early."""
    with (tmp_path / "out").open("wb") as file:
        file.write(b'{"index":')
        file.truncate(1 << 31)
    with pytest.raises(SetupError, match="none that this command wrote"), keeping(tmp_path / "out"):
        pass


def test_what_came_of_articles_is_known(tmp_path: Path) -> None:
    """Records are told from problems, and problems that may pass from those that do not."""
    (tmp_path / "out").write_bytes(WHOLE)
    with keeping(tmp_path / "out") as kept:
        assert [(index, one.digest, one.has_record, one.is_retryable) for index, one in kept.known.items()] == [
            (0, DIGEST, True, False),
            (1, DIGEST, False, True),
            (2, DIGEST, False, False),
            (3, DIGEST, True, False),
        ]


def test_lines_that_are_dropped_are_gone(folder: Path) -> None:
    """The others stay as they are, the file keeps its mode, and nothing is left beside it."""
    path = folder / "out"
    path.write_bytes(WHOLE + b'{"ind')
    path.chmod(0o640)
    with keeping(path) as kept:
        kept.settle({1, 2})
        kept.add(line(1))
        assert [one.index for one in kept.in_order()] == [0, 1, 3]

    assert path.read_bytes() == LINES[0] + LINES[3] + line(1)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [*folder.iterdir()] == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is changed."""
    (tmp_path / "out").write_bytes(WHOLE)
    (tmp_path / "link").symlink_to("out")
    with keeping(tmp_path / "link") as kept:
        kept.settle({0})

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "out").read_bytes() == b"".join(LINES[1:])


@pytest.mark.parametrize("dropped", [set[int](), {1}])
def test_nobody_else_has_it_meanwhile(tmp_path: Path, dropped: set[int]) -> None:
    """A second process on the same file is refused, also once another file has taken its place; the next one after the first is not."""
    path = tmp_path / "out"
    path.write_bytes(WHOLE)
    with keeping(path) as kept:
        kept.settle(dropped)
        with pytest.raises(SetupError, match="Another process adds to it"), keeping(path):
            pass
    with keeping(path) as kept:
        assert len(kept.known) == 4 - len(dropped)


def test_a_file_that_was_replaced_is_not_added_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever opened it just before another took its place would add to what nobody sees."""
    path = tmp_path / "out"
    path.touch()
    flock = fcntl.flock

    def replaced(file: FileIO, operation: int) -> None:
        (tmp_path / "new").touch()
        (tmp_path / "new").replace(path)
        flock(file, operation)

    monkeypatch.setattr(fcntl, "flock", replaced)
    with pytest.raises(SetupError, match="Another process adds to it"), keeping(path):
        pass


@pytest.mark.parametrize(("name", "said"), [("", "no file that can be gone on with"), ("pipe", "no file that"), ("gone/out", "No such file or directory")])
def test_what_is_no_place_for_records_is_told(tmp_path: Path, name: str, said: str) -> None:
    """A folder, a pipe or a name in a folder that is not there."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SetupError, match=said), keeping(tmp_path / name):
        pass


def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    """A line that does not fit is not there at all."""
    path = tmp_path / "out"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with keeping(path) as kept:
        kept.add(LINES[0])
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(LINES[0]) + 10, hard))
        try:
            with pytest.raises(InternalError, match="File too large"):
                kept.add(LINES[1])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        kept.add(LINES[2])

    assert path.read_bytes() == LINES[0] + LINES[2]


def test_a_file_that_cannot_be_written_anew_stays(folder: Path) -> None:
    """Where there is no room for the new file the old one is as it was, and nothing is left beside it."""
    path = folder / "out"
    path.write_bytes(WHOLE)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with keeping(path) as kept:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
        try:
            with pytest.raises(SetupError, match="cannot be changed: File too large"):
                kept.settle({1})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert path.read_bytes() == WHOLE
    assert [*folder.iterdir()] == [path]
