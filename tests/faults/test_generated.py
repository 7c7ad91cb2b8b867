"""Requests made out of our own document, and requests that nobody would make: whatever is asked, the answer is a fair one (G7)."""

import zlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

import pytest
import requests
import schemathesis
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.openapi import document
from tests.faults.fair_answers import complaint
from tests.faults.service_at import service_at
from tests.rig.faulty_upstream import CHOSEN, FaultyUpstream
from tests.rig.json_torture import SOUND, UNSOUND
from tests.rig.odd_requests import NAUGHTY_STRINGS, odd_requests
from tests.rig.plain_http import Answer, Request, ask
from tests.rig.postgres import Postgres

pytestmark = pytest.mark.integration

T = TypeVar("T")

#: What the second endpoint does to one article in four; if it were much more, nobody would ask it any longer.
MISBEHAVIOUR = (
    *("status-500", "limited-after-nan", "no-quota", "status-401", "status-400", "too-long", "closes", "resets-midway", "short-body", "html", "broken-json"),
    *(
        "deep-json",
        "no-json",
        "ok-with-error",
        "no-choices",
        "huge-3",
        "redirects-307",
        "odd-headers",
        "usage-words",
        "others-answer",
        "closes-after",
        "once-503",
    ),
    *(
        "field-missing",
        "bad-enum-once",
        "extra-field",
        "trailing-text",
        "prose",
        "cut",
        "cut-at-once",
        "content-filter",
        "refusal",
        "content-null",
        "whitespace",
        "repeats",
    ),
    *(
        "lone-surrogate",
        "escaped-surrogate",
        "nul",
        "bad-escape",
        "nan",
        "too-great",
        "many-digits",
        "quote-of-nothing",
        "duplicates",
        "contradicts",
        "nesting-100000",
    ),
)
#: Requests that are made at a time: what Hypothesis remembers of them grows with their number.
BATCH = 1_000
#: Of so many requests, how many are made out of the document for `/extract`, as it has them and not as it has them, for `/report`, of which each takes a
#: third of a second to make up, and for each of the other doors.
OF_THE_DOCUMENT, AGAINST_IT, OF_A_REPORT, OF_A_PROBE = 0.015, 0.05, 0.002, 0.01
#: What any answer is held to, and what is expected of one to what the document does not allow.
CONFORMANCE = [status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]


def misbehaving(article: str) -> str:
    """Return the fault that an article meets at the second endpoint, the same one each time."""
    chance = zlib.crc32(article.encode("utf-8", "surrogatepass"))
    return "ok" if chance % 4 else MISBEHAVIOUR[chance // 4 % len(MISBEHAVIOUR)]


@asynccontextmanager
async def both(postgres: Postgres) -> AsyncIterator[tuple[int, int]]:
    """Yield the ports of two services, of which the second has an endpoint that misbehaves."""
    async with FaultyUpstream(misbehaving) as upstream:
        bases = upstream.base_url("ok", "g07"), upstream.base_url(CHOSEN, "g07")
        settings: dict[str, Any] = {"log_level": "error", "database_url": await postgres.fresh(), "worker": False, "most_jobs": 1_000_000}
        async with service_at(bases[0], **settings) as well, service_at(bases[1], **settings) as badly:
            yield int(well.base_url.rpartition(":")[2]), int(badly.base_url.rpartition(":")[2])


@pytest.fixture(scope="module")
def ports(postgres: Postgres) -> Iterator[tuple[int, int]]:
    """Two services, which run beside the test as they would elsewhere."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(both(postgres)) as listening:
        yield listening


@dataclass
class Caller:
    """Asks the services, and finds fault with their answers."""

    ports: tuple[int, int]
    #: How many answers had which status.
    met: Counter[int] = field(default_factory=Counter)

    def ask(self, request: Request) -> Answer:
        """Return the answer, of the one service or the other, the same each time; no answer and one that is not fair are failures."""
        try:
            answer = ask(self.ports[zlib.crc32(request.wire) % 2], request)
        except Exception as error:  # noqa: BLE001 - whatever it is, there was no answer
            pytest.fail(f"{type(error).__name__} in place of an answer. Again: {request.replay}")
        self.met[answer.status] += 1
        wrong = complaint(request, answer)
        assert wrong is None, f"{answer.status}: {wrong}. Again: {request.replay}"
        return answer


def each(strategy: st.SearchStrategy[T], count: int, check: Callable[[T], object]) -> None:
    """Check so many of what `strategy` makes: the same ones each time."""
    for number, first in enumerate(range(0, count, BATCH)):
        settled = settings(
            max_examples=min(BATCH, count - first),
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            database=None,
            deadline=None,
        )

        def one(drawn: T) -> None:
            check(drawn)

        seed(number)(settled(given(strategy)(one)))()


def test_g7_what_is_no_json_is_refused_and_what_is_one_is_understood(ports: tuple[int, int]) -> None:
    """Each body that parsers have stumbled over is told from each that is only odd."""
    caller = Caller(ports)
    for cases, sound in ((UNSOUND, False), (SOUND, True)):
        for body in (body for bodies in cases.values() for body in bodies):
            answer = caller.ask(Request(b"POST", b"/extract", ((b"Content-Type", b"application/json"),), body))
            assert (answer.status != HTTPStatus.BAD_REQUEST) is sound, body[:60]


@pytest.mark.parametrize("door", [b"/livez", b"/readyz", b"/metrics"])
def test_g7_a_host_that_is_none_is_refused_as_documented(ports: tuple[int, int], door: bytes) -> None:
    """Also where nothing else can be wrong with a request."""
    assert Caller(ports).ask(Request(b"GET", door, ((b"Host", b"\xff"),))).status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    ("count", "statuses"),
    [
        pytest.param(500, {200, 400, 404, 405, 413, 415, 422}, id="slice"),
        pytest.param(100_000, {200, 204, 308, 400, 404, 405, 406, 413, 415, 422, 431, 502, 503, 504}, id="whole", marks=pytest.mark.prove),
    ],
)
def test_g7_whatever_is_asked_the_answer_is_fair(ports: tuple[int, int], count: int, statuses: set[int]) -> None:
    """Never a fault of ours, and never an answer that is neither a problem without fault, nor a record, nor a page that is documented."""
    caller = Caller(ports)
    for string in NAUGHTY_STRINGS[:: max(1, 10_000 // count)]:
        caller.ask(Request(b"POST", b"/extract", ((b"Content-Type", b"text/plain"),), string.encode()))
    described(caller, count)
    each(odd_requests(), count - caller.met.total(), caller.ask)

    assert caller.met.total() == count
    assert caller.met.keys() >= statuses
    assert caller.met[HTTPStatus.OK] < count / 5


def described(caller: Caller, count: int) -> None:
    """Make the share of `count` requests that our document describes, or forbids."""
    schema = schemathesis.openapi.from_dict(document())
    schema.config.checks.negative_data_rejection.expected_statuses = ["4xx"]

    def conforms(*more: Callable[..., bool | None]) -> Callable[[schemathesis.Case[Any]], None]:
        def check(case: schemathesis.Case[Any]) -> None:
            prepared = requests.Request(**case.as_transport_kwargs(base_url="http://vigie")).prepare()
            answer = caller.ask(request_of(prepared))
            told = {name: [value] for name, value in answer.headers.items()}
            response = schemathesis.Response(answer.status, told, answer.body, prepared, elapsed=0, verify=False)
            case.validate_response(response, checks=[*CONFORMANCE, *more])

        return check

    for operation in (schema[path][method] for path in schema for method in schema[path]):
        good, bad = (operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)
        if operation.path == "/extract":
            each(good, round(count * OF_THE_DOCUMENT), conforms())
            # All text is an article, and an id that is not harmless is replaced: only JSON can be what the document does not allow.
            mode = schemathesis.GenerationMode.NEGATIVE
            against = operation.as_strategy(generation_mode=mode, headers={"X-Request-ID": "g07"}, media_type="application/json")
            each(against, round(count * AGAINST_IT), conforms(negative_data_rejection))
        else:
            each(good | bad, round(count * (OF_A_REPORT if operation.path == "/report" else OF_A_PROBE)), conforms())


def request_of(prepared: requests.PreparedRequest) -> Request:
    """Return what Schemathesis would send, byte by byte."""
    headers = tuple((_bytes(name), _bytes(value)) for name, value in prepared.headers.items() if name not in {"Content-Length", "X-Schemathesis-TestCaseId"})
    return Request(_bytes(prepared.method), _bytes(prepared.path_url), headers, _bytes(prepared.body))


def _bytes(words: object) -> bytes:
    return words if isinstance(words, bytes) else str(words or "").encode("latin-1")
