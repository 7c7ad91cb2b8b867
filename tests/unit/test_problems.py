"""Every failure as a problem."""

import uuid
from typing import Any

import pytest
from litestar.exceptions import ImproperlyConfiguredException, NotAuthorizedException

from schemas.problem import Problem
from service.errors import ArticleTooLong, InternalError, MethodNotAllowed, RateLimited, ReplayMiss, SetupError, ValidationFailed, VigieError
from service.problems import kinds
from service.settings import Settings
from tests.unit.service_parts import CANARY, FakeExtractor, client


def one_of(kind: type[VigieError]) -> VigieError:
    """Return an error of a `kind`, whatever it is built from."""
    special: dict[str, tuple[Any, ...]] = {
        "body-too-large": (10, None, "bytes"),
        "job-too-large": (10, 11, "articles"),
        "too-many-jobs": (10,),
        "head-too-large": (10, 11, "headers"),
        "article-too-long": (10, 11, "characters"),
        "validation-failed": ([],),
        "replay-miss": ("0123", None, "None was kept."),
        "method-not-allowed": ("GET",),
        "rate-limited": (10, 60.0),
    }
    named = {"wait_s": 3.0} if kind is RateLimited else {}
    return kind(*special.get(kind.code, ()), **named)  # type: ignore[arg-type]


async def problem_of(error: Exception, settings: Settings | None = None) -> tuple[Problem, dict[str, str]]:
    """Return the problem that a caller gets for an `error` of the extractor, and the headers with it."""
    async with client(FakeExtractor(fails=error), settings=settings) as caller:
        answer = await caller.post("/extract", json={"text": CANARY})
    assert answer.headers["content-type"] == "application/problem+json"
    assert CANARY not in answer.text
    return Problem.model_validate_json(answer.content), dict(answer.headers)


@pytest.mark.parametrize("kind", kinds().values(), ids=kinds())
async def test_each_error_is_its_problem(kind: type[VigieError]) -> None:
    """Code, title, status and whether to retry are the error's; `Retry-After` is there if and only if a retry may help."""
    problem, headers = await problem_of(one_of(kind))

    assert (problem.code, problem.title, problem.status, problem.retryable) == (kind.code, kind.title, kind.status, kind.retryable)
    assert problem.type == f"/problems/{kind.code}"
    assert ("retry-after" in headers) is kind.retryable
    assert 1 <= int(headers.get("retry-after", "1")) <= 60


@pytest.mark.parametrize(
    "error",
    [
        ValueError(CANARY),
        SetupError(CANARY),
        RecursionError(),
        UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
        ImproperlyConfiguredException(CANARY),
    ],
)
async def test_what_nobody_foresaw_is_internal(error: Exception) -> None:
    """A fault of ours says nothing of what caused it, and is never blamed on the caller."""
    problem, _ = await problem_of(error)

    assert (problem.code, problem.status, problem.detail) == ("internal-error", 500, InternalError.title)


async def test_other_faults_of_a_request_are_the_callers() -> None:
    """What the framework refuses for a reason that we do not know is still the caller's to mend."""
    problem, _ = await problem_of(NotAuthorizedException(CANARY))

    assert (problem.code, problem.status) == ("invalid-parameter", 400)


async def test_types_stand_under_the_public_address() -> None:
    """The `type` is an address that we configured, and never one that the caller made up."""
    problem, _ = await problem_of(InternalError(), Settings(public_url="https://vigie.example/"))

    assert problem.type == "https://vigie.example/problems/internal-error"


@pytest.mark.parametrize(("method", "path", "status", "code"), [("GET", "/extract", 405, "method-not-allowed"), ("POST", "/nope", 404, "not-found")])
async def test_a14_roads_to_nowhere(method: str, path: str, status: int, code: str) -> None:
    """Unknown paths and methods are problems too, and a wrong method learns the right ones."""
    async with client() as caller:
        answer = await caller.request(method, path)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("POST" in answer.headers.get("allow", "")) is (status == 405)


@pytest.mark.parametrize("path", ["http://testserver.local//extract", "/extract/%2e%2e/", "/%00", "/%ff", "/" + "a" * 5_000, "/problems/" + "%0a" * 20])
async def test_a14_strange_paths_are_not_found(path: str) -> None:
    """No path breaks the service or leads where it should not."""
    async with client() as caller:
        answer = await caller.get(path)

    assert (answer.status_code, answer.json()["code"]) in {(404, "not-found"), (405, "method-not-allowed")}


@pytest.mark.parametrize(
    ("given", "echoed"),
    [
        (b"abc-1._Z", True),
        (b"a" * 64, True),
        (b"a" * 65, False),
        (b"a" * 5_000, False),
        (b"", False),
        (b"\xe9", False),
        (b"\x1b[31m", False),
        (b'"}{"forged":1', False),
    ],
)
async def test_a20_request_id_is_echoed_if_harmless(given: bytes, *, echoed: bool) -> None:
    """The caller's id comes back only if it is short and plain; the instance of a problem has the same id as the header."""
    async with client() as caller:
        answer = await caller.get("/nope", headers={b"x-request-id": given})

    request_id = answer.headers["x-request-id"]
    assert answer.json()["instance"] == f"urn:vigie:request:{request_id}"
    assert (request_id == given.decode("latin-1")) is echoed
    assert echoed or str(uuid.UUID(request_id)) == request_id


def test_facts_stand_only_where_they_belong() -> None:
    """Errors keep the facts that their problems tell."""
    assert (ArticleTooLong(1, 2, "characters").limit, ValidationFailed([]).errors, MethodNotAllowed("GET").allowed) == (1, [], "GET")
    assert (ReplayMiss("0123", "4567", "Why.").digest, ReplayMiss("0123", "4567", "Why.").nearest) == ("0123", "4567")
