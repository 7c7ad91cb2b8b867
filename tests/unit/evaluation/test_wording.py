"""Which words are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.evaluation.wording import likeness, occurrences, overlap, plain

SPANS = st.tuples(st.integers(0, 50), st.integers(1, 50)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("the base at Orsk", "Base at Orsk"),
        ("l’armée", "Armée"),
        ("l'armée", "L’armée"),
        ("Al-Quds", "al Quds"),
        ("القاعدة البحرية", "قاعدة بحرية"),
        ("الجيــش", "الجَيش"),
        ("הצבא", "צבא"),
        ("«Наша армия»", "наша армия"),
        ("ＦＯＯ", "foo"),
        ("los guardacostas", "guardacostas"),
    ],
)
def test_case_typography_and_determiners_do_not_matter(one: str, other: str) -> None:
    """Two ways to write the same name are equal."""
    assert likeness(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Petra Lund", "Admiral Petra Lund"), ("naval base", "the naval base at Orsk"), ("海军基地", "北方海军基地"), ("国防部", "“国防部”长")],
)
def test_a_part_of_half_the_length_is_alike(one: str, other: str) -> None:
    """A name that stands whole in another, and is no scrap of it, means the same."""
    assert 0.5 <= likeness(one, other) < 1
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Iran", "Iranian"),  # no whole word
        ("base", "the naval base at Orsk"),  # a scrap
        ("Kestria", "Saldova"),
        ("UN inspectors", "inspectors of mines"),
        ("", "Kestria"),
        ("…", "…"),
        ("基地", "北方海军基地"),
    ],
)
def test_others_are_not(one: str, other: str) -> None:
    """What merely shares letters is something else."""
    assert likeness(one, other) == 0


def test_a_name_in_capitals_is_no_determiner() -> None:
    """UN is no article, and a name that is nothing but one is kept."""
    assert (plain("UN"), plain("the UN"), plain("Un"), plain("les UN troops")) == ("un", "un", "un", "un troops")


@given(one=st.text(max_size=30), other=st.text(max_size=30))
def test_likeness_is_a_share_and_mutual(one: str, other: str) -> None:
    """Whatever the words, likeness is 0 or from a half to 1, and the same from either side."""
    value = likeness(one, other)

    assert value == 0 or 0.5 <= value <= 1
    assert value == likeness(other, one)
    assert likeness(one, one) in ({1.0} if plain(one) else {0.0})


@given(text=st.text("ab ", max_size=30), words=st.lists(st.text("ab", max_size=3), max_size=3))
def test_every_occurrence_is_found(text: str, words: list[str]) -> None:
    """Wherever the words stand they are found, overlapping ones as well, and nothing else."""
    expected = {(at, at + len(one)) for one in words if one for at in range(len(text)) if text.startswith(one, at)}

    assert {*occurrences(words, text)} == expected


@given(one=SPANS, other=SPANS)
def test_overlap_is_dice(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Overlap is twice the shared characters over all of both."""
    these, those = {*range(*one)}, {*range(*other)}

    assert overlap([one], [other]) == pytest.approx(2 * len(these & those) / (len(these) + len(those)))
    assert overlap([(0, 0)], [(0, 0)]) == overlap([], [other]) == 0
