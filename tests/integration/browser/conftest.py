"""A browser, and what opens pages in it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect
from playwright.async_api import TimeoutError as NothingDrawnError

from service.settings import Settings
from tests.integration.browser.browser_parts import TELL_VIOLATIONS, Open, Visit, serving
from tests.unit.service_parts import FakeExtractor

#: Nothing that the browser wants for itself, least of all of the network.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Far more than a page needs, for machines that are busy with other things.
TIMEOUT_MS = 60_000
#: A click waits for two frames, and now and then a window of headless Chromium never draws one: such a window is opened anew, this often at most.
WINDOWS = 3
FIRST_FRAME_MS = 15_000


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The Chromium of this machine."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("Chromium is needed, and there is none: Debian's package chromium brings it.")
    expect.set_options(timeout=TIMEOUT_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


async def draws(page: Page) -> bool:
    """Return whether `page` is drawn at all."""
    try:
        await page.wait_for_function("true", polling="raf", timeout=FIRST_FRAME_MS)
    except NothingDrawnError:
        return False
    return True


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser) -> AsyncIterator[Open]:
    """What opens a page of a service of fakes. However it is used, the page asks nothing of anyone else and the browser has nothing to complain of."""
    visits: list[Visit] = []
    async with AsyncExitStack() as stack:

        async def open_page(
            path: str = "/docs",
            *,
            extractor: FakeExtractor | None = None,
            settings: Settings | None = None,
            prefix: str = "",
            **context: Any,  # noqa: ANN401 - the browser's options
        ) -> Visit:
            extractor = extractor or FakeExtractor()
            origin = await stack.enter_async_context(serving(settings or Settings(), extractor, prefix))
            for windows_left in reversed(range(WINDOWS)):
                window = await stack.enter_async_context(await chromium.new_context(**context))
                window.set_default_timeout(TIMEOUT_MS)
                await window.add_init_script(TELL_VIOLATIONS)
                made = Visit(await window.new_page(), f"{origin}{prefix}", extractor)
                made.listen()
                await made.page.goto(f"{made.home}{path}", wait_until="networkidle")
                if not context.get("java_script_enabled", True) or await draws(made.page) or not windows_left:
                    break
            visits.append(made)
            return made

        yield open_page

    for each in visits:
        assert each.complaints == []
        assert each.strangers() == []
