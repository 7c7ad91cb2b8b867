"""Floors rise and never sink by themselves."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.vocabulary import Section
from service.errors import SetupError
from service.evaluation.floors import Floors, HalfFloor, check, load, raised, save
from service.evaluation.gold import GoldArticle
from service.evaluation.reading import Found, Reading
from service.evaluation.results import Results, results_of
from service.evaluation.scoring import score
from tests.unit.evaluation.evaluation_parts import articles, gold, outcome, perfect, readings

ARTICLE = gold(
    "Kestria and Belmark and Tarn and the school",
    actors=[{"name": [name]} for name in ("Kestria", "Belmark", "Tarn")],
    never=[{"name": ["school"], "why": "civilian"}],
)


def of(reading: Reading, article: GoldArticle = ARTICLE) -> Results:
    """Return the result of one reading of one article."""
    return results_of([outcome(article, reading)], [score(article, reading)], "fake")


def found(*names: str, targets: int = 0, verbatim: int = 3) -> Results:
    """Return the result of a reading that has these actors, and as many targets that must not be."""
    return of(Reading(actors=tuple(Found((name,)) for name in names), targets=(Found(("school",)),) * targets, quotes=3, verbatim=verbatim))


def floors(results: Results) -> Floors:
    """Return the floors that `results` give where there are none."""
    return raised(results, Floors())[0]


def test_what_reaches_its_floor_is_no_breach() -> None:
    """Figures are held against floors that are rounded down, so that the same answers always pass."""
    assert floors(found("Kestria", "Belmark")).models["fake"]["tuning"].sections[Section.ACTORS].relaxed == 0.8
    assert floors(found("Kestria", "x", "y")).models["fake"]["tuning"].sections[Section.ACTORS].exact == 0.333
    assert check(found("Kestria", "x", "y"), floors(found("Kestria", "x", "y"))) == []
    assert check(found("Kestria", "Belmark"), floors(found("Kestria"))) == []


def test_what_is_below_is_told_in_words() -> None:
    """Each figure that is below its floor is named, with both numbers."""
    breaches = check(found("Kestria", targets=1, verbatim=2), floors(found("Kestria", "Belmark")))

    assert breaches == [
        "tuning: relaxed F1 of actors is 0.500, below 0.800",
        "tuning: exact F1 of actors is 0.500, below 0.800",
        "tuning: 0.666 of the quotes stand in the text, below 1.000",
        "tuning: of the targets 1 must not be, above 0",
    ]


def test_a_figure_just_below_is_not_told_as_equal() -> None:
    """What is told of a breach is rounded down as floors are."""
    assert "0.666 of the quotes" in check(found(verbatim=2), floors(found(verbatim=3)))[0]


@settings(max_examples=25, deadline=None)  # each result takes its 2,000 resamples
@given(data=st.data(), article=articles())
def test_floors_never_sink(data: st.DataObject, article: GoldArticle) -> None:
    """Whatever comes after, a floor stays or rises, a leak stays or falls, and what raised them passes where it was the better."""
    first, second = of(data.draw(readings(article)), article), of(data.draw(readings(article)), article)

    before = floors(first)
    after, anew = raised(second, before)

    low, high = before.models["fake"]["tuning"], after.models["fake"]["tuning"]
    assert anew == []
    assert all(least_of(low, section) <= least_of(high, section) for section in Section)
    assert (low.evidence <= high.evidence, low.civilian_leaks >= high.civilian_leaks) == (True, True)
    assert check(second, before) != [] or check(second, after) == []
    assert raised(first, after) == (after, []) == raised(second, after)
    best = of(perfect(article), article)
    assert check(best, raised(best, after)[0]) == []


def least_of(floor: HalfFloor, section: Section) -> tuple[float, float]:
    """Return the floors of a section."""
    return floor.sections[section].relaxed, floor.sections[section].exact


def test_another_gold_is_another_measure() -> None:
    """Floors of another gold are not held against this one: a check says so, an update sets them anew, lower as they may be."""
    other = gold("Kestria", actors=[{"name": ["Kestria"]}])
    results = of(Reading(), other)
    least = floors(found("Kestria"))

    with pytest.raises(SetupError, match="another tuning half: its articles or annotations have changed"):
        check(results, least)
    after, anew = raised(results, least)
    assert (after.models["fake"]["tuning"].sections[Section.ACTORS].relaxed, anew) == (0.0, ["tuning"])


def test_a_model_without_floors() -> None:
    """A check without a floor proves nothing, and says so; the floors of other models stay."""
    least = Floors(models={"other": floors(found("Kestria")).models["fake"]})

    with pytest.raises(SetupError, match=re.escape("There are no floors for fake on the tuning half: --update sets them.")):
        check(found("Kestria"), least)
    after, anew = raised(found("Kestria"), least)
    assert (sorted(after.models), after.models["other"], anew) == (["fake", "other"], least.models["other"], ["tuning"])


def test_a_file_comes_back_as_it_went(tmp_path: Path) -> None:
    """What is written is read again, the same floors are the same bytes, and no file means no floors."""
    least = floors(found("Kestria"))

    save(least, tmp_path / "floors.json")
    before = (tmp_path / "floors.json").read_bytes()
    save(load(tmp_path / "floors.json"), tmp_path / "floors.json")

    assert load(tmp_path / "floors.json") == least
    assert (tmp_path / "floors.json").read_bytes() == before
    assert load(tmp_path / "gone.json") == Floors()


def test_a_file_that_is_none(tmp_path: Path) -> None:
    """A file that holds something else, or cannot be written, is told."""
    (tmp_path / "floors.json").write_text("[]", encoding="utf-8")
    with pytest.raises(SetupError, match="holds no floors"):
        load(tmp_path / "floors.json")
    with pytest.raises(SetupError, match="cannot be written: Is a directory"):
        save(Floors(), tmp_path)
