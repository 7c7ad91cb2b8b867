"""What it costs to prove a draft: little for an ordinary article, and no more than a few times that whatever the text.

Measured in the processor's time, which other work on the machine changes less than the clock's; the bounds leave room for the rest.
"""

import time
from functools import cache

import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from schemas.article import Article
from service.extraction.chunking import chunk
from service.extraction.preparing import prepare
from tests.unit.extraction.cost_parts import SCRAPS, forty, held_back, news
from tests.unit.extraction.extraction_parts import proven

pytestmark = pytest.mark.cost


def seconds(text: str, language: str = "en") -> float:
    """Return the lesser of two times that it takes to prove forty entries against `text`, from the article as received to its record."""
    draft = forty(text)

    def once() -> float:
        began = time.process_time()
        prepared = prepare(Article(text=text, language=language))
        proven([(chunk(prepared, len(text) + 1)[0], draft)], prepared)
        return time.process_time() - began

    with held_back():
        return min(once() for _ in range(2))


@cache
def ordinary(characters: int) -> float:
    """Return the seconds of news of so many characters."""
    return seconds(news(characters))


def test_an_ordinary_article_costs_little() -> None:
    """2,000 characters and forty entries: 15 ms on an idle core, no more than three times that on a busy one."""
    assert ordinary(2_000) < 0.045


def test_the_cost_is_linear() -> None:
    """A hundred times the text costs no more than a hundred and fifty times as much."""
    assert ordinary(200_000) < 150 * max(ordinary(2_000), 0.005)


@pytest.mark.parametrize("scrap", SCRAPS)
def test_b09_no_text_is_much_dearer(scrap: str) -> None:
    """The same scrap over and over, for 40,000 characters, costs no more than six times as much as news of that length."""
    language = "zh" if scrap[0] in "军威" else "ar" if scrap[0] == "ه" else "en"

    assert seconds((scrap * 40_000)[:40_000], language) < 6 * max(ordinary(40_000), 0.040)


#: Runs that a search may begin at each of their characters.
RUNS = {"dots": ".", "line ends": "\n", "numerals": "Ⅷ", "marks": "\u2de0", "dashes": "- ", "signs": "<", "letters apart": "a ", "digits for letters": "0o"}


@pytest.mark.parametrize("sign", RUNS.values(), ids=RUNS)
def test_b09_no_run_is_much_dearer(sign: str) -> None:
    """One sign for 40,000 characters, between two letters."""
    run = (sign * 40_000)[:40_000]

    assert seconds(f"a{run}'b") < 6 * max(ordinary(40_000), 0.040)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=3))
def test_b09_no_mixture_is_much_dearer(scraps: list[str]) -> None:
    """Nor does a search for dear mixtures find one."""
    spent = seconds(("".join(scraps) * 20_000)[:20_000] + "a")
    target(spent)

    assert spent < 12 * max(ordinary(20_000), 0.020)
