"""Gold: articles with what a good record of them holds, annotated by the rules of docs/annotation.md."""

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.article import Article
from schemas.vocabulary import ActorKind, CommitmentKind, Direction, Polarity, TargetCategory, TargetStatus, ThreatBasis, ThreatKind
from service.errors import SetupError

#: The halves of the gold: one to learn from, one for figures alone.
HALVES = ("tuning", "reporting")

Words = Annotated[tuple[str, ...], Field(min_length=1)]
#: The earliest and the latest day that is accepted; empty: that edge is open, or the whole cannot be placed.
Edge = Annotated[tuple[date, ...], Field(max_length=2)]
Feature = Literal["no_threat", "civilians", "denial", "conditional", "hypothetical", "historic", "quoted_threat", "numbers", "negation", "no_date"]


class _Gold(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Gold):
    #: Found, it is right; missing, it is not missed.
    optional: bool = False


class GoldActor(_Entry):
    """Who should be listed."""

    name: Words
    kind: ActorKind | None = None


class GoldThreat(_Entry):
    """Which harm should be listed."""

    quote: Words
    by: tuple[str, ...] | None = None
    against: tuple[str, ...] | None = None
    basis: ThreatBasis | None = None
    kind: ThreatKind | None = None
    condition: str | None = None


class GoldTarget(_Entry):
    """What should be listed as a target."""

    name: Words
    category: TargetCategory
    status: TargetStatus


class GoldTimeline(_Entry):
    """Which time should be listed, and when that is."""

    expression: Words
    start: Edge | None = None
    end: Edge | None = None
    direction: Direction | None = None


class GoldCommitment(_Entry):
    """Which promise or refusal should be listed."""

    quote: Words
    speakers: tuple[str, ...] | None = None
    polarity: Polarity | None = None
    kind: CommitmentKind | None = None


class GoldNever(_Gold):
    """What must not be listed as a target."""

    name: Words
    why: Literal["civilian", "spared", "place", "actor", "denied"]


class GoldFacts(_Gold):
    """What is known of the article as a whole."""

    kind: Literal["dispatch", "analysis", "speech", "liveblog", "statement", "interview"]
    published: str | None = None
    features: tuple[Feature, ...] = ()


class Annotation(_Gold):
    """What a good record of one article holds."""

    article: GoldFacts
    actors: tuple[GoldActor, ...] = ()
    threats: tuple[GoldThreat, ...] = ()
    targets: tuple[GoldTarget, ...] = ()
    timelines: tuple[GoldTimeline, ...] = ()
    commitments: tuple[GoldCommitment, ...] = ()
    never: tuple[GoldNever, ...] = ()

    def words(self) -> Iterator[str]:
        """Yield all that must stand in the text to the letter."""
        yield from chain.from_iterable(entry.name for entries in (self.actors, self.targets, self.never) for entry in entries)
        yield from chain.from_iterable(entry.expression for entry in self.timelines)
        yield from chain.from_iterable(entry.quote for entries in (self.threats, self.commitments) for entry in entries)
        yield from (threat.condition for threat in self.threats if threat.condition)


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article and its annotation. `half` is the folder that it stands in."""

    half: str
    name: str
    text: str
    annotation: Annotation

    @property
    def language(self) -> str:
        """The primary subtag of its language, with which its name begins."""
        return self.name.partition("-")[0]

    def request(self) -> Article:
        """Return the article as a caller would send it."""
        return Article(text=self.text, published=self.annotation.article.published)


def load(folder: Path, halves: Sequence[str] = HALVES) -> list[GoldArticle]:
    """Return the gold articles of `folder`, by half and name.

    Raises:
        SetupError: There are none, or one does not keep the rules; says which and where, not with which words.
    """
    articles = [_article(half, path) for half in halves for path in sorted((folder / half).glob("*.toml"))]
    if not articles:
        raise SetupError(f"There are no gold articles in {folder}: each is a .txt and a .toml in one of {', '.join(halves)}.")
    return articles


def digest(articles: Sequence[GoldArticle]) -> str:
    """Return the SHA-256 of what is read and of what is expected, as 64 hexadecimal digits."""
    content = hashlib.sha256()
    for article in articles:
        for part in (article.half, article.name, article.text, article.annotation.model_dump_json()):
            content.update(hashlib.sha256(part.encode()).digest())
    return content.hexdigest()


def _article(half: str, path: Path) -> GoldArticle:
    try:
        text = path.with_suffix(".txt").read_bytes().decode()
        annotation = Annotation.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        raise SetupError(f"{path}: {'; '.join('.'.join(map(str, fault['loc'])) + ': ' + fault['msg'] for fault in faults)}.") from None
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} or its text cannot be read: {type(error).__name__}.") from None
    article = GoldArticle(half, path.stem, text, annotation)
    missing = [words for words in annotation.words() if words not in text]
    if missing:
        raise SetupError(f"{path}: {len(missing)} of its words are not in the text, first {missing[0]!r}.")
    return article
