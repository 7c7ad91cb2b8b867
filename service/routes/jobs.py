"""`/jobs`: many articles in, their records as they come."""

import asyncio
import re
from contextlib import ExitStack
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, SkipValidation
from litestar.response import Stream
from structlog.contextvars import bind_contextvars

from schemas.job import Job
from service.access.door import Caller, Guard
from service.access.limits import Limits
from service.caching.naming import repeat_name
from service.database.database import Database
from service.errors import InvalidParameter, JobTooLarge, NotAcceptable, NotFound, UnsupportedMediaType
from service.intake import JSON, is_utf8
from service.jobs.store import JobStore
from service.jobs.submission import MOST_BYTES, NDJSON, Submission
from service.metrics import Metrics
from service.problems import problem_of
from service.resilience.ending import Ending
from service.resilience.room import Room
from service.routes.heading import announced_bytes, repeat_key, wanted
from service.settings import Settings
from service.streaming.lines import Following

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_AFTER = re.compile(r"[0-9]{1,9}", re.ASCII)


def of_a_job(database: Database) -> Guard:
    """Return the guard of the routes of one job; where no job was ever handed in none is looked for, so that no database is begun."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        """Let pass what may be the id of a job.

        Raises:
            NotFound: It is none.
        """
        if not database.exists or not _ID.fullmatch(connection.path_params["job_id"]):
            raise NotFound

    return guard


@post("/jobs", status_code=202)
async def submit(  # noqa: PLR0913, PLR0917 - each is a part that Litestar hands over by name
    request: Request[Any, Any, Any],
    store: NamedDependency[SkipValidation[JobStore]],
    room: NamedDependency[SkipValidation[Room]],
    limits: NamedDependency[SkipValidation[Limits]],
    settings: NamedDependency[SkipValidation[Settings]],
    measures: NamedDependency[SkipValidation[Metrics]],
    ending: NamedDependency[SkipValidation[Ending]],
) -> Response[bytes]:
    """Keep the articles in the body as a job, and return it."""
    _check_accept(request, JSON)
    media_type = _media_type(request)
    announced = announced_bytes(request)
    if announced > MOST_BYTES:
        raise JobTooLarge(MOST_BYTES, announced, "bytes")
    key, caller = repeat_key(request), _caller(request)
    told = partial(problem_of, public_url=settings.public_url, request_id=request.scope["state"]["request_id"])
    name = bytes.fromhex(repeat_name(caller.id, key)) if key is not None else None
    with await limits.place(caller.id, caller.concurrency), room.place() as place:
        submission = Submission(request.receive, media_type, place, most_article_bytes=settings.max_body_bytes, told=told)
        job_id = await ending.unless_hurried(store.create(caller.id, submission.batches(), repeat_name=name, digest=submission.digest))
    bind_contextvars(job=str(job_id), articles=submission.articles)
    measures.handed_in(submission.articles - submission.refused, submission.refused)
    return _answer(await store.job(job_id, caller.id), {"Location": f"/jobs/{job_id}"})


@get("/jobs/{job_id:str}")
async def job(request: Request[Any, Any, Any], job_id: FromPath[UUID], store: NamedDependency[SkipValidation[JobStore]]) -> Response[bytes]:
    """Return how far a job is."""
    _check_accept(request, JSON)
    return _answer(await store.job(job_id, _caller(request).id))


@delete("/jobs/{job_id:str}", status_code=202)
async def cancel(request: Request[Any, Any, Any], job_id: FromPath[UUID], store: NamedDependency[SkipValidation[JobStore]]) -> Response[bytes]:
    """Cancel a job, and return it."""
    _check_accept(request, JSON)
    return _answer(await store.cancel(job_id, _caller(request).id))


@get("/jobs/{job_id:str}/records")
async def records(  # noqa: PLR0913, PLR0917 - each is a part that Litestar hands over by name
    request: Request[Any, Any, Any],
    job_id: FromPath[UUID],
    store: NamedDependency[SkipValidation[JobStore]],
    limits: NamedDependency[SkipValidation[Limits]],
    settings: NamedDependency[SkipValidation[Settings]],
    ending: NamedDependency[SkipValidation[Ending]],
) -> Stream:
    """Return what became of the articles of a job, as they end."""
    _check_accept(request, NDJSON)
    after, caller = _after(request), _caller(request)
    with ExitStack() as held:
        held.enter_context(await limits.place(caller.id, caller.concurrency))
        until = asyncio.get_running_loop().time() + settings.max_deadline_s
        following = Following(store, job_id, caller.id, until, ending)
        stream = await following.answer(request, after, public_url=settings.public_url)
        # When the request has ended, whether or not a line was asked for.
        request.scope["state"]["ended"] = held.pop_all().close
    return stream


@delete("/jobs/{job_id:str}/records", status_code=204)
async def clear(request: Request[Any, Any, Any], job_id: FromPath[UUID], store: NamedDependency[SkipValidation[JobStore]]) -> None:
    """Delete what is kept of a job; cancel it first if it runs."""
    await store.clear(job_id, _caller(request).id)


def _answer(found: Job, headers: dict[str, str] | None = None) -> Response[bytes]:
    return Response(found.model_dump_json().encode(), media_type=JSON, headers=headers)


def _caller(request: Request[Any, Any, Any]) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _check_accept(request: Request[Any, Any, Any], form: str) -> None:
    """Return if the answer will be welcome.

    Raises:
        NotAcceptable: It will not, or it cannot be sent.
    """
    if wanted(request, form) is None:
        raise NotAcceptable(f"Only {form} is served here.")
    if form == NDJSON and request.scope["http_version"] == "1.0":
        raise NotAcceptable(f"{NDJSON} is served by HTTP/1.1 alone.")


def _media_type(request: Request[Any, Any, Any]) -> str:
    """Return the media type of the body.

    Raises:
        UnsupportedMediaType: It is none in which jobs are handed in.
    """
    media_type, parameters = request.content_type
    if media_type not in {JSON, NDJSON} or not is_utf8(parameters.get("charset", "utf-8")):
        raise UnsupportedMediaType(f"Send {JSON} or {NDJSON}, in UTF-8 and without Content-Encoding.")
    return media_type


def _after(request: Request[Any, Any, Any]) -> int:
    """Return how many lines the caller has.

    Raises:
        InvalidParameter: That is no number, or more than a job has.
    """
    given = request.query_params.getall("after", ["0"])
    if len(given) > 1 or not _AFTER.fullmatch(given[0]):
        raise InvalidParameter("`after` is the number of lines that you have: digits alone, nine at most.")
    return int(given[0])
