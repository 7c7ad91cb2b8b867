"""The report as a page."""

import html
import re
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.record import Rejection
from schemas.vocabulary import RejectionReason, Section
from service.evaluation.gold import GoldArticle
from service.evaluation.outcome import Outcome
from service.evaluation.reading import Found, Reading
from service.evaluation.report import page, report
from service.evaluation.results import results_of
from service.evaluation.scoring import score
from service.evaluation.segments import Verdict
from tests.unit.evaluation.evaluation_parts import articles, gold, outcome, readings, span

HOSTILE = "<script>alert(1)</script> & \"quotes' </div> {{ 7 * 7 }} &lt;b&gt;"


class Texts(HTMLParser):
    """Keeps the tags of a page, and the words of its articles."""

    def __init__(self) -> None:
        """Begin outside of an article."""
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append((tag, dict(attrs)))
        if tag == "div" and dict(attrs).get("class") == "text":
            self.texts.append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an article."""
        self._inside = self._inside and tag != "div"

    def handle_data(self, data: str) -> None:
        """Keep an article's words."""
        if self._inside:
            self.texts[-1] += data


def shown(*outcomes: Outcome) -> str:
    """Return the report on `outcomes`."""
    scores = [score(one.article, one.reading) for one in outcomes]
    return report(results_of(outcomes, scores, "fake"), outcomes, scores)


def parsed(document: str) -> Texts:
    """Return what a browser would see."""
    texts = Texts()
    texts.feed(document)
    return texts


@settings(max_examples=25, deadline=None)  # each report takes its 2,000 resamples
@given(data=st.data(), article=articles())
def test_an_article_is_shown_as_it_is(data: st.DataObject, article: GoldArticle) -> None:
    """Without its tags the highlighted text is the article, whatever overlaps in it."""
    reading = data.draw(readings(article))
    one = page(outcome(article, reading), score(article, reading))

    assert "".join(piece.text for piece in one.text) == article.text
    assert parsed(shown(outcome(article, reading))).texts == [article.text]


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_any_text_is_safe(text: str) -> None:
    """Whatever an article holds, it is shown to the letter and is no markup of the page."""
    plain, dressed = parsed(shown(outcome(gold("a")))), parsed(shown(outcome(gold(text))))

    assert dressed.texts == [text]
    assert dressed.tags == plain.tags


def test_hostile_words_are_words() -> None:
    """Markup in an article, a name, a refused entry or a model's name runs nowhere."""
    article = gold(HOSTILE, actors=[{"name": ["<script>alert(1)</script>"]}, {"name": ["&lt;b&gt;"]}])
    rejected = Rejection(section=Section.TARGETS, reason=RejectionReason.CIVILIAN, detail="It is.", item={"name": HOSTILE})
    reading = Reading(actors=(Found((HOSTILE,), (span("alert(1)", HOSTILE),), {"kind": HOSTILE}),))
    one = outcome(article, reading, rejected=(rejected,))
    scores = [score(article, reading)]

    document = report(results_of([one], scores, HOSTILE), [one], scores)

    found = parsed(document)
    assert found.texts == [HOSTILE]
    assert "script" not in {tag for tag, _ in found.tags}
    assert "49" not in re.sub("<.*?>", "", html.unescape("".join(found.texts)))


def test_the_page_needs_nothing_else() -> None:
    """No part of the page comes from elsewhere, and it says so to the browser."""
    found = parsed(shown(outcome(gold("Kestria", actors=[{"name": ["Kestria"]}]))))

    assert {tag for tag, _ in found.tags}.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert all(name != "src" and not (name == "href" and (value or "")[:1] != "#") for _, attributes in found.tags for name, value in attributes.items())
    policy = next(attributes for tag, attributes in found.tags if tag == "meta" and "http-equiv" in attributes)
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_texts_run_in_their_own_direction() -> None:
    """An Arabic or Hebrew article, and its words in the tables, run from right to left by themselves."""
    article = gold("قالت وزارة الدفاع", actors=[{"name": ["وزارة الدفاع"]}])

    found = parsed(shown(outcome(article)))

    assert next(attributes for tag, attributes in found.tags if attributes.get("class") == "text")["dir"] == "auto"
    assert sum(tag == "td" and attributes.get("dir") == "auto" for tag, attributes in found.tags) == 2


def test_what_became_of_each_entry_is_told() -> None:
    """Found, not exact, missed, made up, or a target that must not be: each entry has its verdict, its words and its fields."""
    text = "Kestria said that Belmark and Tarn would spare the school."
    article = gold(
        text,
        actors=[{"name": ["Kestria"], "kind": "state"}, {"name": ["Belmark"], "kind": "state"}, {"name": ["Tarn"], "kind": "state"}],
        never=[{"name": ["school"], "why": "spared"}],
    )
    reading = Reading(
        actors=(
            Found(("Kestria",), (span("Kestria", text),), {"kind": "state"}),
            Found(("Belmark",), (), {"kind": "person"}),
            Found((), (span("said that", text),)),
            Found(),
        ),
        targets=(Found(("the school",)),),
    )

    one = page(outcome(article, reading), score(article, reading))

    assert [(row.verdict, row.wanted, row.told) for row in one.rows] == [
        (Verdict.RIGHT, "Kestria", "Kestria"),
        (Verdict.NEAR, "Belmark", "Belmark"),
        (Verdict.MISSED, "Tarn", None),
        (Verdict.WRONG, None, "said that"),
        (Verdict.WRONG, None, "words that are not in the text"),
        (Verdict.LEAK, "never: school (spared)", "the school"),
    ]
    assert [(field.name, field.wanted, field.told, field.right) for field in one.rows[1].fields] == [("kind", "state", "person", False)]
    assert {piece.text: piece.worst for piece in one.text if piece.marks} == {
        "Kestria": Verdict.RIGHT,
        "said that": Verdict.WRONG,
        "Belmark": Verdict.NEAR,
        "Tarn": Verdict.MISSED,
        "the school": Verdict.LEAK,
    }


def test_an_article_that_failed_is_told() -> None:
    """Why nothing was read stands beside the article, whose entries are all missed."""
    document = shown(outcome(gold("Kestria", actors=[{"name": ["Kestria"]}]), Reading(), failure="deadline-exceeded"))

    assert "Nothing was read: deadline-exceeded." in document
    assert "1 failed" in document
