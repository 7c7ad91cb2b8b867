"""What a caller sends: one news article and what it wants of it."""

import datetime as dt
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from schemas.vocabulary import Section

#: Longest text that is read, in Unicode code points.
MAX_ARTICLE_CHARS = 200_000

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


def _check_published(value: str) -> str:
    """Return `value` if it names a real year, month, day or instant.

    Raises:
        ValueError: It does not.
    """
    match = _DATE.fullmatch(value)
    if match:
        year, month, day = (int(part) if part else 1 for part in match.groups())
        dt.date(year, month, day)
    else:
        dt.datetime.fromisoformat(value)
    return value


Published = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9:]+)?)?)?)?$", max_length=40),
    AfterValidator(_check_published),
]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]


class Options(BaseModel):
    """What a caller may choose for one article."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    deadline_s: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="Seconds after which the answer must be there; the service's own deadline when missing, and never more than its maximum.",
    )
    sections: Annotated[tuple[Section, ...], Field(strict=False, min_length=1, max_length=5)] = Field(
        default=tuple(Section),
        description="The lists that are wanted; the others come back empty and unread.",
    )
    partial: bool = Field(
        default=True,
        description="Of an article that is read in several pieces: whether those that could not be read may be missing, which `warnings` then tells; "
        "otherwise the article fails with the first of them.",
    )


class Article(BaseModel):
    """A news article as received. Offsets in a record count Unicode code points of `text`, from 0, end exclusive."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    # Told and not checked here: a text that is too long is a problem of its own.
    text: str = Field(
        description="The article itself, in any language, at most 200,000 Unicode code points.", json_schema_extra={"maxLength": MAX_ARTICLE_CHARS}
    )
    title: str | None = Field(default=None, max_length=1_000, description="Its headline: context for the reading, never evidence.")
    published: Published | None = Field(
        default=None,
        description="When it was published: an EDTF year, month or day (`2024`, `2024-04`, `2024-04-17`), or an ISO 8601 timestamp.",
    )
    language: LanguageTag | None = Field(default=None, description="Its language as a BCP 47 tag; detected when missing.")
    source: str | None = Field(default=None, max_length=2_000, description="Where it comes from: context for the reading, never evidence.")
    options: Options = Field(default=Options(), description="What the caller may choose.")
