"""`GET /docs`: the page and what it is made of. How it looks and works is tried in a browser, in `tests/integration/browser`."""

import hashlib
import re
from pathlib import Path

import pytest

import service.web
from service.routes.documentation import ASSETS
from tests.unit.service_parts import client

WEB = Path(service.web.__file__).parent
VENDORED = WEB / "vendored" / "swagger-ui"
OURS = sorted(path for path in WEB.glob("*") if path.suffix in {".css", ".html", ".js", ".svg"})
SUMS = [line.split("  ") for line in (VENDORED / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
PATHS = ["/docs", *(f"/docs/{name}" for name in ASSETS)]

MEDIA_TYPES = {"css": "text/css", "docs": "text/html", "js": "text/javascript", "svg": "image/svg+xml"}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("path", PATHS)
async def test_j16_k06_each_part_comes_whole_and_guarded(path: str) -> None:
    """The page and its parts come byte for byte, as what they are and nothing else, and say what they may do: nothing with anyone else."""
    async with client() as caller:
        answer = await caller.get(path)
    file = WEB / ASSETS.get(path.rpartition("/")[2], "documentation.html")

    assert (answer.status_code, answer.content) == (200, file.read_bytes())
    assert answer.headers["content-type"].split(";")[0] == MEDIA_TYPES[re.split("[/.]", path)[-1]]
    assert {*answer.headers["content-security-policy"].split("; ")} == POLICY
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/extract", "/docs", "/openapi.json", "/livez"])
async def test_j16_no_page_of_another_site_may_read(path: str) -> None:
    """A page of another site is told nothing that would let it read an answer."""
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    async with client() as caller:
        answers = [await caller.request(method, path, headers=asking) for method in ("OPTIONS", "GET", "POST")]

    assert not any(name.startswith("access-control-") for answer in answers for name in answer.headers)


@pytest.mark.parametrize("path", PATHS)
async def test_a_browser_that_has_a_part_gets_it_once(path: str) -> None:
    """A browser asks after what it has each time, so that it never mixes two versions, and is sent no byte of it twice."""
    async with client() as caller:
        first = await caller.get(path)
        etag = first.headers["etag"]
        again = [await caller.get(path, headers={"If-None-Match": tags}) for tags in (etag, f"W/{etag}", f'"other", {etag}')]
        changed = await caller.get(path, headers={"If-None-Match": '"other"'})

    assert first.headers["cache-control"] == "no-cache"
    assert [(answer.status_code, answer.content, answer.headers["etag"]) for answer in again] == [(304, b"", etag)] * 3
    assert (changed.status_code, changed.content) == (200, first.content)


@pytest.mark.parametrize("path", PATHS)
async def test_head_tells_the_same_without_the_content(path: str) -> None:
    """HEAD has the headers of GET, and no body."""
    told = ("content-type", "content-length", "etag", "content-security-policy")
    async with client() as caller:
        head, get = await caller.head(path), await caller.get(path)

    assert (head.status_code, head.content) == (200, b"")
    assert [head.headers[name] for name in told] == [get.headers[name] for name in told]


@pytest.mark.parametrize(
    "name", ["openapi.json", "documentation.html", "SHA256SUMS", "..%2Fanswering.py", "%2e%2e/answering.py", "vendored/swagger-ui/LICENSE"]
)
async def test_nothing_else_lies_there(name: str) -> None:
    """What is no part of the page is not found, whether or not there is such a file."""
    async with client() as caller:
        answer = await caller.get(f"/docs/{name}")

    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (404, "application/problem+json", "not-found")


async def test_the_last_slash_leads_to_the_page() -> None:
    """`/docs/` leads on to `/docs`, where the page's relative links are right, wherever a proxy has put it."""
    async with client() as caller:
        answer = await caller.get("/docs/", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (308, "../docs")


async def test_the_document_speaks_of_requests_and_not_of_its_own_page() -> None:
    """`/openapi.json` has no word on `/docs`."""
    async with client() as caller:
        document = (await caller.get("/openapi.json")).json()

    assert [path for path in document["paths"] if path.startswith("/docs")] == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_k06_ours_point_nowhere_else_and_have_nothing_inline(path: Path) -> None:
    """What we wrote names no other host, is complete without one, and keeps scripts and styles in files, as its policy asks."""
    text = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")

    assert re.findall(r"//\w|<style|\sstyle=|\son\w+=|javascript:|@import|<script(?![^>]* src=)", text) == []


def test_k06_the_page_is_made_of_what_is_served() -> None:
    """Each link of the page is relative, and leads to a part of the page or to the document."""
    links = re.findall(r'(?:href|src)="([^"]*)"', (WEB / "documentation.html").read_text(encoding="utf-8"))

    assert {*links} == {*(f"docs/{name}" for name in ASSETS), "openapi.json"}


@pytest.mark.parametrize(("digest", "name"), SUMS, ids=[name for _, name in SUMS])
def test_vendored_files_are_as_fetched(digest: str, name: str) -> None:
    """Nobody has edited what others wrote, by hand or by a checkout that changes line ends."""
    assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == digest


def test_vendored_files_keep_their_licence() -> None:
    """All that is vendored has a digest, and the licence, notices, name and version are there; nothing asks for a source map that is not."""
    names = {name for _, name in SUMS}
    script, styles = ((VENDORED / name).read_bytes() for name in ("swagger-ui-bundle.js", "swagger-ui.css"))

    assert {path.name for path in VENDORED.iterdir()} == names | {"SHA256SUMS"}
    assert names >= {"LICENSE", "NOTICE", "README.md", "swagger-ui-bundle.js.LICENSE.txt"}
    assert "Apache License" in (VENDORED / "LICENSE").read_text(encoding="utf-8")
    assert re.match(r"# swagger-ui-dist \d+\.\d+\.\d+\n", (VENDORED / "README.md").read_text(encoding="utf-8"))
    assert b"sourceMappingURL=" not in script[-1_000:] + styles[-1_000:]
