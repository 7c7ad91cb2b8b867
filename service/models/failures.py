"""What each failure of an endpoint means to a caller of ours.

What an endpoint says about a failure may quote the article or the key, so only numbers are taken from it, never words.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import openai

from service.errors import (
    ArticleTooLong,
    ModelError,
    UpstreamInterrupted,
    UpstreamInvalidResponse,
    UpstreamMisconfigured,
    UpstreamQuotaExhausted,
    UpstreamRateLimited,
    UpstreamRejectedRequest,
    UpstreamUnavailable,
    VigieError,
)


class UnboundedReply(Exception):
    """A reply that is larger than we read, or packed so that its size cannot be known before it is unpacked."""


#: Whatever may come out of a call: the client wraps most, but lets out what breaks while a stream is read (`httpx2`), JSON that is none (`ValueError`) and
#: JSON that is nested too deeply (`RecursionError`).
FAILURES = (openai.OpenAIError, httpx2.HTTPError, UnboundedReply, ValueError, RecursionError)

#: What ends an answer that had been begun, or a connection on which one was awaited.
_BROKEN_OFF = (httpx2.ReadError, httpx2.RemoteProtocolError)

_MEANINGS: Mapping[int, type[ModelError]] = {
    401: UpstreamMisconfigured,
    402: UpstreamQuotaExhausted,  # several hosts answer an empty account so
    403: UpstreamMisconfigured,
    404: UpstreamMisconfigured,
    408: UpstreamUnavailable,
    409: UpstreamUnavailable,
    425: UpstreamUnavailable,
    429: UpstreamRateLimited,
}

#: How OpenAI and vLLM word the length of the context in a message that has no field for it.
_CONTEXT = re.compile(r"(?:context length is|limit of) (\d{1,9}) tokens")

#: Seconds to wait where the endpoint does not say.
_RETRY_AFTER_S = 5


def meaning_of(failure: Exception) -> VigieError:
    """Return what `failure`, one of `FAILURES`, means; raise it outside the `except` block, so that it does not carry the failure along."""
    if isinstance(failure, openai.APIStatusError):
        return _of_status(failure)
    if isinstance(failure, openai.APITimeoutError | httpx2.TimeoutException):
        return UpstreamUnavailable("The model's endpoint did not answer in time.")
    if isinstance(failure, UnboundedReply) or isinstance(failure.__cause__, UnboundedReply):
        return UpstreamInvalidResponse("The model's endpoint sent more than is read.")
    if isinstance(failure, _BROKEN_OFF) or isinstance(failure.__cause__, _BROKEN_OFF):
        return UpstreamInterrupted("The connection to the model's endpoint ended before its answer did.")
    if isinstance(failure, openai.APIConnectionError | httpx2.TransportError):
        return UpstreamUnavailable("The connection to the model's endpoint failed.")
    return UpstreamInvalidResponse()


def retry_after_s(headers: Mapping[str, str]) -> int:
    """Return the seconds that `Retry-After` asks for, within the 1 to 60 that we pass on."""
    value = headers.get("retry-after", "")
    try:
        seconds = float(value) if value.replace(".", "", 1).isdecimal() else (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError, OverflowError):  # no date; a date without a zone; a date beyond the calendar
        return _RETRY_AFTER_S
    return round(min(max(seconds, 1), 60))


def _of_status(failure: openai.APIStatusError) -> VigieError:
    status, facts = failure.status_code, failure.body if isinstance(failure.body, Mapping) else {}
    if (too_long := _too_long(facts)) is not None:
        return too_long
    meaning = _MEANINGS.get(status, UpstreamUnavailable if status >= httpx2.codes.INTERNAL_SERVER_ERROR else UpstreamRejectedRequest)
    if httpx2.codes.is_redirect(status):
        meaning = UpstreamMisconfigured  # not followed: it would carry the article to another origin
    if "insufficient_quota" in (facts.get("code"), facts.get("type")):
        meaning = UpstreamQuotaExhausted
    return meaning(f"The model's endpoint answered {status}.", retry_after_s=retry_after_s(failure.response.headers))


def _too_long(facts: Mapping[str, object]) -> ArticleTooLong | None:
    """Return the error of a conversation that is longer than the context: llama.cpp gives the numbers, others a sentence that holds the limit."""
    limit, actual = facts.get("n_ctx"), facts.get("n_prompt_tokens")
    if isinstance(limit, int) and isinstance(actual, int):
        return ArticleTooLong(limit, actual, "tokens")
    worded = _CONTEXT.search(str(facts.get("message", "")))
    return ArticleTooLong(int(worded[1]), None, "tokens") if worded else None
