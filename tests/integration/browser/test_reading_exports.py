"""What is kept of a reading: the record as JSON, its sections as CSV, the report as HTML that needs nothing else."""

import csv
import io
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from schemas.record import Record
from schemas.vocabulary import Section
from tests.integration.browser.axe import barriers
from tests.integration.browser.browser_parts import Open
from tests.integration.browser.document_parts import file_in
from tests.integration.browser.reading_parts import WORDS_SHOWN, kept, read
from tests.integration.browser.scripted_extractor import reads
from tests.integration.browser.seed_article import seed

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_json_is_the_record_as_it_came(visit: Open, tmp_path: Path) -> None:
    """The file holds the very bytes that any other caller gets for this article."""
    text, record = seed()
    opened = await visit("/", extractor=reads(record))
    await read(opened, text)
    path = await kept(opened.page, "JSON", tmp_path)
    answer = await opened.page.request.post(f"{opened.home}/extract", data=text, headers={"Content-Type": "text/plain; charset=utf-8"})

    assert path.read_bytes().removesuffix(b"\n") == (await answer.body()).removesuffix(b"\n")
    assert Record.model_validate_json(path.read_bytes()) == record
    assert (path.name.split("-")[0], path.suffix) == ("vigie", ".json")


@pytest.mark.parametrize("section", Section)
async def test_each_section_is_kept_as_a_table(section: Section, visit: Open, tmp_path: Path) -> None:
    """The table of a section has a row for each entry, with the words that prove it."""
    text, record = seed()
    opened = await visit("/", extractor=reads(record))
    await read(opened, text)
    await opened.page.get_by_role("combobox").select_option(section.value)
    path = await kept(opened.page, "CSV", tmp_path)
    rows = [*csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)]
    entries = getattr(record, section.value)
    quotes = [(entry.evidence if section is not Section.ACTORS else entry.mentions)[0].quote for entry in entries]

    assert [row["id"] for row in rows] == [entry.id for entry in entries]
    assert [row["quote"] for row in rows] == quotes
    assert section.value in path.name


async def test_html_needs_nothing_else(visit: Open, chromium: Browser, tmp_path: Path) -> None:
    """The report as a file, without scripts and without a network, shows what the page showed, and its links find their places."""
    text, record = seed()
    opened = await visit("/", extractor=reads(record))
    report = await read(opened, text)
    path = await kept(opened.page, "HTML", tmp_path)
    shown = await report.locator("section.text").evaluate(WORDS_SHOWN)
    async with file_in(chromium, path, java_script_enabled=False) as file:
        assert (await file.locator("#report").text_content() or "").split() == (await report.text_content() or "").split()
        await file.locator('a.proof[href="#C1-1"]').click()
        await expect(file.locator("#C1-1:target")).to_have_count(1)
        await expect(file.locator('mark[data-of~="C1-1"]').first).to_be_in_viewport()
        await file.locator('a.tag[href="#T2"]').click()
        await expect(file.locator("#T2:target")).to_be_in_viewport()

    assert shown.split() == text.split()


async def test_html_can_be_used_by_everybody(visit: Open, chromium: Browser, tmp_path: Path) -> None:
    """Axe finds nothing in the file."""
    text, record = seed()
    opened = await visit("/", extractor=reads(record))
    await read(opened, text)
    async with file_in(chromium, await kept(opened.page, "HTML", tmp_path)) as file:
        assert await barriers(file) == []
