"""The article that stands beside the repository, where it does: threats, targets and commitments agree with what a good record holds."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.testing.entries import Entry, actor, commitment, target, threat
from tests.unit.extraction.extraction_parts import record_from

_SHARED = Path(__file__).parents[4] / "shared" / "articles"
pytestmark = pytest.mark.skipif(not _SHARED.exists(), reason="the article is not there")

#: What the actors of the good record are called in the draft, and what they are part of.
_PARTS = {"proxys": "Iran", "responsables israéliens": "Israël"}
#: Fields that this test compares, by section; the other ones are of other stages.
_FIELDS = {
    "threats": ("kind", "basis", "stage", "condition"),
    "targets": ("category", "kind", "status"),
    "commitments": ("polarity", "condition", "direct_quote"),
}


def test_a_draft_of_the_seed_agrees_with_its_gold() -> None:
    """From the names and quotes alone, with what a model is apt to get wrong, come the fields of the good record."""
    text = (_SHARED / "seed-fr.txt").read_text(encoding="utf-8")
    gold = json.loads((_SHARED / "seed-fr.gold.json").read_text(encoding="utf-8"))
    record = record_from(text, *_draft(gold)).model_dump(mode="json")

    for section, fields in _FIELDS.items():
        for wanted in gold[section]:
            found = [entry for entry in record[section] if _is(entry, wanted)]
            assert found, wanted
            assert {name: found[0][name] for name in fields if name in wanted} == {name: wanted[name] for name in fields if name in wanted}
    spared = {(one["start"], one["end"]) for entry in gold["never_targets"] for one in entry["evidence"]}
    assert not spared & {(one["start"], one["end"]) for entry in record["targets"] for one in entry["evidence"]}
    assert [entry["threat"] is not None for entry in record["commitments"]] == [True, False, False]


def _is(entry: dict[str, Any], wanted: dict[str, Any]) -> bool:
    overlaps = any(one["start"] < other["end"] and other["start"] < one["end"] for one in entry["evidence"] for other in wanted["evidence"])
    return overlaps and entry.get("category") == wanted.get("category")


def _draft(gold: dict[str, Any]) -> list[Entry]:
    """Return the entries of a good record as a careless model drafts them: every basis assessed, no condition, no likelihood, one target too many."""
    actors = [
        actor(one["name"][0], (one["kind"] if isinstance(one["kind"], str) else one["kind"][0]), part_of=_PARTS.get(one["name"][0])) for one in gold["actors"]
    ]
    threats = [
        threat(
            one["evidence"][0]["quote"],
            by=one["by"],
            against=one["against"],
            basis="declared" if one.get("optional") else "assessed",
            means=one.get("means", []),
        )
        for one in gold["threats"]
    ]
    names = {evidence["quote"] for one in [*gold["targets"], *gold["never_targets"]] for evidence in one["evidence"]}
    struck = {one["evidence"][0]["quote"] for one in gold["targets"] if one["status"] == "attacked"}
    targets = [target(name, "military", "attacked" if name in struck else "threatened", kind="other") for name in sorted(names)]
    commitments = [commitment(one["evidence"][0]["quote"], speakers=one["speakers"], polarity="will") for one in gold["commitments"]]
    return [*actors, *threats, *targets, *commitments]
