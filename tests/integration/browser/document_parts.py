"""A report as a file in a browser that reaches nobody."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page

from service.reports.document import document
from service.reports.report import Report
from tests.integration.browser.browser_parts import TELL_VIOLATIONS, Visit
from tests.unit.service_parts import FakeExtractor


@asynccontextmanager
async def file_in(chromium: Browser, path: Path, **context: Any) -> AsyncIterator[Page]:  # noqa: ANN401 - the browser's options
    """Yield a page with the file at `path`, without a network. It asks for nothing, and the browser has nothing to complain of."""
    window = await chromium.new_context(offline=True, **context)
    try:
        await window.add_init_script(TELL_VIOLATIONS)
        visit = Visit(await window.new_page(), "file:", FakeExtractor())
        visit.listen()
        await visit.page.goto(path.as_uri())
        yield visit.page
        assert visit.complaints == []
        assert {url.partition("#")[0] for url in visit.requests} == {path.as_uri()}
    finally:
        await window.close()


def written(report: Report, folder: Path) -> Path:
    """Return the file in which `report` is kept."""
    path = folder / "report.html"
    path.write_text(document(report), encoding="utf-8")
    return path
