"""A record as tables for people, whatever the article holds."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from schemas.record import Record
from schemas.vocabulary import RejectionReason
from service.cli.table import table
from service.testing.entries import actor, commitment, target, threat, timeline
from tests.unit.extraction.extraction_parts import SENTENCES, anything, record_from, troublesome

TEXT = "Kestria threatened on Thursday to strike the naval base at Port Hale. Saldova will answer any strike at once and in kind, its minister said."
QUOTE = "Kestria threatened on Thursday to strike the naval base at Port Hale"


def record() -> Record:
    """Return a record that has an entry in each list."""
    entries = (
        actor("Kestria"),
        actor("Saldova"),
        target("the naval base at Port Hale", by="Kestria"),
        threat(QUOTE, by=["Kestria"], against=["Saldova"], action="strike a base"),
        timeline("on Thursday", event="a threat"),
        commitment("Saldova will answer any strike at once", speakers=["Saldova"], commitment="answer"),
        target("the schools"),
    )
    return record_from(TEXT, *entries, title="Strait", published="2026-03-12", language="en")


def holding(words: str) -> Record:
    """Return a record in which `words` stand wherever words of an article or of a model can."""
    one = record()
    cited = {"evidence": [one.threats[0].evidence[0].model_copy(update={"quote": words})]}
    changes = {
        "article": one.article.model_copy(update={"title": words, "language": words}),
        "actors": [actor.model_copy(update={"name": words, "aliases": [words, words]}) for actor in one.actors],
        "targets": [one.targets[0].model_copy(update={"name": words, "place": words, **cited})],
        "threats": [one.threats[0].model_copy(update={"action": words, "condition": words, **cited})],
        "timelines": [one.timelines[0].model_copy(update={"expression": words, "event": words, "edtf": words})],
        "commitments": [one.commitments[0].model_copy(update={"commitment": words, "condition": words, **cited})],
        "rejected": [one.rejected[0].model_copy(update={"item": {"name": words}, "detail": words})],
        "extraction": one.extraction.model_copy(update={"model": words}),
    }
    return one.model_copy(update=changes)


def drawn(one: Record, width: int = 80) -> str:
    """Return the tables of a record."""
    return table(one, width=width, seconds=1.25)


def test_a_record_reads_well() -> None:
    """Each list has its table; actors are named and not numbered; how it was made stands at the end."""
    lines = drawn(record()).splitlines()
    text = " ".join(" ".join(lines).split())

    assert lines[:2] == ["Strait", "en, published 2026-03-12, read by scripted"]
    assert [line for line in lines if line.isupper()] == ["ACTORS", "TARGETS", "THREATS", "TIMELINES", "COMMITMENTS", "REJECTED"]
    assert "T1 violence Kestria strike a base" in text
    assert "-> Saldova" in text
    assert "C1 Saldova will answer" in text
    assert lines[-1] == "1 call, 0 tokens read and 0 written, 1.2 s"


def test_what_is_empty_is_left_out() -> None:
    """A list without entries has no table; parties that nobody named are asked after."""
    one = record()
    bare = one.model_copy(update={"actors": [], "targets": [], "timelines": [], "commitments": [], "rejected": []})
    bare = bare.model_copy(update={"threats": [one.threats[0].model_copy(update={"by": [], "against": []})]})
    bare = bare.model_copy(update={"article": one.article.model_copy(update={"title": None, "published": None})})
    lines = drawn(bare).splitlines()

    assert lines[0] == "en, date not known, read by scripted"
    assert [line for line in lines if line.isupper()] == ["THREATS"]
    assert any("-> ?" in line for line in lines)


def test_rejections_that_are_not_told_are_counted() -> None:
    """Who reads the table learns that there were more."""
    assert "REJECTED (1,234 more are not told)" in drawn(record().model_copy(update={"rejected_omitted": 1_234}))


def test_a_rejection_without_words_has_its_reason() -> None:
    """A part of an entry that was refused has no name of its own."""
    one = record()
    bare = one.rejected[0].model_copy(update={"item": {"by": ["x"]}, "reason": RejectionReason.DANGLING, "detail": "It names nobody."})

    assert "It names nobody." in drawn(one.model_copy(update={"rejected": [bare]}))


@pytest.mark.parametrize("words", ["[bold]x[/bold]", "[link=http://a]b[/link]", "[/]", ":smile:", "[red", r"\[x]"])
def test_markup_is_words(words: str) -> None:
    """What looks like markup is printed as it stands."""
    assert drawn(holding(words)).count(words) >= 15


@pytest.mark.parametrize("width", [60, 80, 160])
@pytest.mark.parametrize("words", [*SENTENCES.values(), "国" * 100, "a" * 500])
def test_every_script_fits(words: str, width: int) -> None:
    """Right to left, wide or without spaces: no line is wider than the page, and nothing is cut off."""
    text = drawn(holding(words), width)

    assert max(map(cell_len, text.splitlines())) <= width
    assert sum(text.count(letter) for letter in set(words)) >= 10 * len(words.replace(" ", ""))


@given(words=anything | troublesome | st.text(st.characters(categories=["Cc", "Cf", "Mn"]), max_size=20), width=st.integers(60, 160))
def test_no_text_drives_the_terminal(words: str, width: int) -> None:
    """Whatever an article holds, nothing but letters, signs, blanks and ends of lines reaches standard output."""
    text = drawn(holding(words), width)

    assert not [letter for letter in text if letter != "\n" and unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(text)
    assert all(line == line.rstrip() and cell_len(line) <= width for line in text.split("\n"))
