"""The style of a report."""

import re

import pytest

from service.reports.document import style

COLOURS = ("threats", "targets", "commitments", "timelines", "actors", "quiet")
#: What browsers paint Canvas with: Chromium and WebKit, and Firefox.
GROUNDS = {"light": ("#ffffff",), "dark": ("#121212", "#1e1e1e", "#1c1b22"), "print": ("#ffffff",)}


def schemes() -> dict[str, dict[str, str]]:
    """Return the colours that the style sets, by scheme: those of light, of dark and of paper."""
    blocks = [block for block in re.findall(r":root \{([^}]*)\}", style()) if "--threats" in block]
    colours = [dict(re.findall(r"--([a-z]+):\s*(#[0-9a-f]{6});", block)) for block in blocks]
    return dict(zip(("light", "dark", "print"), colours, strict=True))


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2: from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize("scheme", GROUNDS)
def test_colours_can_be_read(scheme: str, colour: str) -> None:
    """Every colour that words have is AA on every ground that they stand on, by day, by night and on paper."""
    colours = schemes()[scheme]

    assert min(contrast(colours[colour], ground) for ground in (*GROUNDS[scheme], colours["soft"])) >= 4.5


def test_the_measure_is_right() -> None:
    """Black on white has the contrast that WCAG says it has."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_paper_is_light() -> None:
    """What is printed from a dark screen is printed as from a light one."""
    assert schemes()["print"] == schemes()["light"]


@pytest.mark.parametrize("where", ["body.document h1", ".report dd", ".report .notices li > *", ".times .told", ".relations .sentence"])
def test_heaped_marks_stay_where_they_are(where: str) -> None:
    """However many marks stand on a letter, they are not painted over what is told elsewhere."""
    contained = [selectors for selectors, rules in re.findall(r"([^{}]*)\{([^{}]*)\}", style()) if "contain: paint" in rules]

    assert where in {one.strip() for selectors in contained for one in selectors.split("*/")[-1].split(",")}


def test_the_style_can_stand_in_a_page() -> None:
    """Nothing in the style ends it early or fetches anything, and it reads the same wherever lines end."""
    assert "<" not in style()
    assert "@import" not in style()
    assert "\r" not in style()
