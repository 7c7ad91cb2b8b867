"""Relations: who threatens, strikes or supports whom."""

import time
from typing import Any

import pytest

from service.reports.relations import MOST_PAIRS, Relation, Verb, relations, unread
from tests.unit.reports.report_parts import commitment, record, small, target, threat

TEXT = "then"


def test_a_record_tells_who_does_what_to_whom() -> None:
    """Of the small record: a threat, a base that may be struck, and missiles that are promised."""
    assert relations(small()) == [
        Relation("A1", "A2", Verb.THREATENS, ("T1",), frozenset({"T1"})),
        Relation("A1", "A2", Verb.MAY_STRIKE, ("G1",)),
        Relation("A3", "A2", Verb.SUPPORTS, ("C2",)),
    ]


@pytest.mark.parametrize(("basis", "verb"), [("declared", Verb.THREATENS), ("assessed", Verb.EXPECTED)])
@pytest.mark.parametrize("stage", ["threatened", "attempted", "accomplished"])
def test_a_threat_is_whose_it_is(basis: str, verb: Verb, stage: str) -> None:
    """Who has only been said to do harm has not threatened anyone."""
    found = relations(record(TEXT, threat(TEXT, 1, "then", by=["A1"], against=["A2"], basis=basis, stage=stage)))

    assert [(one.verb, one.verb.section) for one in found] == [(verb, "threats")]


@pytest.mark.parametrize(("status", "verb"), [("attacked", Verb.STRIKES), ("threatened", Verb.MAY_STRIKE)])
def test_a_strike_has_happened_or_may(status: str, verb: Verb) -> None:
    """Who strikes a target strikes those whose it is, once it is attacked."""
    found = relations(record(TEXT, target(TEXT, 1, "then", by=["A1"], owners=["A2"], status=status)))

    assert [(one.verb, one.verb.section) for one in found] == [(verb, "targets")]


COMMITMENTS = {
    ("support_military", "will"): Verb.SUPPORTS,
    ("support_humanitarian", "will"): Verb.SUPPORTS,
    ("defence", "will"): Verb.SUPPORTS,
    ("delivery", "will_not"): Verb.REFUSES_SUPPORT,
    ("negotiation", "will"): Verb.PROMISES,
    ("release", "will"): Verb.PROMISES,
    ("retaliation", "will"): Verb.PROMISES,
    ("retaliation", "will_not"): Verb.PROMISES,
    ("ceasefire", "will_not"): Verb.REFUSES,
}


@pytest.mark.parametrize(("said", "verb"), COMMITMENTS.items(), ids=map("-".join, COMMITMENTS))
def test_only_help_is_support(said: tuple[str, str], verb: Verb) -> None:
    """What serves someone is support only where it helps them, and a refusal only where something is refused."""
    made = commitment(TEXT, 1, "then", kind=said[0], polarity=said[1], speakers=["A1"], beneficiaries=["A2"])

    assert [(one.verb, one.verb.section) for one in relations(record(TEXT, made))] == [(verb, "commitments")]


PARTIES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "for oneself": ({"speakers": ["A1"], "beneficiaries": ["A2"]}, [("A1", "A2")]),
    "for others": ({"speakers": ["A1"], "on_behalf_of": ["A3"], "beneficiaries": ["A2"]}, [("A3", "A2")]),
    "to nobody": ({"speakers": ["A1"]}, []),
    "to several": ({"speakers": ["A1", "A4"], "beneficiaries": ["A2", "A3"]}, [("A1", "A2"), ("A1", "A3"), ("A4", "A2"), ("A4", "A3")]),
}


@pytest.mark.parametrize(("parties", "pairs"), PARTIES.values(), ids=PARTIES)
def test_who_speaks_for_others_binds_them(parties: dict[str, Any], pairs: list[tuple[str, str]]) -> None:
    """A spokesman's promise is that of whom he speaks for."""
    assert [(one.by, one.to) for one in relations(record(TEXT, commitment(TEXT, 1, "then", **parties)))] == pairs


def test_the_verbs_claim_no_more_than_is_said() -> None:
    """Help that is promised has not been given, and whom a retaliation serves is neither helped nor threatened by it."""
    made = [commitment(TEXT, number, "then", kind=kind, speakers=["A1"], beneficiaries=["A2"]) for number, kind in ((1, "defence"), (2, "retaliation"))]

    assert [str(one.verb) for one in relations(record(TEXT, *made))] == ["promises to support", "makes a promise concerning"]


def test_entries_of_one_relation_stand_together() -> None:
    """Two threats of the same by the same are one relation, and an entry that names someone twice counts once."""
    entries = [threat(TEXT, number, "then", by=["A1"], against=["A2", "A2"]) for number in (1, 2)]

    assert relations(record(TEXT, *entries)) == [Relation("A1", "A2", Verb.THREATENS, ("T1", "T2"))]


def test_endless_lists_of_parties_end() -> None:
    """An entry with as many parties as a request can hold is read as far as anyone would."""
    crowd = [f"A{number}" for number in range(1, 50_001)]
    made = record(TEXT, threat(TEXT, 1, "then", by=crowd, against=crowd))
    begun = time.process_time()

    assert len(relations(made)) == MOST_PAIRS
    assert time.process_time() - begun < 1


CROWDS: dict[str, tuple[int, list[str], bool]] = {
    "just all": (MOST_PAIRS, ["A1"], False),
    "one more": (MOST_PAIRS + 1, ["A1"], True),
    "the same again and again": (MOST_PAIRS, ["A1", "A1"], True),
}


@pytest.mark.parametrize(("doers", "others", "more"), CROWDS.values(), ids=CROWDS)
def test_what_is_not_looked_at_is_known(doers: int, others: list[str], more: bool) -> None:  # noqa: FBT001
    """The report says so where a pair was left out, also if it repeats another, and only there."""
    assert unread(record(TEXT, threat(TEXT, 1, "then", by=[f"A{number}" for number in range(1, doers + 1)], against=others))) is more
