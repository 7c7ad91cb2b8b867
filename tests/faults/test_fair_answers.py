"""The judge of answers finds fault where there is one."""

import dataclasses
import json

import pytest

from service import examples
from service.errors import ModelLoading, NotFound, UnusableArticle, ValidationFailed, VigieError
from service.problems import MEDIA_TYPE, problem_of
from tests.faults.fair_answers import complaint
from tests.rig.plain_http import Answer, Request

EXTRACT = Request(b"POST", b"/extract")


def answer_of(error: VigieError, **changes: object) -> Answer:
    """Return the fair answer that `error` is, with these fields of its body changed."""
    headers = {"content-type": MEDIA_TYPE, "x-request-id": "a", **({"retry-after": "5"} if error.retryable else {})}
    return Answer(error.status, headers, json.dumps({**json.loads(problem_of(error, None, "a")), **changes}).encode())


FAIR = answer_of(ModelLoading())


def test_what_is_fair_is_let_through() -> None:
    """Problems where they are due, and pages."""
    page = Answer(200, {"content-type": "text/plain; charset=utf-8", "x-request-id": "a"}, b"")

    assert complaint(EXTRACT, FAIR) is None
    assert complaint(EXTRACT, answer_of(UnusableArticle())) is None
    assert complaint(Request(b"GET", b"/none"), answer_of(NotFound())) is None
    assert complaint(Request(b"GET", b"//metrics/"), page) is None
    assert complaint(Request(b"GET", b"/read"), Answer(303, {"location": "./", "x-request-id": "a"}, b"")) is None
    assert complaint(Request(b"HEAD", b"/livez"), dataclasses.replace(FAIR, body=b"")) is None


def test_what_is_fair_of_a_job_is_let_through() -> None:
    """A job where it is accepted, looked at and cancelled; lines of problems and of records; nothing where nothing is left."""
    job, line = json.dumps(examples.job("running")).encode(), b'{"index":0,"problem":%b}\n' % FAIR.body
    for method, of, status in ((b"POST", b"", 202), (b"GET", b"/1", 200), (b"DELETE", b"/1", 202)):
        request = Request(method, b"/jobs" + of)
        assert complaint(request, Answer(status, {"content-type": "application/json", "x-request-id": "a"}, job)) is None
        assert "nobody expects" in (complaint(request, Answer(402 - status, {"content-type": "application/json", "x-request-id": "a"}, job)) or "")
    records = Request(b"GET", b"/jobs/1/records?after=0")
    for body, fair in ((b"", True), (line * 2, True), (line + job, False), (b"{", False)):
        said = complaint(records, Answer(200, {"content-type": "application/x-ndjson", "x-request-id": "a"}, body))
        assert said == (None if fair else "no lines")
    assert complaint(Request(b"DELETE", b"/jobs/1/records"), Answer(204, {"x-request-id": "a"}, b"")) is None


@pytest.mark.parametrize(
    ("answer", "complains"),
    [
        (dataclasses.replace(FAIR, status=500), "ours"),
        (dataclasses.replace(FAIR, status=502), "status"),
        (dataclasses.replace(FAIR, headers={**FAIR.headers, "content-type": "text/html"}), "text/html"),
        (dataclasses.replace(FAIR, headers={**FAIR.headers, "x-request-id": "a b"}), "no id"),
        (dataclasses.replace(FAIR, headers={**FAIR.headers, "x-request-id": "b"}), "another request"),
        (dataclasses.replace(FAIR, headers={**FAIR.headers, "retry-after": "61"}), "time to wait"),
        (dataclasses.replace(FAIR, headers={**FAIR.headers, "retry-after": "soon"}), "time to wait"),
        (Answer(503, {"content-type": MEDIA_TYPE, "x-request-id": "a"}, FAIR.body), "Retry-After"),
        (answer_of(ModelLoading(), retryable=False), "come again"),
        (answer_of(ModelLoading(), title="Too bad."), "title"),
        (answer_of(ModelLoading(), type="/problems/else"), "type"),
        (answer_of(ModelLoading(), code="else"), "type"),
        (answer_of(ModelLoading(), more=1), "no valid problem"),
        (dataclasses.replace(FAIR, body=b"{"), "no valid problem"),
        (answer_of(NotFound()), "code that is not documented"),
        (Answer(200, {"content-type": "application/json", "x-request-id": "a"}, b"{}"), "no Record"),
        (Answer(201, {"content-type": "application/json", "x-request-id": "a"}, b"{}"), "nobody expects"),
    ],
)
def test_what_is_not_fair_is_told(answer: Answer, complains: str) -> None:
    """Each fault of an answer is found."""
    assert complains in (complaint(EXTRACT, answer) or "")


def test_what_is_due_elsewhere_is_not_fair_here() -> None:
    """A problem belongs to an address, and so does a page."""
    assert complaint(Request(b"GET", b"/livez"), answer_of(ValidationFailed([]))) == "a status that is not documented"
    assert complaint(Request(b"GET", b"/none"), FAIR) == "a problem of another address"
    assert complaint(Request(b"GET", b"/none"), Answer(200, {"content-type": "text/plain", "x-request-id": "a"}, b"")) == "a page that nobody knows"
    assert complaint(Request(b"HEAD", b"/livez"), FAIR) == "a body where there is to be none"
