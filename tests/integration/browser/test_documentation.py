"""`GET /docs` in a browser: what is shown, and that what is shown can be tried."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect
from pydantic import SecretStr

from service.settings import Settings
from tests.integration.browser.browser_parts import Open, Visit

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEY = "open-sesame-1b7c-40e2-9d1f"
WITH_KEYS = Settings(api_keys=(SecretStr(KEY),))
OPERATION = "/docs#/Reading/extract"
#: What an operation of the document is called by, among the other facts of its path.
METHODS = {"get", "post", "delete"}
ELSEWHERE = "http://127.0.0.1:9/"
#: What a page could do against its policy, by the directive that forbids it.
BREACHES = {
    "connect-src": f"() => fetch('{ELSEWHERE}').catch(() => null)",
    "img-src": f"() => {{ new Image().src = '{ELSEWHERE}' }}",
    "script-src-elem": "() => document.body.append(Object.assign(document.createElement('script'), {text: 'open()'}))",
    "style-src-attr": "() => document.body.setAttribute('style', 'color: red')",
}


async def document_of(visit: Visit) -> dict[str, Any]:
    """Return the OpenAPI document."""
    answer = await visit.page.request.get(f"{visit.home}/openapi.json")
    document: dict[str, Any] = await answer.json()
    return document


async def examples_of(visit: Visit, media_type: str) -> dict[str, Any]:
    """Return the examples of requests, by their names."""
    operation = (await document_of(visit))["paths"]["/extract"]["post"]
    examples: dict[str, Any] = operation["requestBody"]["content"][media_type]["examples"]
    return examples


async def execute(visit: Visit) -> Locator:
    """Send what is in the form; return the answer as it is shown."""
    await visit.page.get_by_role("button", name="Execute").click()
    return visit.page.locator(".live-responses-table tbody tr.response")


async def authorize(visit: Visit, scheme: str) -> None:
    """Give the key to `scheme`, as one who types it and presses Enter."""
    await visit.page.get_by_role("button", name="Authorize", exact=True).click()
    form = visit.page.locator(".modal-ux .auth-container", has_text=scheme)
    await form.locator("input").fill(KEY)
    await form.locator("input").press("Enter")
    await form.get_by_role("button", name="Close", exact=True).click()


async def test_every_operation_and_every_schema_is_shown(visit: Open) -> None:
    """Whatever the document says is on the page."""
    opened = await visit()
    document = await document_of(opened)
    shown = opened.page.locator(".opblock-summary-path")
    await shown.first.wait_for()
    paths = await shown.evaluate_all("(all) => all.map((one) => one.dataset.path)")
    schemas = await opened.page.locator("section.models .json-schema-2020-12__title").all_inner_texts()

    assert sorted(paths) == sorted(path for path, operations in document["paths"].items() for name in operations if name in METHODS)
    assert sorted(schemas) == sorted(document["components"]["schemas"])


async def test_a_link_leads_to_one_operation(visit: Open) -> None:
    """Who is sent a link with an operation in it finds that operation open."""
    opened = await visit(OPERATION)

    await expect(opened.page.locator(".opblock.is-open .opblock-summary-path")).to_have_attribute("data-path", "/extract")


async def test_k06_the_page_is_made_of_its_own_parts(visit: Open) -> None:
    """All that is asked for, with an article sent, are the parts of the page, the document and the record."""
    opened = await visit(OPERATION)
    await expect(await execute(opened)).to_be_visible()
    parts = {f"/docs/{name}" for name in ("documentation.css", "documentation.js", "favicon.svg", "swagger-ui.css", "swagger-ui-bundle.js")}

    assert {url.removeprefix(opened.home) for url in opened.requests} == {"/docs", "/openapi.json", "/extract", *parts}


@pytest.mark.parametrize("directive", sorted(BREACHES))
async def test_k06_the_browser_keeps_the_page_to_its_policy(directive: str, visit: Open) -> None:
    """Whatever got into the page could neither run, nor dress it up, nor send a key to someone else."""
    opened = await visit()
    async with opened.page.expect_console_message(lambda message: message.text.startswith(f"policy {directive} ")):
        await opened.page.evaluate(BREACHES[directive])

    assert opened.complaints
    opened.complaints.clear()
    opened.requests.clear()


@pytest.mark.parametrize("parameter", ["url", "configUrl"])
async def test_nobody_elses_document_is_shown(parameter: str, visit: Open) -> None:
    """A link cannot put another document, with servers that collect articles, under our name."""
    opened = await visit(f"/docs?{parameter}={ELSEWHERE}openapi.json")

    await expect(opened.page.get_by_role("heading", level=1)).to_contain_text("Vigie")


async def test_the_example_is_read_as_it_stands(visit: Open) -> None:
    """One click on Execute sends the article that is shown and shows its record."""
    opened = await visit(OPERATION)
    answer = await execute(opened)

    await expect(answer.locator(".response-col_status")).to_contain_text("200")
    await expect(answer).to_contain_text('"schema_version": "1"')
    assert [article.text for article in opened.extractor.articles] == [(await examples_of(opened, "application/json"))["french"]["value"]["text"]]


async def test_c15_markup_of_an_article_is_shown_as_text(visit: Open) -> None:
    """What an article brings along (elements, scripts, templates, queries) stands on the page as it is written, and does nothing."""
    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}';DROP TABLE keys;--"
    opened = await visit(OPERATION)
    await opened.page.locator("textarea.body-param__text").fill(json.dumps({"text": f"The fleet left. {hostile}", "title": hostile, "source": hostile}))
    answer = await execute(opened)

    await expect(answer).to_contain_text(hostile.replace('"', '\\"'))
    assert await answer.locator("img, script").count() == 0


@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
async def test_each_example_can_be_chosen_and_sent(media_type: str, visit: Open) -> None:
    """Either article goes in either form, and arrives as it is in the document."""
    opened = await visit(OPERATION)
    examples = await examples_of(opened, media_type)
    await opened.page.get_by_label("Request content type").select_option(media_type)
    for name, example in examples.items():
        await opened.page.locator(".opblock-section-request-body .examples-select-element").select_option(name)
        async with opened.page.expect_response("**/extract") as answered:
            await execute(opened)
        request = (await answered.value).request

        assert (await answered.value).status == 200
        assert request.headers["content-type"] == media_type
        assert opened.extractor.articles[-1].text == (example["value"] if media_type == "text/plain" else example["value"]["text"])


async def test_without_a_key_the_problem_is_shown(visit: Open) -> None:
    """Where there are keys, who has not given one reads that one is needed."""
    opened = await visit(OPERATION, settings=WITH_KEYS)
    answer = await execute(opened)

    await expect(answer.locator(".response-col_status")).to_contain_text("401")
    await expect(answer).to_contain_text('"code": "unauthorised"')
    assert opened.extractor.articles == []


@pytest.mark.parametrize("scheme", ["bearer", "apiKey"])
async def test_j16_a_key_opens_the_door_until_the_page_is_left(scheme: str, visit: Open) -> None:
    """With a key, given either way, the article is read; the browser keeps nothing of the key."""
    opened = await visit(OPERATION, settings=WITH_KEYS)
    await authorize(opened, scheme)
    await expect((await execute(opened)).locator(".response-col_status")).to_contain_text("200")
    kept = await opened.page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")
    await opened.page.reload(wait_until="networkidle")

    assert kept == '[{},{},""]'
    await expect((await execute(opened)).locator(".response-col_status")).to_contain_text("401")


@pytest.mark.parametrize("path", [OPERATION, "/docs/#/Reading/extract"])
async def test_behind_a_proxy_with_a_prefix(path: str, visit: Open) -> None:
    """Where a proxy knows the service under a path, with or without the last slash, the page is whole and its requests arrive."""
    opened = await visit(path, prefix="/news/vigie")

    await expect((await execute(opened)).locator(".response-col_status")).to_contain_text("200")
    assert len(opened.extractor.articles) == 1


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
async def test_the_page_is_as_dark_as_the_browser(scheme: str, *, dark: bool, visit: Open) -> None:
    """The page takes the colours that the visitor prefers, and its text stands out from its ground."""
    opened = await visit(color_scheme=scheme)
    ground = await opened.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    text = await opened.page.get_by_role("heading", level=1).evaluate("(heading) => getComputedStyle(heading).color")

    assert (brightness(ground) < 128) is dark
    assert (brightness(text) > 128) is dark


async def test_a_narrow_screen_holds_the_page(visit: Open) -> None:
    """On a telephone, with an answer shown, only the boxes with code scroll sideways, not the page."""
    opened = await visit(OPERATION, viewport={"width": 390, "height": 844})
    await expect(await execute(opened)).to_be_visible()

    assert await opened.page.evaluate("document.documentElement.scrollWidth") == 390


async def test_the_page_says_what_it_is(visit: Open) -> None:
    """Who hears the page instead of seeing it is told its language, title, first heading and main part."""
    opened = await visit()

    await expect(opened.page.locator("html")).to_have_attribute("lang", "en")
    await expect(opened.page).to_have_title(re.compile("^Vigie"))
    await expect(opened.page.get_by_role("heading", level=1)).to_have_count(1)
    await expect(opened.page.get_by_role("main")).to_have_count(1)


async def test_without_scripts_the_page_says_where_to_look(visit: Open) -> None:
    """Who lets no script run is led to the document."""
    opened = await visit(java_script_enabled=False)
    await opened.page.get_by_role("link", name="openapi.json").click()

    assert opened.page.url == f"{opened.home}/openapi.json"


def brightness(colour: str) -> float:
    """Return how bright `colour` is, as styles are told: from 0 to 255."""
    red, green, blue = (float(part) for part in re.findall(r"[\d.]+", colour)[:3])
    return 0.299 * red + 0.587 * green + 0.114 * blue
