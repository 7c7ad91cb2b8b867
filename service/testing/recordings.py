"""A folder of recordings that a test writes by saying what the model finds. It is what record mode would have written, had the model said so."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import openai

from schemas.article import Article
from schemas.record import Record
from service.errors import SetupError, VigieError
from service.extraction.pipeline import Extractor
from service.intake import JSON, article_of
from service.models.exchanges import Folder, Identity
from service.models.openai import OpenAIModel, profile_for
from service.models.replay import RecordingModel
from service.settings import bare_settings
from service.testing.endpoint import Endpoint
from service.testing.entries import Entry

#: The recordings that come with Vigie: the embedded model's, of its examples and of the reporting half of the gold.
SHIPPED = Path(__file__).parents[1] / "examples" / "recordings"
#: What the model is called whose answers are written by hand.
NAME = "hand-written"
#: Seconds for one article: no model takes part.
_READING_S = 60.0


class Recordings:
    """A folder of recordings, which replay mode serves: also those that are added while it does, and of an article what was said last."""

    def __init__(self, folder: Path) -> None:
        """Keep the `folder`; it is made where it is missing. One that holds the answers of a real model is served, and nothing can be added to it.

        Raises:
            service.errors.SetupError: It cannot be written, or not be read.
        """
        self.folder = folder
        try:
            Folder(folder).identity()
        except SetupError:
            Folder(folder).begin(Identity.of(_model(Endpoint())))

    def finds(self, article: str | Article | Mapping[str, Any], *entries: Entry, record: Record | Mapping[str, Any] | None = None) -> Record:
        """Have the model find just this in an article from now on, and return the record that callers will get.

        Args:
            article: The text, or the body of the request; callers must send the same, and ask for the same sections.
            entries: What the model finds: `service.testing.threat` and the others. None: nothing.
            record: What it finds besides, as a record (`entries_of`).

        Raises:
            service.errors.SetupError: The folder holds the answers of a real model.
            service.errors.VigieError: There is no record of such an article, whatever the model finds.
        """
        article = _article_of(article)
        return self._read(article, Endpoint(entries, record=record, article=article.text))

    def fails(self, article: str | Article | Mapping[str, Any], fault: str) -> VigieError | None:
        """Have the model, or the way to it, fail at an article from now on; return what callers will be told, or None if they get a record all the same.

        Args:
            article: As for `finds`.
            fault: The name of the fault (`FAULTS`).

        Raises:
            ValueError: There is no such fault.
            service.errors.SetupError: The folder holds the answers of a real model.
        """
        article = _article_of(article)
        try:
            self._read(article, Endpoint(fails=fault, article=article.text))
        except SetupError:
            raise
        except VigieError as error:
            return error
        return None

    def _read(self, article: Article, endpoint: Endpoint) -> Record:
        """Read `article` as record mode does, but that faults take the place of answers too. In a thread: the test may run in a loop of its own."""

        async def read() -> Record:
            model = RecordingModel(_model(endpoint), self.folder, replaces=True)
            try:
                return await Extractor(model, bare_settings()).extract(article, deadline_at=asyncio.get_running_loop().time() + _READING_S)
            finally:
                await model.close()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, read()).result()


def _model(endpoint: Endpoint) -> OpenAIModel:
    """Return the model behind `endpoint`, by the same adapter as any other, so that its faults are what they would be."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        try:
            reply = endpoint.answer(request.content)
        except TimeoutError:
            raise httpx2.ReadTimeout("nothing came", request=request) from None
        except ConnectionError:
            raise httpx2.RemoteProtocolError("it broke off", request=request) from None
        return httpx2.Response(reply.status, headers=reply.headers, content=reply.body)

    client = openai.AsyncOpenAI(
        base_url="http://model.test/v1", api_key="none", max_retries=0, http_client=httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    )
    settings = bare_settings()
    return OpenAIModel(client, name=NAME, profile=profile_for(settings), output_mode=settings.output_mode)


def _article_of(article: str | Article | Mapping[str, Any]) -> Article:
    if isinstance(article, Article):
        return article
    return Article(text=article) if isinstance(article, str) else article_of(json.dumps(dict(article)).encode(), JSON)
