"""Records made by hand, each entry by the words of the article that prove it; and one as large as they come."""

import hashlib
from typing import Any

from pydantic import BaseModel

from schemas.record import Actor, ArticleFacts, Commitment, Evidence, Extraction, Mention, Record, Target, Threat, Timeline, Usage
from schemas.vocabulary import Section


def mention(text: str, words: str, nth: int = 0) -> Mention:
    """Return where `text` has `words` for the `nth` time, from 0."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return Mention(quote=words, start=start, end=start + len(words))


def evidence(text: str, words: str, nth: int = 0) -> Evidence:
    """Return the `nth` place with these words as evidence; its sentence is all of `text`."""
    return Evidence.model_validate({**mention(text, words, nth).model_dump(), "match": "exact", "sentence": (0, len(text))})


def actor(text: str, number: int, name: str, **fields: Any) -> Actor:  # noqa: ANN401 - whatever the field holds
    """Return the actor A`number`, mentioned once unless the `fields` say otherwise."""
    made: dict[str, Any] = {"name": name, "aliases": [], "kind": "state", "sector": None, "country": None, "country_basis": "none", "part_of": None}
    return Actor.model_validate({"id": f"A{number}", "mentions": [mention(text, name)], **made, **fields})


def threat(text: str, number: int, words: str, **fields: Any) -> Threat:  # noqa: ANN401
    """Return the threat T`number`, proven by `words`."""
    parties: dict[str, Any] = {"by": [], "against": [], "asserted_by": [], "reported_by": [], "targets": [], "timelines": [], "means": []}
    made: dict[str, Any] = {"kind": "violence", "basis": "declared", "stage": "threatened", "action": "strike", "condition": None, "likelihood": None}
    return Threat.model_validate({"id": f"T{number}", "evidence": [evidence(text, words)], **parties, **made, **fields})


def target(text: str, number: int, name: str, **fields: Any) -> Target:  # noqa: ANN401
    """Return the target G`number`, proven by its name."""
    made: dict[str, Any] = {
        "category": "military",
        "kind": "base",
        "place": None,
        "country": None,
        "owners": [],
        "by": [],
        "status": "threatened",
        "dual_use": False,
    }
    return Target.model_validate({"id": f"G{number}", "name": name, "evidence": [evidence(text, name)], "timelines": [], **made, **fields})


def timeline(text: str, number: int, expression: str, start: str | None = None, end: str | None = None, **fields: Any) -> Timeline:  # noqa: ANN401
    """Return the timeline W`number` from `start` to `end`."""
    made: dict[str, Any] = {
        "event": "it happens",
        "edtf": None,
        "precision": "day",
        "approximate": False,
        "within": False,
        "direction": "future",
        "basis": "stated",
    }
    bounds = {"id": f"W{number}", "expression": expression, "start": start, "end": end}
    return Timeline.model_validate({"evidence": [evidence(text, expression)], **bounds, **made, **fields})


def commitment(text: str, number: int, words: str, **fields: Any) -> Commitment:  # noqa: ANN401
    """Return the commitment C`number`, proven by `words`."""
    parties: dict[str, Any] = {"speakers": [], "on_behalf_of": [], "beneficiaries": [], "timelines": []}
    made: dict[str, Any] = {"kind": "support_military", "polarity": "will", "commitment": "help", "direct_quote": None, "condition": None, "threat": None}
    return Commitment.model_validate({"id": f"C{number}", "evidence": [evidence(text, words)], **parties, **made, **fields})


def record(text: str, *entries: Actor | Threat | Target | Timeline | Commitment, **fields: Any) -> Record:  # noqa: ANN401
    """Return the record of `text` with these entries; `fields` are of the record, or, by `title`, `published` and so on, of its article."""
    facts: dict[str, Any] = {"language": "en", "published": "2026-03-12", "published_basis": "given", "title": None, "source": None}
    facts |= {name: fields.pop(name) for name in [*facts] if name in fields}
    usage = Usage(prompt_tokens=1_200, cached_tokens=300, completion_tokens=80, cost_usd=None)
    how = Extraction(model="fake", prompt="extract.v1", prompt_sha256="0" * 64, sections=[*Section], calls=2, chunks=1, usage=usage)
    kinds: dict[Section, type[BaseModel]] = {
        Section.ACTORS: Actor,
        Section.THREATS: Threat,
        Section.TARGETS: Target,
        Section.TIMELINES: Timeline,
        Section.COMMITMENTS: Commitment,
    }
    lists = {section.value: [one for one in entries if isinstance(one, kind)] for section, kind in kinds.items()}
    article = ArticleFacts.model_validate({"sha256": hashlib.sha256(text.encode()).hexdigest(), "characters": len(text), **facts})
    whole = {"schema_version": "1", "id": "rec_0", "article": article, "rejected": [], "rejected_omitted": 0, "warnings": [], "extraction": how}
    return Record.model_validate({**whole, **lists, **fields})


#: An article of a few lines in which everything occurs, and words that prove two things overlap.
TEXT = (
    "Kestria said on Thursday that its fleet would strike the naval base of Orlane within days unless the patrols cease.\n\n"
    "Valmer answered that it would defend the base until 2027, and Dorvik promised Valmer missiles by April."
)


def small() -> Record:
    """Return a record of `TEXT`: three actors, a threat, a target, three times, two commitments."""
    return record(
        TEXT,
        actor(TEXT, 1, "Kestria"),
        actor(TEXT, 2, "Valmer", mentions=[mention(TEXT, "Valmer"), mention(TEXT, "Valmer", 1)]),
        actor(TEXT, 3, "Dorvik"),
        threat(
            TEXT,
            1,
            "its fleet would strike the naval base of Orlane within days",
            by=["A1"],
            against=["A2"],
            asserted_by=["A1"],
            targets=["G1"],
            timelines=["W2"],
            condition="unless the patrols cease",
            means=["naval"],
        ),
        target(TEXT, 1, "naval base of Orlane", place="Orlane", owners=["A2"], by=["A1"], timelines=["W2"]),
        timeline(TEXT, 1, "Thursday", "2026-03-12", "2026-03-12", direction="past"),
        timeline(TEXT, 2, "within days", "2026-03-12", "2026-03-19", approximate=True, within=True),
        timeline(TEXT, 3, "until 2027", None, "2027-12-31", precision="year"),
        commitment(TEXT, 1, "it would defend the base until 2027", kind="defence", speakers=["A2"], timelines=["W3"]),
        commitment(TEXT, 2, "Dorvik promised Valmer missiles by April", speakers=["A3"], beneficiaries=["A2"]),
        title="Kestria threatens a base",
    )


#: So long may an article be, and so much may be in it.
LARGE_CHARS, LARGE_ENTRIES = 200_000, 200


def large() -> tuple[str, Record]:
    """Return an article of 200,000 characters and its record of 200 entries: 40 of each section, spread over all of it."""
    each = LARGE_ENTRIES // 5
    lines = [
        f"Land{n} says that its army would strike base number{n} of Realm{n} on day{n} if talks fail, and Realm{n} vows to defend it."
        for n in range(1, each + 1)
    ]
    filler = "Nothing else happened in the whole region that anyone would have to tell. "
    share = LARGE_CHARS // each
    text = "\n\n".join((line + " " + filler * (share // len(filler) + 1))[: share - 2] for line in lines).ljust(LARGE_CHARS, ".")
    entries: list[Actor | Threat | Target | Timeline | Commitment] = []
    for n in range(1, each + 1):
        day = f"2026-{3 + n // 28:02}-{1 + n % 28:02}"
        entries += [
            actor(text, n, f"Land{n}"),
            threat(
                text,
                n,
                f"its army would strike base number{n} of Realm{n} on day{n}",
                by=[f"A{n}"],
                against=[f"A{n % each + 1}"],
                targets=[f"G{n}"],
                timelines=[f"W{n}"],
            ),
            target(text, n, f"base number{n} of Realm{n}", owners=[f"A{n % each + 1}"], by=[f"A{n}"], timelines=[f"W{n}"]),
            timeline(text, n, f"on day{n}", day, day),
            commitment(text, n, f"Realm{n} vows to defend it", speakers=[f"A{n % each + 1}"], kind="defence", timelines=[f"W{n}"]),
        ]
    return text, record(text, *entries)
