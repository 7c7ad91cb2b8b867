"""From names and words to the entries that they mean."""

import pytest

from schemas.record import Evidence
from schemas.vocabulary import Match, Section
from service.extraction.grounding import FoldedText, Proven
from service.extraction.linking import Links, first_of_each, inside
from service.extraction.people.actors import NumberedActor, number_actors
from service.testing.entries import actor, threat


def at(start: int, end: int | None = None) -> Evidence:
    """Return the evidence of some words."""
    return Evidence(quote="x", start=start, end=end or start + 1, match=Match.EXACT, sentence=(start, end or start + 1))


def numbered(*names: str, kind: str = "person", aliases: tuple[str, ...] = ()) -> list[NumberedActor]:
    """Return the numbered actors of these names, each standing after the one before."""
    drafts = (Proven(actor(name, kind, aliases=list(aliases)), at(position)) for position, name in enumerate(names))
    return [*number_actors(drafts, FoldedText(". ".join(names)), "en").actors]


NUMBERED = {
    "in the order of the text": (("Valmer", "Kestria"), [["Valmer"], ["Kestria"]]),
    "one name once": (("Valmer", "Kestria", "VALMER", "the Valmer"), [["Valmer", "VALMER", "the Valmer"], ["Kestria"]]),
    "surname": (("Ilan Dorst", "Weil", "Dorst"), [["Ilan Dorst", "Dorst"], ["Weil"]]),
    "surname first": (("Dorst", "Weil", "Ilan Dorst"), [["Ilan Dorst", "Dorst"], ["Weil"]]),
    "title": (("General Ilan Dorst", "Ilan Dorst"), [["General Ilan Dorst", "Ilan Dorst"]]),
    "two of one surname": (("Ilan Dorst", "Anna Dorst", "Dorst"), [["Ilan Dorst"], ["Anna Dorst"], ["Dorst"]]),
}


@pytest.mark.parametrize(("names", "expected"), NUMBERED.values(), ids=NUMBERED)
def test_people_are_numbered_once(names: tuple[str, ...], expected: list[list[str]]) -> None:
    """The same name is one actor, and so is a surname, unless two share it."""
    actors = numbered(*names)

    assert [one.names for one in actors] == expected
    assert [one.id for one in actors] == [f"A{number}" for number in range(1, len(expected) + 1)]


def test_only_people_have_surnames() -> None:
    """The end of a name of something else is something else."""
    assert [one.names for one in numbered("United Front", "Front", kind="armed_group")] == [["United Front"], ["Front"]]


def test_a_surname_stands_where_it_is_first() -> None:
    """A person is numbered at the first place of any of its names."""
    assert [one.names[0] for one in numbered("Dorst", "Weil", "Ilan Dorst")] == ["Ilan Dorst", "Weil"]


def test_names_link_to_their_actors() -> None:
    """A name or an alias links to its actor, once; one that names none is dangling."""
    links = Links(numbered("Ilan Dorst", "Weil", aliases=("the general",)), [])

    assert links.actors(Section.THREATS, "by", ["ilan dorst", "The General", None, "", "Weil"]) == ["A1", "A2"]
    assert links.dangling == []
    assert links.actors(Section.THREATS, "by", ["Kerr", "Weil"], but="A2") == []
    assert [(refused.section, refused.reason, refused.item) for refused in links.dangling] == [("threats", "dangling", {"by": "Kerr"})]


def test_a_name_goes_before_an_alias() -> None:
    """Where one actor's alias is another's name, the name is meant; of two aliases, the first actor's."""
    actors = number_actors(
        [
            Proven(actor("Ilan", aliases=["Weil", "chief"]), at(0)),
            Proven(actor("Weil", aliases=["chief"]), at(1)),
            Proven(actor("Kerr", aliases=["Weil"]), at(2)),
        ],
        FoldedText("Ilan, Weil, Kerr, chief"),
        "en",
    ).actors

    assert Links(actors, []).actors(Section.THREATS, "by", ["Weil"]) == ["A2"]
    assert Links(actors, []).actors(Section.THREATS, "by", ["chief"]) == ["A1"]


def test_times_link_to_the_nearest() -> None:
    """Of several times in the same words the one nearest to the evidence is meant."""
    links = Links([], [("W1", "on Monday", at(5)), ("W2", "friday", at(30)), ("W3", "On Monday", at(50))])

    assert links.when(Section.TARGETS, "On monday", at(40)) == ["W3"]
    assert links.when(Section.TARGETS, "on Monday", at(0)) == ["W1"]
    assert links.when(Section.TARGETS, None, at(0)) == []
    assert links.dangling == []
    assert links.when(Section.TARGETS, "Tuesday", at(0)) == []
    assert links.dangling[0].item == {"when": "Tuesday"}


def test_what_lies_inside() -> None:
    """Only what lies wholly within the words of the evidence is inside it."""
    assert inside(at(10, 20), [("G1", at(10, 12)), ("G2", at(18, 20)), ("G3", at(9, 12)), ("G4", at(18, 21))]) == ["G1", "G2"]


def test_the_first_of_each_is_kept() -> None:
    """Of entries with the same key the first in the text is kept; the others are duplicates."""
    entries = [Proven(threat(words), at(start)) for words, start in [("b c d", 5), ("b c d", 1), ("e f g", 3)]]
    kept, refused = first_of_each(entries, lambda entry: entry.draft.quote, Section.THREATS)

    assert [entry.span[0] for entry in kept] == [1, 3]
    assert [one.reason for one in refused] == ["duplicate"]


def test_a_state_is_linked_by_its_capital() -> None:
    """What the model calls by its capital or official name is the state that the article names otherwise; a person is, without the title, the person."""
    actors = number_actors([Proven(actor("Kenya"), at(0)), Proven(actor("Ilan Dorst", "person"), at(9))], FoldedText("Kenya and Ilan Dorst"), "en").actors
    links = Links(actors, [], "en")

    assert links.actors(Section.THREATS, "by", ["Nairobi", "Republic of Kenya", "President Dorst"]) == ["A1", "A2"]
    assert links.actors(Section.THREATS, "by", ["Kampala", "the Kenyans"]) == []
    assert len(links.dangling) == 2
