"""`POST /report`: an article and its record in, a page or a table out."""

import asyncio
import csv
import datetime as dt
import io
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.record import Record
from schemas.vocabulary import Section
from service import logs
from service.access.key import Key, Scope, digest_of, new_key
from service.access.key_file import KeyFile
from service.app import app_around
from service.errors import MalformedBody, ValidationFailed
from service.report_operations import asked
from service.reports import document
from service.reports.report import Report
from service.reports.tables import header
from service.resilience.bench import Bench
from service.routes.reading import load_pages
from service.routes.report import MOST_BYTES, MOST_NUMBER, MOST_PARTS, REPORTS_AT_ONCE, _made
from service.settings import Settings
from service.strict_json import MAX_ERRORS
from tests.unit.reports.report_parts import TEXT, actor, large, record, small
from tests.unit.service_parts import CANARY, FakeExtractor, FakeModel, client

JSON_BODY = {"content-type": "application/json"}
AS_TABLE = {"accept": "text/csv"}


def request(text: str = TEXT, of: Record | None = None, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the field holds
    """Return what asks for a report."""
    return {"text": text, "record": (of or small()).model_dump(mode="json"), **fields}


async def test_a_page_is_the_document_to_the_byte() -> None:
    """What is shown, kept or mailed is one and the same, under a policy of its own, and nobody keeps it unasked."""
    async with client() as caller:
        answer = await caller.post("/report", json=request(seconds=3.5))

    assert answer.status_code == 200
    assert answer.text == document.document(Report(TEXT, small(), 3.5))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == document.policy()
    assert (answer.headers["content-disposition"], answer.headers["referrer-policy"]) == ("inline", "no-referrer")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


@pytest.mark.parametrize("section", Section)
async def test_each_section_is_a_table(section: Section) -> None:
    """Whoever accepts CSV gets a file of the section's entries with a name of its own."""
    async with client() as caller:
        answer = await caller.post(f"/report?section={section}", json=request(), headers=AS_TABLE)

    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == f'attachment; filename="vigie-{section}.csv"'
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), strict=True)
    assert head == header(section)
    assert [row[1] for row in rows] == [entry.id for entry in getattr(small(), section)]


@pytest.mark.parametrize(
    ("accept", "query", "status"),
    [
        ("*/*", "", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", 200),
        ("text/csv;header=present", "?section=actors", 200),
        ("application/json", "", 406),
        ("text/html;q=0, application/json", "", 406),
        ("text/csv", "", 400),
        ("text/csv", "?section=", 400),
        ("text/csv", "?section=Threats", 400),
        ("text/csv", "?section=rejected", 400),
        ("text/csv", "?section=threats&section=actors", 400),
        ("text/csv", "?section=threats&format=csv", 400),
        ("text/csv", "?sections=threats", 400),
        ("*/*", "?section=threats", 400),
        ("text/html", "?download=1", 400),
    ],
)
async def test_a11_the_head_says_what_is_wanted(accept: str, query: str, status: int) -> None:
    """A page takes no parameter, a table its section and nothing else."""
    async with client() as caller:
        answer = await caller.post(f"/report{query}", json=request(), headers={"accept": accept})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"content-type": "text/plain"}, 415),
        ({"content-type": "text/html"}, 415),
        ({"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"content-type": "multipart/form-data; boundary=a"}, 415),
        ({"content-type": "application/json; charset=utf-16"}, 415),
        (JSON_BODY | {"content-encoding": "gzip"}, 415),
        ({"content-type": 'Application/JSON; charset="UTF-8"'}, 200),
    ],
)
async def test_a12_a13_only_json_is_read(headers: dict[str, str], status: int) -> None:
    """A form that a page of another site could send without asking is none of them."""
    async with client() as caller:
        answer = await caller.post("/report", content=json.dumps(request()).encode(), headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
async def test_a14_other_methods_are_not_known(method: str) -> None:
    """A report has no address of its own from which it could be fetched."""
    async with client() as caller:
        answer = await caller.request(method, "/report")

    assert (answer.status_code, "POST" in answer.headers["allow"]) == (405, True)


async def test_a_report_wants_the_key_of_an_article(tmp_path: Path) -> None:
    """Where there are keys a stranger, one whose key is for jobs, and a page of another site get nothing."""
    keys = {}
    for scope in (Scope.EXTRACT, Scope.JOBS):
        identity, keys[scope] = new_key()
        KeyFile(tmp_path).add(Key(id=identity, name=scope, sha256=digest_of(keys[scope]), scopes=frozenset({scope}), created=dt.datetime.now(dt.UTC)))
    opens = {"x-api-key": keys[Scope.EXTRACT]}
    shown = [{}, {"x-api-key": keys[Scope.JOBS]}, opens, opens | {"sec-fetch-site": "cross-site"}]
    async with client(settings=Settings(data_dir=tmp_path)) as caller:
        answers = [await caller.post("/report", json=request(), headers=headers) for headers in shown]

    assert [answer.status_code for answer in answers] == [401, 403, 200, 400]


async def test_a_report_counts_against_the_callers_rate() -> None:
    """It takes the processor's time, as an article does."""
    async with client(settings=Settings(rate_per_minute=1)) as caller:
        answers = [await caller.post("/report", json=request()) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]


async def test_a09_the_body_has_a_bound_of_its_own() -> None:
    """An article in the longest body and its record are read, whatever is set for articles; a byte beyond is refused by its length."""
    whole = json.dumps(request()).encode()
    async with client(settings=Settings(max_body_bytes=1 << 18)) as caller:
        fits = await caller.post("/report", content=whole.ljust(MOST_BYTES), headers=JSON_BODY)
        answer = await caller.post("/report", content=whole.ljust(MOST_BYTES + 1), headers=JSON_BODY)

    assert (fits.status_code, answer.status_code) == (200, 413)
    assert (answer.json()["code"], answer.json()["limit"], answer.json()["actual"]) == ("body-too-large", MOST_BYTES, MOST_BYTES + 1)


async def test_where_there_is_less_room_the_bound_is_lower() -> None:
    """What could never be held is too large, rather than to be tried again."""
    async with client(settings=Settings(max_body_bytes=1_024)) as caller:
        answer = await caller.post("/report", content=b"a" * 32_769, headers=JSON_BODY)

    assert (answer.json()["code"], answer.json()["limit"]) == ("body-too-large", 32_768)


MALFORMED = {
    "a08-empty": b"",
    "a01-truncated": b'{"text": "a"',
    "a03-byte order mark": b"\xef\xbb\xbf{}",
    "b05-lone surrogate": json.dumps(request("\ud800", small())).encode(),
    "a05-NaN": json.dumps(request(seconds=float("nan"))).encode(),
    "a05-great number": json.dumps(request()).replace('"characters": 2', f'"characters": {MOST_NUMBER}', 1).encode(),
    "a06-duplicate key": json.dumps(request()).replace('"id":', '"id": "rec_1", "id":', 1).encode(),
    "a04-33 levels": b"[" * 33 + b"]" * 33,
    "a04-crowded": json.dumps(request(of=record(TEXT), many=[[]] * (MOST_PARTS // 2))).encode(),
    "a04-8 MiB of lists": b"[" + b"[]," * 2_700_000 + b"[]]",
    "a04-501 keys": json.dumps({f"{n}": 1 for n in range(501)}).encode(),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
async def test_what_is_no_strict_json_is_malformed(body: bytes) -> None:
    """JSON that another would read otherwise, or at length, is not read."""
    async with client() as caller:
        answer = await caller.post("/report", content=body, headers=JSON_BODY)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return a request with a change."""
    made = request()
    change(made)
    return made


INVALID = {
    "a07-no record": ({"text": TEXT}, "/record", "missing"),
    "a07-record of another version": (changed(lambda one: one["record"].update(schema_version="2")), "/record/schema_version", "literal_error"),
    "a07-number as words": (
        changed(lambda one: one["record"]["threats"][0]["evidence"][0].update(start="2")),
        "/record/threats/0/evidence/0/start",
        "int_type",
    ),
    "a07-unknown field": (changed(lambda one: one["record"]["threats"][0].update(html="a")), "/record/threats/0/html", "extra_forbidden"),
    "a07-unknown kind": (changed(lambda one: one["record"]["threats"][0].update(kind="<b>")), "/record/threats/0/kind", "enum"),
    "a07-id of no entry": (changed(lambda one: one["record"]["threats"][0].update(id='T1" onclick="')), "/record/threats/0/id", "string_pattern_mismatch"),
    "a07-id with a line's end": (changed(lambda one: one["record"]["actors"][0].update(id="A1\n")), "/record/actors/0/id", "string_pattern_mismatch"),
    "a07-id of 20,000 digits": (changed(lambda one: one["record"]["commitments"][0].update(id="C" + "1" * 20_000)), "/record/commitments/0/id", "too_long"),
    "a07-name of 50,000 letters": (changed(lambda one: one["record"]["actors"][0].update(name="a" * 50_000)), "/record/actors/0/name", "too_long"),
    "a07-time that never was": (request(seconds=-1), "/seconds", "greater_than_equal"),
    "a07-time without end": (request(seconds=1_000_001), "/seconds", "less_than_equal"),
    "a07-of another article": (request("Another article."), "/record/article/characters", "other_article"),
}


@pytest.mark.parametrize(("body", "pointer", "code"), INVALID.values(), ids=INVALID)
async def test_what_does_not_fit_is_pointed_at(body: dict[str, Any], pointer: str, code: str) -> None:
    """A record that the service cannot have made is refused with the place of the fault."""
    async with client() as caller:
        answer = await caller.post("/report", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")
    assert (answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == (pointer, code)


async def test_b02_a_text_that_no_article_has_is_too_long() -> None:
    """The bound is that of articles, told as theirs."""
    text = "a" * 200_001
    async with client() as caller:
        answer = await caller.post("/report", json=request(text, record(text)))

    assert (answer.status_code, answer.json()["code"], answer.json()["actual"]) == (413, "article-too-long", 200_001)


@pytest.mark.parametrize("body", [json.dumps(request(f"{CANARY} {TEXT}")), json.dumps(request()).replace("Kestria", CANARY), f'{{"{CANARY}": "{CANARY}'])
async def test_neither_log_nor_problem_repeats_what_was_sent(body: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is wrong with it."""
    logs.configure("debug")
    async with client() as caller:
        answer = await caller.post("/report", content=body, headers=JSON_BODY)

    assert answer.status_code in {400, 422}
    assert CANARY not in answer.text + capsys.readouterr().err


async def test_the_log_has_the_length_of_the_text_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a report that was made a line tells how long the article is, and nothing of what it says."""
    text = f"{CANARY} said so."
    logs.configure("debug")
    async with client() as caller:
        answer = await caller.post("/report", json=request(text, record(text, actor(text, 1, CANARY), source=CANARY)))
    logged = capsys.readouterr().err

    assert answer.status_code == 200
    line = json.loads(logged.splitlines()[-1])
    assert (line["route"], line["status"], line["characters"]) == ("/report", 200, len(text))
    assert CANARY not in logged


async def test_the_documented_example_is_served() -> None:
    """Whoever tries the request that `/docs` shows gets a report."""
    async with client() as caller:
        answer = await caller.post("/report", json=asked())

    assert answer.status_code == 200


async def test_a_large_report_holds_up_nobody() -> None:
    """While reports of 200,000 characters are made the event loop goes on."""
    text, made = large()
    work, bench = json.dumps(request(text, made)).encode(), Bench(2, patience_s=30)

    async def longest_lag_s() -> float:
        loop, longest = asyncio.get_running_loop(), 0.0
        making = asyncio.gather(*(bench.do(lambda: _made(work, None)) for _ in range(2)))
        while not making.done():
            began = loop.time()
            await asyncio.sleep(0.005)
            longest = max(longest, loop.time() - began - 0.005)
        await making
        return longest

    load_pages()
    # Whatever else the machine does, one of three times it lets us be.
    assert min([await longest_lag_s() for _ in range(3)]) < 0.08


async def test_who_leaves_is_not_waited_for() -> None:
    """A caller who leaves while others' reports are made ends the wait, and the log's status is 499."""
    free, sent = threading.Event(), list[Any]()
    app = app_around(Settings(), FakeModel(), FakeExtractor())
    bench: Bench = app.dependencies["bench"].dependency()  # type: ignore[union-attr]
    others = asyncio.gather(*(bench.do(free.wait) for _ in range(REPORTS_AT_ONCE)))
    arriving = iter([{"type": "http.request", "body": json.dumps(request()).encode(), "more_body": False}, {"type": "http.disconnect"}])

    async def receive() -> Any:  # noqa: ANN401 - an ASGI message
        return next(arriving)

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    head = [(b"host", b"a"), (b"content-type", b"application/json")]
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": "/report", "query_string": b"", "headers": head}
    async with asyncio.timeout(5):
        await app(scope, receive, send)  # type: ignore[arg-type]
    free.set()
    await others

    assert sent[0]["status"] == 499


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_rubbish_never_breaks_the_service(data: st.DataObject) -> None:
    """Whatever one value of a request is, the answer is a page or a problem of the caller's."""
    made: Any = request()
    node, key = made, "record"
    while isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans() | st.just(value=True)):
        node = node[key]
        key = data.draw(st.sampled_from([*node] if isinstance(node, dict) else [*range(len(node))]))
    node[key] = data.draw(json_values)
    async with client() as caller:
        answer = await caller.post("/report", content=json.dumps(made), headers=JSON_BODY)

    assert answer.status_code in {200, 400, 413, 422}
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"


def test_what_has_as_many_parts_as_may_be_is_read_or_refused_at_once() -> None:
    """One part more is refused before it is looked at, and of thousands of faults a few are told."""
    faults = [{**request(), "record": {**request()["record"], "threats": [{}] * count}} for count in (40_000, MOST_PARTS)]

    with pytest.raises(ValidationFailed) as refused:
        _made(json.dumps(faults[0]).encode(), None)
    assert 1 < len(refused.value.errors) <= MAX_ERRORS
    with pytest.raises(MalformedBody, match="more than 100,000"):
        _made(json.dumps(faults[1]).encode(), None)
