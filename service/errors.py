"""The errors of Vigie, and what each means to a caller.

    VigieError
    ├── RequestError             the caller can mend it
    │   ├── MalformedBody        400
    │   ├── InvalidParameter     400
    │   ├── IdempotencyKeyInvalid    400
    │   ├── Unauthorised         401
    │   ├── InsufficientScope    403
    │   ├── NotFound             404
    │   ├── MethodNotAllowed     405
    │   ├── NotAcceptable        406
    │   ├── RequestTimeout       408, retryable
    │   ├── AlreadyTerminal      409
    │   ├── Expired              410
    │   ├── BodyTooLarge         413
    │   ├── ArticleTooLong       413
    │   ├── JobTooLarge          413
    │   ├── UnsupportedMediaType 415
    │   ├── ValidationFailed     422
    │   ├── UnusableArticle      422
    │   ├── IdempotencyKeyReused 422
    │   ├── RateLimited          429, retryable
    │   ├── TooManyJobs          429, retryable
    │   └── HeadTooLarge         431
    ├── ModelError               the model or the way to it failed
    │   ├── ModelRefused         422
    │   ├── ReplayMiss           404
    │   ├── ModelLoading         503, retryable
    │   ├── ModelUnavailable     503
    │   ├── UpstreamUnavailable  503, retryable
    │   ├── UpstreamRateLimited  503, retryable
    │   ├── UpstreamQuotaExhausted   503
    │   ├── UpstreamMisconfigured    502
    │   ├── UpstreamRejectedRequest  502
    │   ├── UpstreamInvalidResponse  502, retryable
    │   ├── ModelOutputInvalid   502, retryable
    │   └── ModelOutputTruncated 502, retryable
    ├── AuthStoreUnavailable     503, retryable
    ├── QueueUnavailable         503, retryable
    ├── StorageUnavailable       503, retryable
    ├── Overloaded               503, retryable
    ├── Draining                 503, retryable
    ├── DeadlineExceeded         504, retryable
    ├── InternalError            500
    ├── Poisoned                 500
    └── SetupError               never answered: the service does not start, or the command ends

Every error is built from facts that hold nothing of the article, of the model's words or of a key, so that any of them may be logged and returned.
"""

import math
from typing import ClassVar

from schemas.problem import FieldError


class VigieError(Exception):
    """Base of all: a kind of problem (`code`, `title`, `status`, `retryable`) and what happened this time (`detail`)."""

    code: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str | None = None, *, retry_after_s: int = 5) -> None:
        """Keep the facts.

        Args:
            detail: One sentence of ours; the title if there is nothing to add.
            retry_after_s: Seconds after which a retry may succeed; read only where `retryable`.
        """
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.retry_after_s = min(max(retry_after_s, 1), 60)


class RequestError(VigieError):
    """The request cannot be served as it is; the caller can mend it."""


class MalformedBody(RequestError):
    """The body is not what its media type says."""

    code, title, status = "malformed-body", "The body cannot be read.", 400


class InvalidParameter(RequestError):
    """A header or a query parameter is out of range."""

    code, title, status = "invalid-parameter", "A parameter is not valid.", 400


class IdempotencyKeyInvalid(RequestError):
    """The `Idempotency-Key` is empty, too long, given twice, or holds what is no visible ASCII character."""

    code, title, status = "idempotency-key-invalid", "The Idempotency-Key is not valid.", 400


class Unauthorised(RequestError):
    """The caller shows no key, or none that is known; which of the two is not said."""

    code, title, status = "unauthorised", "A key is needed.", 401


class InsufficientScope(RequestError):
    """The caller's key does not open this door."""

    code, title, status = "insufficient-scope", "The key does not open this.", 403


class NotFound(RequestError):
    """No such resource."""

    code, title, status = "not-found", "There is nothing here.", 404


class MethodNotAllowed(RequestError):
    """The resource exists and does not know this method."""

    code, title, status = "method-not-allowed", "This method is not known here.", 405

    def __init__(self, allowed: str) -> None:
        """Keep the methods that are `allowed`, as the header `Allow` names them."""
        super().__init__(f"Allowed here: {allowed}.")
        self.allowed = allowed


class NotAcceptable(RequestError):
    """The caller accepts no media type that can be served."""

    code, title, status = "not-acceptable", "No acceptable media type can be served.", 406


class RequestTimeout(RequestError):
    """The body did not arrive in time."""

    code, title, status, retryable = "request-timeout", "The body did not arrive in time.", 408, True


class AlreadyTerminal(RequestError):
    """The job has ended, so that there is nothing to cancel."""

    code, title, status = "already-terminal", "The job has ended already.", 409


class Expired(RequestError):
    """The job's records were kept as long as they are, or were deleted."""

    code, title, status = "expired", "The records are no longer kept.", 410


class _OverLimit(RequestError):
    """Base of what is too large: keeps the limit and what was sent."""

    def __init__(self, limit: int, actual: int | None, unit: str) -> None:
        """Keep the `limit` and the `actual` size, both in `unit`; `actual` is None where counting stopped."""
        sent = "more" if actual is None else f"{actual:,}"
        super().__init__(f"At most {limit:,} {unit} are read; {sent} were sent.")
        self.limit, self.actual = limit, actual


class BodyTooLarge(_OverLimit):
    """The body has too many bytes."""

    code, title, status = "body-too-large", "The body is too large.", 413


class ArticleTooLong(_OverLimit):
    """The text has too many code points, or too many tokens for the model."""

    code, title, status = "article-too-long", "The article is too long.", 413


class JobTooLarge(_OverLimit):
    """The job has too many articles or too many bytes."""

    code, title, status = "job-too-large", "The job is too large.", 413


class HeadTooLarge(_OverLimit):
    """The request has too many headers, or too long ones."""

    code, title, status = "head-too-large", "The headers are too large.", 431


class UnsupportedMediaType(RequestError):
    """The body's media type or encoding is not served."""

    code, title, status = "unsupported-media-type", "This media type is not served.", 415


class ValidationFailed(RequestError):
    """The body is well formed and its fields do not fit."""

    code, title, status = "validation-failed", "Some fields do not fit.", 422

    def __init__(self, errors: list[FieldError]) -> None:
        """Keep the `errors`, one a field."""
        super().__init__(f"{len(errors)} field{'s' if len(errors) > 1 else ''} must be mended.")
        self.errors = errors


class UnusableArticle(RequestError):
    """The text holds nothing that can be read."""

    code, title, status = "unusable-article", "The article holds no readable text.", 422


class IdempotencyKeyReused(RequestError):
    """The `Idempotency-Key` stands for another request of the same caller."""

    code, title, status = "idempotency-key-reused", "The Idempotency-Key stands for another request.", 422


class RateLimited(RequestError):
    """The caller asks too often, or for too much at once."""

    code, title, status, retryable = "rate-limited", "Too many requests.", 429, True

    def __init__(self, limit: int, window_s: float | None, *, wait_s: float) -> None:
        """Keep the `limit`: so many in `window_s` seconds, or at the same time where that is None; `wait_s` is when there is room again."""
        super().__init__(f"At most {limit:,} {f'in {window_s:g} s' if window_s else 'at the same time'}.", retry_after_s=math.ceil(wait_s))
        self.limit, self.window_s = limit, window_s


class TooManyJobs(RequestError):
    """The caller has as many unfinished jobs as one may have."""

    code, title, status, retryable = "too-many-jobs", "Too many jobs.", 429, True

    def __init__(self, limit: int) -> None:
        """Keep the `limit`."""
        super().__init__(f"At most {limit:,} jobs of one caller are unfinished at the same time.", retry_after_s=60)
        self.limit = limit


class ModelError(VigieError):
    """The model, or the way to it, failed."""


class ModelRefused(ModelError):
    """The model or its filter declined to answer."""

    code, title, status = "model-refused", "The model declined to read this article.", 422


class ReplayMiss(ModelError):
    """No recording answers this call."""

    code, title, status = "replay-miss", "No recording answers this request.", 404

    def __init__(self, digest: str, nearest: str | None, why: str) -> None:
        """Keep the `digest` of the call, which a recording would be named after, that of the `nearest` call that was recorded, and `why` it is another."""
        super().__init__(f"There is no recording {digest}. {why}")
        self.digest, self.nearest = digest, nearest


class ModelLoading(ModelError):
    """The embedded model is not ready yet."""

    code, title, status, retryable = "model-loading", "The model is being loaded.", 503, True


class ModelUnavailable(ModelError):
    """The embedded model cannot be had: not installed, missing, corrupt or given up."""

    code, title, status = "model-unavailable", "The model cannot be had.", 503


class UpstreamUnavailable(ModelError):
    """The endpoint of the model does not answer, or says that it is broken."""

    code, title, status, retryable = "upstream-unavailable", "The model's endpoint is not available.", 503, True


class UpstreamRateLimited(ModelError):
    """The endpoint of the model asks us to slow down."""

    code, title, status, retryable = "upstream-rate-limited", "The model's endpoint limits our rate.", 503, True


class UpstreamQuotaExhausted(ModelError):
    """The account at the endpoint has nothing left."""

    code, title, status = "upstream-quota-exhausted", "The quota at the model's endpoint is used up.", 503


class UpstreamMisconfigured(ModelError):
    """The endpoint does not know our key, our model or our address."""

    code, title, status = "upstream-misconfigured", "The model's endpoint is not configured right.", 502


class UpstreamRejectedRequest(ModelError):
    """The endpoint finds fault with the call itself."""

    code, title, status = "upstream-rejected-request", "The model's endpoint rejected the call.", 502


class UpstreamInvalidResponse(ModelError):
    """What came back is no completion."""

    code, title, status, retryable = "upstream-invalid-response", "The model's endpoint sent no valid answer.", 502, True


class UpstreamInterrupted(UpstreamInvalidResponse):
    """The answer broke off on its way; the next one may arrive whole."""


class ModelOutputInvalid(ModelError):
    """The model's answer does not fit the schema, asked twice."""

    code, title, status, retryable = "model-output-invalid", "The model's answer does not fit the schema.", 502, True


class ModelOutputTruncated(ModelError):
    """The model's answer was cut off before anything of it was whole."""

    code, title, status, retryable = "model-output-truncated", "The model's answer was cut off.", 502, True


class AuthStoreUnavailable(VigieError):
    """The keys cannot be read, so that nobody can say whether this one is known."""

    code, title, status, retryable = "auth-store-unavailable", "Keys cannot be checked now.", 503, True


class QueueUnavailable(VigieError):
    """The database does not answer, so that no job can be taken or looked up."""

    code, title, status, retryable = "queue-unavailable", "Jobs cannot be reached now.", 503, True


class StorageUnavailable(VigieError):
    """The database takes nothing more: its disk is full, or it may only be read."""

    code, title, status, retryable = "storage-unavailable", "Nothing more can be stored now.", 503, True


class Overloaded(VigieError):
    """There is more to do than can be done in time."""

    code, title, status, retryable = "overloaded", "There is too much to do.", 503, True


class NoRoom(Overloaded):
    """What callers send together is more than can be held; the rest of this body is not read."""


class Draining(VigieError):
    """The service is about to end."""

    code, title, status, retryable = "draining", "The service is about to end.", 503, True


class DeadlineExceeded(VigieError):
    """The deadline passed before there was a record."""

    code, title, status, retryable = "deadline-exceeded", "The deadline passed before the record was ready.", 504, True


class InternalError(VigieError):
    """A fault of ours. The log holds more, under the id of the request."""

    code, title, status = "internal-error", "Something of ours broke.", 500


class Poisoned(VigieError):
    """The article ended every worker that read it."""

    code, title, status = "poisoned", "Whoever reads this article breaks down.", 500


class SetupError(VigieError):
    """The service cannot start, or a command cannot run, as it is configured."""

    code, title, status = "setup", "The configuration does not work.", 500
