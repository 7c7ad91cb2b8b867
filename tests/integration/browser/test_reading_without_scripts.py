"""The reading page where no script runs: a plain form, and the report as a page."""

import pytest
from playwright.async_api import expect

from service.errors import UpstreamUnavailable
from service.examples import request
from tests.integration.browser.browser_parts import Open
from tests.integration.browser.reading_parts import begin, card, mark
from tests.integration.browser.scripted_extractor import Reading, ScriptedExtractor, reads
from tests.integration.browser.seed_article import seed
from tests.unit.reports import report_parts as parts

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_article_is_read(visit: Open) -> None:
    """The seed article is pasted and sent; the report comes as a page, in which either side leads to the other."""
    text, record = seed()
    opened = await visit("/", extractor=reads(record), java_script_enabled=False)
    await begin(opened, text)
    await expect(opened.page.locator("#report .record article.entry")).to_have_count(
        sum(len(getattr(record, section)) for section in ("actors", "threats", "targets", "timelines", "commitments"))
    )
    await opened.page.locator('#report a.tag[href="#C1"]').click()
    await expect(card(opened.page, "C1")).to_be_in_viewport()
    await card(opened.page, "C1").locator("a.proof").first.click()

    await expect(mark(opened.page, "C1-1")).to_be_in_viewport()
    assert [article.text for article in opened.extractor.articles] == [text]


async def test_what_does_not_fit_is_told_in_the_form(visit: Open) -> None:
    """A field that does not fit is named, and all that was typed stays."""
    opened = await visit("/", java_script_enabled=False)
    await opened.page.get_by_label("Title").fill("Kestria threatens a base")
    await opened.page.get_by_label("Published").fill("yesterday")
    await begin(opened, parts.TEXT)

    await expect(opened.page.get_by_role("alert").get_by_role("link", name="Published")).to_be_visible()
    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).to_have_value(parts.TEXT)
    await expect(opened.page.get_by_label("Title")).to_have_value("Kestria threatens a base")
    await expect(opened.page.get_by_label("Published")).to_have_attribute("aria-invalid", "true")


async def test_what_fails_is_told_and_can_be_sent_again(visit: Open) -> None:
    """Where the model is away, the page says so, and the same form reads the article once it is back."""
    opened = await visit("/", extractor=ScriptedExtractor(Reading(UpstreamUnavailable()), Reading(parts.small())), java_script_enabled=False)
    await begin(opened, parts.TEXT)
    await expect(opened.page.get_by_role("alert")).to_contain_text(UpstreamUnavailable.title)
    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).to_have_value(parts.TEXT)
    await opened.page.get_by_role("button", name="Read", exact=True).click()

    await expect(opened.page.locator("#report")).to_be_visible()


async def test_a_sample_is_a_link(visit: Open) -> None:
    """A sample fills the form without a script too."""
    opened = await visit("/", java_script_enabled=False)
    await opened.page.get_by_role("link", name="English").click()

    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).to_have_value(request("english")["text"])


async def test_behind_a_proxy_with_a_prefix(visit: Open) -> None:
    """The form finds its way where a proxy knows the service under a path."""
    opened = await visit("/", prefix="/news/vigie", extractor=reads(parts.small()), java_script_enabled=False)
    await begin(opened, parts.TEXT)

    await expect(opened.page.locator("#report .record")).to_be_visible()
