"""In which shape a model writes, and what can be read of an answer that was cut."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.draft import Draft, draft_of
from schemas.vocabulary import Section
from service.extraction import forms
from service.models.embedded import PROFILE
from service.testing.entries import actor, drafted, target, threat
from tests.unit.extraction.extraction_parts import ROWS, drafts

WHOLE_ANSWER = drafted(actor("Valmer", aliases=["a", "b"]), actor("Kestria"), target('the "old" base'), threat("will strike the base")).model_dump(mode="json")


@settings(max_examples=60, deadline=None)
@given(drafts("Valmer will strike the base."))
def test_whole_objects_survive(draft: Draft) -> None:
    """What is written as objects is read as it was."""
    answer = draft.model_dump(mode="json")

    assert json.loads(forms.read(forms.write(answer, Section, None), None)) == answer


@settings(max_examples=60, deadline=None)
@given(drafts("Valmer will strike the base."))
def test_rows_become_objects_again(draft: Draft) -> None:
    """Of rows come the fields that were asked for, with the words that they point to; the others are empty, and the schema is content."""
    answer = draft.model_dump(mode="json")
    for section in Section:
        pointed = [entry["quote"] for entry in answer[section] if "quote" in entry]
        read = json.loads(forms.read(forms.write(answer, [section], ROWS.rows), ROWS.rows, pointed))
        fields = (ROWS.rows or {})[section]

        assert [{name: entry[name] for name in fields} for entry in read[section]] == [{name: entry[name] for name in fields} for entry in answer[section]]
        assert draft_of((section,)).model_validate(read).model_dump(mode="json") == read


@given(st.text(max_size=80))
def test_a_quote_is_pointed_to_by_its_first_words(quote: str) -> None:
    """The words that stand for a quote are its first ones: few, whole where it has spaces, and some where it has any."""
    opening = forms.opening(quote)

    assert quote.startswith(opening)
    assert len(opening) <= 30
    assert bool(opening) == bool(quote)


def test_a_threat_that_is_asked_for_is_threatened() -> None:
    """A field that was not asked for is null, empty, or what the question implies."""
    read = json.loads(forms.read('{"threats":[["q",["Valmer"],"declared","violence","strike"]]}', ROWS.rows))

    assert read["threats"][0] == threat("q", by=["Valmer"]).model_dump(mode="json")


@pytest.mark.parametrize(
    "text", ["no JSON", '{"actors":', "[]", '"x"', '{"actors":[["only a name"]]}', '{"actors":["x",1,null]}', '{"actors":"x"}', '{"other":[["a","b"]]}', "{}"]
)
def test_e03_what_is_no_row_is_left_to_the_schema(text: str) -> None:
    """What does not look like rows is handed on as it is and refused by the schema, never repaired."""
    read = forms.read(text, ROWS.rows)

    with pytest.raises(ValueError, match="validation error"):
        draft_of((Section.ACTORS,)).model_validate_json(read)


@pytest.mark.parametrize("rows", [None, ROWS.rows, PROFILE.rows])
@settings(max_examples=20, deadline=None)
@given(st.data())
def test_e04_a_cut_answer_never_gains_an_entry(rows: forms.Rows | None, data: st.DataObject) -> None:
    """Of any beginning of an answer only entries that are whole in it are kept: but for a last list cut short, each one as it was, in order."""
    answer = data.draw(drafts("Valmer will strike « la base » \\ \n.")).model_dump(mode="json")
    text = forms.write(answer, Section, rows)
    whole = json.loads(text)

    for end in range(len(text) + 1):
        mended = forms.mend(text[:end], rows)
        kept: dict[str, list[Any]] = json.loads(mended) if mended else {}
        for section, entries in kept.items():
            assert entries[:-1] == whole[section][: max(len(entries) - 1, 0)]
            assert not entries or is_part(entries[-1], whole[section][len(entries) - 1])
    assert kept == whole


def is_part(entry: object, whole: object) -> bool:
    """Whether an entry is the whole one, or the same with the end of its last list missing."""
    values, others = (list(each.values()) if isinstance(each, dict) else list(each) if isinstance(each, list) else [] for each in (entry, whole))
    return bool(len(values) == len(others) and values[:-1] == others[:-1] and (values[-1] == others[-1] or values[-1] == others[-1][: len(values[-1])]))


@pytest.mark.parametrize(
    ("text", "rows", "kept"),
    [
        ('{"actors":[["Valmer","state"],["Kest', ROWS.rows, '{"actors":[["Valmer","state"]]}'),
        ('{"actors":[["Valmer","state"],["Kestria"', ROWS.rows, '{"actors":[["Valmer","state"]]}'),
        ('{"actors":[["Valmer","state"', ROWS.rows, '{"actors":[["Valmer","state"]]}'),
        ('{"actors":[["Val', ROWS.rows, '{"actors":[]}'),
        ('{"actors":["Val', ROWS.rows, '{"actors":[]}'),
        ('{"other":[1,2', ROWS.rows, '{"other":[1]}'),
        ('{"actors":[{"name":"Valmer","kind":"state"}', None, None),
        ('{"act', None, None),
        ("{", None, None),
        ("[1", None, None),
        ("no JSON", None, None),
        ("", None, None),
        ('{"actors":"x","b":[', None, None),
    ],
)
def test_e04_what_is_whole_is_kept(text: str, rows: forms.Rows | None, kept: str | None) -> None:
    """The last entry is kept if it has all its fields; what is no answer at all gives nothing."""
    assert forms.mend(text, rows) == kept


@pytest.mark.parametrize(
    ("text", "repeats"),
    [
        ('{"actors":[["Valmer","state"],["Kestria","state"],["Valmer","', True),
        ('{"actors":[["Valmer","state"],["Valmer","person"]]}', True),
        ('{"actors":[["Valmer","state"]],"targets":[["Valmer","military"]]}', False),
        ('{"actors":[["Valmer","state"],["Valm', False),
        ('{"actors":[["Valmer","state"],[', False),
        ('{"actors":[], "targets":"x"}', False),
        ('{"actors":[1,1,{"name":"a"},{"name":"a"},[["a"]],[["a"]],null]}', False),
        ("[1,1]", False),
        ("no JSON", False),
        ("", False),
    ],
)
def test_e07_repetition_is_noticed(text: str, *, repeats: bool) -> None:
    """An answer repeats itself where two rows of a section begin with the same words; what is no answer does not."""
    assert forms.repeats(text) is repeats


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    )
)
def test_e03_any_json_can_be_looked_at(value: object) -> None:
    """Whatever a model writes, reading it raises nothing."""
    for text in (json.dumps(value), json.dumps({"actors": value}), json.dumps({"actors": [value]})):
        for end in (len(text), len(text) - 1):
            for rows in (None, ROWS.rows):
                forms.repeats(text[:end])
                forms.mend(text[:end], rows)
                forms.read(text[:end], rows)


@pytest.mark.parametrize("section", Section)
def test_the_fields_of_a_section(section: Section) -> None:
    """Every field that a profile asks for is a field of the draft, and the first one is its proof."""
    assert {*(PROFILE.rows or {})[section]} <= {*forms.fields_of(section)}
    assert forms.fields_of(section)[0] == (PROFILE.rows or {})[section][0]
