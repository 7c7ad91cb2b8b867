"""A record as what the model found: a record that is given back is found again, and one that is written by hand is as short as its writer likes."""

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.record import Record
from schemas.vocabulary import Section
from service import examples
from service.testing import Recordings, actor, commitment, target, threat, timeline
from service.testing.entries import Entry
from service.testing.records import entries_of
from tests.unit.extraction.extraction_parts import drafts, texts

TEXT = "Valmer threatened on Friday to shell the army base at Teln. “We will not wait,” said Ilan Dorst of Valmer. Norvia looks on."
QUOTE = "Valmer threatened on Friday to shell the army base at Teln"


def found(record: Record) -> dict[str, Any]:
    """Return the sections of a record."""
    return record.model_dump(mode="json", include={section.value for section in Section})


def read(article: str | Mapping[str, Any], record: Record | Mapping[str, Any]) -> Record:
    """Return the record of an article in which the model finds what is in a `record`."""
    with TemporaryDirectory() as folder:
        return Recordings(Path(folder)).finds(article, record=record)


def test_the_example_is_found_again() -> None:
    """Of the record that ships all comes back but one thing: a threat that two timelines date has the first alone, since a model names no more than one."""
    example = examples.record()
    expected = {section.value: example[section] for section in Section}
    [only] = expected["threats"]
    assert only["timelines"] == ["W2", "W3"]

    again = found(read(examples.request("french"), example))

    assert again == {**expected, "threats": [{**only, "timelines": ["W2"]}]}


def test_a_record_and_its_json_are_the_same() -> None:
    """A record of the library and one that was read from a file say the same."""
    assert entries_of(examples.record()) == entries_of(Record.model_validate(examples.record(), strict=False))


def test_what_names_of_others_stand_in_a_record_may_be_names() -> None:
    """Whoever writes a record needs no ids: the names and the words do."""
    by_hand = {
        "actors": [{"name": "Valmer", "kind": "state"}, {"name": "Ilan Dorst", "kind": "person", "part_of": "Valmer"}],
        "targets": [{"name": "army base at Teln", "place": "Teln", "owners": ["Norvia"], "by": ["Valmer"], "timelines": ["on Friday"]}],
        "threats": [{"quote": QUOTE, "by": ["Valmer"], "means": ["artillery"], "timelines": ["on Friday"]}],
        "timelines": [{"expression": "on Friday", "event": "the threat"}],
        "commitments": [{"quote": "“We will not wait,” said Ilan Dorst of Valmer", "speakers": ["Ilan Dorst"], "polarity": "will_not"}],
    }

    assert entries_of(by_hand) == [
        actor("Valmer"),
        actor("Ilan Dorst", "person", part_of="Valmer"),
        target("army base at Teln", place="Teln", owner="Norvia", by="Valmer", when="on Friday"),
        threat(QUOTE, by=["Valmer"], means=["artillery"], when="on Friday"),
        timeline("on Friday", event="the threat"),
        commitment("“We will not wait,” said Ilan Dorst of Valmer", speakers=["Ilan Dorst"], polarity="will_not"),
    ]


def test_the_fields_of_entries_may_stand_in_a_record_too() -> None:
    """Whoever knows the entries of `service.testing` better may write theirs: an owner, a time, a phrase of likelihood."""
    by_hand = {
        "targets": [{"name": "army base", "owner": "Norvia", "by": "Valmer", "when": "on Friday"}],
        "threats": [{"quote": QUOTE, "likelihood": "likely", "when": "on Friday"}],
    }

    assert entries_of(by_hand) == [
        target("army base", owner="Norvia", by="Valmer", when="on Friday"),
        threat(QUOTE, likelihood="likely", when="on Friday"),
    ]


def test_ids_are_names_where_there_is_no_such_actor() -> None:
    """An actor whose name looks like an id is itself."""
    assert entries_of({"threats": [{"quote": QUOTE, "by": ["A1"]}]}) == [threat(QUOTE, by=["A1"])]
    assert entries_of({"actors": [{"id": "A1", "name": "Valmer"}], "threats": [{"quote": QUOTE, "by": ["A1"]}]})[1] == threat(QUOTE, by=["Valmer"])


def test_an_empty_record_finds_nothing() -> None:
    """Sections that are left out are empty."""
    assert entries_of({}) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"threats": [{"by": ["Valmer"]}]}, "threats[0]: `quote` is missing"),
        ({"threats": [{"quote": QUOTE}, {"by": ["Valmer"], "evidence": []}]}, "threats[1]: `quote` is missing"),
        ({"actors": [{"kind": "state"}]}, "actors[0]: `name` is missing"),
        ({"timelines": [{"event": "the threat"}]}, "timelines[0]: `expression` is missing"),
        ({"threats": [{"quote": QUOTE, "who": "Valmer"}]}, "threats[0]: who: Extra inputs are not permitted"),
        ({"threats": [{"quote": QUOTE, "by": 3}]}, "threats[0]: does not fit"),
        ({"threts": [{"quote": QUOTE}]}, "a record has no 'threts'"),
        ({"threats": {"quote": QUOTE}}, "threats: a list of objects belongs here"),
        ({"actors": ["Valmer"]}, "actors: a list of objects belongs here"),
        ([], "a record is an object"),
    ],
    ids=["no-quote", "no-evidence", "no-name", "no-expression", "no-such-field", "no-list-of-names", "no-such-section", "no-list", "no-objects", "no-record"],
)
def test_a_record_with_a_slip_fails(wrong: Any, told: str) -> None:  # noqa: ANN401 - whatever JSON holds
    """What is about no words, or has a field or a section that there is not, is no record of anything; where the slip is, is told."""
    with pytest.raises(ValueError, match=re.escape(told)):
        entries_of(wrong)


@st.composite
def readings(draw: st.DrawFn) -> tuple[str, list[Entry]]:
    """Draw a text, and what a model may say of it, true or not."""
    text = draw(texts())
    draft = draw(drafts(text))
    return text, [entry for section in Section for entry in getattr(draft, section)]


def kept(record: Record) -> dict[str, Any]:
    """Return what of a record survives: of times the first alone, and own words that code has found may be found where there were none before."""
    sections = found(record)
    for entry in (entry for section in sections.values() for entry in section):
        if "timelines" in entry:
            entry["timelines"] = entry["timelines"][:1]
        entry.pop("direct_quote", None)
    return sections


@settings(max_examples=25)
@given(readings())
def test_any_record_that_is_found_is_found_again(reading: tuple[str, list[Entry]]) -> None:
    """Given back, a record of which nothing was refused is found again; of another code may find a part itself that the model had got wrong, and that stays."""
    text, entries = reading
    with TemporaryDirectory() as folder:
        first = Recordings(Path(folder)).finds(text, *entries)
    second = read(text, first)

    assert first.rejected or kept(second) == kept(first)
    assert found(read(text, second)) == found(second)


def test_a_country_that_the_model_alone_knows_is_found_again() -> None:
    """Whose country no table knows keeps the one that the model named."""
    with TemporaryDirectory() as folder:
        first = Recordings(Path(folder)).finds(TEXT, actor("Ilan Dorst", "person", country="FRA"))

    assert first.actors[0].country == "FRA"
    assert found(read(TEXT, first)) == found(first)
