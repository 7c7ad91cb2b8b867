"""What any answer of the service must be, whatever was asked: a problem without fault, a record, or one of the documented pages."""

import json
import re
import urllib.parse
from functools import cache
from html import escape
from http import HTTPStatus

import jsonschema
from pydantic import BaseModel, ValidationError

from schemas.health import Live, Ready
from schemas.job import Job, ProblemLine, RecordLine
from schemas.problem import Problem
from schemas.record import Record
from service.openapi import document
from service.problems import MEDIA_TYPE, kinds
from tests.rig.plain_http import Answer, Request

_SHAPES: dict[str, type[BaseModel]] = {"/extract": Record, "/livez": Live, "/readyz": Ready, "/jobs": Job, "/jobs/{job_id}": Job}
#: What is done later is accepted now.
_ACCEPTED = {("POST", "/jobs"), ("DELETE", "/jobs/{job_id}")}
#: The addresses of one job.
_JOB = re.compile(r"/jobs/[^/]+(/records)?")
#: Pages for people, and the media types that they have.
_PAGES = {
    re.compile(r"/metrics"): {"text/plain"},
    re.compile(r"/openapi\.json"): {"application/json"},
    re.compile(r"/problems/[\w-]+"): {"text/plain"},
    re.compile(r"/report"): {"text/html", "text/csv"},
    re.compile(r"/|/docs|/read"): {"text/html"},
    re.compile(r"/(docs|reading)/[\w.-]+"): {"text/css", "text/javascript", "image/svg+xml"},
}
#: What the connection answers before anybody looks at the address.
_OF_ANY_ADDRESS = {"malformed-body", "head-too-large"}
_LONGEST_WAIT_S = 60
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def complaint(request: Request, answer: Answer) -> str | None:
    """Return what is wrong with the `answer`; None where nothing is."""
    if not _REQUEST_ID.fullmatch(answer.headers.get("x-request-id", "")):
        return "no id of the request"
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return "a fault of ours"
    if request.method == b"HEAD" or answer.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        return "a body where there is to be none" if answer.body else None
    if answer.status < HTTPStatus.BAD_REQUEST:
        return _of_content(request, answer)
    is_page = _door(request) == "/read" and answer.media_type == "text/html"
    return _of_refusing_page(answer) if is_page else _of_problem(request, answer)


def _of_refusing_page(answer: Answer) -> str | None:
    """Return what is wrong with a page that tells people of a problem."""
    wait = answer.headers.get("retry-after")
    fitting = [kind for kind in kinds().values() if kind.status == answer.status and kind.retryable is (wait is not None)]
    return None if any(escape(kind.title).encode() in answer.body for kind in fitting) else "a page that tells of no problem like its status"


def _of_problem(request: Request, answer: Answer) -> str | None:
    if answer.media_type != MEDIA_TYPE:
        return f"no problem but {answer.media_type!r}"
    try:
        problem = Problem.model_validate_json(answer.body, strict=True)
    except ValidationError:
        return "no valid problem"
    kind = kinds().get(problem.code)
    if kind is None or problem.type != f"/problems/{problem.code}":
        return "a type that nobody knows"
    wait = answer.headers.get("retry-after")
    truths = {
        "a status of its own": problem.status == answer.status == kind.status,
        "a title of its own": problem.title == kind.title,
        "another opinion on whether to come again": problem.retryable is kind.retryable,
        "Retry-After where it should not be, or none where it should": (wait is not None) is problem.retryable,
        "no time to wait that anybody could": wait is None or (wait.isdecimal() and 1 <= int(wait) <= _LONGEST_WAIT_S),
        "the id of another request": problem.instance == f"urn:vigie:request:{answer.headers['x-request-id']}",
    }
    lies = [what for what, holds in truths.items() if not holds]
    return "; ".join(lies) or (None if problem.code in _OF_ANY_ADDRESS else _of_routing(request, answer, problem))


def _of_routing(request: Request, answer: Answer, problem: Problem) -> str | None:
    """Return what is wrong with where a problem was met: a documented door tells all of its own."""
    operations = document()["paths"].get(_door(request), {})
    operation = operations.get(request.method.decode("latin-1").lower())
    if operation is None:
        allowed = problem.code in {"not-found", "method-not-allowed", "invalid-parameter"}
        return None if allowed else "a problem of another address"
    told = operation["responses"].get(str(answer.status))
    if told is None:
        return "a status that is not documented"
    return None if problem.code in told["content"][MEDIA_TYPE]["examples"] else "a code that is not documented"


def _of_content(request: Request, answer: Answer) -> str | None:
    door = _door(request)
    if answer.status != (HTTPStatus.ACCEPTED if (request.method.decode("latin-1"), door) in _ACCEPTED else HTTPStatus.OK):
        moved = {"/docs": HTTPStatus.PERMANENT_REDIRECT, "/read": HTTPStatus.SEE_OTHER}
        return None if moved.get(door) == answer.status else "a status that nobody expects"
    if door == "/jobs/{job_id}/records":
        return None if answer.media_type == "application/x-ndjson" and all(map(_is_line, answer.body.splitlines())) else "no lines"
    if shape := _SHAPES.get(door):
        return None if answer.media_type == "application/json" and _fits(shape, answer.body) else f"no {shape.__name__}"
    pages = [types for path, types in _PAGES.items() if path.fullmatch(door)]
    return None if pages and answer.media_type in pages[0] else "a page that nobody knows"


def _door(request: Request) -> str:
    """Return the address that is asked, however it was written: escapes mean what they say, and slashes more than one mean one."""
    path = request.target.decode("latin-1").partition("?")[0].partition("#")[0]
    if not path.startswith("/"):
        path = urllib.parse.urlsplit(path).path
    door = "/" + "/".join(part for part in urllib.parse.unquote(path).split("/") if part)
    of_a_job = _JOB.fullmatch(door)
    return "/jobs/{job_id}" + (of_a_job[1] or "") if of_a_job else door


def _is_line(line: bytes) -> bool:
    """Return whether a line is what the document says."""
    return any(_fits(shape, line) for shape in (RecordLine, ProblemLine))


def _fits(shape: type[BaseModel], body: bytes) -> bool:
    """Return whether `body` is what the document says, and what our own model says."""
    try:
        shape.model_validate_json(body)
    except ValidationError:
        return False
    return bool(_told(shape.__name__).is_valid(json.loads(body)))


@cache
def _told(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document()["components"]})
