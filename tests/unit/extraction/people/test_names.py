"""What two spellings of one name have in common."""

import pytest

from service.extraction.people.names import actor_key, bare, is_short_for


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("le Kasrane", "Kasrane"),
        ("L’Iran", "Iran"),
        ("l'Iran", "IRAN"),
        ("the United Front", "United Front"),
        ("Der Präsident", "Prasident"),
        ("الحكومة", "حكومة"),
        ("El Frente", "frente"),
        ("États-Unis", "etats unis"),
        ("O governo", "governo"),
    ],
)
def test_spellings_of_one_name_share_a_key(name: str, other: str) -> None:
    """The determiner, case, accents and signs make no other name."""
    assert actor_key(name) == actor_key(other)


@pytest.mark.parametrize(("name", "other"), [("Norvia", "Norva"), ("Leiden", "iden"), ("Front 1", "Front 2"), ("Lahore", "hore")])
def test_other_names_have_other_keys(name: str, other: str) -> None:
    """A name that only begins like a determiner keeps its beginning."""
    assert actor_key(name) != actor_key(other)


def test_a_determiner_alone_is_a_name() -> None:
    """Nothing is left of a name only if there was nothing."""
    assert [bare(" The "), bare("les "), bare(""), bare("l’")] == ["The", "les", "", "l’"]


@pytest.mark.parametrize(
    ("name", "longer", "short"),
    [
        ("Dorst", "Ilan Dorst", True),
        ("Dorst", "Anne-Dorst", True),
        ("Dorst", "Dorst", False),
        ("Dorst", "Ilan Andorst", False),
        ("Ilan", "Ilan Dorst", False),
        ("D.", "Ilan D.", True),
        ("D.", "Ilan Do", False),
    ],
)
def test_a_surname_is_short_for_the_whole_name(name: str, longer: str, *, short: bool) -> None:
    """A surname is the end of a name, as a whole word."""
    assert is_short_for(name, longer) is short
