"""The results for people."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

from benchmarks.speed.chart import Panel, chart
from benchmarks.speed.report import TABLES, lines, page, picture, stages
from benchmarks.speed.results import Spread
from tests.unit.benchmarks.speed.speed_parts import measured

SVG = "{http://www.w3.org/2000/svg}"


def test_the_page_tells_all_and_how_to_make_it_again() -> None:
    """It is Markdown: tables of equal width, the machine, the versions and the command."""
    told = page(measured())

    assert 'make bench BENCH_ARGS="--seconds 10"' in told
    assert "A processor, 2 cores, 24 GiB of memory; Linux 6; Python 3.11.7; commit `abc`" in told
    assert "openai 3.3.0, litellm 1.2." in told
    assert "40 entries in the shape of the draft, of which 37 stand" in told
    blocks = re.findall(r"(?:^\|.*\|\n)+", told, re.MULTILINE)
    assert [len({line.count("|") for line in block.splitlines()}) for block in blocks] == [1] * 7
    assert not re.search(r"\n\n\n|[{}]| $|nan", told, re.MULTILINE)


def test_a_page_without_the_embedded_model_does_not_speak_of_it() -> None:
    """It is measured only when that is asked for."""
    assert "embedded model" not in page(replace(measured(), embedded=None)).lower()


def test_everyone_has_a_column() -> None:
    """The five under their letters, and the endpoint asked directly where there is something to tell of it."""
    quick, faults = TABLES["quick"](measured()), TABLES["faults"](measured())

    assert [head[:3] for head in quick.heads[1:6]] == ["(a)", "(b)", "(c)", "(d)", "(e)"]
    assert quick.heads[-1] == "nobody between"
    assert faults.heads[1:] == quick.heads[1:-1]
    assert quick.rows[0][1] == "4.3 (4.2 to 4.5)"


def test_the_stages_add_up() -> None:
    """Their sum and what is left are the time of a whole request."""
    rows = {name: value for name, value, _ in stages(measured(30)).rows}

    assert rows["all of them"] == "22.00"
    assert rows["of them deterministic"] == "12.00"
    assert rows["the server, the door, the log: the rest of a request"] == "8.30"


def test_the_terminal_shows_the_same_figures() -> None:
    """Columns stand one under the other, and tables in which there is nothing are left out."""
    whole, without = lines(measured()), lines(replace(measured(), turns={"c": measured().turns["c"]}, embedded=None))

    assert "asked of Vigie" in whole
    assert "llama.cpp directly" in whole
    assert "asked of Vigie" not in without
    assert all(line == line.rstrip() for line in whole.splitlines())


def test_the_chart_has_a_bar_for_everyone() -> None:
    """Eight panels of five bars, Vigie's of another colour, in an image that any browser draws."""
    drawn = ET.fromstring(picture(measured()))  # noqa: S314 - our own

    bars = [bar for bar in drawn.iter(f"{SVG}rect") if bar.get("x")]
    assert len(bars) == 40
    assert [bar.get("fill") != bars[0].get("fill") for bar in bars] == [False, False, False, False, True] * 8
    assert len({bar.get("fill") for bar in bars}) == 2


def test_bars_are_as_long_as_their_figures() -> None:
    """Twice as much is twice as long; what is not known has no bar, and words mean nothing to the image."""
    nan = float("nan")
    told = [("a & <b>", Spread(2, 1, 3)), ("ours", Spread(4, 4, 4)), ("none", Spread(nan, nan, nan))]
    drawn = ET.fromstring(chart([Panel("odd", told)], "ours"))  # noqa: S314 - our own

    widths = [float(bar.get("width", 0)) for bar in drawn.iter(f"{SVG}rect") if bar.get("x")]
    assert len(widths) == 2
    assert abs(widths[1] - 2 * widths[0]) < 0.2
    assert "a & <b>" in {text.text for text in drawn.iter(f"{SVG}text")}
    assert chart([Panel("nothing", [("none", Spread(nan, nan, nan))])], "ours").endswith("</svg>\n")
