"""The record for people."""

from typing import Any

import pytest

from schemas.record import Record
from schemas.vocabulary import Section
from service.reports.entries import drawn
from service.reports.report import SECTIONS, Report
from tests.unit.reports.full_parts import full
from tests.unit.reports.page_parts import Page
from tests.unit.reports.report_parts import TEXT, actor, commitment, evidence, mention, record, small, target, threat, timeline


def shown(whole: Record) -> Page:
    """Return the record, read."""
    return Page(drawn(Report(TEXT, whole)))


def test_sections_stand_in_the_order_of_a_reader() -> None:
    """Threats come first and actors last, each section with its count and an id to jump to."""
    found = shown(small())

    titles = ["Threats (1)", "Targets (1)", "Commitments (2)", "Timelines (3)", "Actors (3)"]
    assert sorted(titles, key=found.words.index) == titles
    assert [attributes["id"] for tag, attributes in found.tags if tag == "section"] == [f"report-{section.value}" for section in SECTIONS]


def test_a_card_can_be_found_and_named() -> None:
    """A card bears the id of its entry, takes the focus and is named by its heading; the colour is its section's."""
    cards = [attributes for tag, attributes in shown(small()).tags if tag == "article"]

    assert {"class": "entry threats", "id": "T1", "tabindex": "-1", "aria-labelledby": "report-T1"} in cards
    assert [card["id"] for card in cards] == ["T1", "G1", "C1", "C2", "W1", "W2", "W3", "A1", "A2", "A3"]


def test_links_lead_to_entries_and_to_the_article() -> None:
    """Whoever is named in an entry is a link to its card, and each quote one to its place."""
    found = shown(small())

    assert {"#A1", "#A2", "#G1", "#W2"} <= set(found.having("href"))
    proofs = [attributes["href"] for _, attributes in found.tags if attributes.get("class") == "proof"]
    assert proofs == ["#T1-1", "#G1-1", "#C1-1", "#C2-1", "#W1-1", "#W2-1", "#W3-1", "#A1-1", "#A2-1", "#A2-2", "#A3-1"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"by": ["A1"], "against": ["A2"]}, "T1 Kestria threatens Valmer: strike"),
        ({"by": ["A1", "A3"], "against": ["A2"]}, "T1 Kestria and Dorvik threaten Valmer: strike"),
        ({"by": ["A1"]}, "T1 Kestria threatens: strike"),
        ({"against": ["A2"]}, "T1 A threat to Valmer: strike"),
        ({}, "T1 A threat: strike"),
        ({"basis": "assessed"}, "T1 A danger: strike"),
        ({"by": ["A1"], "against": ["A2"], "basis": "assessed"}, "T1 Kestria is expected to act against Valmer: strike"),
        ({"by": ["A1", "A3"], "basis": "assessed"}, "T1 Kestria and Dorvik are expected to act: strike"),
        ({"by": ["A1", "A2", "A3"]}, "T1 Kestria, Valmer and Dorvik threaten: strike"),
        ({"by": ["A1", "A2", "A3", "A4", "A5"]}, "T1 Kestria, Valmer, Dorvik and 2 more threaten: strike"),
        ({"by": ["A9"]}, "T1 A9 threatens: strike"),
        ({"by": ["A1"], "against": ["A2"], "condition": "if"}, "T1 Kestria threatens Valmer, on a condition: strike"),
        ({"action": "x" * 130}, f"T1 A threat: {'x' * 119}… Kind"),
    ],
)
def test_a_threat_is_told_in_a_line(fields: dict[str, Any], told: str) -> None:
    """Who threatens whom with what stands in the heading, as far as it is known and fits."""
    actors = [actor(TEXT, number, name) for number, name in enumerate(("Kestria", "Valmer", "Dorvik"), 1)]

    assert told in shown(record(TEXT, *actors, threat(TEXT, 1, "strike", **fields))).words


def test_other_entries_are_told_in_a_line() -> None:
    """Who promises or refuses what, what a target is, when a time is, and what country an actor is of, stand in the headings."""
    words = shown(
        record(
            TEXT,
            actor(TEXT, 1, "Kestria", country="FRA"),
            actor(TEXT, 2, "Valmer", country="FRA").model_copy(update={"name": "France"}),
            commitment(TEXT, 1, "defend", speakers=["A1"], polarity="will_not", commitment="give in"),
            commitment(TEXT, 2, "promised", commitment="give in", condition="if"),
            target(TEXT, 1, "naval base of Orlane", kind="ship_or_aircraft"),
            timeline(TEXT, 1, "until 2027", None, "2027-12-31"),
        )
    ).words

    assert "C1 Kestria will not: give in Kind" in words
    assert "C2 Someone will, on a condition: give in Kind" in words
    assert "G1 naval base of Orlane (military, ship or aircraft) Status" in words
    assert "W1 until 2027 → until 31 Dec 2027 Event" in words
    assert "A1 Kestria, France Kind" in words
    assert "A2 France Kind" in words


def test_what_is_not_known_takes_no_room() -> None:
    """A field that is null or empty has no row, and of a time that was not resolved nothing is said of its edges."""
    unlikely = threat(TEXT, 1, "strike", likelihood={"phrase": "within days", "band": None})
    words = shown(record(TEXT, unlikely, actor(TEXT, 1, "Kestria"), timeline(TEXT, 1, "Thursday", precision=None, basis="unresolved"))).words

    assert "W1 Thursday → not resolved Event, in the model's words it happens Direction future Basis unresolved “Thursday”" in words
    assert "A1 Kestria Kind state “Kestria”" in words
    assert "Action, in the model's words strike Likelihood within days “strike”" in words


def test_long_names_stand_in_full_once() -> None:
    """A name of thousands of characters is cut in headings and links, and told in full on its own card."""
    name = "x" * 10_000
    long = actor(TEXT, 1, "Kestria").model_copy(update={"name": name})

    words = shown(record(TEXT, long, threat(TEXT, 1, "strike", by=["A1"]))).words

    assert words.count(name) == 1
    assert f"Name {name}" in words
    assert words.count(f"{'x' * 119}…") == 3


def test_a_reference_to_nobody_is_no_link() -> None:
    """A fallback, for no door lets such a record in: an id that no entry has is told as it is, and leads nowhere."""
    found = shown(record(TEXT, threat(TEXT, 1, "strike", by=["A7"])))

    assert "By A7" in found.words
    assert "#A7" not in found.having("href")


def test_empty_sections_say_why() -> None:
    """A section without entries says whether there are none or nobody asked."""
    whole = small()
    asked = whole.extraction.model_copy(update={"sections": [Section.THREATS]})
    words = shown(whole.model_copy(update={"extraction": asked, "threats": [], "actors": []})).words

    assert "Threats (0) None found." in words
    assert "Actors (not asked for)" in words
    assert "Targets (1)" in words


def test_many_mentions_wait_behind_a_click() -> None:
    """Of an actor that is named often five mentions stand open and the others can be opened, each a link."""
    places = [mention(TEXT, "e", nth) for nth in range(8)]

    found = shown(record(TEXT, actor(TEXT, 1, "Kestria", mentions=places)))

    assert "“e” “e” “e” “e” “e” 3 more mentions “e” “e” “e”" in found.words
    assert [attributes["href"] for _, attributes in found.tags if attributes.get("class") == "proof"] == [f"#A1-{n}" for n in range(1, 9)]


@pytest.mark.parametrize(
    ("match", "told"), [("exact", ""), ("folded", "Found up to typography."), ("elided", "Found around an ellipsis."), ("fuzzy", "Found nearly so.")]
)
def test_inexact_quotes_are_told(match: str, told: str) -> None:
    """Where a quote is not what the model wrote, letter by letter, the reader is told how near it is."""
    near = evidence(TEXT, "strike").model_dump() | {"match": match}

    words = shown(record(TEXT, threat(TEXT, 1, "strike", evidence=[near]))).words

    assert words[words.index("“strike”") : words.index("Targets (0)")].strip() == f"“strike” {told}".strip()


def test_the_models_own_words_are_marked() -> None:
    """What the model says in its own words is told apart from the words of the article, in the heading and by its label."""
    found = shown(full())

    assert [found.words.count(f"{field}, in the model's words") for field in ("Action", "Event", "Commitment")] == [1, 1, 1]
    # Two headings, three rows, and the link from the commitment to the threat, whose name they are.
    assert sum(attributes.get("class") == "model" for tag, attributes in found.tags if tag == "bdi") == 5


def test_quotes_run_in_their_own_direction() -> None:
    """An Arabic quote runs from right to left beside a Latin one."""
    found = shown(full())

    quotes = [attributes.get("dir") for tag, attributes in found.tags if tag in {"blockquote", "li"}]
    assert quotes
    assert set(quotes) == {"auto"}
