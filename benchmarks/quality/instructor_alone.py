"""Instructor alone: the record's fields as one Pydantic model and one call an article, as a good user of it would write that.

The endpoint enforces the schema (`Mode.JSON_SCHEMA`) but the model is not shown it: the instructions and a worked example tell what goes where. What was
tried is in docs/benchmarks/quality.md.
"""

import json
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import instructor
import openai
from instructor.core import Hooks, IncompleteOutputException, InstructorRetryException
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from benchmarks.quality.answers import Answer, Call, answer_of, call_of
from benchmarks.quality.engine import Endpoint
from benchmarks.quality.finding import distinct, parties, places
from schemas.article import Article
from schemas.vocabulary import ActorKind, CommitmentKind, Direction, Means, Polarity, TargetKind, TargetStatus, ThreatBasis, ThreatKind, ThreatStage
from service.errors import SetupError
from service.evaluation.gold import GoldArticle
from service.evaluation.reading import Found, Parties, Reading
from service.models.openai import client_for

#: Most tokens of one answer: more than twice what the longest right answer takes.
MAX_TOKENS = 2_000
#: Longer than it takes to write so many.
_TIMEOUT_S = 1_800

_Names = list[str]
_Entry = TypeVar("_Entry", bound=BaseModel)


class Actor(BaseModel):
    """Whoever acts, speaks, is threatened or is struck."""

    name: str = Field(description="The name as written in the article.")
    aliases: _Names = Field(max_length=4, description="Other names of the same actor in the article.")
    kind: ActorKind = Field(description="What it is; people who inform the press without a name are `unnamed_source`.")
    country: str | None = Field(description="ISO 3166-1 alpha-3 code of its country, or null.")


class Target(BaseModel):
    """What may be struck or was struck."""

    quote: str = Field(description="The words of the article that say so, verbatim.")
    name: str = Field(description="What is struck, as written in the article.")
    category: Literal["military", "government", "civilian"] = Field(description="What it is by its nature.")
    kind: TargetKind = Field(description="Which sort of thing it is.")
    status: TargetStatus = Field(description="`threatened` if it may still be struck, `attacked` if it was.")
    place: str | None = Field(description="Where it stands, as written in the article, or null.")
    by: _Names = Field(max_length=4, description="Who strikes it.")


class Threat(BaseModel):
    """Harm that is still to come, declared by who would do it or expected by others."""

    quote: str = Field(description="The words of the article that say so, verbatim.")
    by: _Names = Field(max_length=4, description="Who would do it.")
    against: _Names = Field(max_length=4, description="Who would suffer it.")
    asserted_by: _Names = Field(max_length=4, description="Whose claim or assessment it is.")
    kind: ThreatKind = Field(description="What would be done.")
    basis: ThreatBasis = Field(description="`declared` by who would do it, or `assessed` by others.")
    stage: ThreatStage = Field(description="What became of the threat in the article.")
    action: str = Field(description="What would be done, in a few English words.")
    means: list[Means] = Field(max_length=4, description="With what.")
    condition: str | None = Field(description="The words after `if` or `unless`, verbatim, or null.")


class Timeline(BaseModel):
    """An expression of time and the interval of days that it means."""

    expression: str = Field(description="The words of the article that tell the time, verbatim.")
    event: str = Field(description="What happens then, in a few English words.")
    start: date | None = Field(description="First possible day, or null.")
    end: date | None = Field(description="Last possible day, or null.")
    direction: Direction = Field(description="Seen from the day of publication.")


class Commitment(BaseModel):
    """What someone says that it will or will not do."""

    quote: str = Field(description="The words of the article that say so, verbatim.")
    kind: CommitmentKind = Field(description="Which sort of thing is promised or refused.")
    speakers: _Names = Field(max_length=4, description="Who says it.")
    beneficiaries: _Names = Field(max_length=4, description="Whom it serves.")
    polarity: Polarity = Field(description="`will` if it is promised, `will_not` if it is refused.")
    commitment: str = Field(description="What is promised or refused, in a few English words.")


class NewsRecord(BaseModel):
    """What one article says."""

    actors: list[Actor] = Field(max_length=15)
    threats: list[Threat] = Field(max_length=6)
    targets: list[Target] = Field(max_length=8)
    timelines: list[Timeline] = Field(max_length=10)
    commitments: list[Commitment] = Field(max_length=6)


INSTRUCTIONS = """\
You read a news article in any language and extract what it says as JSON: actors, threats, targets, timelines and commitments.

- actors: whoever acts, speaks, is threatened or is struck: states, governments, forces, armed groups, organisations, persons, unnamed sources.
- threats: harm that is still to come, declared by who would do it or assessed by others. An attack that is over, a denial or a hypothesis is no threat.
- targets: each thing or person that may be struck or was struck. Call it military, government (police, courts, officials, diplomats) or civilian by what \
it is. Countries, towns and armed groups are no targets.
- timelines: each expression of time that dates an event, with the first and last day that it can mean, reckoned from the date of publication; null where \
that is open.
- commitments: what someone says that it will or will not do: help, defence, retaliation, restraint, talks, withdrawal. A demand, an opinion or a fact is none.

Copy name, quote, expression and condition from the article letter by letter, in its own language. Write action, event and commitment in English. \
List each thing once. Where there is nothing, give an empty list; add nothing that the article does not say."""


class Asking:
    """Asks by Instructor, once, and once more where the answer does not fit the model."""

    def __init__(self, client: openai.AsyncOpenAI, model: str, max_tokens: int, who: str) -> None:
        """Keep the way to the model, the most tokens of one answer, and who asks."""
        self._instructor, self._model = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA), model
        self._max_tokens, self._who = max_tokens, who

    async def ask(self, messages: list[ChatCompletionMessageParam], text: str) -> tuple[NewsRecord, Answer]:
        """Return the record of the article with this `text`, or what is whole of it, and the answer that it is.

        Raises:
            SetupError: The engine does not answer.
        """
        calls: list[Call] = []
        hooks = Hooks()
        hooks.on("completion:response", lambda completion: calls.append(call_of(completion.usage, completion.choices[0].finish_reason)))
        started = time.perf_counter()
        record, failure = await self._asked(messages, hooks)
        return record, answer_of(reading_of(record, text), calls, time.perf_counter() - started, failure)

    async def _asked(self, messages: list[ChatCompletionMessageParam], hooks: Hooks) -> tuple[NewsRecord, str | None]:
        """Return the record, or what is whole of it and why that is not all."""
        try:
            record = await self._instructor.create(
                response_model=NewsRecord, messages=messages, model=self._model, temperature=0, max_tokens=self._max_tokens, max_retries=1, hooks=hooks
            )
        except IncompleteOutputException as fault:
            return salvaged(_written(fault.last_completion)), "cut off"
        except InstructorRetryException as fault:
            if fault.last_completion is None:
                raise SetupError(f"The engine does not answer {self._who}.") from None
            return salvaged(_written(fault.last_completion)), "invalid"
        return record, None


class InstructorAlone:
    """Reads an article in one call, and once more where the answer does not fit the model."""

    def __init__(self, client: openai.AsyncOpenAI, model: str) -> None:
        """Keep the way to the model."""
        self._asking = Asking(client, model, MAX_TOKENS, "Instructor")

    async def read(self, article: GoldArticle) -> Answer:
        """Return what is in `article`.

        Raises:
            SetupError: The engine does not answer.
        """
        _, answer = await self._asking.ask(conversation(article.request()), article.text)
        return answer


@asynccontextmanager
async def instructor_at(endpoint: Endpoint) -> AsyncIterator[InstructorAlone]:
    """Yield Instructor, asking the model at `endpoint`."""
    async with client_for(endpoint.base_url, endpoint.key, read_timeout_s=_TIMEOUT_S) as client:
        yield InstructorAlone(client, endpoint.model)


@cache
def example() -> tuple[ChatCompletionMessageParam, ChatCompletionMessageParam]:
    """Return the worked example as a conversation that went well."""
    shown = json.loads(Path(__file__).with_name("instructor_example.json").read_text(encoding="utf-8"))
    answer = NewsRecord.model_validate(shown["record"]).model_dump_json()
    return _question(shown["text"], shown["published"]), {"role": "assistant", "content": answer}


def conversation(article: Article) -> list[ChatCompletionMessageParam]:
    """Return what the model is sent of `article`."""
    return [{"role": "system", "content": INSTRUCTIONS}, *example(), _question(article.text, article.published)]


def salvaged(written: str) -> NewsRecord:
    """Return the entries that are whole in an answer that was cut off or does not fit."""
    partial: Any = None
    with suppress(ValueError):
        partial = from_json(written, allow_partial=True)
    told = partial if isinstance(partial, dict) else {}
    return NewsRecord.model_construct(
        actors=[*_whole(Actor, told.get("actors"))],
        threats=[*_whole(Threat, told.get("threats"))],
        targets=[*_whole(Target, told.get("targets"))],
        timelines=[*_whole(Timeline, told.get("timelines"))],
        commitments=[*_whole(Commitment, told.get("commitments"))],
    )


def reading_of(record: NewsRecord, text: str) -> Reading:
    """Return what `record` says of the article with this `text`. What it calls civilian is no target."""
    names = [(actor.name, *actor.aliases) for actor in record.actors]
    entries: list[Threat | Target | Commitment] = [*record.threats, *record.targets, *record.commitments]
    offered = (*(one.name for one in record.actors), *(one.expression for one in record.timelines), *(one.quote for one in entries))
    quoted = [words for words in offered if words.strip()]
    return Reading(
        actors=distinct((one.name, Found((one.name, *one.aliases), places(one.name, text), {"kind": one.kind})) for one in record.actors),
        targets=distinct(
            (one.name, Found((one.name,), places(one.quote, text), {"category": one.category, "status": one.status}))
            for one in record.targets
            if one.category != "civilian"
        ),
        threats=distinct((one.quote, Found(spans=places(one.quote, text), fields=_threat(one, names))) for one in record.threats),
        timelines=distinct(
            (
                one.expression,
                Found((one.expression,), places(one.expression, text), {"start": _day(one.start), "end": _day(one.end), "direction": one.direction}),
            )
            for one in record.timelines
        ),
        commitments=distinct((one.quote, Found(spans=places(one.quote, text), fields=_commitment(one, names))) for one in record.commitments),
        quotes=len(quoted),
        verbatim=sum(quote in text for quote in quoted),
    )


def _question(text: str, published: str | None) -> ChatCompletionMessageParam:
    return {"role": "user", "content": f"Published: {published or 'not known'}\n\n{text}"}


def _written(completion: ChatCompletion | None) -> str:
    """Return what the model wrote last."""
    return (completion.choices[0].message.content or "") if completion and completion.choices else ""


def _whole(entry: type[_Entry], items: object) -> Iterator[_Entry]:
    """Yield those of `items` that are whole."""
    for item in items if isinstance(items, list) else ():
        with suppress(ValidationError):
            yield entry.model_validate(item)


def _threat(one: Threat, names: Sequence[tuple[str, ...]]) -> dict[str, str | Parties | None]:
    return {"by": parties(one.by, names), "against": parties(one.against, names), "basis": one.basis, "kind": one.kind, "condition": one.condition}


def _commitment(one: Commitment, names: Sequence[tuple[str, ...]]) -> dict[str, str | Parties | None]:
    return {"speakers": parties(one.speakers, names), "polarity": one.polarity, "kind": one.kind}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
