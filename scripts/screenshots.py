"""Make the pictures in docs/images anew, of the service as it is.

Usage: python scripts/screenshots.py

The service replays recorded answers: no model is needed. Needs Chromium, which Debian's package chromium brings.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import FloatRect, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
ARTICLE = ROOT / "examples" / "strait.txt"
#: Nothing that the browser wants for itself.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
WIDTH, MARGIN = 1280, 6
#: A box as high as what is in it, as who drags its corner would have it; a box scrolled to one line of it.
FIT = "(box) => { box.style.minHeight = 0; box.style.height = 0; box.style.height = `${box.scrollHeight}px` }"
SCROLL_TO = "(line) => { const box = line.closest('pre'); box.scrollTop += line.getBoundingClientRect().top - box.getBoundingClientRect().top - 3 }"


@contextmanager
def serving() -> Iterator[str]:
    """Serve recorded answers; yield the address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("VIGIE_", "OPENAI_"))}
    environment |= {"VIGIE_MODE": "replay", "VIGIE_REPLAY_DIR": str(ROOT / "service" / "examples" / "recordings")}
    vigie = Path(sys.executable).with_name("vigie")
    with subprocess.Popen([vigie, "serve", "--port", "0"], env=environment, stderr=subprocess.PIPE) as service:  # noqa: S603 - our own program
        try:
            line = service.stderr.readline() if service.stderr else b""
            if not line.startswith(b"{"):
                sys.exit(f"The service did not start. {line.decode()}")
            yield f"http://127.0.0.1:{json.loads(line)['port']}"
        finally:
            service.terminate()


@contextmanager
def page() -> Iterator[Page]:
    """Yield an empty page of Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no Chromium; Debian's package chromium brings it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser.new_page(viewport={"width": WIDTH, "height": 1_000})
        browser.close()


def picture_docs(page: Page, address: str) -> None:
    """Make docs.png: an article has been sent from `/docs`, and what its record says of targets is shown."""
    page.goto(f"{address}/docs#/Reading/extract")
    page.get_by_label("Request content type").select_option("text/plain")
    page.locator("textarea").fill(ARTICLE.read_text(encoding="utf-8"))
    page.locator("textarea").evaluate(FIT)
    page.get_by_role("button", name="Execute").click()
    record = page.locator(".live-responses-table tbody .highlight-code pre").first
    record.locator(".hljs-attr", has_text='"targets"').last.evaluate(SCROLL_TO)
    page.evaluate("scrollTo(0, 0)")  # a box is measured from the window's top, a picture from the page's
    top, bottom = page.locator(".opblock-section-request-body").bounding_box(), record.bounding_box()
    if top is None or bottom is None:
        sys.exit("The page is not as it was.")
    clip = FloatRect(x=0, y=top["y"], width=WIDTH, height=bottom["y"] + bottom["height"] - top["y"] + MARGIN)
    page.screenshot(path=IMAGES / "docs.png", full_page=True, clip=clip)


def picture_reading(page: Page, address: str) -> None:
    """Make reading.png: an article has been read, and an entry and the words that prove it have been found; and reading-times.png: what is drawn of it."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/")
    page.get_by_role("textbox", name="Article", exact=True).fill(ARTICLE.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Read", exact=True).click()
    page.locator("#report a.tag[href='#T1']").click()
    page.locator("#report article#T1.lit").wait_for()
    page.locator("#report .sides").evaluate("(sides) => sides.scrollIntoView()")
    page.screenshot(path=IMAGES / "reading.png", clip=FloatRect(x=0, y=0, width=WIDTH, height=900))
    times, relations = page.locator("#report-times"), page.locator("#report-relations")
    relations.scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    top, bottom = times.bounding_box(), relations.bounding_box()
    if top is None or bottom is None:
        sys.exit("The report is not as it was.")
    clip = FloatRect(x=0, y=top["y"], width=WIDTH, height=bottom["y"] + bottom["height"] - top["y"] + MARGIN)
    page.screenshot(path=IMAGES / "reading-times.png", full_page=True, clip=clip)


def main() -> None:
    """Make every picture."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with serving() as address, page() as opened:
        picture_docs(opened, address)
        picture_reading(opened, address)


if __name__ == "__main__":
    main()
