"""The shape of every failure: RFC 9457 problem details with a stable code."""

from pydantic import BaseModel, ConfigDict, Field


class FieldError(BaseModel):
    """One field that does not fit. Never holds what was sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pointer: str = Field(description="JSON Pointer (RFC 6901) to the field.")
    code: str = Field(description="What is wrong, as a stable word.")
    detail: str = Field(description="What is wrong, as a sentence.")


class Problem(BaseModel):
    """Why there is no record (`application/problem+json`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str = Field(description="URI of the kind of problem.")
    title: str = Field(description="The kind of problem, always the same words.")
    status: int = Field(description="HTTP status.")
    detail: str = Field(description="What happened this time. Never repeats what was sent.")
    instance: str = Field(description="URN of this occurrence; the log has the same id.")
    code: str = Field(description="The kind of problem, as a stable word.")
    retryable: bool = Field(description="Whether the same request may succeed later; `Retry-After` says when.")
    errors: list[FieldError] | None = Field(default=None, description="The fields that do not fit.")
    limit: int | None = Field(default=None, description="The limit that was passed.")
    actual: int | None = Field(default=None, description="What was sent against it.")
