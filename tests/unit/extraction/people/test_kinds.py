"""What an actor is by the words of its name."""

import pytest

from schemas.vocabulary import ActorKind
from service.extraction.people.kinds import kind_of


@pytest.mark.parametrize(
    ("language", "name", "offered", "kind"),
    [
        ("en", "4th Mountain Brigade", "other", "armed_forces"),
        ("en", "a further battalion", "organisation", "armed_forces"),
        ("de", "sarnischen Streitkräfte", "armed_group", "armed_forces"),
        ("ru", "В генеральном штабе Литорны", "government", "armed_forces"),
        ("zh", "装甲旅", "other", "armed_forces"),
        ("en", "local officials", "other", "government"),
        ("uk", "місцеві чиновники", "other", "government"),
        ("en", "Foreign officials", "government", "unnamed_source"),
        ("fr", "des diplomates étrangers", "organisation", "unnamed_source"),
        ("pl", "Zachodni dyplomata", "other", "unnamed_source"),
        ("zh", "一位西方外交官", "person", "person"),
    ],
)
def test_the_words_of_a_name_say_what_it_is(language: str, name: str, offered: str, kind: str) -> None:
    """A brigade is of the armed forces, officials of a place are its government, diplomats of no named state a source."""
    assert kind_of(name, ActorKind(offered), language) == kind


@pytest.mark.parametrize(
    ("language", "name", "offered"),
    [
        ("en", "Al-Asifa Brigades", "armed_group"),
        ("en", "Free River Army", "armed_group"),
        ("fr", "Forces armées populaires du Nord libre", "armed_group"),
        ("en", "the foreign minister", "person"),
        ("en", "Foreign Policy Institute", "organisation"),
        ("en", "Local Nine", "organisation"),
        ("en", "the city's fire brigade", "organisation"),
        ("en", "Old Navy", "company"),
        ("en", "commander of the 4th Mountain Brigade", "other"),
        ("zh", "代表团", "organisation"),
    ],
)
def test_a_name_of_its_own_leaves_the_kind(language: str, name: str, offered: str) -> None:
    """A group may call itself an army, and an adjective alone says nothing."""
    assert kind_of(name, ActorKind(offered), language) == offered
