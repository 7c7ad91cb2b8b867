"""What the doors of jobs take and answer, as OpenAPI says it."""

import json

from litestar.openapi.spec import (
    Example,
    OpenAPIFormat,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

from schemas.article import Article
from schemas.job import Job
from service import examples
from service.caching.repeats import REPEAT_HEADER
from service.describing import HEADERS, REQUEST_ID, SECURITY, answer_of, problems_of, reference_to
from service.errors import (
    AlreadyTerminal,
    AuthStoreUnavailable,
    Expired,
    IdempotencyKeyInvalid,
    IdempotencyKeyReused,
    InsufficientScope,
    InternalError,
    InvalidParameter,
    JobTooLarge,
    MalformedBody,
    NotAcceptable,
    NotFound,
    Overloaded,
    QueueUnavailable,
    RateLimited,
    RequestTimeout,
    StorageUnavailable,
    TooManyJobs,
    Unauthorised,
    UnsupportedMediaType,
    ValidationFailed,
)
from service.intake import JSON
from service.jobs.submission import MOST_ARTICLES, NDJSON

#: What any of these doors may answer.
_ANYWHERE = (
    *(InvalidParameter, Unauthorised, InsufficientScope, RateLimited, AuthStoreUnavailable, NotAcceptable),
    *(QueueUnavailable, StorageUnavailable, InternalError),
)
#: What else may be said of one job.
_OF_ONE = (*_ANYWHERE, NotFound, Expired)


def submit() -> Operation:
    """Return `POST /jobs`."""
    articles = [examples.request(name) for name in examples.LANGUAGES]
    array = Schema(type=OpenAPIType.ARRAY, items=reference_to(Article), min_items=1, max_items=MOST_ARTICLES, description="What `POST /extract` takes, each.")
    lines = Schema(type=OpenAPIType.STRING, description="An Article a line, as JSON; empty lines are passed over.")
    return Operation(
        operation_id="submitJob",
        tags=["Jobs"],
        summary="Hand in many articles",
        description=(
            "Up to 10,000 articles or 100,000,000 bytes at once, as a JSON array or as lines of JSON. They are kept before the answer, and read as interactive "
            "requests leave time. An element that is no article has its problem among the records; where the array itself is broken nothing is kept."
        ),
        security=SECURITY,
        parameters=[REQUEST_ID, _REPEAT_KEY],
        request_body=RequestBody(
            required=True,
            description="News articles, in any languages.",
            content={
                JSON: OpenAPIMediaType(schema=array, examples={"two": Example(summary="Two articles", value=articles)}),
                NDJSON: OpenAPIMediaType(
                    schema=lines,
                    examples={"two": Example(summary="Two articles", value="".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in articles))},
                ),
            },
        ),
        responses={
            "202": answer_of("The job, which is kept from now on.", Job, _shown("submitted"), {"Location": _LOCATION}),
            **problems_of(
                (
                    *_ANYWHERE,
                    *(MalformedBody, UnsupportedMediaType, JobTooLarge, ValidationFailed, RequestTimeout, Overloaded, TooManyJobs),
                    *(IdempotencyKeyInvalid, IdempotencyKeyReused),
                )
            ),
        },
    )


def job() -> Operation:
    """Return `GET /jobs/{job_id}`."""
    return Operation(
        operation_id="getJob",
        tags=["Jobs"],
        summary="How far a job is",
        description="Its state, how many of its articles are where, how long it will take and what it cost so far.",
        security=SECURITY,
        parameters=[REQUEST_ID, _JOB_ID],
        responses={"200": answer_of("The job.", Job, _shown("running")), **problems_of(_OF_ONE)},
    )


def cancel() -> Operation:
    """Return `DELETE /jobs/{job_id}`."""
    return Operation(
        operation_id="cancelJob",
        tags=["Jobs"],
        summary="Cancel a job",
        description="What is being read is given up within two seconds; records that are there stay. To cancel again changes nothing.",
        security=SECURITY,
        parameters=[REQUEST_ID, _JOB_ID],
        responses={"202": answer_of("The job as it has ended.", Job, _shown("cancelled")), **problems_of((*_OF_ONE, AlreadyTerminal))},
    )


def records() -> Operation:
    """Return `GET /jobs/{job_id}/records`."""
    lines = Schema(
        type=OpenAPIType.STRING,
        description="A line for each article, in the order in which they ended: a RecordLine, or a ProblemLine where there is no record.",
    )
    return Operation(
        operation_id="getRecords",
        tags=["Jobs"],
        summary="The records of a job, as they come",
        description=(
            "Lines of JSON, each sent once its article has ended, until the job has ended, or for as many seconds as an article may take at most. "
            "To go on, ask again with the number of lines that you have as `after`; a job that has ended has as many lines as articles that were not cancelled."
        ),
        security=SECURITY,
        parameters=[REQUEST_ID, _JOB_ID, _AFTER],
        responses={
            "200": OpenAPIResponse(
                description="The lines behind the first `after`.", headers={**HEADERS, **_UNBUFFERED}, content={NDJSON: OpenAPIMediaType(lines)}
            ),
            **problems_of(_OF_ONE),
        },
    )


def clear() -> Operation:
    """Return `DELETE /jobs/{job_id}/records`."""
    return Operation(
        operation_id="deleteRecords",
        tags=["Jobs"],
        summary="Delete what is kept of a job",
        description="Its articles and its records are gone at once; a job that has not ended is cancelled first. From then on the job is `expired`.",
        security=SECURITY,
        parameters=[REQUEST_ID, _JOB_ID],
        responses={
            "204": OpenAPIResponse(description="Nothing of it is kept any more.", headers={**HEADERS}),
            **problems_of(kind for kind in _OF_ONE if kind is not NotAcceptable),
        },
    )


def _shown(which: str) -> dict[str, Example]:
    """Return an example of a job."""
    return {which: Example(summary=f"A job that was {which}" if which != "running" else "A job that runs", value=examples.job(which))}


_JOB_ID = Parameter(
    "job_id", "path", Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.UUID), required=True, description="The job's `id`, of which its `Location` is made."
)
_AFTER = Parameter(
    "after",
    "query",
    Schema(type=OpenAPIType.INTEGER, minimum=0, maximum=999_999_999, default=0),
    description="The number of lines that the caller has: those behind them are sent.",
)
_LOCATION = OpenAPIHeader(Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.URI_REFERENCE), description="Where the job is: `/jobs/{job_id}`.", required=True)
_UNBUFFERED = {
    "Cache-Control": OpenAPIHeader(Schema(type=OpenAPIType.STRING, enum=["no-cache"]), description="The next answer may say more."),
    "X-Accel-Buffering": OpenAPIHeader(Schema(type=OpenAPIType.STRING, enum=["no"]), description="Keeps proxies from holding lines back."),
}
_REPEAT_KEY = Parameter(
    REPEAT_HEADER,
    "header",
    Schema(type=OpenAPIType.STRING, pattern="^[!-~]{1,255}$"),
    description=(
        "The caller's own name of this request, to ask again after a broken connection. The same bytes with the same key are the same job as long as that is "
        "known; anything else gets `idempotency-key-reused`. What failed is not kept."
    ),
)
