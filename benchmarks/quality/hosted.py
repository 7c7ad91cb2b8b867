"""What one article costs a hosted model: the tokens that it is sent, and those of an answer that holds just what the gold does.

What is sent is what Vigie's profile for endpoints sends, and what langextract was seen to send. The answer is written out of the gold for both, in the form
that each asks for, so that neither is charged for what a small model adds or leaves out. The schema is counted for neither: providers do so each in its own
way.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any, TypeVar

import httpx2
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ConfigDict

from benchmarks.quality.answers import Answer
from benchmarks.quality.engine import Endpoint
from schemas.vocabulary import Section
from service.evaluation.gold import GoldActor, GoldArticle, GoldCommitment, GoldTarget, GoldThreat, GoldTimeline
from service.extraction.pipeline import Extractor
from service.models.base import ModelCall, OutputMode
from service.models.openai import profile_for
from service.models.replies import completion_of
from service.settings import Settings

Entry = Mapping[str, object]
Gold = TypeVar("Gold", GoldActor, GoldTarget, GoldTimeline, GoldThreat, GoldCommitment)

_COUNT_S = 60
#: Words of ours in an answer are a few, in English.
_FEW_WORDS = "strike military and government sites"
_A_TIME = {"kind": "weekday", "bound": "in", "when": "past", "weekday": "tue", "week": None, "clock": None, "not_now": False}


class Tokens(BaseModel):
    """Mean tokens of one article."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sent: float
    answered: float

    @property
    def both(self) -> float:
        """Those sent and those answered."""
        return self.sent + self.answered


class Hosted(BaseModel):
    """What articles cost a hosted model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Tokens before the article that never change.
    prefix: int
    vigie: Tokens
    langextract: Tokens


class _Listener:
    """A model behind an endpoint as far as Vigie can tell. It hears what it is sent and finds nothing."""

    def __init__(self, settings: Settings) -> None:
        self.name, self.profile, self.output_mode = "listener", profile_for(settings), OutputMode.JSON_SCHEMA
        self.heard: list[Sequence[Mapping[str, Any]]] = []

    async def complete(self, call: ModelCall) -> ChatCompletion:
        self.heard.append(call.messages)
        return completion_of({"content": json.dumps({section: [] for section in Section})}, "stop", usage=None, model=self.name)

    async def check(self) -> None:
        pass

    async def start(self) -> None:
        pass

    async def close(self) -> None:
        pass


async def hosted(articles: Sequence[GoldArticle], langextract: Sequence[Answer], settings: Settings, endpoint: Endpoint) -> Hosted:
    """Return what `articles` cost a hosted model, in tokens of the model at `endpoint`.

    Args:
        articles: What is read.
        langextract: Its answers to them.
        settings: With which Vigie is set up.
        endpoint: An engine that counts.
    """
    listener = _Listener(settings)
    extractor = Extractor(listener, settings)
    for article in articles:
        await extractor.extract(article.request(), deadline_at=asyncio.get_running_loop().time() + settings.max_deadline_s)
    address, authorisation = endpoint.base_url.removesuffix("/v1"), {"Authorization": f"Bearer {endpoint.key}"}
    async with httpx2.AsyncClient(base_url=address, headers=authorisation, timeout=_COUNT_S, trust_env=False) as client:
        sent = [await _tokens(client, await _templated(client, messages)) for messages in listener.heard]
        ours = [await _tokens(client, written(draft_of(article))) for article in articles]
        theirs = [await _tokens(client, written(extractions_of(article))) for article in articles]
        prefix = await _tokens(client, await _templated(client, listener.heard[0][:-1]))
    return Hosted(
        prefix=prefix,
        vigie=Tokens(sent=sum(sent) / len(articles), answered=fmean(ours)),
        langextract=Tokens(sent=fmean(answer.cost.prompt_tokens for answer in langextract), answered=fmean(theirs)),
    )


def written(answer: object) -> str:
    """Return an answer as a model writes it that wastes nothing."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def draft_of(article: GoldArticle) -> dict[str, list[Entry]]:
    """Return what a model would write for Vigie that finds what must be found in `article`."""
    told = article.annotation
    actors: list[Entry] = [
        {"name": one.name[0], "kind": one.kind or "other", "country": None, "part_of": None, "aliases": one.name[1:5]} for one in _required(told.actors)
    ]
    targets: list[Entry] = [
        {"name": one.name[0], "kind": "other", "category": one.category, "status": one.status, "place": None, "owner": None, "by": None, "when": None}
        for one in _required(told.targets)
    ]
    timelines: list[Entry] = [
        {"expression": one.expression[0], "direction": one.direction or "past", "time": _A_TIME, "event": _FEW_WORDS} for one in _required(told.timelines)
    ]
    threats: list[Entry] = [
        {
            "quote": one.quote[0],
            "by": one.by or (),
            "against": one.against or (),
            "basis": one.basis or "declared",
            "asserted_by": one.by or (),
            "reported_by": (),
            "kind": one.kind or "other",
            "stage": "threatened",
            "means": (),
            "action": _FEW_WORDS,
            "condition": one.condition,
            "likelihood": None,
            "when": None,
        }
        for one in _required(told.threats)
    ]
    commitments: list[Entry] = [
        {
            "quote": one.quote[0],
            "speakers": one.speakers or (),
            "on_behalf_of": (),
            "beneficiaries": (),
            "kind": one.kind or "other",
            "polarity": one.polarity or "will",
            "commitment": _FEW_WORDS,
            "direct_quote": None,
            "condition": None,
            "when": None,
        }
        for one in _required(told.commitments)
    ]
    return {"actors": actors, "targets": targets, "timelines": timelines, "threats": threats, "commitments": commitments}


def extractions_of(article: GoldArticle) -> dict[str, list[Entry]]:
    """Return the same as langextract has it written, by the examples that it is given."""
    told = article.annotation
    actors = [_extraction("actor", one.name, kind=one.kind or "other") for one in _required(told.actors)]
    targets = [_extraction("target", one.name, category=one.category, status=one.status) for one in _required(told.targets)]
    timelines = [
        _extraction("timeline", one.expression, start=_day(one.start), end=_day(one.end), direction=one.direction or "past")
        for one in _required(told.timelines)
    ]
    threats = [
        _extraction(
            "threat", one.quote, by=one.by or (), against=one.against or (), kind=one.kind or "other", basis=one.basis or "declared", condition=one.condition
        )
        for one in _required(told.threats)
    ]
    commitments = [
        _extraction("commitment", one.quote, speakers=one.speakers or (), polarity=one.polarity or "will", kind=one.kind or "other")
        for one in _required(told.commitments)
    ]
    return {"extractions": [*actors, *targets, *timelines, *threats, *commitments]}


def _required(entries: Sequence[Gold]) -> list[Gold]:
    """Return the entries that are missed where they are missing."""
    return [entry for entry in entries if not entry.optional]


def _extraction(called: str, words: Sequence[str], **attributes: object) -> Entry:
    return {called: words[0], f"{called}_attributes": attributes}


def _day(edge: Sequence[object] | None) -> str | None:
    return str(edge[0]) if edge else None


async def _templated(client: httpx2.AsyncClient, messages: Sequence[Mapping[str, Any]]) -> str:
    """Return a conversation as the model reads it."""
    reply = await client.post("/apply-template", json={"messages": [*messages]})
    return str(reply.raise_for_status().json()["prompt"])


async def _tokens(client: httpx2.AsyncClient, text: str) -> int:
    reply = await client.post("/tokenize", json={"content": text, "parse_special": True})
    return len(reply.raise_for_status().json()["tokens"])
