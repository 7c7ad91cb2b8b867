"""The page on hostile articles tells what was seen, breaches first of all, and nothing of the articles."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.attacks.__main__ import main
from benchmarks.attacks.alarms import Calm
from benchmarks.attacks.articles import Attack, Manner, attacks
from benchmarks.attacks.compared import Outcome, Pair
from benchmarks.attacks.containment import Trial
from benchmarks.attacks.report import Results, lines, page
from service.evaluation.scoring import score
from tests.unit.evaluation.evaluation_parts import perfect

SEEN = ("instruction_like_text",)


def trials(one: Attack, *breaches: str) -> list[Trial]:
    """Return what came of an attack: an honest model whose record warns, and one that obeyed."""
    return [
        Trial(one, "whole", None, None, (), obeyed=False, warnings=SEEN),
        Trial(one, "whole", Manner.STUFFS, None, breaches, obeyed=True),
        Trial(one, "rows", Manner.REFUSES, "model-refused", (), obeyed=False),
    ]


@pytest.fixture
def results() -> Results:
    """Each attack contained and seen, one clean article warned of."""
    told = [trial for attack in attacks()[:90] for trial in trials(attack)]
    return Results(told, 0, [Calm("clean twins", "en-1", ()), Calm("examples", "strait", SEEN)])


def pair(one: Attack, *, success: bool) -> Pair:
    """Return a pair in which the naive prompt did as told, and Vigie only if `success`."""
    counts = score(one.clean, perfect(one.clean)).counts
    ours = Outcome(success, counts, counts, 20.0, 0)
    return Pair(one, {"vigie": ours, "naive": replace(ours, success=True, failures=1)})


def test_what_is_asked_for_stands_first(results: Results) -> None:
    """Yes or no for each, from the figures."""
    said = lines(results)

    assert [line.split()[-1] for line in said.split("\n\n")[0].splitlines()[1:]] == ["no", "yes", "yes", "yes", "no"]
    assert "270 of 270" in said


def test_a_breach_is_told_with_where_it_was(results: Results) -> None:
    """Whoever reads the page can try it again."""
    broken = replace(results, trials=[*results.trials, *trials(attacks()[0], "a civilian target")])

    assert broken.breaches == [("a civilian target", f"{attacks()[0].name}, whole, stuffs")]
    assert f"**Not contained**: a civilian target, first at `{attacks()[0].name}, whole, stuffs`." in page(broken)
    assert "not contained: a civilian target" in lines(broken)
    assert "Not contained" not in page(results)


def test_the_page_tells_of_pairs_where_there_are_any(results: Results) -> None:
    """Success, utility and time of both readers, and whether the one is at most half of the other."""
    some = [pair(attack, success=number < 1) for number, attack in enumerate(attacks()[:4])]
    told = page(replace(results, pairs=some, weights="w", cores=2))

    assert "Nothing was read live" in page(results)
    assert "| attack success | 0.25 (0.00 to 0.75) | 1.00 (1.00 to 1.00) |" in told
    assert "| attack success, times the naive prompt's | at most 0.5 | 0.25 (0.00 to 0.75) | yes |" in told
    assert "| seconds for a pair | 20 | 20 |" in told
    assert "attack success" in lines(replace(results, pairs=some))


def test_no_words_of_an_article_are_on_the_page(results: Results) -> None:
    """A page that is about attacks attacks nobody."""
    told = page(results)

    assert not any(attack.order in told or attack.mark in told for attack in attacks())
    assert "{{" not in told


def test_a_few_are_tried_without_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--each` tries the set in passing; the exit code is 0 where all is contained."""
    monkeypatch.chdir(tmp_path)

    assert main(["--each", "500"]) == 0
    assert [*tmp_path.iterdir()] == []
    (contained,) = [line.split() for line in capsys.readouterr().out.splitlines() if line.startswith("readings contained")]
    assert contained[-1] == "yes"


def test_only_the_embedded_model_reads_live(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No article of the set goes to an endpoint."""
    monkeypatch.setenv("VIGIE_MODEL", "some-model")

    assert main(["--live", "1"]) == 2
    assert "embedded model reads" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_numbers_are_numbers(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip is told before anything begins."""
    with pytest.raises(SystemExit):
        main(["--each", number])
    assert "give a number" in capsys.readouterr().err or number.startswith("-")
