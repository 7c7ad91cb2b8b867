"""The record: what the caller reads, every entry with the words of the article that prove it.

Spans are half-open (`start` inclusive, `end` exclusive) and count Unicode code points of the text as received: `text[start:end] == quote`, always.
Every field is always present; what is not known is null or an empty list.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.vocabulary import (
    ActorKind,
    CommitmentKind,
    CountryBasis,
    Direction,
    LikelihoodBand,
    Match,
    Means,
    Polarity,
    Precision,
    PublishedBasis,
    RejectionReason,
    Section,
    Sector,
    TargetCategory,
    TargetKind,
    TargetStatus,
    ThreatBasis,
    ThreatKind,
    ThreatStage,
    TimeBasis,
)

SCHEMA_VERSION: Literal["1"] = "1"


class _Frozen(BaseModel):
    """Base of the record's parts: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Mention(_Frozen):
    """One place where the article names an actor."""

    quote: str = Field(description="The words of the article.")
    start: int = Field(ge=0, description="First code point.")
    end: int = Field(ge=0, description="Code point after the last.")


class Evidence(Mention):
    """The words of the article that prove an entry."""

    match: Match = Field(description="How the words were found: letter by letter, or only up to typography.")
    sentence: tuple[int, int] = Field(description="Span of the sentences that hold the quote.")


class ArticleFacts(_Frozen):
    """What is known of the article as a whole."""

    sha256: str = Field(description="Digest of the text as received, in UTF-8.")
    characters: int = Field(ge=0, description="Length in Unicode code points.")
    language: str = Field(description="BCP 47 tag, given or detected; `und` if it cannot be told.")
    published: str | None = Field(description="EDTF date or timestamp that relative times refer to.")
    published_basis: PublishedBasis = Field(description="Given by the caller, found in the text, or not known.")
    title: str | None
    source: str | None


class Actor(_Frozen):
    """Who acts, speaks or is acted upon."""

    id: str
    name: str = Field(description="As written in the article.")
    aliases: list[str] = Field(description="Other names of the same actor, as written in the article.")
    kind: ActorKind
    sector: Sector | None = Field(description="PLOVER sector that follows from the kind.")
    country: str | None = Field(description="ISO 3166-1 alpha-3.")
    country_basis: CountryBasis
    part_of: str | None = Field(description="Id of the actor that it belongs to.")
    mentions: list[Mention]


class Likelihood(_Frozen):
    """How likely something is said to be."""

    phrase: str = Field(description="As written in the article.")
    band: LikelihoodBand | None = Field(description="ICD 203 band, where the phrase is in the committed table.")


class Threat(_Frozen):
    """Declared or assessed future harm."""

    id: str
    kind: ThreatKind
    by: list[str] = Field(description="Ids of the actors who would act.")
    against: list[str] = Field(description="Ids of the actors who would suffer.")
    asserted_by: list[str] = Field(description="Ids of the actors whose claim or assessment it is.")
    reported_by: list[str] = Field(description="Ids of the actors through whom the article has it.")
    basis: ThreatBasis
    stage: ThreatStage
    action: str = Field(description="What would be done, in the model's words, in English.")
    means: list[Means]
    condition: str | None = Field(description="As written in the article.")
    likelihood: Likelihood | None
    targets: list[str] = Field(description="Ids of the targets that it names.")
    timelines: list[str] = Field(description="Ids of the timelines that date it.")
    evidence: list[Evidence]


class Target(_Frozen):
    """What of the armed forces or the government may be struck or was struck."""

    id: str
    name: str = Field(description="As written in the article.")
    category: TargetCategory
    kind: TargetKind
    place: str | None = Field(description="Where it stands, as written in the article.")
    country: str | None = Field(description="ISO 3166-1 alpha-3 of the place where it stands.")
    owners: list[str] = Field(description="Ids of the actors whose it is.")
    by: list[str] = Field(description="Ids of the actors who strike.")
    status: TargetStatus
    dual_use: bool = Field(description="True if such a thing also serves civilians.")
    timelines: list[str] = Field(description="Ids of the timelines that date the strike.")
    evidence: list[Evidence]


class Timeline(_Frozen):
    """A time expression, the event that it dates, and the interval in which that lies."""

    id: str
    expression: str = Field(description="As written in the article.")
    event: str = Field(description="What happens then, in the model's words, in English.")
    edtf: str | None = Field(description="EDTF (ISO 8601-2); null if unresolved.")
    start: str | None = Field(description="First possible day, hour or minute; null if unresolved or open.")
    end: str | None = Field(description="Last possible day, hour or minute; null if unresolved or open.")
    precision: Precision | None
    approximate: bool
    within: bool = Field(description="True: a point or a shorter span somewhere inside; false: the whole interval.")
    direction: Direction
    basis: TimeBasis
    evidence: list[Evidence]


class Commitment(_Frozen):
    """What someone says that it will or will not do."""

    id: str
    kind: CommitmentKind
    speakers: list[str] = Field(description="Ids of the actors who say it.")
    on_behalf_of: list[str] = Field(description="Ids of the actors for whom they speak.")
    beneficiaries: list[str] = Field(description="Ids of the actors whom it serves.")
    polarity: Polarity
    commitment: str = Field(description="What is promised or refused, in the model's words, in English.")
    direct_quote: str | None = Field(description="The speaker's own words, as the article quotes them.")
    condition: str | None = Field(description="As written in the article.")
    threat: str | None = Field(description="Id of the threat that is the same utterance.")
    timelines: list[str] = Field(description="Ids of the timelines that date it.")
    evidence: list[Evidence]


class Rejection(_Frozen):
    """An entry that the model offered and code refused."""

    section: Section
    reason: RejectionReason
    detail: str = Field(description="What was wrong, in one sentence of ours.")
    item: dict[str, Any] = Field(description="The entry as it was when it was refused, or the part of it that was; what the model left empty is left out.")


class Notice(_Frozen):
    """A warning: something that a reader of the record should know."""

    code: str
    detail: str
    start: int | None = Field(description="First code point of what it is about, if it has a place.")
    end: int | None = Field(description="Code point after the last.")


class Usage(_Frozen):
    """Tokens of all calls to the model, failed ones included."""

    prompt_tokens: int = Field(ge=0)
    cached_tokens: int = Field(ge=0, description="Those of `prompt_tokens` that the server had kept.")
    completion_tokens: int = Field(ge=0)
    cost_usd: float | None = Field(description="Price of these tokens where it is known.")


class Extraction(_Frozen):
    """How the record came about."""

    model: str
    prompt: str
    prompt_sha256: str = Field(description="Digest of the prompt file.")
    sections: list[Section] = Field(description="The lists that were asked for.")
    calls: int = Field(ge=0, description="Calls to the model, re-asks included.")
    chunks: int = Field(ge=1, description="Pieces in which the text was read.")
    usage: Usage


class Record(_Frozen):
    """What the article says, proven."""

    schema_version: Literal["1"]
    id: str = Field(description="From the content: the same record has the same id.")
    article: ArticleFacts
    actors: list[Actor]
    threats: list[Threat]
    targets: list[Target]
    timelines: list[Timeline]
    commitments: list[Commitment]
    rejected: list[Rejection] = Field(description="At most 50; the rest is counted.")
    rejected_omitted: int = Field(ge=0)
    warnings: list[Notice]
    extraction: Extraction
