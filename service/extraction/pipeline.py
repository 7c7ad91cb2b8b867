"""The way of an article: prepare, chunk, draft, ground, judge, assemble. One way through."""

import asyncio
from collections.abc import Mapping
from functools import partial

from schemas.article import Article
from schemas.record import Extraction, Record
from schemas.vocabulary import Section
from service import examples
from service.errors import DeadlineExceeded
from service.extraction import prompting
from service.extraction.assembling import assemble
from service.extraction.candidates.finding import find
from service.extraction.chunking import chunk
from service.extraction.drafting import Drafted, Task, draft
from service.extraction.grounding import ground, quote_faults
from service.extraction.judging import judge
from service.extraction.preparing import Prepared, prepare
from service.extraction.progress import Tell, nobody
from service.models.base import Model, Profile
from service.models.budget import Budget
from service.settings import Settings

#: The prompt in use.
PROMPT = "extract.v1"


def shared_prefix(profile: Profile) -> tuple[Mapping[str, str], ...]:
    """Return the messages that stand before every article, so that a model can read them before the first one comes."""
    return prompting.prefix(prompting.load(PROMPT), tuple(Section), profile)


def warm_up() -> None:
    """Have the tables read that articles need, seconds of work, so that the first caller does not wait for it."""
    for language in examples.LANGUAGES:
        find(prepare(Article.model_validate(examples.request(language))))


class Extractor:
    """Turns articles into records with one model."""

    def __init__(self, model: Model, settings: Settings) -> None:
        """Keep the parts.

        Args:
            model: The model that reads.
            settings: Names the longest chunk.
        """
        self._model = model
        self._chunk_chars = min(settings.chunk_chars, model.profile.chunk_chars)
        self._prompt = prompting.load(PROMPT)

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody) -> Record:
        """Return the record of `article`.

        Args:
            article: What to read.
            deadline_at: When the record must be there, on the clock of the running event loop.
            tell: Told how far the reading is.

        Raises:
            RequestError: The article cannot be read as it is.
            ModelError: The model, or the way to it, failed.
            DeadlineExceeded: The deadline passed first.
        """
        try:
            async with asyncio.timeout_at(deadline_at):
                prepared = await asyncio.to_thread(prepare, article)
                await self._model.check()
                return await self._read(prepared, Budget(deadline_at), tell)
        except TimeoutError:
            raise DeadlineExceeded from None

    async def _read(self, prepared: Prepared, budget: Budget, tell: Tell) -> Record:
        chunks = await asyncio.to_thread(chunk, prepared, self._chunk_chars)
        sections = [section for section in Section if section in prepared.article.options.sections]
        find_faults = partial(quote_faults, prepared=prepared)
        drafted = await draft(Task(prepared, chunks, sections, self._model, self._prompt, find_faults, budget, tell))
        # Off the loop: a long text costs tens of milliseconds, which other callers need not wait for.
        return await asyncio.to_thread(self._prove, prepared, drafted, sections, len(chunks))

    def _prove(self, prepared: Prepared, drafted: Drafted, sections: list[Section], chunks: int) -> Record:
        grounded = ground(drafted.drafts, prepared)
        judged = judge(grounded, prepared)
        how = Extraction(
            model=self._model.name,
            prompt=self._prompt.name,
            prompt_sha256=self._prompt.sha256,
            sections=sections,
            calls=drafted.calls,
            chunks=chunks,
            usage=drafted.usage,
        )
        return assemble(prepared, grounded, judged, drafted.warnings, how)
