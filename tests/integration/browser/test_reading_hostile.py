"""An article and a record that want to be more than words: on the page, in the form and in the file they are words."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from service.reports.report import Report
from tests.integration.browser.browser_parts import Open
from tests.integration.browser.document_parts import file_in, written
from tests.integration.browser.hostile_record import MARKUP, TEXT, harm, hostile
from tests.integration.browser.reading_parts import WORDS_SHOWN, begin, card, expect_found, kept, mark
from tests.integration.browser.scripted_extractor import reads

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
#: With the policy and, so that it is seen that it is not the policy alone that holds, without.
WITH_OR_WITHOUT = pytest.mark.parametrize("unguarded", [False, True], ids=["guarded", "unguarded"])
PHONE = {"width": 390, "height": 844}


@WITH_OR_WITHOUT
async def test_c15_what_an_article_brings_is_inert(visit: Open, *, unguarded: bool) -> None:
    """Scripts, markup, templates, queries, bidi controls and endless words in every field do nothing, while the article is read and afterwards."""
    extractor = reads(hostile(), pauses_after=40)
    opened = await visit("/", extractor=extractor, bypass_csp=unguarded)
    await begin(opened, TEXT)
    await expect(opened.page.locator("#report article")).to_have_count(40)
    while_read = await harm(opened.page)
    extractor.go_on()
    report = opened.page.locator("#report")
    await expect(report.locator(".record")).to_be_visible()

    assert (while_read, await harm(opened.page)) == ({}, {})
    assert [words for words in MARKUP if " ".join(words.split()) not in " ".join((await report.text_content() or "").split())] == []
    await expect(report.locator("section.text .sign", has_text="RLO").first).to_be_visible()


async def test_c15_a_hostile_report_still_works(visit: Open) -> None:
    """Marks and cards of hostile words find each other as any others do."""
    opened = await visit("/", extractor=reads(hostile()))
    await begin(opened, TEXT)
    await expect(opened.page.locator("#report .record")).to_be_visible()
    await card(opened.page, "T2").locator("a.proof").first.click()

    await expect_found(mark(opened.page, "T2-1"))


async def test_c15_on_a_telephone_nothing_is_too_wide(visit: Open) -> None:
    """A word of 10,000 letters does not stretch the page, while it is read and afterwards."""
    opened = await visit("/", extractor=reads(hostile()), viewport=PHONE)
    await begin(opened, TEXT)
    await expect(opened.page.locator("#report .record")).to_be_visible()

    assert await harm(opened.page) == {}


@WITH_OR_WITHOUT
async def test_c15_the_file_is_inert(chromium: Browser, tmp_path: Path, *, unguarded: bool) -> None:
    """A report that is mailed to someone does nothing in their browser either, though it has all the scripts that it likes."""
    async with file_in(chromium, written(Report(TEXT, hostile()), tmp_path), bypass_csp=unguarded, viewport=PHONE) as file:
        shown = await file.locator("section.text").evaluate(WORDS_SHOWN)

        assert await harm(file) == {}
        assert [words for words in MARKUP if " ".join(words.split()) not in " ".join(shown.split())] == []


async def test_c15_what_is_kept_is_the_record(visit: Open, tmp_path: Path) -> None:
    """The name of a file is none that an article chose, and its content is what came."""
    opened = await visit("/", extractor=reads(hostile()))
    await begin(opened, TEXT)
    await expect(opened.page.locator("#report .record")).to_be_visible()
    path = await kept(opened.page, "JSON", tmp_path)

    assert path.name == "vigie-rec_0.json"
    assert path.read_text(encoding="utf-8").strip() == hostile().model_dump_json()


async def test_c15_without_scripts_a_problem_shows_the_article_as_words(visit: Open) -> None:
    """The form that comes back with a problem holds the article in its field, and nowhere else."""
    opened = await visit("/", java_script_enabled=False)
    await opened.page.get_by_role("textbox", name="Article", exact=True).fill(TEXT)
    await opened.page.get_by_label("Title").fill(MARKUP[1])
    await opened.page.get_by_label("Published").fill(MARKUP[0])
    await opened.page.get_by_role("button", name="Read", exact=True).click()

    await expect(opened.page.get_by_role("alert")).not_to_be_empty()
    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).to_have_value(TEXT)
    await expect(opened.page.locator("img, iframe, main script, main style")).to_have_count(0)
