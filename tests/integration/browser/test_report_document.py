"""A report as a file: what stands on it, where there is neither a script nor a network."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from service.reports.report import Report
from tests.integration.browser.axe import barriers
from tests.integration.browser.document_parts import file_in, written
from tests.integration.browser.reading_parts import WORDS_SHOWN, width_of
from tests.unit.reports import report_parts as parts

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"width": 390, "height": 844}
#: Links of the report that lead nowhere, and names that are there twice.
LOST = """() => [...document.querySelectorAll("a")].map((link) => link.getAttribute("href"))
  .filter((href) => !href.startsWith("#") || !document.getElementById(href.slice(1)))"""
TWICE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""
#: What shows but a part of what is in it.
CUT = """() => [...document.querySelectorAll("#report *")]
  .filter((element) => element.clientHeight && element.scrollHeight > element.clientHeight + 2 && getComputedStyle(element).overflowY !== "visible")
  .map((element) => element.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_everybody_can_use_it(scheme: str, width: int, chromium: Browser, tmp_path: Path) -> None:
    """Axe finds nothing, by day and by night, on wide and on narrow screens, and the page is as wide as the screen."""
    path = written(Report(parts.TEXT, parts.small(), 2.5), tmp_path)
    async with file_in(chromium, path, color_scheme=scheme, viewport={"width": width, "height": 800}) as file:
        assert await barriers(file) == []
        assert await width_of(file) == width


async def test_every_link_leads_somewhere_on_it(chromium: Browser, tmp_path: Path) -> None:
    """Each link has its place on the page, and each place one name, of the largest record too."""
    for text, record in ((parts.TEXT, parts.small()), parts.large()):
        async with file_in(chromium, written(Report(text, record), tmp_path)) as file:
            assert (await file.evaluate(LOST), await file.evaluate(TWICE)) == ([], [])


async def test_it_is_whole_without_scripts(chromium: Browser, tmp_path: Path) -> None:
    """The article, word for word, each entry, the times and the relations are there, and a link leads from each side to the other."""
    async with file_in(chromium, written(Report(parts.TEXT, parts.small()), tmp_path), java_script_enabled=False) as file:
        await expect(file.locator("article.entry")).to_have_count(10)
        await expect(file.locator("#report-times svg").first).to_be_visible()
        await expect(file.locator("#report-relations svg").first).to_be_visible()
        await file.locator('a.tag[href="#T1"]').click()
        await expect(file.locator("#T1:target")).to_be_in_viewport()
        await file.locator('#T1 a.proof[href="#T1-1"]').click()
        await expect(file.locator('mark[data-of~="T1-1"]').first).to_be_in_viewport()


async def test_what_a_link_leads_to_stands_out(chromium: Browser, tmp_path: Path) -> None:
    """The card that was looked for looks otherwise than before."""
    outline = "(card) => { const {outline, boxShadow, backgroundColor} = getComputedStyle(card); return [outline, boxShadow, backgroundColor].join() }"
    async with file_in(chromium, written(Report(parts.TEXT, parts.small()), tmp_path)) as file:
        before = await file.locator("#C1").evaluate(outline)
        await file.locator('a.tag[href="#C1"]').click()

        await expect(file.locator("#C1:target")).to_have_count(1)
        assert await file.locator("#C1").evaluate(outline) != before


async def test_it_is_printed_whole(chromium: Browser, tmp_path: Path) -> None:
    """On paper nothing is scrolled away: every part is as high as what is in it."""
    text, record = parts.large()
    async with file_in(chromium, written(Report(text, record), tmp_path)) as file:
        await file.emulate_media(media="print")

        assert await file.evaluate(CUT) == []
        assert (await file.locator("section.text").evaluate(WORDS_SHOWN)).split() == text.split()


async def test_many_labels_in_a_row_break_their_line(chromium: Browser, tmp_path: Path) -> None:
    """Where the same words prove a hundred things, the labels behind them stay within a telephone."""
    record = parts.record(parts.TEXT, *(parts.threat(parts.TEXT, number, "its fleet would strike") for number in range(1, 101)))
    async with file_in(chromium, written(Report(parts.TEXT, record), tmp_path), viewport=PHONE) as file:
        rights = await file.locator("a.tag").evaluate_all("(labels) => labels.map((label) => label.getBoundingClientRect().right)")

        assert len(rights) == 100
        assert max(rights) <= PHONE["width"]
