"""What the model finds, in a few words an entry: what a test leaves out, and what it gets wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.draft import ActorDraft, CommitmentDraft, Draft, TargetDraft, ThreatDraft, TimelineDraft
from service.testing import actor, commitment, target, threat, timeline
from service.testing.entries import Entry, drafted, words_of

#: Each maker, with what it is told at least.
MAKERS: list[Callable[..., Any]] = [actor, target, threat, timeline, commitment]
KINDS: list[type[Entry]] = [ActorDraft, TargetDraft, ThreatDraft, TimelineDraft, CommitmentDraft]


@pytest.mark.parametrize(("make", "kind"), [*zip(MAKERS, KINDS, strict=True)], ids=lambda one: one.__name__)
def test_the_words_alone_make_an_entry(make: Callable[..., Any], kind: type[Entry]) -> None:
    """All that a test does not care about has a value that says nothing of its own."""
    entry = make("the words")

    assert type(entry) is kind
    assert words_of(entry) == "the words"
    assert kind.model_validate_json(entry.model_dump_json()) == entry


def test_what_is_left_out_is_harmless() -> None:
    """A state, a threatened base of the military, a declared threat of violence, a promise of help in defence, something that is to come; and nobody's."""
    assert (actor("V").kind, actor("V").country, actor("V").aliases) == ("state", None, [])
    assert (target("V").category, target("V").kind, target("V").status, target("V").owner) == ("military", "base", "threatened", None)
    assert (timeline("V").direction, timeline("V").time) == ("future", None)
    assert (threat("V").kind, threat("V").basis, threat("V").stage, threat("V").by) == ("violence", "declared", "threatened", [])
    assert (commitment("V").kind, commitment("V").polarity, commitment("V").speakers) == ("defence", "will", [])


@pytest.mark.parametrize("make", MAKERS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("wrong", [{"by_whom": ["V"]}, {"kind": "unheard-of", "direction": "sideways"}], ids=["no-such-field", "no-such-value"])
def test_a_slip_fails_where_it_stands(make: Callable[..., Any], wrong: dict[str, Any]) -> None:
    """A field that is none, or a value that none has, is no entry: the test fails where it was written, and not where it is missed."""
    with pytest.raises(ValidationError):
        make("the words", **wrong)


def test_entries_are_drafted_section_by_section() -> None:
    """In whatever order they are named, each is in its section, and those of one section keep theirs."""
    draft = drafted(threat("t"), actor("b"), commitment("c"), actor("a"), target("g"), timeline("w"))

    assert [one.name for one in draft.actors] == ["b", "a"]
    assert [len(getattr(draft, section)) for section in Draft.model_fields] == [2, 1, 1, 1, 1]


def test_no_model_says_more_than_a_draft_holds() -> None:
    """What no answer could hold cannot be had by a test either."""
    with pytest.raises(ValidationError):
        drafted(*(actor(f"V{number}") for number in range(81)))
