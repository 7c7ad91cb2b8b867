"""A section of a record as a table."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.vocabulary import Section
from service.reports.tables import cell, header, rows, table
from tests.unit.reports.report_parts import TEXT, actor, record, small, threat

#: What a spreadsheet takes for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

#: Those that are seen.
SIGNS = tuple(sign for sign in FORMULAS if not sign.isspace())


def read(content: bytes) -> list[list[str]]:
    """Return what a program reads of a table."""
    return [*csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)]


@pytest.mark.parametrize("section", Section)
def test_each_entry_is_a_row(section: Section) -> None:
    """Under the names of the columns, in the order of the record."""
    head, *found = read(table(small(), section))

    assert head == header(section)
    assert head[:2] == ["source", "id"]
    assert [row[1] for row in found] == [entry.id for entry in getattr(small(), section)]
    assert {len(row) for row in found} == {len(head)}


def test_a_row_says_what_the_entry_says() -> None:
    """Actors by their names, other entries by their ids, and the words that prove it with their place."""
    head, row = read(table(small(), Section.THREATS))
    (made,) = small().threats
    told = dict(zip(head, row, strict=True))

    assert (told["by"], told["against"], told["targets"], told["timelines"]) == ("Kestria", "Valmer", "G1", "W2")
    assert (told["means"], told["condition"], told["likelihood_phrase"]) == ("naval", "unless the patrols cease", "")
    assert TEXT[int(told["quote_start"]) : int(told["quote_end"])] == told["quote"] == made.evidence[0].quote


def test_the_source_is_the_articles() -> None:
    """Tables of several articles can be put under one another and told apart."""
    made = record(TEXT, actor(TEXT, 1, "Kestria"), source="https://news.example/strait")

    assert read(table(made, Section.ACTORS))[1][0] == "https://news.example/strait"


def test_a_section_without_entries_has_its_header() -> None:
    """A program finds the columns that it knows."""
    assert read(table(record(TEXT), Section.TARGETS)) == [header(Section.TARGETS)]


def test_spreadsheets_are_told_the_encoding() -> None:
    """A byte order mark at the very beginning, and lines that end as RFC 4180 has it."""
    content = table(small(), Section.ACTORS)

    assert content.startswith(b"\xef\xbb\xbfsource,")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == 1 + len(small().actors)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (["a", "b"], "a; b"),
        ([], ""),
        ("=1", "'=1"),
        (["-1", "a"], "'-1; a"),
        ("a=1", "a=1"),
        (["a", "-1"], "a; '-1"),
        ("talks;=HYPERLINK(1);x", "talks;'=HYPERLINK(1);x"),
        (" \ufeff\u200b\u00a0=1", " \ufeff\u200b\u00a0'=1"),
        ('a;"=1"', 'a;"\'=1"'),
        ("\t=1", "'\t'=1"),
        ("a\n\n=1", "a\n\n'=1"),
        ("\n", "'\n"),
    ],
)
def test_values_as_cells(value: object, shown: str) -> None:
    """Each kind of value has one look."""
    assert cell(value) == shown


@given(st.one_of(st.text(), st.lists(st.text()), st.sampled_from(FORMULAS).flatmap(lambda sign: st.text().map(lambda text: sign + text))))
def test_b15_no_cell_is_a_formula(value: str | list[str]) -> None:
    """Nor is any word lost: without the apostrophes it is what it was."""
    text, shown = value if isinstance(value, str) else "; ".join(value), cell(value)
    left = iter(shown)

    assert not shown.startswith(FORMULAS)
    assert all(letter in left for letter in text)
    assert shown.count("'") - text.count("'") == len(shown) - len(text)


words = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(FORMULAS).flatmap(
    lambda sign: st.text("1|cmd=-@\"',;\t \ufeff\u200b\r\n\0").map(lambda text: sign + text)
)


@given(name=words, aliases=st.lists(words), action=words, source=words)
def test_b15_a_table_is_read_back_as_it_was_written(name: str, aliases: list[str], action: str, source: str) -> None:
    """Commas, quotes and ends of lines within cells are kept, and no cell is a formula."""
    made = record(
        TEXT, actor(TEXT, 1, "Kestria").model_copy(update={"name": name, "aliases": aliases}), threat(TEXT, 1, "strike", action=action), source=source
    )
    content = made.model_dump(mode="json")
    for section in (Section.ACTORS, Section.THREATS):
        head, *found = read(table(made, section))

        assert (head, found) == (header(section), [*rows(content, section, source)])
        assert not any(shown.startswith(FORMULAS) for row in found for shown in row)
        assert found[0][0] == cell(source)


@given(name=words, aliases=st.lists(words), action=words, source=words)
def test_b15_no_cell_is_a_formula_wherever_it_is_parted(name: str, aliases: list[str], action: str, source: str) -> None:
    """Spreadsheets of half the world part cells at semicolons, and any may at tabs; what stands there after blanks is no formula either."""
    made = record(
        TEXT, actor(TEXT, 1, "Kestria").model_copy(update={"name": name, "aliases": aliases}), threat(TEXT, 1, "strike", action=action), source=source
    )
    for section in (Section.ACTORS, Section.THREATS):
        content = table(made, section).decode("utf-8-sig")
        cells = [one for delimiter in ",;\t" for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter) for one in row]

        assert not any(one.lstrip(" \t\r\n\u00a0\ufeff\u200b").startswith(SIGNS) for one in cells)


def test_guarding_takes_as_long_as_the_cell_is() -> None:
    """Half a million blanks or semicolons are gone through once."""
    begun = time.process_time()
    for sign in ("\n", ";", "; "):
        cell(sign * 500_000)

    assert time.process_time() - begun < 2
