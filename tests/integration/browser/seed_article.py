"""The article that the project began with, and the record that its gold makes."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.record import Actor, Commitment, Evidence, Record, Target, Threat, Timeline
from tests.unit.reports import report_parts as parts

FOLDER = Path(__file__).parents[4] / "shared" / "articles"
Gold = dict[str, Any]
Entry = Actor | Threat | Target | Timeline | Commitment


def seed() -> tuple[str, Record]:
    """Return the article and a record of all that its gold asks for."""
    if not FOLDER.exists():
        pytest.skip("the seed article is not part of the project")
    text = (FOLDER / "seed-fr.txt").read_text(encoding="utf-8")
    gold = json.loads((FOLDER / "seed-fr.gold.json").read_text(encoding="utf-8"))
    return text, _Seed(text, gold).record()


class _Seed:
    """Makes entries of what the gold says of them, with ids for names."""

    def __init__(self, text: str, gold: Gold) -> None:
        self._text, self._gold = text, gold
        self._actors = {name: f"A{number}" for number, actor in enumerate(gold["actors"], 1) for name in actor["name"]}
        self._times = {timeline["expression"]: f"W{number}" for number, timeline in enumerate(gold["timelines"], 1)}

    def record(self) -> Record:
        """Return the record."""
        makers: dict[str, Callable[[int, Gold], Entry]] = {
            "actors": self._actor,
            "threats": self._threat,
            "targets": self._target,
            "timelines": self._timeline,
            "commitments": self._commitment,
        }
        entries = [make(number, entry) for section, make in makers.items() for number, entry in enumerate(self._gold[section], 1)]
        facts = {name: self._gold["article"][name] for name in ("published", "published_basis", "language")}
        return parts.record(self._text, *entries, **facts)

    def _actor(self, number: int, gold: Gold) -> Actor:
        name = next(form for form in gold["name"] if form in self._text)
        part_of = self._actors.get(gold.get("part_of", ""))
        kind = gold["kind"] if isinstance(gold["kind"], str) else gold["kind"][0]
        return parts.actor(self._text, number, name, aliases=gold.get("aliases", []), kind=kind, country=gold.get("country"), part_of=part_of)

    def _threat(self, number: int, gold: Gold) -> Threat:
        given = {name: gold[name] for name in ("basis", "stage", "kind", "condition", "likelihood", "means") if name in gold}
        return parts.threat(self._text, number, gold["evidence"][0]["quote"], action="attack", **given, **self._links(gold))

    def _target(self, number: int, gold: Gold) -> Target:
        given = {name: gold[name] for name in ("category", "kind", "place", "country", "status") if name in gold}
        quotes = [_evidence(one) for one in gold["evidence"]]
        return parts.target(self._text, number, gold["evidence"][0]["quote"], evidence=quotes, **given, **self._links(gold))

    def _timeline(self, number: int, gold: Gold) -> Timeline:
        edges = re.findall(r"\d{4}-\d{2}-\d{2}", gold["edtf"] or "") or [None, None]
        given = {name: gold[name] for name in ("edtf", "direction", "approximate", "within", "basis") if name in gold}
        return parts.timeline(self._text, number, gold["expression"], edges[0], edges[-1], **given)

    def _commitment(self, number: int, gold: Gold) -> Commitment:
        given = {name: gold[name] for name in ("polarity", "condition", "direct_quote") if name in gold}
        return parts.commitment(self._text, number, gold["evidence"][0]["quote"], commitment="stand by its side", **given, **self._links(gold))

    def _links(self, gold: Gold) -> dict[str, list[str]]:
        """Return the fields of `gold` that name other entries, with their ids."""
        people = ("by", "against", "asserted_by", "reported_by", "owners", "speakers", "on_behalf_of", "beneficiaries")
        links = {field: [*dict.fromkeys(self._actors[name] for name in gold[field])] for field in people if field in gold}
        return links | {"timelines": [self._times[words] for words in gold.get("timelines", [])]}


def _evidence(gold: Gold) -> Evidence:
    return Evidence.model_validate({**gold, "match": "exact", "sentence": (gold["start"], gold["end"])})
