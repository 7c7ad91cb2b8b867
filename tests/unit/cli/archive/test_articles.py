"""What is an article of an archive, and in which order they come."""

import json
import os
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.vocabulary import Section
from service.cli.archive import articles
from service.cli.archive.articles import Archive, archive_at, is_archive
from service.errors import BodyTooLarge, MalformedBody, SetupError, ValidationFailed
from tests.unit.cli.archive.archive_parts import MOST, digests_of, folder_of, lines_of


def of(archive: Archive) -> list[tuple[int, str | None, str]]:
    """Return the place, the source and the text of each article."""
    return [(item.index, item.source, item.article().text) for item in archive.items(lambda _index: True)]


def test_a_folder_is_read_in_the_order_of_its_paths(folder: Path) -> None:
    """Texts and JSON files at any depth are articles, other files are not."""
    (folder / "b").mkdir()
    (folder / "b" / "a.json").write_text('{"text": "second", "title": "T"}', encoding="utf-8")
    (folder / "b.txt").write_text("first", encoding="utf-8")
    (folder / "c.txt").write_text("third", encoding="utf-8")
    (folder / "c.md").write_text("no article", encoding="utf-8")

    archive = archive_at(folder, MOST, {})
    assert archive.count() == 3
    assert of(archive) == [(0, "b.txt", "first"), (1, "b/a.json", "second"), (2, "c.txt", "third")]


def test_no_link_leads_out_of_a_folder(tmp_path: Path) -> None:
    """Files and folders elsewhere are not read through links, nor is what is no file; links within are."""
    folder_of(tmp_path / "outside", other="other")
    inside = folder_of(tmp_path / "inside", a="a")
    (inside / "b.txt").symlink_to(tmp_path / "outside" / "other.txt")
    (inside / "c").symlink_to(tmp_path / "outside")
    (inside / "d.txt").symlink_to("a.txt")
    (inside / "e.txt").symlink_to("e.txt")
    (inside / "f.txt").mkdir()
    os.mkfifo(inside / "g.txt")

    assert of(archive_at(inside, MOST, {})) == [(0, "a.txt", "a"), (1, "d.txt", "a")]


def test_lines_that_are_not_blank_are_articles(tmp_path: Path) -> None:
    """Each line is what POST /extract takes, however it ends."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\n{"text": "a"}\r\n  \n{"text": "b"}\n{"text": "c"}')

    assert is_archive(str(path))
    assert of(archive_at(path, MOST, {})) == [(0, None, "a"), (1, None, "b"), (2, None, "c")]


def test_only_what_is_wanted_is_looked_at(tmp_path: Path) -> None:
    """Articles that were read before are passed over."""
    for path in (folder_of(tmp_path / "a", a="a", b="b", c="c"), lines_of(tmp_path / "a.ndjson", "a", "b", "c")):
        assert [item.index for item in archive_at(path, MOST, {}).items(lambda index: index != 1)] == [0, 2]


@pytest.mark.parametrize(("content", "kind"), [(b"caf\xe9", MalformedBody), (b"a" * (MOST + 1), BodyTooLarge), (b"a" * 3_000_000, BodyTooLarge)])
def test_a_file_that_is_no_article_is_a_problem_of_its_own(tmp_path: Path, content: bytes, kind: type[Exception]) -> None:
    """The others are articles all the same."""
    folder = folder_of(tmp_path / "a", a="a", c="c")
    (folder / "b.txt").write_bytes(content)
    one, other, last = archive_at(folder, MOST, {}).items(lambda _index: True)

    assert (one.article().text, last.article().text) == ("a", "c")
    with pytest.raises(kind):
        other.article()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"{", MalformedBody),
        (b"null", ValidationFailed),
        (b'{"text": 1}', ValidationFailed),
        (b"\xff", MalformedBody),
        (b'"' + b"a" * MOST + b'"', BodyTooLarge),
        (b'"' + b"a" * 3_000_000, BodyTooLarge),
    ],
)
def test_a_line_that_is_no_article_is_a_problem_of_its_own(tmp_path: Path, line: bytes, kind: type[Exception]) -> None:
    """The others are articles all the same, however long it is."""
    (tmp_path / "a.ndjson").write_bytes(b'{"text": "a"}\n' + line + b'\n{"text": "c"}\n')
    one, other, last = archive_at(tmp_path / "a.ndjson", MOST, {}).items(lambda _index: True)

    assert (one.article().text, last.article().text) == ("a", "c")
    with pytest.raises(kind):
        other.article()


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_line_may_have_what_a_body_may(tmp_path: Path, end: bytes) -> None:
    """The end of a line is no part of it."""
    (tmp_path / "a.ndjson").write_bytes(json.dumps({"text": "a" * (MOST - 12)}).encode() + end)

    assert len(of(archive_at(tmp_path / "a.ndjson", MOST, {}))) == 1


def test_a_file_that_is_gone_is_a_problem_of_its_own(tmp_path: Path) -> None:
    """What happens to a file between listing and reading does not end the run."""
    folder = folder_of(tmp_path / "a", a="a", b="b")
    archive = archive_at(folder, MOST, {})
    (folder / "a.txt").unlink()
    gone, there = archive.items(lambda _index: True)

    assert there.article().text == "b"
    with pytest.raises(MalformedBody, match="No such file or directory"):
        gone.article()


def test_a_digest_tells_content_from_content(tmp_path: Path) -> None:
    """The same bytes have the same digest wherever they stand, others have another, and so has a text that is to be read otherwise."""
    folder = folder_of(tmp_path / "a", a="a", b="b", c="a")
    one, other, again = digests_of(folder)
    (read_otherwise, *_) = archive_at(folder, MOST, {"language": "fr"}).items(lambda _index: True)

    assert (one == again, one == other, len(one)) == (True, False, 16)
    assert read_otherwise.digest != one


def test_a_long_line_is_known_by_all_of_it(tmp_path: Path) -> None:
    """The part that is not read into memory counts too."""
    one = lines_of(tmp_path / "a.ndjson", "a" * 2_000)
    other = lines_of(tmp_path / "b.ndjson", "a" * 1_999 + "b")

    assert digests_of(one) != digests_of(other)


def test_what_is_told_of_texts_holds_for_each_of_them(tmp_path: Path) -> None:
    """A JSON file has fields of its own for that."""
    folder = folder_of(tmp_path / "a", a="a")
    (folder / "b.json").write_text('{"text": "b"}', encoding="utf-8")
    text, other = (item.article() for item in archive_at(folder, MOST, {"language": "fr", "sections": (Section.THREATS,)}).items(lambda _index: True))

    assert (text.language, text.options.sections) == ("fr", (Section.THREATS,))
    assert other == Article(text="b")


@pytest.mark.skipif(os.name != "posix", reason="names are bytes there")
def test_a_name_may_be_any_bytes(folder: Path) -> None:
    """The source of an article can be written down whatever its file is called."""
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("a", encoding="utf-8")

    assert of(archive_at(folder, MOST, {})) == [(0, "caf\\xe9.txt", "a")]


def test_what_holds_no_article_is_refused(tmp_path: Path) -> None:
    """An archive that is empty, not there, or told what does not hold for it ends the command before anything is loaded."""
    folder, lines = folder_of(tmp_path / "a"), lines_of(tmp_path / "a.ndjson")
    for path in (folder, lines):
        with pytest.raises(SetupError, match="no article in it"):
            archive_at(path, MOST, {})
    with pytest.raises(SetupError, match="No such file"):
        archive_at(tmp_path / "gone.ndjson", MOST, {})
    with pytest.raises(SetupError, match="do not hold for lines"):
        archive_at(lines, MOST, {"language": "fr"})
    with pytest.raises(SetupError, match="--language: give "):
        archive_at(folder, MOST, {"language": "Français"})


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path) -> None:
    """An archive of which a part would be missing is not read."""
    with pytest.raises(SetupError, match="gone: No such file or directory"):
        [*articles._names(tmp_path / "gone")]


def test_one_article_is_no_archive(tmp_path: Path) -> None:
    """Whatever is no folder and not called like a file of lines is one article."""
    assert [is_archive(name) for name in ("a.txt", "-", "a" * 5_000, str(tmp_path), "a.ndjson")] == [False, False, False, True, True]
