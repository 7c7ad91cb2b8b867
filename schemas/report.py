"""What is made into a report: an article and its record."""

from pydantic import BaseModel, ConfigDict, Field

from schemas.article import MAX_ARTICLE_CHARS
from schemas.record import Record

#: Longest reading that a report tells of: eleven days.
MAX_SECONDS = 1_000_000


class ReportRequest(BaseModel):
    """An article and the record that was made of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    # Told and not checked here: a text that is too long is a problem of its own.
    text: str = Field(
        description="The article itself, as it was sent to be read, at most 200,000 Unicode code points.", json_schema_extra={"maxLength": MAX_ARTICLE_CHARS}
    )
    record: Record = Field(description="Its record, as it came.")
    seconds: float | None = Field(
        default=None, ge=0, le=MAX_SECONDS, allow_inf_nan=False, description="Seconds that the reading took; null if nobody knows, and the report is silent."
    )
