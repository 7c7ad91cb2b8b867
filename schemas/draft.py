"""The draft: what the model writes, before any of it is believed.

Small, strict and cheap in tokens: every field is required, what may be missing is `X | None`, closed sets are enums, quotes come before what they justify, and
each list has a cap. Names, quotes, places, conditions and time expressions are the article's own words, so that code can look for them.

The docstring of a model class is prompt text: it is part of the JSON schema that is sent with each call.
"""

from copy import deepcopy
from functools import cache
from typing import Any, Literal

from instructor import ResponseSchema
from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema

from schemas.time import TimeDraft
from schemas.vocabulary import (
    ActorKind,
    CommitmentKind,
    Direction,
    Means,
    Polarity,
    Section,
    TargetKind,
    ThreatBasis,
    ThreatKind,
    ThreatStage,
)

#: What the model may call a target. The first three can become one; the others are said so that code can refuse them.
DraftCategory = Literal["military", "government", "military_and_government", "civilian", "other"]

#: What the article says of a target. One that is spared is refused.
DraftStatus = Literal["threatened", "attacked", "spared"]

_FORBID = ConfigDict(extra="forbid")


class ActorDraft(BaseModel):
    """Who acts, speaks or is acted upon."""

    model_config = _FORBID

    name: str
    kind: ActorKind
    country: str | None
    part_of: str | None
    aliases: list[str] = Field(max_length=4)


class TargetDraft(BaseModel):
    """What may be struck or was struck."""

    model_config = _FORBID

    name: str
    category: DraftCategory
    kind: TargetKind
    status: DraftStatus
    place: str | None
    owner: str | None
    by: str | None
    when: str | None


class TimelineDraft(BaseModel):
    """A time expression and the event that it dates."""

    model_config = _FORBID

    expression: str
    direction: Direction
    time: TimeDraft | None
    event: str


class ThreatDraft(BaseModel):
    """Future harm that is declared or expected."""

    model_config = _FORBID

    quote: str
    by: list[str] = Field(max_length=4)
    against: list[str] = Field(max_length=4)
    basis: ThreatBasis
    asserted_by: list[str] = Field(max_length=4)
    reported_by: list[str] = Field(max_length=4)
    kind: ThreatKind
    stage: ThreatStage
    means: list[Means] = Field(max_length=4)
    action: str
    condition: str | None
    likelihood: str | None
    when: str | None


class CommitmentDraft(BaseModel):
    """What someone says that it will or will not do."""

    model_config = _FORBID

    quote: str
    speakers: list[str] = Field(max_length=4)
    on_behalf_of: list[str] = Field(max_length=4)
    beneficiaries: list[str] = Field(max_length=4)
    kind: CommitmentKind
    polarity: Polarity
    commitment: str
    direct_quote: str | None
    condition: str | None
    when: str | None


class _SectionsDraft(ResponseSchema):
    """What one article says."""

    model_config = _FORBID

    @classmethod
    def model_json_schema(cls, *arguments: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - Pydantic's own
        """Return the JSON schema. It takes 20 ms to make, so it is made once."""
        return super().model_json_schema(*arguments, **options) if arguments or options else deepcopy(_schema_of(cls))


class Draft(_SectionsDraft):
    """What one article says."""

    # Twice what the densest news hold in a piece: a model that goes on beyond it has lost the thread.
    actors: list[ActorDraft] = Field(max_length=80)
    targets: list[TargetDraft] = Field(max_length=60)
    threats: list[ThreatDraft] = Field(max_length=40)
    timelines: list[TimelineDraft] = Field(max_length=60)
    commitments: list[CommitmentDraft] = Field(max_length=40)


@cache
def _schema_of(model: type[_SectionsDraft]) -> dict[str, Any]:
    """Return the JSON schema of `model`, which nobody may change."""
    return super(_SectionsDraft, model).model_json_schema()


@cache
def draft_of(sections: tuple[Section, ...]) -> type[ResponseSchema]:
    """Return the model of a draft that holds these `sections` alone, in their order; the same class each time."""
    if sections == tuple(Section):
        return Draft
    fields: dict[str, Any] = {section.value: (Draft.model_fields[section].annotation, Draft.model_fields[section]) for section in sections}
    return create_model("Draft", __base__=_SectionsDraft, __doc__=Draft.__doc__, __module__=__name__, **fields)


@cache
def response_of(sections: tuple[Section, ...]) -> type[ResponseSchema]:
    """Return what Instructor is to read the draft of these `sections` by; the same class each time.

    What it validates is the draft, and its schema is the draft's, but it has no fields. Instructor looks through all the fields of a response model and their
    types, four times a call, which takes longer than all else that it does.
    """
    model = draft_of(sections)

    class Response(ResponseSchema, title=model.__name__):
        @classmethod
        def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
            return handler(model)

        @classmethod
        def model_json_schema(cls, *arguments: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - Pydantic's own
            return super().model_json_schema(*arguments, **options) if arguments or options else _schema_of(model)

    return Response
