"""What a person does on the reading page, and what they see of a report."""

from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.integration.browser.browser_parts import Visit

#: The words of the article as they are shown, without the labels between them.
WORDS_SHOWN = """(article) => {
  const copy = article.cloneNode(true);
  for (const label of copy.querySelectorAll(".tag")) label.remove();
  return [...copy.querySelectorAll("p")].map((paragraph) => paragraph.textContent).join("\\n");
}"""
#: Most keys that are pressed on the way to a link.
MOST_TABS = 400


async def begin(visit: Visit, text: str) -> None:
    """Paste an article and have it read."""
    await visit.page.get_by_role("textbox", name="Article", exact=True).fill(text)
    await visit.page.get_by_role("button", name="Read", exact=True).click()


async def read(visit: Visit, text: str) -> Locator:
    """Have an article read to its end; return the report."""
    await begin(visit, text)
    report = visit.page.locator("#report")
    await expect(report.locator(".record")).to_be_visible()
    await expect(visit.page.get_by_role("button", name="HTML", exact=True)).to_be_visible()
    return report


def card(page: Page, entry_id: str) -> Locator:
    """Return the card of an entry."""
    return page.locator(f"#report article#{entry_id}")


def mark(page: Page, place: str) -> Locator:
    """Return the first piece of the article under a place such as `T1-1`."""
    return page.locator(f'#report mark[data-of~="{place}"]').first


async def expect_found(element: Locator) -> None:
    """Wait until `element` is lit and can be seen."""
    await expect(element).to_contain_class("lit")
    await expect(element).to_be_in_viewport()


async def tab_to(page: Page, element: Locator) -> None:
    """Press Tab until `element` has the focus."""
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await element.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError("The keyboard does not get there.")


async def kept(page: Page, button: str, folder: Path) -> Path:
    """Click on the button of an export; return the file that comes."""
    async with page.expect_download() as coming:
        await page.get_by_role("button", name=button, exact=True).click()
    download = await coming.value
    path = folder / download.suggested_filename
    await download.save_as(path)
    return path


async def width_of(page: Page) -> int:
    """Return how wide the page is, with whatever does not fit the screen."""
    width: int = await page.evaluate("document.documentElement.scrollWidth")
    return width
