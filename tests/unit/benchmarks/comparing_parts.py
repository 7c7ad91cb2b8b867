"""The parts that tests of the comparison share."""

from collections.abc import Sequence
from functools import cache

from benchmarks.quality.answers import Answer
from benchmarks.quality.results import Compared, Conditions, results_of
from service.evaluation.gold import GoldArticle
from service.evaluation.outcome import Cost
from service.evaluation.reading import Found, Reading
from tests.unit.evaluation.evaluation_parts import gold, perfect

TEXT = "Kestria will shell the base at Orsk. The school is safe. Belmark will help."
ARTICLES = [
    gold(
        f"{TEXT} {name}",
        name=name,
        half="reporting",
        actors=[{"name": ["Kestria"], "kind": "state"}, {"name": ["Belmark"], "kind": "state"}],
        targets=[{"name": ["the base at Orsk"], "category": "military", "status": "threatened"}],
        never=[{"name": ["The school"], "why": "civilian"}],
    )
    for name in ("en-a", "en-b")
]
CONDITIONS = Conditions("tiny", "a" * 64, cores=2, runs=1, versions={"instructor": "1.17.0", "langextract": "1.7.1", "vigie": "0.1"})

#: Half of what there is, and a school.
POOR = Reading(actors=(Found(("Kestria",), ((0, 7),), {"kind": "person"}),), targets=(Found(("The school",), ((37, 47),), {}),), quotes=2, verbatim=1)


def answer(reading: Reading, *, seconds: float = 10, cut_off: int = 0, failure: str | None = None) -> Answer:
    """Return an answer of one call."""
    return Answer(reading, Cost(1, 100, 80, 30, seconds), cut_off, failure)


def good(article: GoldArticle) -> Answer:
    """Return the answer of who finds all, in twelve seconds."""
    return answer(perfect(article), seconds=12)


def compared(**answers: Sequence[Answer]) -> Compared:
    """Return a comparison of readers who give these answers to both articles."""
    return results_of(ARTICLES, answers, CONDITIONS)


@cache
def usual() -> Compared:
    """Return a comparison of who finds half and was cut off once, of who finds nothing, and of Vigie, which finds all."""
    poor = [answer(POOR), answer(POOR, cut_off=1, failure="cut off")]
    return compared(instructor=poor, langextract=[answer(Reading())] * 2, vigie=[*map(good, ARTICLES)])
