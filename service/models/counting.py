"""What one answer used, as its endpoint counts it: numbers from outside, believed only where they can be true."""

from dataclasses import dataclass
from typing import Annotated

from openai.types import CompletionUsage
from pydantic import BaseModel, Field, ValidationError

#: More tokens than any call can use: a larger count is a fault of whoever counts.
Tokens = Annotated[int, Field(ge=0, le=100_000_000)]


class _Details(BaseModel):
    cached_tokens: Tokens | None = None
    cache_write_tokens: Tokens | None = None


class _Usage(BaseModel):
    prompt_tokens: Tokens
    completion_tokens: Tokens
    prompt_tokens_details: _Details | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Tokens of one answer."""

    prompt: int
    #: Those of `prompt` that the server had kept.
    cached: int
    #: Those of `prompt` that the server began to keep, for which some take more.
    written: int
    completion: int

    def usage(self) -> CompletionUsage:
        """Return them as a completion has them."""
        details = {"cached_tokens": self.cached} | ({"cache_write_tokens": self.written} if self.written else {})
        return CompletionUsage.model_validate(
            {
                "prompt_tokens": self.prompt,
                "completion_tokens": self.completion,
                "total_tokens": self.prompt + self.completion,
                "prompt_tokens_details": details,
            }
        )


def counted(usage: object) -> Counts | None:
    """Return what `usage` counts, as an object or as JSON has it; None where it is missing or cannot be true."""
    try:
        found = _Usage.model_validate(usage, from_attributes=True)
    except ValidationError:
        return None
    details = found.prompt_tokens_details or _Details()
    # Parts are no more than the whole, whoever counts.
    cached = min(details.cached_tokens or 0, found.prompt_tokens)
    written = min(details.cache_write_tokens or 0, found.prompt_tokens - cached)
    return Counts(found.prompt_tokens, cached, written, found.completion_tokens)
