"""`GET /` in a browser: an article is pasted, entries arrive, and the article and its record find each other."""

import json

import pytest
from playwright.async_api import Route, expect

from schemas.record import Record
from schemas.vocabulary import Section
from service.errors import UpstreamUnavailable
from service.extraction.progress import Forgotten
from tests.integration.browser.browser_parts import Open
from tests.integration.browser.reading_parts import WORDS_SHOWN, begin, card, expect_found, mark, read, tab_to
from tests.integration.browser.scripted_extractor import Pause, Reading, ScriptedExtractor, reads, told_of
from tests.integration.browser.seed_article import seed
from tests.unit.reports import report_parts as parts

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OTHER = "Dorvik said that it would not take part."
ARABIC = "قالت كيستريا يوم الخميس إن أسطولها سيضرب القاعدة البحرية في أورلان خلال أيام."
#: Where a piece of the article ends on the page, and where all that cuts off what is in it does.
FEET = """(piece) => [piece, ...["p", ".stretch", ".side"].map((around) => piece.closest(around))]
  .map((element) => element.getBoundingClientRect().bottom)"""


def arabic() -> Record:
    """Return a record of the Arabic article."""
    threat = parts.threat(ARABIC, 1, "أسطولها سيضرب القاعدة البحرية في أورلان", by=["A1"])
    return parts.record(ARABIC, parts.actor(ARABIC, 1, "كيستريا"), threat, language="ar")


async def test_entries_arrive_while_the_article_is_read(visit: Open) -> None:
    """The seed article is pasted; what is found stands on the page while the model still writes, and the report comes at the end."""
    text, record = seed()
    extractor = reads(record, pauses_after=len(record.actors) + 1)
    opened = await visit("/", extractor=extractor)
    await begin(opened, text)

    await expect(opened.page.locator("#report article")).to_have_count(len(record.actors) + 1)
    await expect(opened.page.locator("#report")).to_contain_text(record.targets[0].name)
    await expect(opened.page.get_by_role("button", name="Stop")).to_be_visible()
    extractor.go_on()
    await expect(opened.page.locator("#report .record article.entry")).to_have_count(
        sum(len(getattr(record, section)) for section in ("actors", "threats", "targets", "timelines", "commitments"))
    )
    await expect(opened.page.get_by_role("button", name="Stop")).to_be_hidden()
    assert [article.text for article in extractor.articles] == [text]


async def test_the_article_stands_there_word_for_word(visit: Open) -> None:
    """Nothing of the seed article is lost between the marks, and each piece of evidence is marked with its own words."""
    text, record = seed()
    report = await read(await visit("/", extractor=reads(record)), text)
    shown = await report.locator("section.text").evaluate(WORDS_SHOWN)

    assert shown.split() == text.split()
    for threat in record.threats:
        pieces = report.locator(f'mark[data-of~="{threat.id}-1"]')
        assert "".join(await pieces.all_text_contents()) == threat.evidence[0].quote


async def test_a_click_on_evidence_finds_its_entry(visit: Open) -> None:
    """A mark in the article leads to the card of what it proves, and the label behind it does too."""
    text, record = seed()
    opened = await visit("/", extractor=reads(record))
    await read(opened, text)
    await mark(opened.page, "C1-1").click()
    await expect_found(card(opened.page, "C1"))
    await expect_found(mark(opened.page, "C1-1"))
    await opened.page.locator('#report a.tag[href="#T2"]').first.click()

    await expect_found(card(opened.page, "T2"))
    await expect(card(opened.page, "C1")).not_to_contain_class("lit")


async def test_a_click_on_a_proof_finds_its_place(visit: Open) -> None:
    """A quote on a card leads to its place in the article, and lights it with its card."""
    text, record = seed()
    opened = await visit("/", extractor=reads(record))
    await read(opened, text)
    await card(opened.page, "C1").locator('a.proof[href="#C1-1"]').click()

    await expect_found(mark(opened.page, "C1-1"))
    await expect(card(opened.page, "C1")).to_contain_class("lit")


async def test_what_is_in_sight_stays_where_it_is(visit: Open) -> None:
    """Once an entry and its words stand beside each other, going from one to the other moves neither."""
    text, record = seed()
    opened = await visit("/", extractor=reads(record), reduced_motion="reduce")
    await read(opened, text)
    await mark(opened.page, "C1-1").click()
    await expect_found(card(opened.page, "C1"))
    place = "(card) => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(card.getBoundingClientRect().top))))"
    stood = await card(opened.page, "C1").evaluate(place)
    await card(opened.page, "C1").locator("a.proof").first.click()
    await expect(mark(opened.page, "C1-1")).to_be_focused()
    await expect_found(mark(opened.page, "C1-1"))

    assert await card(opened.page, "C1").evaluate(place) == pytest.approx(stood, abs=1)


async def test_where_evidence_overlaps_each_click_finds_the_next(visit: Open) -> None:
    """What lies under two places leads to the entry of the shorter one first, and to the other at the next click."""
    opened = await visit("/", extractor=reads(parts.small()))
    await read(opened, parts.TEXT)
    piece = mark(opened.page, "G1-1")
    assert await piece.get_attribute("data-of") == "G1-1 T1-1"
    await piece.click()
    await expect_found(card(opened.page, "G1"))
    await piece.click()

    await expect_found(card(opened.page, "T1"))


async def test_the_keyboard_alone_finds_either_side(visit: Open) -> None:
    """Tab and Enter paste nothing but do all the rest: read, go from the article to an entry, and from its proof back."""
    opened = await visit("/", extractor=reads(parts.small()))
    page = opened.page
    await page.get_by_role("textbox", name="Article", exact=True).focus()
    await page.keyboard.insert_text(parts.TEXT)
    await tab_to(page, page.get_by_role("button", name="Read", exact=True))
    await page.keyboard.press("Enter")
    await expect(page.locator("#report .record")).to_be_visible()
    await tab_to(page, page.locator('#report a.tag[href="#C2"]'))
    await page.keyboard.press("Enter")
    await expect_found(card(page, "C2"))
    await expect(card(page, "C2")).to_be_focused()
    await tab_to(page, card(page, "C2").locator("a.proof"))
    await page.keyboard.press("Enter")

    await expect_found(mark(page, "C2-1"))


async def test_the_times_and_the_relations_lead_to_their_entries(visit: Open) -> None:
    """What is drawn of times and of who does what to whom is on the page, and its links find the entries."""
    opened = await visit("/", extractor=reads(parts.small()))
    await read(opened, parts.TEXT)
    await opened.page.locator('#report-times a[href="#W2"]').first.click()
    await expect_found(card(opened.page, "W2"))
    await opened.page.locator('#report-relations a[href="#A1"]').first.click()

    await expect_found(card(opened.page, "A1"))


async def test_what_was_refused_and_what_it_cost_is_told(visit: Open) -> None:
    """The report names what was rejected and why, warnings, model, prompt, tokens and seconds."""
    rejected = [{"section": "targets", "reason": "civilian", "detail": "A school is no target.", "item": {"name": "school"}}]
    warnings = [{"code": "not_read", "detail": "A piece was not read.", "start": 0, "end": 7}]
    record = parts.record(parts.TEXT, rejected=rejected, warnings=warnings)
    report = await read(await visit("/", extractor=reads(record)), parts.TEXT)

    for words in ("A school is no target.", "civilian", "A piece was not read.", record.extraction.model, record.extraction.prompt):
        await expect(report).to_contain_text(words)
    await expect(report.locator("#report-reading")).to_contain_text("Seconds")


async def test_a_sample_fills_the_form(visit: Open) -> None:
    """Who has no article at hand takes one of ours, and it is read as it stands."""
    opened = await visit("/")
    await opened.page.get_by_role("link", name="French").click()
    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).not_to_be_empty()
    text = await opened.page.get_by_role("textbox", name="Article", exact=True).input_value()
    await opened.page.get_by_role("button", name="Read", exact=True).click()
    await expect(opened.page.locator("#report .record")).to_be_visible()

    assert [article.text for article in opened.extractor.articles] == [text]


async def test_a_sample_takes_no_typed_words_away(visit: Open) -> None:
    """Who has typed something is asked before a sample takes its place, and keeps it if they do not agree."""
    opened = await visit("/")
    await opened.page.get_by_role("textbox", name="Article", exact=True).fill(OTHER)
    await opened.page.get_by_role("link", name="French").click()

    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).to_have_value(OTHER)
    assert [complaint.partition(":")[0] for complaint in opened.complaints] == ["a dialog"]
    opened.complaints.clear()


async def test_what_is_taken_back_disappears(visit: Open) -> None:
    """Where a piece is asked about once more, what was found of it there goes, and nothing else."""
    threats = Forgotten((Section.THREATS,), 0, len(parts.TEXT))
    told = (*told_of(parts.small())[:-1], threats, Pause.HERE)
    extractor = ScriptedExtractor(Reading(parts.small(), told))
    opened = await visit("/", extractor=extractor)
    await begin(opened, parts.TEXT)

    await expect(opened.page.locator("#report article")).to_have_count(9)
    await expect(opened.page.locator("#report article.threats")).to_have_count(0)
    extractor.go_on()
    await expect(opened.page.locator("#report .record article.threats")).to_have_count(1)


async def test_a_reading_can_be_stopped(visit: Open) -> None:
    """Stop ends the reading in the service too; what was found stays, and the article can be read anew."""
    extractor = reads(parts.small(), pauses_after=3)
    opened = await visit("/", extractor=extractor)
    await begin(opened, parts.TEXT)
    await expect(opened.page.locator("#report article")).to_have_count(3)
    await opened.page.get_by_role("button", name="Stop").click()
    await extractor.cancelled.wait()
    await expect(opened.page.get_by_role("button", name="Stop")).to_be_hidden()
    await expect(opened.page.locator("#report article")).to_have_count(3)
    extractor.go_on()
    await opened.page.get_by_role("button", name="Read", exact=True).click()

    await expect(opened.page.locator("#report .record")).to_be_visible()


async def test_a_second_article_takes_the_place_of_the_first(visit: Open) -> None:
    """Who changes their mind reads another article at once; nothing of the first comes later."""
    extractor = ScriptedExtractor(Reading(parts.small(), told_of(parts.small(), pauses_after=3)), Reading(parts.record(OTHER, parts.actor(OTHER, 1, "Dorvik"))))
    opened = await visit("/", extractor=extractor)
    await begin(opened, parts.TEXT)
    await expect(opened.page.locator("#report article")).to_have_count(3)
    report = await read(opened, OTHER)
    await extractor.cancelled.wait()

    await expect(report.locator(".record article.entry")).to_have_count(1)
    await expect(report).not_to_contain_text("Kestria")


async def test_what_fails_on_the_way_is_told(visit: Open) -> None:
    """A problem behind the first entries is told in its own words; the article stays, and can be read anew."""
    told = told_of(parts.small())[:4]
    opened = await visit("/", extractor=ScriptedExtractor(Reading(UpstreamUnavailable(), told), Reading(parts.small())))
    await begin(opened, parts.TEXT)

    await expect(opened.page.get_by_role("alert")).to_contain_text(UpstreamUnavailable.title)
    await expect(opened.page.get_by_role("textbox", name="Article", exact=True)).to_have_value(parts.TEXT)
    await opened.page.get_by_role("button", name="Read", exact=True).click()
    await expect(opened.page.locator("#report .record")).to_be_visible()
    await expect(opened.page.get_by_role("alert")).to_be_empty()


async def test_a_stream_that_is_cut_off_is_told(visit: Open) -> None:
    """Where the connection breaks, what was found until then stays, and nobody takes it for the whole."""
    entry = json.dumps({"section": "actors", "entry": {"name": "Kestria", "mentions": [{"quote": "Kestria", "start": 0, "end": 7}]}})
    body = f"id: 1\nevent: entry\ndata: {entry}\n\nid: 2\nevent: entry\ndata: {entry[:20]}"

    async def cut_off(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/event-stream", body=body)

    opened = await visit("/")
    await opened.page.route("**/extract", cut_off)
    await begin(opened, parts.TEXT)

    await expect(opened.page.get_by_role("alert")).to_contain_text("broke")
    await expect(opened.page.locator("#report article")).to_have_count(1)
    await expect(opened.page.get_by_role("button", name="JSON", exact=True)).to_be_hidden()


async def test_a_report_that_is_refused_costs_no_record(visit: Open) -> None:
    """Where the report cannot be drawn, the entries stay on the page, and the record can be kept."""

    async def refuse(route: Route) -> None:
        problem = {"type": "about:blank", "title": "There is no room for it.", "status": 503, "code": "overloaded", "retryable": True}
        await route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    opened = await visit("/", extractor=reads(parts.small()))
    await opened.page.route("**/report", refuse)
    await begin(opened, parts.TEXT)

    await expect(opened.page.get_by_role("alert")).to_contain_text("There is no room for it.")
    await expect(opened.page.locator("#report article").first).to_be_visible()
    await expect(opened.page.get_by_role("button", name="JSON", exact=True)).to_be_visible()


async def test_behind_a_proxy_with_a_prefix_articles_are_read(visit: Open) -> None:
    """Where a proxy knows the service under a path, the page is whole and its requests arrive."""
    opened = await visit("/", prefix="/news/vigie", extractor=reads(parts.small()))
    report = await read(opened, parts.TEXT)

    await expect(report.locator(".record article.entry")).to_have_count(10)


async def test_arabic_reads_from_right_to_left(visit: Open) -> None:
    """An article in Arabic stands on the right side of its column, in the form and in the report, with its marks in it."""
    opened = await visit("/", extractor=reads(arabic()))
    report = await read(opened, ARABIC)
    direction = "(element) => getComputedStyle(element).direction"

    assert await opened.page.get_by_role("textbox", name="Article", exact=True).evaluate(direction) == "rtl"
    assert await report.locator("section.text p").first.evaluate(direction) == "rtl"
    assert await card(opened.page, "T1").locator("blockquote").first.evaluate(direction) == "rtl"
    await expect(mark(opened.page, "A1-1")).to_have_text("كيستريا")
    feet = await mark(opened.page, "T1-1").evaluate(FEET)
    assert feet[0] <= min(feet[1:])
