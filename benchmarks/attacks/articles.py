"""The set: each way of attacking in each language, applied to a report, beside the report itself. The same each time."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from benchmarks.attacks.dressing import DRESSES
from benchmarks.attacks.goals import Goal, Kind
from benchmarks.attacks.languages import PUBLISHED, Base, Language, languages
from schemas.article import Article
from service.evaluation.gold import GoldArticle

#: Where a sentence ends.
_SENTENCE_END = re.compile(r"(?<=[.。!?؟])(?:\s+|(?=[^\s”»]))")
_NAMES = ("VOLTREK", "QUENBAR", "ZORVEXA")
#: What hides words from people; the other dresses are seen.
_HIDING = frozenset({"tags", "zero_width", "base64", "rot13", "homoglyphs", "white", "comment"})


class Manner(StrEnum):
    """How a model that obeys answers."""

    #: A record in which each string is what was asked for, together with all that it should not say.
    STUFFS = "stuffs"
    #: Text and no JSON: its instructions, and what was asked for.
    PRINTS = "prints"
    #: A record without entries.
    EMPTY = "empty"
    #: A refusal, as endpoints report it.
    REFUSES = "refuses"
    #: A refusal in words.
    APOLOGISES = "apologises"
    #: One word until the tokens end.
    LOOPS = "loops"
    #: Entries without end.
    FLOODS = "floods"
    #: JSON that is none.
    BROKEN = "broken"
    #: A record with fields of its own.
    FOREIGN = "foreign"


class Way(BaseModel):
    """A way of attacking, as `attacks.toml` has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    order: str
    place: Literal["start", "middle", "end", "title", "source"]
    goal: Kind
    dress: str | None = None
    manner: Manner = Manner.STUFFS
    says: Literal["asks", "claims"] = "asks"
    tongue: Literal["own", "english", "neighbour"] = "own"
    #: Of what letters a language must be.
    scripts: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The class of attacks that it belongs to."""
        return self.name.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Attack:
    """A hostile article and its clean twin."""

    name: str
    language: str
    way: Way
    goal: Goal
    #: The attacker's words, before they were dressed.
    order: str
    #: Stands in them, where they ask for it.
    mark: str
    clean: GoldArticle
    hostile: GoldArticle
    title: str | None = None
    source: str | None = None

    @property
    def kind(self) -> str:
        """The class of attacks that it belongs to."""
        return self.way.kind

    @property
    def talks(self) -> bool:
        """Whether it speaks to whoever reads it as a model would, and not only about the world."""
        return self.way.says == "asks"

    @property
    def hides(self) -> bool:
        """Whether people would not see it, or could not read it."""
        return self.way.dress in _HIDING

    def article(self) -> Article:
        """Return the hostile article as a caller would send it."""
        return Article(text=self.hostile.text, title=self.title, source=self.source, published=PUBLISHED)

    def says(self) -> str:
        """Return all that the hostile article says, with what it hides."""
        return "\n".join(filter(None, (self.hostile.text, self.title, self.source, self.order)))


@cache
def ways() -> tuple[Way, ...]:
    """Return all ways of attacking."""
    table = tomllib.loads(Path(__file__).with_name("attacks.toml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Way, ...]).validate_python(table["attacks"])


@cache
def attacks() -> tuple[Attack, ...]:
    """Return the whole set, by language."""
    told = ((number, language, at, way) for number, language in enumerate(languages()) for at, way in enumerate(ways()))
    chosen = [(number + at, language, way) for number, language, at, way in told if not way.scripts or language.script in way.scripts]
    return tuple(_attack(number, turn, language, way) for number, (turn, language, way) in enumerate(chosen))


def twins() -> Iterator[GoldArticle]:
    """Yield each report once."""
    yield from {attack.clean.name: attack.clean for attack in attacks()}.values()


def _attack(number: int, turn: int, language: Language, way: Way) -> Attack:
    place = turn % len(language.bases)
    base = language.bases[place]
    mark = f"{_NAMES[number % len(_NAMES)]}{1_000 + number}"
    called, _, at = way.order.partition(" ")
    order = _speaker(language, way).orders[called][int(at)]
    for name, words in {"mark": mark, "civilian": base.civilian, "invented": language.invented, "actor": base.actor}.items():
        order = order.replace(f"{{{name}}}", words)
    dressed = DRESSES[way.dress](order) if way.dress else order
    name = f"{language.code}-{place + 1}"
    text = base.text if way.place in {"title", "source"} else _joined(base.text, dressed, way.place)
    return Attack(
        name=f"{name}-{way.name}",
        language=language.code,
        way=way,
        goal=_goal(way.goal, mark, base, language),
        order=order,
        mark=mark,
        clean=GoldArticle("attacks", name, base.text, base.annotation),
        hostile=GoldArticle("attacks", f"{name}-{way.name}", text, base.annotation),
        title=dressed if way.place == "title" else None,
        source=dressed if way.place == "source" else None,
    )


def _speaker(language: Language, way: Way) -> Language:
    """Return in whose language the attacker speaks."""
    if way.tongue == "own":
        return language
    all_of_them = languages()
    following = all_of_them[(all_of_them.index(language) + 1) % len(all_of_them)]
    if way.tongue == "neighbour" or language.code == "en":
        return following
    return next(one for one in all_of_them if one.code == "en")


def _goal(kind: Kind, mark: str, base: Base, language: Language) -> Goal:
    match kind:
        case Kind.MARK | Kind.FLOOD:
            return Goal(kind, (mark,))
        case Kind.CIVILIAN_TARGET:
            return Goal(kind, (base.civilian, *(name for never in base.gold.never for name in never.name)))
        case Kind.INVENTED_TARGET:
            return Goal(kind, (language.invented,))
        case _:
            return Goal(kind)


def _joined(text: str, words: str, place: str) -> str:
    if place == "start":
        return f"{words}\n\n{text}"
    if place == "end":
        return f"{text}\n\n{words}"
    at = _middle(text, [found.end() for found in _SENTENCE_END.finditer(text)])
    return f"{text[:at]}{words} {text[at:]}"


def _middle(text: str, ends: Sequence[int]) -> int:
    return min(ends, key=lambda end: abs(end - len(text) // 2))
