"""The parts that tests of the service put in place of the model and of the way of an article."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar.testing import AsyncTestClient
from openai.types.chat import ChatCompletion

from schemas.article import Article
from schemas.record import ArticleFacts, Extraction, Record, Usage
from schemas.vocabulary import PublishedBasis
from service.app import app_around
from service.errors import ModelLoading, VigieError
from service.extraction.progress import Tell, nobody
from service.models.base import ModelCall, OutputMode, Profile
from service.settings import Settings

#: Words that must never be seen outside of a record.
CANARY = "canari-7f3a"


def record_of(article: Article) -> Record:
    """Return an empty record of `article`."""
    facts = ArticleFacts(
        sha256=hashlib.sha256(article.text.encode()).hexdigest(),
        characters=len(article.text),
        language="fr",
        published=article.published,
        published_basis=PublishedBasis.GIVEN if article.published else PublishedBasis.NONE,
        title=article.title,
        source=article.source,
    )
    usage = Usage(prompt_tokens=11, cached_tokens=3, completion_tokens=7, cost_usd=None)
    extraction = Extraction(model="fake", prompt="extract.v1", prompt_sha256="0" * 64, sections=[*article.options.sections], calls=2, chunks=1, usage=usage)
    return Record(
        schema_version="1",
        id="rec_0",
        article=facts,
        actors=[],
        threats=[],
        targets=[],
        timelines=[],
        commitments=[],
        rejected=[],
        rejected_omitted=0,
        warnings=[],
        extraction=extraction,
    )


class FakeModel:
    """A model that counts what is done to it."""

    name = "fake"
    profile = Profile(chunk_chars=1_000, section_by_section=False, max_completion_tokens=100, reask_quotes=False)
    output_mode = OutputMode.JSON_SCHEMA

    def __init__(self, *, fails: VigieError | None = None, loading: int = 0) -> None:
        """Be ready after `loading` checks, or fail."""
        self.fails, self.loading, self.seen = fails, loading, list[str]()

    async def start(self) -> None:
        """Note it."""
        self.seen.append("start")

    async def close(self) -> None:
        """Note it."""
        self.seen.append("close")

    async def check(self) -> None:
        """Fail as told."""
        if self.loading:
            self.loading -= 1
            raise ModelLoading
        if self.fails:
            raise self.fails

    async def complete(self, call: ModelCall) -> ChatCompletion:
        """Fail as told; nothing else is asked of it here."""
        raise self.fails or NotImplementedError


class FakeExtractor:
    """An extractor that returns an empty record, or fails, or waits."""

    def __init__(self, *, fails: Exception | None = None, waits: bool = False) -> None:
        """Do as told."""
        self.fails, self.waits = fails, waits
        self.articles: list[Article] = []
        self.seconds: list[float] = []
        self.begun, self.cancelled = asyncio.Event(), asyncio.Event()

    async def extract(self, article: Article, *, deadline_at: float, tell: Tell = nobody, **_how: object) -> Record:
        """Keep what was asked, then do as told."""
        self.begun.set()
        self.articles.append(article)
        self.seconds.append(deadline_at - asyncio.get_running_loop().time())
        if self.fails:
            raise self.fails
        try:
            await asyncio.sleep(3_600 if self.waits else 0)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return record_of(article)


@asynccontextmanager
async def client(extractor: FakeExtractor | None = None, *, model: FakeModel | None = None, settings: Settings | None = None) -> AsyncIterator[AsyncTestClient]:  # type: ignore[type-arg]
    """Yield a client of a service made of fakes."""
    app = app_around(settings or Settings(), model or FakeModel(), extractor or FakeExtractor())
    async with AsyncTestClient(app, raise_server_exceptions=False) as caller:
        yield caller
