"""The record: what the caller reads, every entry with the words of the article that prove it.

Spans are half-open (`start` inclusive, `end` exclusive) and count Unicode code points of the text as received: `text[start:end] == quote`, always.
Every field is always present; what is not known is null or an empty list.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, FailFast, Field, StringConstraints

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

ActorId = Annotated[str, StringConstraints(pattern="^A[1-9][0-9]*$")]
ThreatId = Annotated[str, StringConstraints(pattern="^T[1-9][0-9]*$")]
TargetId = Annotated[str, StringConstraints(pattern="^G[1-9][0-9]*$")]
TimelineId = Annotated[str, StringConstraints(pattern="^W[1-9][0-9]*$")]
CommitmentId = Annotated[str, StringConstraints(pattern="^C[1-9][0-9]*$")]
CountryCode = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
#: A day, an hour or a minute of ISO 8601; years before 0 and after 9999 as EDTF writes them.
Bound = Annotated[str, StringConstraints(pattern="^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(T[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?$")]
T = TypeVar("T")
#: A list that is looked at up to its first fault: one that somebody made of nothing else could have millions.
Several = Annotated[list[T], FailFast()]
#: A code point of the text as received, counted from 0.
Offset = Annotated[int, Field(ge=0)]


class _Frozen(BaseModel):
    """Base of the record's parts: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Mention(_Frozen):
    """One place where the article names an actor."""

    quote: str = Field(description="The words of the article: `text[start:end]`, to the letter.")
    start: Offset = Field(description="Where they begin, in Unicode code points of the text as received, from 0.")
    end: Offset = Field(description="Where they end, in the same unit; the code point here is no longer part of them.")


class Evidence(Mention):
    """The words of the article that prove an entry."""

    match: Match = Field(
        description="How the words were found: letter by letter (`exact`), up to typography (`folded`), around an ellipsis (`elided`), or nearly so (`fuzzy`)."
    )
    sentence: tuple[Offset, Offset] = Field(description="Where the sentences that hold the quote begin and end, in the unit of `start` and `end`.")


class ArticleFacts(_Frozen):
    """What is known of the article as a whole."""

    sha256: Sha256 = Field(description="SHA-256 of the text as received, in UTF-8, as 64 hexadecimal digits.")
    characters: int = Field(ge=0, description="Length of the text in Unicode code points.")
    language: str = Field(description="BCP 47 tag, given or detected; `und` if it cannot be told.")
    published: str | None = Field(description="EDTF date or timestamp that relative times refer to.")
    published_basis: PublishedBasis = Field(description="Given by the caller, found in the text, or not known.")
    title: str | None = Field(description="As the caller gave it.")
    source: str | None = Field(description="As the caller gave it.")


class Actor(_Frozen):
    """Who acts, speaks or is acted upon."""

    id: ActorId = Field(description="What other entries call this one.")
    name: str = Field(description="As written in the article.")
    aliases: Several[str] = Field(description="Other names of the same actor, as written in the article.")
    kind: ActorKind = Field(description="What the actor is.")
    sector: Sector | None = Field(description="PLOVER sector that follows from the kind.")
    country: CountryCode | None = Field(description="The country that the actor is or belongs to, as ISO 3166-1 alpha-3.")
    country_basis: CountryBasis = Field(description="How `country` is known.")
    part_of: ActorId | None = Field(description="Id of the actor that it belongs to.")
    mentions: Several[Mention] = Field(description="Where the article names it, in the order of the text.")


class Likelihood(_Frozen):
    """How likely something is said to be."""

    phrase: str = Field(description="As written in the article.")
    band: LikelihoodBand | None = Field(description="ICD 203 band, where the phrase is in the committed table.")


class Threat(_Frozen):
    """Declared or assessed future harm."""

    id: ThreatId = Field(description="What other entries call this one.")
    kind: ThreatKind = Field(description="What would be done, as a mode of PLOVER's THREATEN.")
    by: Several[ActorId] = Field(description="Ids of the actors who would act.")
    against: Several[ActorId] = Field(description="Ids of the actors who would suffer.")
    asserted_by: Several[ActorId] = Field(description="Ids of the actors whose claim or assessment it is.")
    reported_by: Several[ActorId] = Field(description="Ids of the actors through whom the article has it.")
    basis: ThreatBasis = Field(description="Whether the one who would act says so (`declared`), or others expect it (`assessed`).")
    stage: ThreatStage = Field(description="What became of the threat within the article.")
    action: str = Field(description="What would be done, in the model's words, in English.")
    means: Several[Means] = Field(description="With what it would be done.")
    condition: str | None = Field(description="On what it depends, as written in the article.")
    likelihood: Likelihood | None = Field(description="How likely the article says it is; null where it does not say.")
    targets: Several[TargetId] = Field(description="Ids of the targets that it names.")
    timelines: Several[TimelineId] = Field(description="Ids of the timelines that date it.")
    evidence: Several[Evidence] = Field(description="The words that prove it; never empty.")


class Target(_Frozen):
    """What of the armed forces or the government may be struck or was struck."""

    id: TargetId = Field(description="What other entries call this one.")
    name: str = Field(description="As written in the article.")
    category: TargetCategory = Field(description="Whose it is by its nature; there is no third category.")
    kind: TargetKind = Field(description="What it is.")
    place: str | None = Field(description="Where it stands, as written in the article.")
    country: CountryCode | None = Field(description="The country where it stands, as ISO 3166-1 alpha-3.")
    owners: Several[ActorId] = Field(description="Ids of the actors whose it is.")
    by: Several[ActorId] = Field(description="Ids of the actors who strike.")
    status: TargetStatus = Field(description="Whether it may be struck or has been.")
    dual_use: bool = Field(description="True if such a thing also serves civilians.")
    timelines: Several[TimelineId] = Field(description="Ids of the timelines that date the strike.")
    evidence: Several[Evidence] = Field(description="The words that prove it; never empty.")


class Timeline(_Frozen):
    """A time expression, the event that it dates, and the interval in which that lies."""

    id: TimelineId = Field(description="What other entries call this one.")
    expression: str = Field(description="As written in the article.")
    event: str = Field(description="What happens then, in the model's words, in English.")
    edtf: str | None = Field(description="The interval as EDTF (ISO 8601-2); null if unresolved.")
    start: Bound | None = Field(description="First possible day, hour or minute, as ISO 8601; null if unresolved or open.")
    end: Bound | None = Field(description="Last possible day, hour or minute, as ISO 8601; null if unresolved or open.")
    precision: Precision | None = Field(description="The calendar unit in which the time is told; null if unresolved.")
    approximate: bool = Field(description="True if the edges of the interval are not sharp.")
    within: bool = Field(description="True: a point or a shorter span somewhere inside; false: the whole interval.")
    direction: Direction = Field(description="Where it lies, seen from the publication of the article.")
    basis: TimeBasis = Field(description="How the interval is known.")
    evidence: Several[Evidence] = Field(description="The words that prove it; never empty.")


class Commitment(_Frozen):
    """What someone says that it will or will not do."""

    id: CommitmentId = Field(description="What names this entry.")
    kind: CommitmentKind = Field(description="What sort of thing it is that is promised or refused.")
    speakers: Several[ActorId] = Field(description="Ids of the actors who say it.")
    on_behalf_of: Several[ActorId] = Field(description="Ids of the actors for whom they speak.")
    beneficiaries: Several[ActorId] = Field(description="Ids of the actors whom it serves.")
    polarity: Polarity = Field(description="Whether it is promised or refused.")
    commitment: str = Field(description="What is promised or refused, in the model's words, in English.")
    direct_quote: str | None = Field(description="The speaker's own words, as the article quotes them.")
    condition: str | None = Field(description="On what it depends, as written in the article.")
    threat: ThreatId | None = Field(description="Id of the threat that is the same utterance.")
    timelines: Several[TimelineId] = Field(description="Ids of the timelines that date it.")
    evidence: Several[Evidence] = Field(description="The words that prove it; never empty.")


class Rejection(_Frozen):
    """An entry that the model offered and code refused."""

    section: Section = Field(description="The list that it was offered for.")
    reason: RejectionReason = Field(description="Why it was refused.")
    detail: str = Field(description="What was wrong, in one sentence of ours.")
    item: dict[str, Any] = Field(description="The entry as it was when it was refused, or the part of it that was; what the model left empty is left out.")


class Notice(_Frozen):
    """A warning: something that a reader of the record should know."""

    code: str = Field(description="What it is about, as a stable word.")
    detail: str = Field(description="What it is about, as a sentence.")
    start: Offset | None = Field(description="Where what it is about begins, in Unicode code points; null if it has no place.")
    end: Offset | None = Field(description="Where that ends, in the same unit.")


class Usage(_Frozen):
    """Tokens of all answers of the model, also of those that were refused, cut off or asked for again, as it reported them."""

    prompt_tokens: int = Field(ge=0, description="Tokens that the model read.")
    cached_tokens: int = Field(ge=0, description="Those of `prompt_tokens` that the server had kept.")
    completion_tokens: int = Field(ge=0, description="Tokens that the model wrote.")
    cost_usd: float | None = Field(
        ge=0,
        description="Price of these tokens in US dollars, to the sixth place: the installation's own, else the provider's list price on the day; "
        "null where it is not known for sure, as it never is of the embedded model, of a replay, or where an answer reported no tokens.",
    )


class Extraction(_Frozen):
    """How the record came about."""

    model: str = Field(description="Name of the model that read.")
    prompt: str = Field(description="Name and version of the prompt.")
    prompt_sha256: Sha256 = Field(description="SHA-256 of the prompt file, as 64 hexadecimal digits.")
    sections: Several[Section] = Field(description="The lists that were asked for.")
    calls: int = Field(ge=0, description="Calls to the model, re-asks included.")
    chunks: int = Field(ge=1, description="Pieces in which the text was read.")
    usage: Usage = Field(description="What the reading cost.")


class Record(_Frozen):
    """What the article says, proven."""

    schema_version: Literal["1"] = Field(description="Version of this schema; a field may join within a version, none changes or leaves.")
    id: str = Field(pattern="^rec_[0-9a-f]+$", description="From the content and not from the clock: the same record has the same id.")
    article: ArticleFacts = Field(description="The article as a whole.")
    actors: Several[Actor] = Field(description="Who acts, speaks or is acted upon, in the order of the text.")
    threats: Several[Threat] = Field(description="Harm that is declared or expected, in the order of the text.")
    targets: Several[Target] = Field(
        description="What of the armed forces or the government may be struck or was struck, in the order of the text; nothing civilian."
    )
    timelines: Several[Timeline] = Field(description="Each expression of time and the event that it dates, in the order of the text.")
    commitments: Several[Commitment] = Field(description="What someone says that it will or will not do, in the order of the text.")
    rejected: Several[Rejection] = Field(max_length=50, description="What the model offered and code refused: at most 50, the rest is counted.")
    rejected_omitted: int = Field(ge=0, description="How many refused entries are not listed.")
    warnings: Several[Notice] = Field(description="What a reader of the record should know.")
    extraction: Extraction = Field(description="With what it was read, how, and at what cost.")
