"""Read gold articles one after another, with whatever extractor; one that fails does not stop the others."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from schemas.article import Article
from schemas.record import Record
from service.errors import VigieError
from service.evaluation.gold import GoldArticle
from service.evaluation.outcome import Outcome, failed, read


class Extracts(Protocol):
    """What is needed of an extractor."""

    async def extract(self, article: Article, *, deadline_at: float) -> Record:
        """Return the record of `article`, or raise by `deadline_at` on the event loop's clock."""


async def run(articles: Sequence[GoldArticle], extractor: Extracts, deadline_s: float, tell: Callable[[Outcome], None]) -> list[Outcome]:
    """Return what came of each of the `articles`, in their order; `tell` each as soon as it is there.

    Raises:
        VigieError: None of them could be read; this is why the last could not.
    """
    outcomes: list[Outcome] = []
    fault: VigieError | None = None
    for article in articles:
        started = time.perf_counter()
        try:
            record = await extractor.extract(article.request(), deadline_at=asyncio.get_running_loop().time() + deadline_s)
        except VigieError as error:
            fault = error
            outcomes.append(failed(article, error, time.perf_counter() - started))
        else:
            outcomes.append(read(article, record, time.perf_counter() - started))
        tell(outcomes[-1])
    if fault and all(one.failure for one in outcomes):
        raise fault
    return outcomes
