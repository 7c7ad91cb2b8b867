"""Records as tables: each entry a row, whatever its words are."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.record import Actor, ActorId, Commitment, Record, Target, Threat, Timeline
from schemas.vocabulary import Section
from service import examples
from service.cli.archive.line import Line
from service.cli.archive.tabulating import check, header, rows, write
from service.errors import SetupError
from service.reports.tables import cell

RECORD: dict[str, Any] = Record.model_validate_json(Path(examples.__file__).with_name("french.record.json").read_bytes()).model_dump(mode="json")


def line(record: dict[str, Any] | None = None, source: str | None = "a.txt") -> Line:
    """Return a line with a record."""
    return Line(7, source, "0" * 16, record or RECORD)


def table(section: Section, record: dict[str, Any] | None = None) -> list[dict[str, str]]:
    """Return the rows of a section by the names of their columns."""
    return [dict(zip(header(section), row, strict=True)) for row in rows(line(record), section)]


@pytest.mark.parametrize("section", Section)
def test_each_entry_is_a_row(section: Section) -> None:
    """It begins with the place and the path of its article, and has the first words that prove it."""
    found = table(section)

    assert [row["id"] for row in found] == [entry["id"] for entry in RECORD[section]]
    for row, entry in zip(found, RECORD[section], strict=True):
        assert [*row.items()][:2] == [("index", "7"), ("source", "a.txt")]
        proof = (entry["mentions"] if section is Section.ACTORS else entry["evidence"])[0]
        assert (row["quote"], row["quote_start"], row["quote_end"]) == (cell(proof["quote"]), str(proof["start"]), str(proof["end"]))
        assert row.get("match", "exact") in {"exact", "folded", "elided", "fuzzy"}


@pytest.mark.parametrize("section", Section)
def test_no_two_columns_are_called_alike(section: Section) -> None:
    """The interval of a time and the place of its quote are told apart."""
    assert len(set(header(section))) == len(header(section))


def test_all_that_names_actors_names_them() -> None:
    """Wherever an entry has ids of actors the table has their names; ids of other entries stay, since other tables have them."""
    actors = [{**RECORD["actors"][0], "id": "A1", "name": "Valmer", "part_of": "A2"}, {**RECORD["actors"][0], "id": "A2", "name": "Teln; East"}]
    for kind, section in ((Actor, "actors"), (Target, "targets"), (Threat, "threats"), (Timeline, "timelines"), (Commitment, "commitments")):
        of_actors = [name for name, field in kind.model_fields.items() if "A[1-9]" in repr(field.annotation)]
        entry = {name: ["A2", "A1"] if kind.model_fields[name].annotation == list[ActorId] else "A2" for name in of_actors}
        (row, *_) = table(Section(section), {"actors": actors, section: actors if kind is Actor else [entry]})
        assert {row[name] for name in of_actors} <= {"Teln; East; Valmer", "Teln; East"}
    assert (
        table(Section.THREATS, {"actors": actors, "threats": [{"targets": ["G1", "G2"], "by": []}]})[0] | {"targets": "G1; G2", "by": ""}
        == (table(Section.THREATS, {"actors": actors, "threats": [{"targets": ["G1", "G2"], "by": []}]})[0])
    )


def test_a_problem_and_an_empty_record_are_no_rows() -> None:
    """There is nothing to tell of them."""
    assert [*rows(Line(0, None, "0" * 16, None), Section.THREATS), *rows(line({"actors": [], "threats": []}), Section.THREATS)] == []


def test_a_line_of_a_file_has_the_source_that_the_article_names() -> None:
    """It has no path of its own."""
    record = {"article": {"source": "wire"}, "actors": [{"id": "A1", "name": "Valmer"}]}

    assert next(iter(rows(line(record, source=None), Section.ACTORS)))[:2] == ["7", "wire"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_a_table_is_read_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    """Commas, quotes and ends of lines within cells are kept, as RFC 4180 has it."""
    path = tmp_path_factory.getbasetemp() / "table.csv"
    record = {"actors": [{"id": "A1", "name": name, "aliases": names} for name in names]}
    path.unlink(missing_ok=True)
    write([line(record), line(record)], Section.ACTORS, path, like=Path(__file__))

    content = path.read_bytes().decode()
    head, *found = csv.reader(io.StringIO(content, newline=""), strict=True)
    assert head == header(Section.ACTORS)
    assert found == [*rows(line(record), Section.ACTORS)] * 2
    assert content.endswith("\r\n")


def test_a_table_takes_the_place_of_a_table_alone(folder: Path) -> None:
    """What holds anything else is refused; nothing is left beside the table, and it may be read by whoever may read the records."""
    (records := folder / "records").touch(0o640)
    path = folder / "a.csv"
    for section in Section:
        check(path)
        write([line()], section, path, like=records)
        assert path.stat().st_mode & 0o777 == 0o640
    path.write_text("", encoding="utf-8")
    check(path)
    for other in ("index,source\r\n", "a", "index,source,id\n"):
        path.write_text(other, encoding="utf-8", newline="")
        with pytest.raises(SetupError, match="holds something else"):
            check(path)

    assert {one.name for one in folder.iterdir()} == {"records", "a.csv"}


def test_where_no_table_can_be_is_told_first(tmp_path: Path) -> None:
    """A folder, or a folder that is not there, and in the end a place where nothing may be written."""
    with pytest.raises(SetupError, match="Is a directory"):
        check(tmp_path)
    with pytest.raises(SetupError, match="no such folder"):
        check(tmp_path / "gone" / "a.csv")
    with pytest.raises(SetupError, match="cannot be written: No such file or directory"):
        write([], Section.ACTORS, tmp_path / "gone" / "a.csv", like=tmp_path)


def test_a_table_that_breaks_off_is_not_there(folder: Path) -> None:
    """Nothing is left of it."""

    def broken() -> Any:  # noqa: ANN401 - lines, and then none
        yield line()
        raise OSError(5, "Input/output error")

    with pytest.raises(SetupError, match="Input/output error"):
        write(broken(), Section.ACTORS, folder / "a.csv", like=folder)

    assert [*folder.iterdir()] == []
