"""The article that the project began with: a correct draft of it becomes the record that it should.

Article and gold stand outside of the project; without them there is nothing to see here. The draft is made of the gold's names and words: intervals, bands,
ids and links are for code to find, and what the model says of countries, kinds and categories is for code to bear out.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.article import Article
from schemas.draft import Draft
from schemas.record import Record
from service.extraction.assembling import assemble
from service.extraction.chunking import chunk
from service.extraction.grounding import ground
from service.extraction.judging import judge
from service.extraction.preparing import prepare
from tests.unit.extraction.extraction_parts import HOW

FOLDER = Path(__file__).parents[4] / "shared" / "articles"
pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the shared article is not here")

Gold = dict[str, Any]


def first(value: Any) -> Any:  # noqa: ANN401 - whatever the gold holds
    """Return the first of several forms that will do."""
    return value[0] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def gold() -> Gold:
    """What a good record holds."""
    content: Gold = json.loads((FOLDER / "seed-fr.gold.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def record(gold: Gold) -> Record:
    """The record of a correct draft."""
    prepared = prepare(Article(text=(FOLDER / "seed-fr.txt").read_text(encoding="utf-8")))
    draft = Draft.model_validate({section: [make(entry) for entry in gold[section]] for section, make in DRAFTED.items()})
    grounded = ground([(chunk(prepared, 24_000)[0], draft)], prepared)
    return assemble(prepared, grounded, judge(grounded, prepared), [], HOW)


def actor(entry: Gold) -> Gold:
    """Return the draft of an actor; its other forms are names that the article has for it, too."""
    aliases = [*entry.get("aliases", []), *entry["name"][1:]][:4]
    return {"name": first(entry["name"]), "kind": first(entry["kind"]), "country": entry.get("country"), "part_of": entry.get("part_of"), "aliases": aliases}


def target(entry: Gold) -> Gold:
    """Return the draft of a target, whose kind and place the model leaves open where the gold does."""
    kept = {name: first(entry.get(name)) for name in ("place", "by")}
    return kept | {
        "name": entry["evidence"][0]["quote"],
        "category": entry["category"],
        "kind": entry.get("kind", "other"),
        "status": entry["status"],
        "owner": first(entry.get("owners")),
        "when": first(entry.get("timelines")),
    }


def timeline(entry: Gold) -> Gold:
    """Return the draft of a timeline without a draft of its time."""
    return {"expression": entry["expression"], "direction": entry.get("direction", "future"), "time": None, "event": "something"}


def threat(entry: Gold) -> Gold:
    """Return the draft of a threat."""
    lists = {name: entry.get(name, []) for name in ("by", "against", "asserted_by", "reported_by", "means")}
    return lists | {
        "quote": entry["evidence"][0]["quote"],
        "basis": entry["basis"],
        "kind": entry["kind"],
        "stage": entry["stage"],
        "action": "strike",
        "condition": entry["condition"],
        "likelihood": (entry.get("likelihood") or {}).get("phrase"),
        "when": first(entry.get("timelines")),
    }


def commitment(entry: Gold) -> Gold:
    """Return the draft of a commitment."""
    lists = {name: entry.get(name, []) for name in ("speakers", "on_behalf_of", "beneficiaries")}
    return lists | {
        "quote": entry["evidence"][0]["quote"],
        "kind": "other",
        "polarity": entry["polarity"],
        "commitment": "stand by it",
        "direct_quote": entry.get("direct_quote"),
        "condition": entry.get("condition"),
        "when": first(entry.get("timelines")),
    }


DRAFTED: dict[str, Callable[[Gold], Gold]] = {
    "actors": actor,
    "targets": target,
    "threats": threat,
    "timelines": timeline,
    "commitments": commitment,
}


def test_the_article_is_dated_by_its_head(record: Record, gold: Gold) -> None:
    """What is known of the article as a whole is what the gold says."""
    told = record.article.model_dump(mode="json")

    assert {name: told[name] for name in gold["article"]} == gold["article"]


@pytest.mark.parametrize("section", [*DRAFTED])
def test_every_entry_is_there_with_every_field(record: Record, gold: Gold, section: str) -> None:
    """Each entry of the gold stands in the record, with the values that the gold gives."""
    entries = [entry.model_dump(mode="json") for entry in getattr(record, section)]
    missing = [entry for entry in gold[section] if not entry.get("optional") and not any(agrees(entry, found, record) for found in entries)]

    assert missing == []


def test_nothing_spared_is_a_target(record: Record, gold: Gold) -> None:
    """What the gold calls no target is none."""
    spans = {(one.start, one.end) for found in record.targets for one in found.evidence}

    assert spans.isdisjoint((one["start"], one["end"]) for entry in gold["never_targets"] for one in entry["evidence"])


#: Fields of the gold that are not compared.
NOT_COMPARED = {"optional", "threat"}
#: Fields that hold ids of actors.
ACTORS = {"by", "against", "asserted_by", "reported_by", "owners", "speakers", "on_behalf_of", "beneficiaries"}


def agrees(entry: Gold, found: Gold, record: Record) -> bool:
    """Whether a `found` entry has every value that a gold `entry` gives."""
    return all(has(name, value, found.get(name), record) for name, value in entry.items() if name not in NOT_COMPARED)


def has(name: str, value: Any, said: Any, record: Record) -> bool:  # noqa: ANN401 - whatever gold and record hold
    """Whether what a record `said` in a field is the `value` of the gold."""
    names = {one.id: {one.name, *one.aliases} for one in record.actors}
    if name == "evidence":
        return any((one["start"], one["end"]) == (other["start"], other["end"]) for one in value for other in said)
    if name in ACTORS:
        return len(said) == len(value) and all(any(who in names[id_] for id_ in said) for who in value)
    if name == "part_of":
        return value in names.get(said, set())
    if name == "timelines":
        return bool([one.expression for one in record.timelines if one.id in said] == value)
    if name in {"aliases", "means"}:
        return {*value} <= {*said}
    return bool(said in value) if isinstance(value, list) else bool(said == value)
