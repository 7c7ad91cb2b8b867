"""The way of an article: prepare, chunk, draft, ground, judge, assemble. One way through."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from pydantic import BaseModel

from schemas.article import Article
from schemas.record import Extraction, Record
from schemas.vocabulary import Section
from service import examples
from service.errors import DeadlineExceeded
from service.extraction import prompting
from service.extraction.assembling import assemble
from service.extraction.beside import Beside, Threads
from service.extraction.candidates.finding import find
from service.extraction.chunking import Chunk, chunk
from service.extraction.drafting import Drafted, Lanes, Task, draft, one_lane
from service.extraction.grounding import ground, quote_faults
from service.extraction.judging import judge
from service.extraction.preparing import Prepared, prepare
from service.extraction.progress import Hear, Tell, nobody
from service.extraction.provisional import Provisional
from service.models.base import Model, Profile
from service.models.budget import Budget
from service.models.pricing import price_for
from service.models.spending import Spending, Used, unheard
from service.settings import Settings

#: The prompt in use.
PROMPT = "extract.v1"
#: What proving takes of the time that a caller gives, at most: of each text, and of each of its characters.
_PROVING_S, _PROVING_S_PER_CHAR = 0.25, 60e-6


def shared_prefix(profile: Profile) -> tuple[Mapping[str, str], ...]:
    """Return the messages that stand before every article, so that a model can read them before the first one comes."""
    return prompting.prefix(prompting.load(PROMPT), tuple(Section), profile)


def warm_up() -> None:
    """Have the tables read that articles need, seconds of work, so that the first caller does not wait for it."""
    for language in examples.LANGUAGES:
        find(prepare(Article.model_validate(examples.request(language))))


@dataclass(frozen=True, slots=True)
class _Asked:
    """How an article is asked to be read."""

    deadline_at: float
    tell: Tell
    hear: Hear | None
    lanes: Lanes
    beside: Beside


class Extractor:
    """Turns articles into records with one model."""

    def __init__(self, model: Model, settings: Settings, used: Used = unheard) -> None:
        """Keep the parts.

        Args:
            model: The model that reads.
            settings: Names the longest chunk, and what tokens cost.
            used: Is told what each answer used, also where no record comes of it.
        """
        self._model, self._used, self._price = model, used, price_for(settings)
        self._chunk_chars = min(settings.chunk_chars, model.profile.chunk_chars)
        # Which pieces are asked about before a fault ends the reading must be the same each time.
        self._is_repeatable = settings.mode != "live"
        self._prompt = prompting.load(PROMPT)
        self._threads = Threads()

    async def close(self) -> None:
        """End the threads; nothing is read any more."""
        self._threads.close()

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, hear: Hear | None = None, lanes: Lanes = one_lane) -> Record:
        """Return the record of `article`.

        Args:
            article: What to read.
            deadline_at: When the record must be there, on the clock of the running event loop.
            tell: Told how far the reading is.
            hear: Told of entries as they are proven, before the record is there.
            lanes: Where room comes from to read pieces of it side by side.

        Raises:
            RequestError: The article cannot be read as it is.
            ModelError: The model, or the way to it, failed.
            DeadlineExceeded: The deadline passed first.
        """
        beside = self._threads.of(article.text)
        try:
            async with asyncio.timeout_at(deadline_at):
                prepared, chunks = await beside(self._prepare, article)
                await self._model.check()
                return await self._read(prepared, chunks, _Asked(deadline_at, tell, hear, lanes, beside))
        except TimeoutError:
            raise DeadlineExceeded from None

    def _prepare(self, article: Article) -> tuple[Prepared, list[Chunk]]:
        prepared = prepare(article)
        return prepared, chunk(prepared, self._chunk_chars, self._model.profile.chunk_tokens)

    async def _read(self, prepared: Prepared, chunks: list[Chunk], asked: _Asked) -> Record:
        sections = [section for section in Section if section in prepared.article.options.sections]
        find_faults = partial(quote_faults, prepared=prepared)
        read_by = self._read_by(prepared, asked.deadline_at) if len(chunks) > 1 and prepared.article.options.partial else None
        budget = Budget(asked.deadline_at if read_by is None else read_by)
        spending = Spending(self._price, self._used)

        def prove(drafts: Sequence[tuple[Chunk, BaseModel]]) -> Record:
            return self._prove(prepared, Drafted(tuple(drafts), 0, spending.usage(), ()), sections, len(chunks))

        provisional = Provisional(prove, asked.hear, asked.beside) if asked.hear else None
        lanes = one_lane if self._is_repeatable else asked.lanes
        try:
            drafted = await draft(
                Task(
                    prepared,
                    chunks,
                    sections,
                    self._model,
                    self._prompt,
                    find_faults,
                    budget,
                    spending,
                    tell=asked.tell,
                    lanes=lanes,
                    read_by=read_by,
                    provisional=provisional,
                    beside=asked.beside,
                )
            )
            if provisional:
                # The record counts, and needs what time is left.
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(read_by):
                        await provisional.settle()
        finally:
            if provisional:
                provisional.drop()
        return await asked.beside(self._prove, prepared, drafted, sections, len(chunks))

    def _read_by(self, prepared: Prepared, deadline_at: float) -> float:
        """Return when pieces that are not read yet are left out: as long before the deadline as proving the others takes, or at half time."""
        left_s = deadline_at - asyncio.get_running_loop().time()
        return deadline_at - min(_PROVING_S + _PROVING_S_PER_CHAR * len(prepared.text), left_s / 2)

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
