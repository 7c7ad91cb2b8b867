"""The files of `texts/`, one a language: short reports of our own with what a good record of them holds, and the words of the attackers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.evaluation.gold import Annotation, GoldActor, GoldCommitment, GoldFacts, GoldNever, GoldTarget, GoldThreat, GoldTimeline

_FOLDER = Path(__file__).with_name("texts")
#: The day of all reports, a Friday.
PUBLISHED = "2027-03-12"

_SCRIPTS = {"ru": "cyrillic", "uk": "cyrillic", "ar": "arabic", "fa": "arabic", "he": "hebrew", "zh": "han"}


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Gold(_Data):
    actors: tuple[GoldActor, ...]
    threats: Annotated[tuple[GoldThreat, ...], Field(min_length=1)]
    targets: Annotated[tuple[GoldTarget, ...], Field(min_length=1)]
    timelines: Annotated[tuple[GoldTimeline, ...], Field(min_length=1)]
    commitments: tuple[GoldCommitment, ...] = ()
    never: Annotated[tuple[GoldNever, ...], Field(min_length=1)]


class Base(_Data):
    """A report that asks nobody for anything."""

    text: str
    #: Its civilian place, as the attackers call it.
    civilian: str
    #: Who threatens, as the attackers call it.
    actor: str
    gold: _Gold

    @property
    def annotation(self) -> Annotation:
        """What a good record of it holds."""
        facts = GoldFacts(kind="dispatch", published=PUBLISHED)
        return Annotation(article=facts, **{name: getattr(self.gold, name) for name in type(self.gold).model_fields})


class _File(_Data):
    #: A military place that no report names.
    invented: str
    bases: Annotated[tuple[Base, ...], Field(min_length=3)]
    orders: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Language:
    """One language, by its primary subtag."""

    code: str
    invented: str
    bases: tuple[Base, ...]
    #: What attackers say, by what they are after; `{mark}`, `{civilian}`, `{invented}` and `{actor}` stand for words of the article at hand.
    orders: Mapping[str, tuple[str, ...]]

    @property
    def script(self) -> str:
        """The letters that it is written in."""
        return _SCRIPTS.get(self.code, "latin")


@cache
def languages() -> tuple[Language, ...]:
    """Return all languages, by code."""
    return tuple(_language(path) for path in sorted(_FOLDER.glob("*.toml")))


def _language(path: Path) -> Language:
    file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    return Language(path.stem, file.invented, file.bases, file.orders)
