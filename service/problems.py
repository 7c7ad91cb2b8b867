"""Every failure as a problem (RFC 9457). The only place that turns errors into answers."""

import random
from collections.abc import Callable
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR
from structlog.contextvars import bind_contextvars

from schemas.problem import Problem
from service.errors import (
    BodyTooLarge,
    InternalError,
    InvalidParameter,
    JobTooLarge,
    MethodNotAllowed,
    NoRoom,
    NotFound,
    RequestTimeout,
    SetupError,
    Unauthorised,
    VigieError,
)
from service.logs import log_broken

MEDIA_TYPE = "application/problem+json"


def kinds() -> dict[str, type[VigieError]]:
    """Return every kind of problem that a caller may meet, by its code."""
    found, unseen = {}, [VigieError]
    while unseen:
        kind = unseen.pop(0)
        unseen += kind.__subclasses__()
        if "code" in vars(kind) and kind is not SetupError:
            found[kind.code] = kind
    return found


def answering(public_url: str | None) -> Callable[[Request[Any, Any, Any], Exception], Response[bytes]]:
    """Return the handler of all exceptions, for a service known under `public_url`; never under the caller's `Host`, which anyone can choose."""

    def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        """Return the problem that `error` is to the caller."""
        known, headers = told(error)
        body = problem_of(known, public_url, request.scope["state"]["request_id"])
        return Response(body, status_code=known.status, media_type=MEDIA_TYPE, headers=headers)

    return answer


def told(error: Exception) -> tuple[VigieError, dict[str, str]]:
    """Return what `error` is to the caller, and the headers that go with it; the log of the request has its code from then on."""
    known = fault_of(error)
    bind_contextvars(code=known.code)
    return known, _headers(known)


def problem_of(error: VigieError, public_url: str | None, request_id: str) -> bytes:
    """Return `error` as the body of a problem."""
    problem = Problem(
        type=f"{(public_url or '').rstrip('/')}/problems/{error.code}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        instance=f"urn:vigie:request:{request_id}",
        code=error.code,
        retryable=error.retryable,
        errors=getattr(error, "errors", None),
        limit=getattr(error, "limit", None),
        actual=getattr(error, "actual", None),
    )
    return problem.model_dump_json(exclude_none=True).encode()


def fault_of(error: Exception) -> VigieError:
    """Return what `error` is to the caller; what nobody foresaw is told to the log."""
    known = _as_ours(error)
    if known is None:
        log_broken(error)
    return known or InternalError()


def _as_ours(error: Exception) -> VigieError | None:
    """Return `error` as one of ours; None if it is a fault of ours that nobody foresaw."""
    match error:
        case SetupError():
            return None
        case VigieError():
            return error
        case NotFoundException():
            return NotFound()
        case MethodNotAllowedException():
            return MethodNotAllowed((error.headers or {}).get("allow", ""))
        case HTTPException() if error.status_code < HTTP_500_INTERNAL_SERVER_ERROR:
            return InvalidParameter()
    return None


def _headers(error: VigieError) -> dict[str, str]:
    """Return the headers that go with `error`."""
    headers = {}
    if error.retryable:
        # Spread by a fifth, so that callers who failed together do not come back together.
        wait_s = error.retry_after_s * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
        headers["Retry-After"] = str(min(max(round(wait_s), 1), 60))
    if isinstance(error, Unauthorised):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed):
        headers["Allow"] = error.allowed
    if isinstance(error, RequestTimeout | BodyTooLarge | JobTooLarge | NoRoom):
        # The rest of the body is still on its way, and nobody will read it.
        headers["Connection"] = "close"
    return headers
