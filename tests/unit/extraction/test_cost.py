"""What it costs to prove a draft: little for an ordinary article, and no more than a few times that whatever the text.

Measured in the processor's time, which other work on the machine changes less than the clock's; the bounds leave room for the rest.
"""

import sys
import time
from functools import cache

import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from schemas.article import Article
from schemas.draft import Draft
from service.extraction.chunking import chunk
from service.extraction.preparing import prepare
from tests.unit.extraction.extraction_parts import actor, commitment, drafted, proven, threat, timeline
from tests.unit.extraction.extraction_parts import target as struck

SENTENCES = (
    "The Kestrian defence minister warned on Thursday that the navy would strike the base at Port Hale if the patrols do not end by Sunday. ",
    "Officials in Ormen, who asked not to be named, said that the government expected an attack within the next few days. ",
    "Belmark promised to send two air-defence batteries, and will not take part in any strike on Kestrian soil. ",
)
#: Scraps that make texts which are hard on one stage or another.
SCRAPS = (
    "a", "ab ", "1.", "threatened to strike the base, ", "not ", "if he said, ", "a\u0301\u0301\u0301", '"a" ', "军", "威胁攻击基地，", "هدد ", "A. ", "... a",
    "a … ", "Iran ", "1", "(a", "a,", "date 2024-04 ", "12 mars 2024 ", "selon des sources ", "le président américain Joe Biden ", "Long Form (LF) ", "co-",
    "ß", "\ufdfa", "«a ",
)  # fmt: skip
MAKERS = (actor, struck, threat, timeline, commitment)


def forty(text: str) -> Draft:
    """Return a draft of forty entries whose words are cut out of `text`, wherever that may be."""
    step = max(len(text) // 40, 1)
    cuts = [text[at : at + (12, 40, 90, 25)[number % 4]] for number, at in enumerate(range(0, len(text), step))][:40]
    return drafted(*(MAKERS[number % 5](words) for number, words in enumerate(cuts)))


def seconds(text: str, language: str = "en") -> float:
    """Return the lesser of two times that it takes to prove forty entries against `text`, from the article as received to its record."""
    draft = forty(text)

    def once() -> float:
        began = time.process_time()
        prepared = prepare(Article(text=text, language=language))
        proven([(chunk(prepared, len(text) + 1)[0], draft)], prepared)
        return time.process_time() - began

    return min(once() for _ in range(2))


@cache
def ordinary(characters: int) -> float:
    """Return the seconds of news of so many characters."""
    return seconds("".join(SENTENCES[number % 3] for number in range(characters // 100 + 1))[:characters])


def test_an_ordinary_article_costs_little() -> None:
    """2,000 characters and forty entries: 15 ms on an idle core, no more than twice that on a busy one, and thrice that where coverage is measured."""
    assert ordinary(2_000) < 0.030 * (3 if sys.gettrace() else 1)


def test_the_cost_is_linear() -> None:
    """A hundred times the text costs no more than a hundred and fifty times as much."""
    assert ordinary(200_000) < 150 * max(ordinary(2_000), 0.005)


@pytest.mark.parametrize("scrap", SCRAPS)
def test_no_text_is_much_dearer(scrap: str) -> None:
    """The same scrap over and over, for 40,000 characters, costs no more than six times as much as news of that length."""
    language = "zh" if scrap[0] in "军威" else "ar" if scrap[0] == "ه" else "en"

    assert seconds((scrap * 40_000)[:40_000], language) < 6 * max(ordinary(40_000), 0.040)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=3))
def test_no_mixture_is_much_dearer(scraps: list[str]) -> None:
    """Nor does a search for dear mixtures find one."""
    spent = seconds(("".join(scraps) * 20_000)[:20_000] + "a")
    target(spent)

    assert spent < 12 * max(ordinary(20_000), 0.020)
