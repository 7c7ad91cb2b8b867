"""The comparison for people."""

import re

from benchmarks.quality.report import Table, asked, beside, found, lines, page
from service.evaluation.reading import Reading
from tests.unit.benchmarks.comparing_parts import ARTICLES, POOR, answer, compared, good, usual


def rows(table: Table) -> dict[str, list[str]]:
    """Return the cells of each row, by what it is about."""
    return {name: cells for name, *cells in table.rows}


def test_sections_stand_side_by_side() -> None:
    """Each reader has a column with precision, recall and F1, and an empty section has none of them."""
    table = found(usual(), "reporting", "relaxed")

    assert table.heads[1:] == ("Instructor alone", "langextract", "Vigie")
    assert rows(table)["actors"] == ["1.00 0.50 0.67 (0.67 to 0.67)", "- 0.00 0.00 (0.00 to 0.00)", "1.00 1.00 1.00 (1.00 to 1.00)"]
    assert rows(table)["threats"] == ["- - - (- to -)"] * 3
    assert rows(table)["mean of F1"] == ["0.33 (0.33 to 0.33)", "0.00 (0.00 to 0.00)", "1.00 (1.00 to 1.00)"]
    assert rows(found(usual(), "reporting", "exact"))["actors"][0] == "0.00 0.00 0.00 (0.00 to 0.00)"


def test_costs_and_faults_stand_side_by_side() -> None:
    """What is told of each reader beside its entries is told in the same units."""
    told = rows(beside(usual(), "reporting"))

    assert told["civilian leak"] == ["2 of 2", "0 of 2", "0 of 2"]
    assert told["evidence exact"] == ["0.50 (2 of 4)", "- (0 of 0)", "0.67 (4 of 6)"]
    assert told["answers cut off"] == ["1 of 2", "0 of 2", "0 of 2"]
    assert told["articles that failed"] == ["1 of 2", "0 of 2", "0 of 2"]
    assert told["tokens read for an article"] == ["100", "100", "100"]
    assert told["seconds for an article"] == ["10.0", "10.0", "12.0"]
    assert told["seconds for each correct entry"] == ["10.0", "-", "4.0"]


def test_what_is_asked_is_judged_by_what_was_seen() -> None:
    """A figure that does not reach what is asked is no yes."""
    told = rows(asked(usual(), "reporting"))

    assert told["mean F1, times the better of the others"] == ["at least 1.6", "3.00", "yes"]
    assert told["evidence exact"][-1] == "no"
    assert told["seconds for each correct entry"] == ["below 10.0 and -", "4.0", "yes"]
    assert [cells[-1] for name, cells in told.items() if name != "evidence exact"] == ["yes"] * 7
    worse = compared(instructor=[*map(good, ARTICLES)], langextract=[*map(good, ARTICLES)], vigie=[answer(POOR, seconds=30, cut_off=1)] * 2)
    assert {cells[-1] for cells in rows(asked(worse, "reporting")).values()} == {"no"}


def test_who_finds_nothing_shows_nothing() -> None:
    """Without a correct entry there are no seconds for one."""
    nothing = compared(instructor=[answer(POOR)] * 2, langextract=[answer(POOR)] * 2, vigie=[answer(Reading())] * 2)

    assert rows(asked(nothing, "reporting"))["seconds for each correct entry"][1:] == ["-", "no"]


def test_the_page_tells_all_and_how_to_make_it_again() -> None:
    """It is Markdown: tables of equal width, the digests, and the command."""
    told = page(usual())

    assert "`make bench-quality` makes this page again" in told
    assert f"SHA-256 `{'a' * 64}`" in told
    assert "Instructor 1.17.0, langextract 1.7.1, Vigie 0.1." in told
    blocks = re.findall(r"(?:^\|.*\|\n)+", told, re.MULTILINE)
    assert [len({line.count("|") for line in block.splitlines()}) for block in blocks] == [1] * 4
    assert not re.search(r"\n\n\n|[{}]| $", told, re.MULTILINE)


def test_the_terminal_shows_the_same_figures() -> None:
    """Columns stand one under the other, and a comparison that is not whole has no verdict."""
    whole, part = lines(usual()), lines(compared(vigie=[*map(good, ARTICLES)]))

    assert "3.00" in whole
    assert "asked of Vigie" in whole
    assert "asked of Vigie" not in part
    assert all(line == line.rstrip() for line in whole.splitlines())
