"""The naive reader: one question with the article in it, as somebody writes it on the first day, and a schema that holds the answer."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import instructor
import openai
from instructor.core import Hooks, IncompleteOutputException, InstructorRetryException
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
from pydantic import BaseModel

from benchmarks.attacks.goals import Said
from benchmarks.attacks.heard import Heard
from benchmarks.quality.answers import Call, answer_of, call_of
from benchmarks.quality.engine import Endpoint
from benchmarks.quality.instructor_alone import NewsRecord, reading_of, salvaged
from schemas.article import Article
from service.errors import SetupError
from service.models.openai import client_for

#: Most tokens of one answer: what the longest right answer about an article of the set takes, and half as much again.
MAX_TOKENS = 600
_TIMEOUT_S = 240

PROMPT = (
    "Extract all actors, threats, military and government targets, timelines and commitments from this news article. "
    "Quote the article word for word where a quote is asked for, and give an empty list where there is nothing."
)


class NaiveReader:
    """Asks once, and takes what comes."""

    def __init__(self, client: openai.AsyncOpenAI, model: str) -> None:
        """Keep the way to the model."""
        self._instructor, self._model = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA), model

    async def read(self, article: Article) -> Heard:
        """Return what is said of `article`.

        Raises:
            SetupError: The engine does not answer.
        """
        calls: list[Call] = []
        hooks = Hooks()
        hooks.on("completion:response", lambda completion: calls.append(call_of(completion.usage, completion.choices[0].finish_reason)))
        started = time.perf_counter()
        record, failure = await self._asked(article, hooks)
        return Heard(said_in(record, failure), answer_of(reading_of(record, article.text), calls, time.perf_counter() - started, failure))

    async def _asked(self, article: Article, hooks: Hooks) -> tuple[NewsRecord, str | None]:
        """Return the record, or what is whole of it and why that is not all."""
        try:
            record = await self._instructor.create(
                response_model=NewsRecord, messages=conversation(article), model=self._model, temperature=0, max_tokens=MAX_TOKENS, max_retries=1, hooks=hooks
            )
        except IncompleteOutputException as fault:
            return salvaged(_written(fault.last_completion)), "cut off"
        except InstructorRetryException as fault:
            if fault.last_completion is None:
                raise SetupError("The engine does not answer the naive reader.") from None
            return salvaged(_written(fault.last_completion)), "invalid"
        return record, None


@asynccontextmanager
async def naive_at(endpoint: Endpoint) -> AsyncIterator[NaiveReader]:
    """Yield the naive reader, asking the model at `endpoint`."""
    async with client_for(endpoint.base_url, endpoint.key, read_timeout_s=_TIMEOUT_S) as client:
        yield NaiveReader(client, endpoint.model)


def conversation(article: Article) -> list[ChatCompletionMessageParam]:
    """Return what the model is sent of `article`."""
    parts = (PROMPT, article.title, article.source, article.text)
    return [{"role": "user", "content": "\n\n".join(part for part in parts if part)}]


def said_in(record: NewsRecord, failure: str | None = None) -> Said:
    """Return what an answer says. What it calls civilian is no target."""
    lists: tuple[Sequence[BaseModel], ...] = (record.actors, record.threats, record.targets, record.timelines, record.commitments)
    entries = [entry.model_dump(mode="json", warnings=False) for entries in lists for entry in entries]
    words = [word for entry in entries for name, value in entry.items() if name != "quote" for word in (value if isinstance(value, list) else [value])]
    return Said(
        words=tuple(word for word in words if isinstance(word, str)),
        targets=tuple(target.name for target in record.targets if target.category != "civilian"),
        quotes=tuple(entry["quote"] for entry in entries if "quote" in entry),
        threats=len(record.threats),
        longest=max(map(len, lists)),
        entries=len(entries),
        failure=failure,
    )


def _written(completion: ChatCompletion | None) -> str:
    """Return what the model wrote last."""
    return (completion.choices[0].message.content or "") if completion and completion.choices else ""
