"""The key of the reading page: asked for where one is needed, and kept nowhere."""

import pytest
from playwright.async_api import expect
from pydantic import SecretStr

from service.settings import Settings
from tests.integration.browser.axe import barriers
from tests.integration.browser.browser_parts import Open
from tests.integration.browser.reading_parts import begin, read
from tests.integration.browser.scripted_extractor import reads
from tests.unit.reports import report_parts as parts

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEY = "open-sesame-1b7c-40e2-9d1f"
WITH_KEYS = Settings(api_keys=(SecretStr(KEY),))


async def test_where_there_are_no_keys_none_is_asked_for(visit: Open) -> None:
    """The page has no field for a key where nobody needs one."""
    opened = await visit("/")

    await expect(opened.page.get_by_label("Key")).to_have_count(0)


async def test_j16_a_wrong_key_is_told_and_the_text_stays(visit: Open) -> None:
    """Who mistypes the key reads so, finds their article where it was, and goes on with the right one."""
    opened = await visit("/", settings=WITH_KEYS, extractor=reads(parts.small()))
    await opened.page.get_by_label("Key").fill("another-key-1b7c-40e2-9d1f")
    await begin(opened, parts.TEXT)
    await expect(opened.page.get_by_role("alert")).to_contain_text("key")
    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).to_have_value(parts.TEXT)
    await expect(opened.page.get_by_label("Key")).to_be_focused()
    assert opened.extractor.articles == []
    await opened.page.get_by_label("Key").fill(KEY)
    await opened.page.get_by_role("button", name="Read", exact=True).click()

    await expect(opened.page.locator("#report .record")).to_be_visible()


async def test_j16_a_key_is_asked_for_once_and_kept_in_memory_alone(visit: Open) -> None:
    """The right key is not asked for again, for articles or exports; the browser keeps nothing of it, and the page left has forgotten it."""
    opened = await visit("/", settings=WITH_KEYS, extractor=reads(parts.small()))
    page = opened.page
    await page.get_by_label("Key").fill(KEY)
    await read(opened, parts.TEXT)
    await expect(page.get_by_label("Key")).to_be_hidden()
    await read(opened, parts.TEXT)
    async with page.expect_download():
        await page.get_by_role("button", name="CSV", exact=True).click()
    kept = await page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie, location.href, history.state])")
    await page.reload(wait_until="networkidle")

    assert kept == f'[{{}},{{}},"","{opened.home}/",null]'
    await expect(page.get_by_label("Key")).to_be_visible()
    await expect(page.get_by_label("Key")).to_have_value("")
    assert KEY not in await page.content()


async def test_j16_without_scripts_the_key_goes_with_the_form(visit: Open) -> None:
    """Who lets no script run sends the key with the article; a wrong one is told, with the article where it was and the key gone."""
    opened = await visit("/", settings=WITH_KEYS, extractor=reads(parts.small()), java_script_enabled=False)
    await opened.page.get_by_label("Key").fill("another-key-1b7c-40e2-9d1f")
    await begin(opened, parts.TEXT)
    await expect(opened.page.get_by_role("alert")).to_contain_text("key")
    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).to_have_value(parts.TEXT)
    await expect(opened.page.get_by_label("Key")).to_have_value("")
    await opened.page.get_by_label("Key").fill(KEY)
    await opened.page.get_by_role("button", name="Read", exact=True).click()

    await expect(opened.page.locator("#report .record")).to_be_visible()


async def test_the_field_of_a_key_can_be_used_by_everybody(visit: Open) -> None:
    """Axe finds nothing where a key is asked for, nor where a wrong one is told."""
    opened = await visit("/", settings=WITH_KEYS)
    before = await barriers(opened.page)
    await begin(opened, parts.TEXT)
    await expect(opened.page.get_by_role("alert")).to_contain_text("key")

    assert (before, await barriers(opened.page)) == ([], [])
