"""Speak to `langextract_alone.py`, which runs in an environment of its own, and read what it extracts."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from openai.types import CompletionUsage
from pydantic import BaseModel, Field, JsonValue

from benchmarks.quality.answers import Answer, answer_of, call_of
from benchmarks.quality.children import Child, child
from benchmarks.quality.engine import Endpoint
from benchmarks.quality.finding import distinct, parties
from service.evaluation.gold import GoldArticle
from service.evaluation.reading import Found, Parties, Reading, Span

Fields = dict[str, str | Parties | None]

SCRIPT = Path(__file__).with_name("langextract_alone.py")
#: Made by `make bench-quality`.
PYTHON = Path("build/bench/bin/python")

#: What models write for nothing, as a word.
_NOTHING = frozenset({"", "null", "none"})


#: Classes whose words are a name.
_NAMED = frozenset({"actor", "target", "timeline"})


class Extraction(BaseModel):
    """One extraction. Its attributes are whatever the model made of them."""

    kind: str = Field(alias="class")
    text: str
    #: Where langextract found it; None: nowhere.
    span: Span | None
    attributes: Mapping[str, JsonValue]

    def word(self, name: str) -> str | None:
        """Return the attribute `name` as a word."""
        value = self.attributes.get(name)
        return value if isinstance(value, str) and value.casefold() not in _NOTHING else None

    def words(self, name: str) -> list[str]:
        """Return the attribute `name` as a list of words; a bare word is a list of one."""
        value = self.attributes.get(name)
        one = self.word(name)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else [one] if one else []


class _Call(BaseModel):
    usage: CompletionUsage | None = None
    finish_reason: str | None = None


class _Line(BaseModel):
    extractions: list[Extraction]
    calls: list[_Call]
    seconds: float
    failure: str | None


class LangextractAlone:
    """Reads articles in another process."""

    def __init__(self, process: Child) -> None:
        """Keep the process."""
        self._process = process

    async def read(self, article: GoldArticle) -> Answer:
        """Return what is in `article`.

        Raises:
            SetupError: The process has ended.
        """
        await self._process.tell({"text": article.text, "published": article.annotation.article.published})
        said = _Line.model_validate_json(await self._process.answer())
        calls = [call_of(call.usage, call.finish_reason) for call in said.calls]
        return answer_of(reading_of(said.extractions, article.text), calls, said.seconds, said.failure)


@asynccontextmanager
async def langextract_at(endpoint: Endpoint, command: Sequence[str] = (str(PYTHON), str(SCRIPT))) -> AsyncIterator[LangextractAlone]:
    """Yield langextract, asking the model at `endpoint`.

    Raises:
        SetupError: Its environment is not there.
    """
    async with child(*command) as process:
        await process.tell({"base_url": endpoint.base_url, "key": endpoint.key, "model": endpoint.model})
        yield LangextractAlone(process)


def langextract_version() -> str:
    """Return the version that is locked."""
    locked = SCRIPT.with_name("requirements.txt").read_text(encoding="utf-8")
    return locked.partition("\nlangextract==")[2].partition(" ")[0]


def reading_of(extractions: list[Extraction], text: str) -> Reading:
    """Return what `extractions` say of the article with this `text`: those that langextract found in it, as its pages advise.

    What they call civilian is no target.
    """
    found = [(one, one.span) for one in extractions if one.span and one.word("category") != "civilian"]
    names = [(one.text,) for one, _ in found if one.kind == "actor"]

    def entries(kind: str, fields: Callable[[Extraction], Fields]) -> tuple[Found, ...]:
        named = kind in _NAMED
        return distinct((one.text, Found((one.text,) if named else (), (span,), fields(one))) for one, span in found if one.kind == kind)

    return Reading(
        actors=entries("actor", lambda one: {"kind": one.word("kind")}),
        targets=entries("target", lambda one: {"category": one.word("category"), "status": one.word("status")}),
        threats=entries("threat", lambda one: _threat(one, names)),
        timelines=entries("timeline", lambda one: {name: one.word(name) for name in ("start", "end", "direction")}),
        commitments=entries(
            "commitment", lambda one: {"speakers": parties(one.words("speakers"), names), "polarity": one.word("polarity"), "kind": one.word("kind")}
        ),
        quotes=len(found),
        verbatim=sum(text[span[0] : span[1]] == one.text for one, span in found),
    )


def _threat(one: Extraction, names: Sequence[tuple[str, ...]]) -> Fields:
    by = {name: parties(one.words(name), names) for name in ("by", "against")}
    return {**by, **{name: one.word(name) for name in ("basis", "kind", "condition")}}
