"""`GET /` and `POST /read`: the page, its parts, and its form where no script runs. How it looks and works is tried in a browser."""

import asyncio
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

import service.web
from schemas.vocabulary import Section
from service import logs
from service.app import app_around
from service.errors import ModelRefused, Overloaded
from service.examples import LANGUAGES
from service.examples import request as example
from service.reports import document
from service.routes.reading import ASSETS
from service.settings import Settings
from tests.unit.form_parts import BOUNDARY, FORM_TYPE, multipart, part
from tests.unit.service_parts import CANARY, FakeExtractor, FakeModel, client

WEB = Path(service.web.__file__).parent
KEY = "open-sesame-1b7c-40e2-9d1f"
WITH_KEYS = Settings(api_keys=(SecretStr(KEY),))
PARTS = ["/", *(f"/reading/{name}" for name in (*ASSETS, "report.css"))]
PAGES = ["/", *(f"/?sample={language}" for language in LANGUAGES)]
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
POLICY += "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
ARTICLE: dict[str, Any] = {"text": "Valmer will strike.", "title": "", "published": "", "section": [*Section]}
#: Markup in every field, signs that nobody sees, and what ends a field early.
HOSTILE = [
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202eevil\u2066",
    "{{ 7 * 7 }}{% raw %}",
    "' autofocus onfocus='alert(1)",
]


def filled(page: str) -> dict[str, str]:
    """Return what the fields of a page hold, as a browser has it."""
    text = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    inputs = re.findall(r'<input id="(\w+)"[^>]*?(?: value="([^"]*)")?(?: aria-invalid="true")?>', page)
    assert text
    return {name: html.unescape(value) for name, value in [("text", text[1]), *inputs]}


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """What is logged."""
    logs.configure("info")
    return capsys


def last_line(log: str) -> dict[str, Any]:
    """Return the last line of the log."""
    line: dict[str, Any] = json.loads(log.strip().splitlines()[-1])
    return line


@pytest.mark.parametrize("path", PAGES)
async def test_k06_the_page_says_what_it_may_do(path: str) -> None:
    """The page is HTML that runs its own scripts, sends its own form home, and does nothing with anyone else."""
    async with client() as caller:
        answer = await caller.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["content-security-policy"] == POLICY
    assert (answer.headers["referrer-policy"], answer.headers["cache-control"]) == ("same-origin", "no-cache")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", [*PARTS, *PAGES[1:]])
async def test_head_and_a_second_visit_cost_little(path: str) -> None:
    """HEAD has the headers of GET and no body; a browser that has a part is sent no byte of it twice."""
    async with client() as caller:
        get, head = await caller.get(path), await caller.head(path)
        again = await caller.get(path, headers={"If-None-Match": get.headers["etag"]})

    assert (get.status_code, head.status_code, head.content) == (200, 200, b"")
    assert [head.headers[name] == get.headers[name] for name in ("etag", "content-length", "content-type")] == [True] * 3
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", get.headers["etag"])


@pytest.mark.parametrize("name", ASSETS)
async def test_each_part_comes_whole(name: str) -> None:
    """Each part is its file, byte for byte."""
    async with client() as caller:
        answer = await caller.get(f"/reading/{name}")

    assert answer.content == (WEB / ASSETS[name]).read_bytes()
    assert "form-action 'none'" in answer.headers["content-security-policy"]


async def test_the_page_has_the_style_of_reports() -> None:
    """What a report looks like is the same on the page and in a file."""
    async with client() as caller:
        answer = await caller.get("/reading/report.css")

    assert (answer.text, answer.headers["content-type"].split(";")[0]) == (document.style(), "text/css")


@pytest.mark.parametrize("name", ["reading.html", "answering.py", "documentation.js", "..%2Fanswering.py", "vendored/swagger-ui/LICENSE"])
async def test_nothing_else_lies_there(name: str) -> None:
    """What is no part of the page is not found, whether or not there is such a file."""
    async with client() as caller:
        answer = await caller.get(f"/reading/{name}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize("query", ["?sample=klingon", "?sample=", "?sample", "?sample=english&sample=french", "?sample=&a=b"])
async def test_a_sample_that_is_not_there_is_told(query: str) -> None:
    """Who asks for a sample that is not there is told so and sees no page."""
    async with client() as caller:
        answer = await caller.get(f"/{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-parameter")


@pytest.mark.parametrize(("query", "like"), [("?utm_source=a&text=b", ""), ("?a", ""), ("?utm_source=a&sample=english", "?sample=english")])
async def test_links_may_carry_what_others_add(query: str, like: str) -> None:
    """The page comes from wherever a link to it stands, whatever is counted with it."""
    async with client() as caller:
        page, answer = await caller.get(f"/{like}"), await caller.get(f"/{query}", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})

    assert (answer.status_code, answer.content) == (200, page.content)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_sample_fills_the_form(language: str) -> None:
    """A sample stands in the form word for word, ready to be read."""
    async with client() as caller:
        fields = filled((await caller.get(f"/?sample={language}")).text)
    sample = example(language)

    assert {name: fields[name] for name in sample if name in fields} == {name: value for name, value in sample.items() if name != "options"}


@pytest.mark.parametrize(("settings", "asked"), [(Settings(), False), (WITH_KEYS, True)])
async def test_a_key_is_asked_for_where_there_are_keys(settings: Settings, asked: bool) -> None:  # noqa: FBT001
    """The field of the key is there where one is needed, and no browser is to keep what is typed in it."""
    async with client(settings=settings) as caller:
        page = (await caller.get("/")).text

    assert ('type="password" autocomplete="one-time-code"' in page) is asked
    assert KEY not in page


async def test_the_page_is_made_of_what_is_served() -> None:
    """Each link of the page and of its scripts is relative, and leads to a part of it, to a sample or to the API."""
    async with client() as caller:
        page = (await caller.get("/")).text
        links = re.findall(r'(?:href|src|action)="([^"]*)"', page)
        answers = [await caller.get(f"/{link.removeprefix('./')}") for link in links if link != "read"]
    imported = {name for file in WEB.glob("*.js") for name in re.findall(r'from "\./([\w.]+)"', file.read_text(encoding="utf-8"))}

    assert {answer.status_code for answer in answers} == {200}
    assert [link for link in links if link.startswith(("/", "http"))] == []
    assert {*ASSETS} == {link.removeprefix("reading/") for link in links if link.startswith("reading/") and link != "reading/report.css"} | imported


async def test_the_document_has_no_word_on_the_page() -> None:
    """`/openapi.json` tells of what programs ask for, and not of the page and its form."""
    async with client() as caller:
        paths = (await caller.get("/openapi.json")).json()["paths"]

    assert {"/", "/read", "/reading/{name}"} & {*paths} == set()


async def test_a_form_is_read() -> None:
    """The form is answered with the report of its article, which nobody keeps, and which does nothing."""
    extractor = FakeExtractor()
    async with client(extractor) as caller:
        fields = {**ARTICLE, "text": "Eins\r\nzwei", "title": "T", "published": "2026-03-12", "language": "de", "source": "S", "section": ["threats"]}
        answer = await caller.post("/read", content=multipart(**fields), headers=FORM_TYPE)
    article = extractor.articles[0]

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert re.search(r'id="?report"?', answer.text)
    assert answer.headers["content-security-policy"] == document.policy()
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert (article.text, article.title, article.published, article.language, article.source) == ("Eins\nzwei", "T", "2026-03-12", "de", "S")
    assert article.options.sections == (Section.THREATS,)


async def test_the_log_has_the_facts_of_a_form(log: pytest.CaptureFixture[str]) -> None:
    """A form is logged as any article is, without a word of it."""
    async with client() as caller:
        await caller.post("/read", content=multipart(**ARTICLE | {"text": CANARY}), headers=FORM_TYPE)
    told = log.readouterr()
    line = last_line(told.err)

    assert (line["route"], line["status"], line["characters"], line["calls"]) == ("/read", 200, len(CANARY), 2)
    assert CANARY not in told.err + told.out


@pytest.mark.parametrize(
    ("fields", "status", "code", "words"),
    [
        ({"published": "12 March"}, 422, "validation-failed", ['<a href="#published">Published</a>', "2026-03-12T08:30Z"]),
        ({"section": []}, 422, "validation-failed", ['<a href="#sections">What to look for</a>: At least one.']),
        ({"title": "t" * 1_001}, 422, "validation-failed", ['<a href="#title">Title</a>', "1000 characters"]),
        ({"text": "a" * 200_001}, 413, "article-too-long", ["At most 200,000 characters are read; 200,001 were sent."]),
        ({"<b>": "x"}, 422, "validation-failed", ["&lt;b&gt;: There is no such field."]),
        ({"sections": "x"}, 422, "validation-failed", ["<li>sections: There is no such field.</li>"]),
        ({"section": ["wars"]}, 422, "validation-failed", ["What to look for</a>: Input should be &#39;actors&#39;"]),
        ({"section": ["threats"] * 6}, 422, "validation-failed", ["What to look for</a>: Tuple should have at most 5 items"]),
        ({"language": ["de", "en"]}, 422, "validation-failed", ['<a href="#language">Language</a>: The field is there more than once.']),
    ],
)
async def test_what_does_not_fit_is_told_on_the_page(fields: dict[str, Any], status: int, code: str, words: list[str], log: pytest.CaptureFixture[str]) -> None:
    """Who sends what does not fit gets the page again, filled as it was, and reads what to mend."""
    sent = {**ARTICLE, "source": "S & T", **fields}
    async with client() as caller:
        answer = await caller.post("/read", content=multipart(**sent), headers=FORM_TYPE)
    shown = filled(answer.text)

    assert (answer.status_code, last_line(log.readouterr().err)["code"]) == (status, code)
    assert all(word in answer.text for word in words)
    assert {name: shown[name] for name in ("text", "title", "published", "source")} == {name: sent[name] for name in ("text", "title", "published", "source")}
    checked = re.findall(r'name="section" value="(\w+)"[^>]* checked', answer.text)
    assert checked == [section for section in re.findall(r'name="section" value="(\w+)"', answer.text) if section in sent["section"]]
    assert (answer.headers["cache-control"], answer.headers["content-security-policy"]) == ("no-store", POLICY)


@pytest.mark.parametrize("error", [ModelRefused(), Overloaded(retry_after_s=20), ValueError(CANARY)])
async def test_whatever_the_reading_ends_with_is_a_page(error: Exception, log: pytest.CaptureFixture[str]) -> None:
    """A failure of the reading has its status, its headers and its words, on the page with the article still in it."""
    async with client(FakeExtractor(fails=error)) as caller:
        answer = await caller.post("/read", content=multipart(**ARTICLE), headers=FORM_TYPE)
        problem = await caller.post("/extract", json={"text": ARTICLE["text"]})
    waits = answer.headers.get("retry-after")

    assert (answer.status_code, filled(answer.text)["text"]) == (problem.status_code, ARTICLE["text"])
    assert problem.json()["title"] in html.unescape(answer.text)
    assert ("retry-after" in problem.headers) is (waits is not None)
    assert waits is None or f"in {waits} seconds" in answer.text
    assert last_line(log.readouterr().err)["code"] == problem.json()["code"]
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    ("content", "headers", "status", "words"),
    [
        (b"text=a", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "This media type is not served."),
        (b'{"text": "a"}', {"Content-Type": "application/json"}, 415, "Send multipart/form-data"),
        (b"a", {"Content-Type": "multipart/form-data"}, 400, "names no boundary"),
        (b"a", FORM_TYPE, 400, "The body is no form"),
        (part("text", "a"), FORM_TYPE, 400, "The body is no form"),
        (multipart(text="a").replace(b"\r\na\r", b"\r\n\xff\r"), FORM_TYPE, 400, "The field text is not UTF-8 at its byte 0."),
        (multipart(text="a"), FORM_TYPE | {"Content-Encoding": "gzip"}, 415, "without Content-Encoding"),
    ],
)
async def test_what_is_no_form_is_told_on_an_empty_page(content: bytes, headers: dict[str, str], status: int, words: str) -> None:
    """A body that cannot be taken apart is told on the page, whose form is empty."""
    async with client() as caller:
        answer = await caller.post("/read", content=content, headers=headers)

    assert (answer.status_code, words in answer.text) == (status, True)
    assert filled(answer.text)["text"] == ""


async def test_a_long_form_is_refused_by_its_length() -> None:
    """A form with a body of the longest text is read; a longer one is refused before it is, and the connection ends."""
    settings = Settings(max_body_bytes=2_048)
    async with client(settings=settings) as caller:
        fits = await caller.post("/read", content=multipart(**ARTICLE | {"text": "a" * 2_048}), headers=FORM_TYPE)
        refused = await caller.post("/read", content=multipart(**ARTICLE | {"text": "a" * 20_000}), headers=FORM_TYPE)

    assert (fits.status_code, refused.status_code) == (200, 413)
    assert refused.headers["connection"] == "close"


@given(rubbish=st.binary(max_size=200))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rubbish_never_breaks_anything(rubbish: bytes) -> None:
    """Whatever bytes come as a form, and whatever a form has for a boundary, the caller is told what is wrong."""

    async def statuses() -> set[int]:
        async with client() as caller:
            framed = f"--{BOUNDARY}\r\n".encode() + rubbish + f"\r\n--{BOUNDARY}--\r\n".encode()
            answers = [await caller.post("/read", content=content, headers=FORM_TYPE) for content in (rubbish, framed)]
            answers.append(await caller.post("/read", content=b"a", headers={"Content-Type": f"multipart/form-data; boundary={rubbish.hex()}"}))
            return {answer.status_code for answer in answers}

    assert asyncio.run(statuses()) <= {400, 415, 422}


@pytest.mark.parametrize("words", HOSTILE)
async def test_c15_whatever_stands_in_a_field_is_words(words: str) -> None:
    """Markup in a field comes back as the words that it is, and opens or closes nothing."""
    fields: dict[str, Any] = {"text": words, "title": words, "published": words, "language": words, "source": words, "section": [words], words: words}
    async with client() as caller:
        plain = await caller.post("/read", content=multipart(**ARTICLE | {"published": "x", "language": "?", "section": ["x"], "x": "x"}), headers=FORM_TYPE)
        answer = await caller.post("/read", content=multipart(**fields), headers=FORM_TYPE)
    shown = filled(answer.text)

    assert (answer.status_code, [shown[name] for name in ("text", "title", "published", "language", "source")]) == (422, [words] * 5)
    assert re.findall(r"<\w+", answer.text) == re.findall(r"<\w+", plain.text)


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    """A form that comes back holds the text to the letter, beginning with an end of line or not."""

    async def answered() -> str:
        async with client() as caller:
            return (await caller.post("/read", content=multipart(text=text, section=[]), headers=FORM_TYPE)).text

    assert filled(asyncio.run(answered()))["text"] == text


@pytest.mark.parametrize(
    ("key", "headers", "status"),
    [
        (KEY, {}, 200),
        (f"{KEY} ", {}, 200),
        (None, {"Authorization": f"Bearer {KEY}"}, 200),
        ("wrong", {"X-API-Key": KEY}, 200),
        ("wrong", {}, 401),
        ("clé", {}, 401),
        ("", {}, 401),
        (None, {}, 401),
    ],
)
async def test_the_key_may_be_in_the_form(key: str | None, headers: dict[str, str], status: int) -> None:
    """A key in the form is as good as one in the head, which goes before; it never comes back."""
    extractor = FakeExtractor()
    fields = ARTICLE | ({} if key is None else {"key": key})
    async with client(extractor, settings=WITH_KEYS) as caller:
        answer = await caller.post("/read", content=multipart(**fields), headers=FORM_TYPE | headers)

    assert (answer.status_code, len(extractor.articles)) == (status, int(status == 200))
    if status == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
        assert filled(answer.text) == {**dict.fromkeys(("title", "published", "language", "source", "key"), ""), "text": ARTICLE["text"]}
        assert "A key is needed." in answer.text


async def test_a_wrong_key_in_the_head_is_wrong() -> None:
    """Who shows a wrong key in the head is refused before the form is read, whatever is in it."""
    async with client(settings=WITH_KEYS) as caller:
        answer = await caller.post("/read", content=multipart(**ARTICLE | {"key": KEY}), headers=FORM_TYPE | {"X-API-Key": "wrong"})

    assert (answer.status_code, filled(answer.text)["text"]) == (401, "")


async def test_j13_guessing_by_forms_is_slowed() -> None:
    """Forms with wrong keys, or with none, wait after a while; the right key lets in from there all the same, in the form or in the head."""
    async with client(settings=WITH_KEYS) as caller:
        statuses = [
            (await caller.post("/read", content=multipart(**ARTICLE | fields), headers=FORM_TYPE)).status_code for fields in [{"key": "wrong"}, {}] * 11
        ]
        refused = await caller.post("/read", content=multipart(**ARTICLE | {"key": "wrong"}), headers=FORM_TYPE)
        right = await caller.post("/read", content=multipart(**ARTICLE | {"key": KEY}), headers=FORM_TYPE)
        known = await caller.post("/read", content=multipart(**ARTICLE), headers=FORM_TYPE | {"Authorization": f"Bearer {KEY}"})

    assert statuses == [401] * 20 + [429] * 2
    assert (refused.status_code, filled(refused.text)["text"], "retry-after" in refused.headers) == (429, ARTICLE["text"], True)
    assert (right.status_code, known.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("limits", "statuses"), [(Settings(rate_per_minute=2), [200, 200, 429]), (WITH_KEYS.model_copy(update={"rate_per_minute": 2}), [200, 200, 429])]
)
async def test_forms_count_as_requests(limits: Settings, statuses: list[int]) -> None:
    """A form is one request of its caller, with a key or without."""
    fields = ARTICLE | ({"key": KEY} if limits.api_keys else {})
    async with client(settings=limits) as caller:
        assert [(await caller.post("/read", content=multipart(**fields), headers=FORM_TYPE)).status_code for _ in range(3)] == statuses


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://testserver.local"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "https://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Origin": "http://testserver.local"}, 200),
        ({"Origin": "http://TESTSERVER.local:8000"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy.example"}, 200),
        ({}, 200),
    ],
)
async def test_j16_forms_of_other_sites_are_not_read(headers: dict[str, str], status: int) -> None:
    """A page of another site that sends a form here gets nothing read, whether the browser is new or old."""
    extractor = FakeExtractor()
    async with client(extractor) as caller:
        answer = await caller.post("/read", content=multipart(**ARTICLE), headers=FORM_TYPE | {"Host": "testserver.local"} | headers)

    assert (answer.status_code, len(extractor.articles)) == (status, int(status == 200))


async def test_j16_a_form_of_our_own_is_read_behind_a_proxy() -> None:
    """A proxy may put another name into `Host`: the page is also known by the address that the installation has for the world."""
    origins = ["https://News.example", "https://news.example:8443", "https://evil.example", "https://", "null"]
    async with client(settings=Settings(public_url="https://news.example:443/vigie")) as caller:
        forms = [await caller.post("/read", content=multipart(**ARTICLE), headers=FORM_TYPE | {"Origin": origin, "Host": "127.0.0.1"}) for origin in origins]

    assert [answer.status_code for answer in forms] == [200, 200, 400, 400, 400]


async def test_j14_a_key_in_the_address_is_refused() -> None:
    """A form whose address has the key in it is not read, and no page is shown at such an address."""
    async with client(settings=WITH_KEYS) as caller:
        answers = [await caller.post(f"/read?key={KEY}", content=multipart(**ARTICLE), headers=FORM_TYPE), await caller.get(f"/?api_key={KEY}")]

    assert [(answer.status_code, KEY in answer.text) for answer in answers] == [(400, False)] * 2


async def test_who_leaves_stops_the_reading() -> None:
    """Nobody's form is read on once they have left."""
    extractor, sent = FakeExtractor(waits=True), list[Any]()
    body = iter([{"type": "http.request", "body": multipart(**ARTICLE), "more_body": False}])
    scope: Any = {
        "type": "http",
        "method": "POST",
        "path": "/read",
        "raw_path": b"/read",
        "query_string": b"",
        "headers": [(b"host", b"a"), (b"content-type", FORM_TYPE["Content-Type"].encode())],
        "http_version": "1.1",
        "state": {},
    }

    async def receive() -> Any:  # noqa: ANN401 - an ASGI message
        if message := next(body, None):
            return message
        await extractor.begun.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        sent.append(message)

    await app_around(Settings(), FakeModel(), extractor)(scope, receive, send)

    assert extractor.cancelled.is_set()
    assert sent[0]["status"] == 499


@pytest.mark.parametrize(("path", "location"), [("/read", "./"), ("/read/", "../"), ("/read?utm_source=a", "./")])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_address_of_a_form_leads_to_the_page(method: str, path: str, location: str) -> None:
    """Who comes by the address of a report without a form, as from a bookmark, gets to the page, also behind a path prefix."""
    async with client() as caller:
        answer = await caller.request(method, path, follow_redirects=False)

    assert (answer.status_code, answer.headers["location"], answer.content) == (303, location, b"")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_the_form_is_posted(method: str) -> None:
    """The form's address knows nothing but its form."""
    async with client() as caller:
        answer = await caller.request(method, "/read")

    assert (answer.status_code, {*answer.headers["allow"].split(", ")}) == (405, {"GET", "HEAD", "OPTIONS", "POST"})
