"""A report on one page."""

import base64
import hashlib
import re
import time
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import schemas.record
from schemas.record import Notice, Record, Rejection
from schemas.vocabulary import RejectionReason, Section
from service.reports.document import document, policy, style
from service.reports.report import Report
from tests.unit.reports.full_parts import TOLD, full
from tests.unit.reports.page_parts import Page, page
from tests.unit.reports.report_parts import TEXT, actor, commitment, large, record, small, threat

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(1)>"\'><a href="javascript:alert(1)" style="color:red">]]></style></title>{{7*7}}{% x %}&lt;\u202e-->'
)
ANY = st.characters(blacklist_categories=["Cs"])
WHOLE = {"small": (TEXT, small()), "full": (TEXT, full()), "large": large(), "empty": ("Nothing.", record("Nothing."))}
MODELS = [made for made in vars(schemas.record).values() if isinstance(made, type) and issubclass(made, BaseModel) and made.model_fields]


@pytest.mark.parametrize("model", MODELS)
def test_everything_is_told(model: type[BaseModel]) -> None:
    """Every field of every part of a record is told to who reads the report, also one that joins later."""
    words = page(TEXT, full()).words

    assert set(TOLD[model]) == set(model.model_fields)
    assert {field: told for field, told in TOLD[model].items() if told not in words} == {}


@pytest.mark.parametrize("name", WHOLE)
def test_every_link_leads_somewhere(name: str) -> None:
    """Each id occurs once, and each link, from entry to article, from article to entry and between entries, leads to one."""
    found = page(*WHOLE[name], seconds=3.5)

    ids = found.having("id")
    assert [one for one, times in Counter(ids).items() if times > 1] == []
    assert {href.removeprefix("#") for href in found.having("href")} <= {*ids}
    assert set(" ".join(found.having("aria-labelledby")).split()) <= {*ids}


def test_a_large_report_is_made_at_once() -> None:
    """A report on 200,000 characters and 200 entries takes less than a second of a processor."""
    text, whole = large()
    document(Report(TEXT, small()))
    begun = time.process_time()

    assert "T40-1" in document(Report(text, whole))
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("name", WHOLE)
def test_headings_descend_without_gaps(name: str) -> None:
    """A screen reader steps through the headings: one of the first level, and none deeper by more than one."""
    levels = [int(tag[1]) for tag, _ in page(*WHOLE[name]).tags if re.fullmatch("h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", WHOLE)
def test_the_page_needs_nothing_else(name: str) -> None:
    """A report runs nothing and asks nobody for anything: one style, links within the page, no address of anywhere."""
    text, whole = WHOLE[name]

    page(text, whole).check_inert()
    addresses = set(re.findall(r"[a-z]+://[^\"\s]+|url\(\"?[^\"#][^)]*\)|@import", document(Report(text, whole))))
    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_the_policy_allows_its_own_style() -> None:
    """A browser shows the page as it is meant: the policy has the digest of the very style; as a header it also keeps the page out of frames."""
    html = document(Report(TEXT, small()))

    inside = html[html.index("<style>") + len("<style>") : html.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
    told = next(attributes["content"] for tag, attributes in Page(html).tags if tag == "meta" and "http-equiv" in attributes)
    assert told == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert policy() == f"{told}; frame-ancestors 'none'"
    assert inside == style()


def test_the_same_record_is_the_same_page() -> None:
    """Two reports on one record are equal to the byte."""
    text, whole = large()

    assert document(Report(text, whole, 2.0)) == document(Report(text, Record.model_validate_json(whole.model_dump_json()), 2.0))


def test_hostile_words_are_words() -> None:
    """Markup, templates and signs that turn the direction of writing, in every field that holds words, run nowhere and are seen."""
    whole, replaced = full().model_dump(mode="json"), 0
    for place, key in _strings(whole):
        before, place[key] = place[key], HOSTILE
        try:
            Record.model_validate(whole)
        except ValidationError:
            place[key] = before
        else:
            replaced += 1
    whole["rejected"][0]["item"][HOSTILE] = {HOSTILE: [HOSTILE]}

    text = (HOSTILE * 3)[: len(TEXT)]
    found = page(text, Record.model_validate(whole))

    found.check_inert()
    assert replaced >= 20
    assert found.words.count("{{7*7}}") >= replaced
    assert "49" not in found.words


@settings(max_examples=60, deadline=None)
@given(words=st.text(ANY, min_size=1, max_size=60), title=st.text(ANY, max_size=60))
def test_any_words_are_safe(words: str, title: str) -> None:
    """Whatever a title, a name or the model's words hold, the page has the elements, and these the attributes, that it has with harmless words."""
    plain, dressed = (
        page(
            TEXT,
            record(
                TEXT,
                actor(TEXT, 1, "Kestria", aliases=[one]),
                threat(TEXT, 1, "strike", action=one, by=["A1"], condition=one),
                commitment(TEXT, 1, "defend", commitment=one),
                title=headline,
                source=one,
                rejected=[Rejection(section=Section.ACTORS, reason=RejectionReason.DUPLICATE, detail=one, item={one: one})],
                warnings=[Notice(code="a", detail=one, start=None, end=None)],
            ),
        )
        for one, headline in (("word", "word"), (words, title))
    )

    dressed.check_inert()
    # What is not seen becomes a sign in an element of its own.
    made, meant = ([(tag, [*attributes]) for tag, attributes in one.tags if tag != "bdi"] for one in (dressed, plain))
    assert made == meant


@pytest.mark.parametrize(
    ("title", "told", "named"),
    [
        ("Kestria\u202e strikes\n", "Kestria strikes", None),
        (None, "rec_0", "Report"),
        (" \u200f", "rec_0", None),
        ("\u200b\u3164\u2060", "rec_0", None),
        ("\n", "rec_0", "Report"),
    ],
)
def test_a_page_has_a_title(title: str | None, told: str, named: str | None) -> None:
    """The window is called after the article, or after the record where it has no title; the title turns nothing around."""
    html = document(Report(TEXT, record(TEXT, title=title)))

    assert re.findall("<title>(.*?)</title>", html) == [told]
    assert named is None or f'<h1 dir="auto">{named}</h1>' in html


_RTL = "ابج"


class _Isolated(HTMLParser):
    """Where words from the right stand that nothing isolates: the elements that are open there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found, self.bare = 0, list[str]()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        isolates = tag in {"bdi", "title"} or ("dir", "auto") in attrs or ("unicode-bidi", "isolate") in attrs
        if tag != "meta":
            self.open.append(f"!{tag}" if isolates else tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stands in it."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().removeprefix("!") == tag

    def handle_data(self, data: str) -> None:
        self.found += _RTL in data
        if _RTL in data and not any(one.startswith("!") for one in self.open):
            self.bare.append(" ".join(self.open))


def test_words_of_others_are_isolated() -> None:
    """Words from the right, in whatever field that holds any, do not turn what stands beside them around."""
    whole = full().model_dump(mode="json")
    for place, key in _strings(whole):
        before, place[key] = place[key], _RTL
        try:
            Record.model_validate(whole)
        except ValidationError:
            place[key] = before
    whole["rejected"][0]["item"][_RTL] = _RTL

    found = _Isolated(document(Report(TEXT, Record.model_validate(whole))))

    assert found.found >= 40
    assert found.bare == []


def test_what_was_refused_is_short() -> None:
    """However much or deep an entry was that was refused, the page tells the beginning of it."""
    deep: Any = "end"
    for _ in range(500):
        deep = [deep]
    item = {"long": "x" * 5_000, "wide": [*range(5_000)], "deep": deep, "none": None, **{f"field{n}": n for n in range(100)}}
    whole = record(TEXT, rejected=[Rejection(section=Section.ACTORS, reason=RejectionReason.OVER_LIMIT, detail="No.", item=item)], rejected_omitted=1)

    words = page(TEXT, whole).words

    assert len(words) < 5_000
    assert f"{'x' * 299}… wide [0,1,2,3," in words
    assert "none null field0 0 " in words
    assert "64 more of its fields are not shown." in words
    assert "1 more are not listed" in words


@pytest.mark.parametrize(
    ("start", "end", "told"), [(0, 7, "“Kestria”"), (0, 205, f"“{TEXT[:199]}…”"), (None, None, None), (210, 10_000, f"“{TEXT[210:]}”"), (9_000, 9_001, "“”")]
)
def test_a_warning_shows_its_place(start: int | None, end: int | None, told: str | None) -> None:
    """What a warning is about stands beside it, the beginning of it if it is long, and nothing where it has no place.

    A place beyond the text, which no door lets in, falls back to what there is of it.
    """
    words = page(TEXT, record(TEXT, warnings=[Notice(code="not_read", detail="A piece.", start=start, end=end)])).words

    said = words[words.index("A piece.") : words.index("How it was read", words.index("A piece."))].removeprefix("A piece.").strip()
    assert said == (" ".join(told.split()) if told is not None else "")


def test_what_is_not_known_is_not_made_up() -> None:
    """Without seconds, a price, a publication or a source the page tells none; where nothing was refused or warned of, it says so."""
    words = page(TEXT, record(TEXT, published=None, published_basis="none", language="und")).words

    assert "Published not known Language not told T Threats: 0" in words
    assert "Cost not known Record" in words
    assert "Nothing was rejected." in words
    assert "Warnings (0) None." in words


def test_a_section_that_nobody_asked_for_has_no_count() -> None:
    """That there are no threats is not said of an article in which nobody looked for any."""
    whole = record(TEXT)
    words = page(TEXT, whole.model_copy(update={"extraction": whole.extraction.model_copy(update={"sections": [Section.TARGETS]})})).words

    assert "T Threats: not asked for G Targets: 0" in words
    assert "Threats (not asked for)" in words


def test_seconds_are_told() -> None:
    """How long the reading took is told where it is known."""
    assert "Seconds 1,234.6 Record" in page(TEXT, small(), seconds=1234.567).words


def _strings(value: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401
    """Return where each string of a record is kept."""
    pairs = [*value.items()] if isinstance(value, dict) else [*enumerate(value)] if isinstance(value, list) else []
    return [place for key, one in pairs for place in ([(value, key)] if isinstance(one, str) else _strings(one))]
