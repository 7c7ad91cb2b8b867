"""What the model finds: entries of a draft, of which a test names what it is about and leaves the rest as it is."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from schemas.draft import ActorDraft, CommitmentDraft, Draft, TargetDraft, ThreatDraft, TimelineDraft

Entry = ActorDraft | TargetDraft | ThreatDraft | TimelineDraft | CommitmentDraft


def actor(name: str, kind: str = "state", **more: object) -> ActorDraft:
    """Return an actor of a kind.

    Raises:
        pydantic.ValidationError: A field is none, or does not fit; so of all that are here.
    """
    return ActorDraft.model_validate({"name": name, "kind": kind, "country": None, "part_of": None, "aliases": [], **more})


def target(name: str, category: str = "military", status: str = "threatened", **more: object) -> TargetDraft:
    """Return a target: a base, unless a `kind` is named."""
    blank = dict.fromkeys(("place", "owner", "by", "when"))
    return TargetDraft.model_validate({"name": name, "category": category, "kind": "base", "status": status, **blank, **more})


def timeline(expression: str, **more: object) -> TimelineDraft:
    """Return an expression of time, for something that is to come."""
    return TimelineDraft.model_validate({"expression": expression, "direction": "future", "event": "something", "time": None, **more})


def threat(quote: str, **more: object) -> ThreatDraft:
    """Return a threat that stands in the article as `quote`: of violence, declared, and nobody's unless it is said whose (`by`) and whom it is against."""
    who: dict[str, Any] = {name: [] for name in ("by", "against", "asserted_by", "reported_by", "means")}
    what = {"basis": "declared", "kind": "violence", "stage": "threatened", "action": "strike", "condition": None, "likelihood": None, "when": None}
    return ThreatDraft.model_validate({"quote": quote, **who, **what, **more})


def commitment(quote: str, **more: object) -> CommitmentDraft:
    """Return a commitment that stands in the article as `quote`: to help in defence, and nobody's unless it is said whose (`speakers`)."""
    who: dict[str, Any] = {name: [] for name in ("speakers", "on_behalf_of", "beneficiaries")}
    what = {"kind": "defence", "polarity": "will", "commitment": "help", "direct_quote": None, "condition": None, "when": None}
    return CommitmentDraft.model_validate({"quote": quote, **who, **what, **more})


def drafted(*entries: Entry) -> Draft:
    """Return the draft of these entries, each in its section.

    Raises:
        pydantic.ValidationError: There are more of a section than a draft may hold.
    """
    kinds: Mapping[str, type[BaseModel]] = {
        "actors": ActorDraft, "targets": TargetDraft, "threats": ThreatDraft, "timelines": TimelineDraft, "commitments": CommitmentDraft,
    }  # fmt: skip
    return Draft.model_validate({name: [entry for entry in entries if isinstance(entry, kind)] for name, kind in kinds.items()})


def words_of(entry: Entry) -> str:
    """Return the words by which an entry stands in the article."""
    match entry:
        case ThreatDraft() | CommitmentDraft():
            return entry.quote
        case TimelineDraft():
            return entry.expression
        case ActorDraft() | TargetDraft():
            return entry.name
