"""Fields held against the gold's."""

import pytest

from schemas.vocabulary import Section
from service.evaluation.comparing import compare
from service.evaluation.gold import GoldArticle
from service.evaluation.reading import Found, Parties
from tests.unit.evaluation.evaluation_parts import gold

TEXT = "Kestria (Ormen) and Belmark"


def threatened(by: list[str] | None, told: Parties | None) -> dict[str, bool]:
    """Return how a threat's `by` compares where the gold has `by` and a reader has `told`."""
    article = gold(TEXT, actors=[{"name": ["Kestria", "Ormen"]}], threats=[{"quote": ["Kestria"], "by": by}])
    return compare(Section.THREATS, article.annotation.threats[0], Found(fields={"by": told}), article.annotation)


@pytest.mark.parametrize(
    ("by", "told", "right"),
    [
        (["Kestria"], (("Kestria",),), True),
        (["Kestria"], (("the Kestria",),), True),
        (["Kestria"], (("Tarn", "Ormen"),), True),  # another name of the same actor of the gold
        (["Kestria", "Belmark"], (("Belmark",), ("Kestria",)), True),
        (["Kestria"], (("Kestria",), ("Belmark",)), False),
        (["Kestria", "Belmark"], (("Kestria",),), False),
        (["Kestria"], (), False),
        (["Kestria"], None, False),
        ([], (), True),
        ([], None, True),
        ([], (("Kestria",),), False),
    ],
)
def test_all_who_are_meant_and_nobody_else(by: list[str], told: Parties | None, *, right: bool) -> None:
    """Everyone whom the gold names is to be told, by whatever name, and no other."""
    assert threatened(by, told)["by"] is right


def test_what_the_gold_leaves_out_is_not_compared() -> None:
    """A field that the gold does not give is neither right nor wrong."""
    assert threatened(None, (("Belmark",),)) == {}


@pytest.mark.parametrize(
    ("edge", "told", "right"),
    [
        (["2027-03-11"], "2027-03-11", True),
        (["2027-03-11"], "2027-03-11T10:30Z", True),
        (["2027-03-11"], "2027-03-12", False),
        (["2027-03-11", "2027-03-13"], "2027-03-13", True),
        (["2027-03-11", "2027-03-13"], "2027-03-14", False),
        (["2027-03-11"], None, False),
        (["2027-03-11"], "-0044-03-15", False),
        ([], None, True),
        ([], "2027-03-11", False),
    ],
)
def test_an_edge_lies_within_what_is_accepted(edge: list[str], told: str | None, *, right: bool) -> None:
    """A bound is right from the earliest to the latest accepted day; where there is none, there must be none."""
    article: GoldArticle = gold("Sunday", timelines=[{"expression": ["Sunday"], "start": edge}])
    found = Found(fields={"start": told, "end": "2027-03-20"})

    assert compare(Section.TIMELINES, article.annotation.timelines[0], found, article.annotation) == {"start": right}
