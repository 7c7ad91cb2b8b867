"""The article with its places marked."""

import html
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.record import Record
from schemas.vocabulary import Section
from service.reports.article import MOST_MARKS, PART_CHARS, Mark, Piece, drawn, marks, paragraphs
from service.reports.report import SECTIONS, Report
from service.reports.templating import rendered
from tests.unit.reports.report_parts import TEXT, actor, commitment, large, record, small, target, threat, timeline


def mark(start: int, end: int, section: Section = Section.THREATS, entry: str = "T1", place: int = 1) -> Mark:
    """Return a mark made by hand."""
    return Mark(start, end, section, entry, f"{entry}-{place}")


def pieces(text: str, *over: Mark) -> list[Piece]:
    """Return the pieces of all paragraphs."""
    return [piece for paragraph in paragraphs(text, over) for part in paragraph for piece in part]


def page(text: str, made: Record) -> str:
    """Return the article as HTML."""
    return drawn(Report(text, made))


def words(made: str, anchor: str) -> str:
    """Return what is marked as the place `anchor`, with all its pieces."""
    found = re.findall(rf'<mark [^>]*data-of="(?:[^"]* )?{anchor}(?: [^"]*)?">(.*?)</mark>', made, re.DOTALL)
    return html.unescape(re.sub("<[^>]+>", "", "".join(found)))


class Seen(HTMLParser):
    """What a browser makes of an article: its elements, and its words without the links behind them."""

    tags: list[str]
    told: str
    _mute: bool

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of an element."""
        self.tags.append(tag)
        self._mute = tag == "div" or (dict(attrs).get("class") or "").startswith("tag ")

    def handle_endtag(self, tag: str) -> None:
        """Between two paragraphs there are no words."""
        self._mute = tag in {"p", "div"}

    def handle_data(self, data: str) -> None:
        """Take note of words."""
        self.told += "" if self._mute else data


def seen(made: str) -> Seen:
    """Return what a browser makes of the words of an article."""
    body = re.search(r'<div class="words"[^>]*>\n(.*)</div>', made, re.DOTALL)
    assert body
    browser = Seen()
    browser.tags, browser.told, browser._mute = [], "", False
    browser.feed(body[1])
    browser.close()
    return browser


def edges(text: str, one: Mark) -> tuple[int, int]:
    """Return where a mark is drawn: it takes in the whole of a line end."""
    parted = [at > 0 and text[at - 1 : at + 1] == "\r\n" for at in (one.start, one.end)]
    return one.start - parted[0], one.end + parted[1]


EDGE = st.integers(-2, 42)
MARKS = st.lists(st.builds(mark, EDGE, EDGE, st.sampled_from(SECTIONS)), max_size=12)
TEXTS = st.text(st.sampled_from("ab \n\r<&é\u0301😀\u200bא\u202e"), max_size=40)


@given(text=TEXTS, over=MARKS)
def test_pieces_are_the_text(text: str, over: list[Mark]) -> None:
    """Whatever overlaps, the pieces make the text, and each character lies under precisely the marks that cover it, the shortest first."""
    made = pieces(text, *over)
    told = [mark for mark in over if 0 <= mark.start < mark.end <= len(text)]

    assert "".join(piece.text for piece in made) == text
    assert all(piece.text == text[piece.start : piece.start + len(piece.text)] for piece in made)
    under = [piece.marks for piece in made for _ in piece.text]
    over_each = [[mark for mark in told if edges(text, mark)[0] <= at < edges(text, mark)[1]] for at in range(len(text))]
    assert under == [tuple(sorted(some, key=lambda mark: mark.end - mark.start)) for some in over_each]


@given(text=TEXTS, over=MARKS)
def test_marks_open_and_close_once(text: str, over: list[Mark]) -> None:
    """A place can be linked to where it begins, and its entry is linked to where it ends: once each."""
    made = pieces(text, *over)
    told = sorted((mark for mark in over if 0 <= mark.start < mark.end <= len(text)), key=repr)

    assert sorted((mark for piece in made for mark in piece.opening), key=repr) == told
    assert sorted((mark for piece in made for mark in piece.closing), key=repr) == told
    assert all(edges(text, mark)[0] == piece.start for piece in made for mark in piece.opening)
    assert all(edges(text, mark)[1] == piece.start + len(piece.text) for piece in made for mark in piece.closing)


@given(TEXTS)
def test_paragraphs_are_lines(text: str) -> None:
    """Each paragraph is a line with the line ends after it."""
    lines = ["".join(piece.text for part in paragraph for piece in part) for paragraph in paragraphs(text, [])]

    assert "".join(lines) == text
    assert all(re.fullmatch(r"[^\r\n]+[\r\n]*", line) for line in lines[1:])


@given(text=st.text(st.sampled_from("ab \n<&é\u0301😀א"), max_size=40), over=MARKS)
def test_the_words_are_the_words(text: str, over: list[Mark]) -> None:
    """What a browser shows is the article to the letter, wherever it is marked, and no word of it is an element."""
    made = seen(rendered("article.html", paragraphs=paragraphs(text, over), language=None))

    assert made.told == text
    assert set(made.tags) <= {"div", "p", "span", "mark", "a"}


def test_every_place_of_a_record_is_marked() -> None:
    """Each evidence and each mention has its place: words, an anchor before them, and for a proof the link to its entry."""
    text, made = TEXT, page(TEXT, small())

    for one in marks(small()):
        assert words(made, one.anchor) == text[one.start : one.end]
        assert made.count(f'<span id="{one.anchor}" class="place"></span>') == 1
        assert made.count(f'href="#{one.entry}" aria-label=') == (0 if one.section is Section.ACTORS else 1)


def test_overlapping_evidence_is_told_apart() -> None:
    """Words that prove three things say so, the shortest proof first; each ends with its own link."""
    text = "It would strike the naval base within days."
    made = page(text, record(text, threat(text, 1, "strike the naval base within days"), target(text, 1, "naval base"), timeline(text, 1, "base within days")))

    assert '<mark class="threats targets timelines" data-of="G1-1 W1-1 T1-1">base</mark><a class="tag targets"' in made
    assert words(made, "T1-1") == "strike the naval base within days"
    assert words(made, "W1-1") == "base within days"
    assert re.findall(r'class="tag (\w+)"[^>]*aria-label="([^"]*)">(\w+)<', made) == [
        ("targets", "G1, target", "G1"),
        ("timelines", "W1, timeline", "W1"),
        ("threats", "T1, threat", "T1"),
    ]


def test_places_that_begin_together_are_both_found() -> None:
    """Of two proofs that begin with the same word each has its anchor, next to the words."""
    text = "It would strike now."
    made = page(text, record(text, threat(text, 1, "It would strike"), commitment(text, 1, "It would")))

    assert (
        '<span id="C1-1" class="place"></span><span id="T1-1" class="place"></span><mark class="threats commitments" data-of="C1-1 T1-1">It would</mark>'
        in made
    )


def test_a_proof_goes_on_in_the_next_paragraph() -> None:
    """Evidence that reaches over a blank line is marked on both sides of it, and is begun and ended once."""
    text = "They will\n\nstrike soon."
    made = page(text, record(text, threat(text, 1, "will\n\nstrike")))

    assert '<mark class="threats" data-of="T1-1">will\n\n</mark></p>\n<p dir="auto"><mark class="threats" data-of="T1-1">strike</mark><a class="tag' in made
    assert made.count('id="T1-1"') == made.count('href="#T1"') == 1


def test_an_actor_is_a_link() -> None:
    """Where the article names an actor, its name leads to it, also within a proof; it has no link of its own behind it."""
    text = "Kestria and Dorvik would strike."
    made = page(text, record(text, actor(text, 1, "Kestria"), actor(text, 2, "Kestria and Dorvik"), threat(text, 1, "Dorvik would strike")))

    assert '<mark class="actors" data-of="A1-1 A2-1"><a href="#A1">Kestria</a></mark>' in made
    assert '<mark class="threats actors" data-of="A2-1 T1-1"><a href="#A2">Dorvik</a></mark>' in made
    assert made.count('class="tag') == 1


def test_right_to_left() -> None:
    """An Arabic article is Arabic to a browser and reads right to left; neither links nor signs of ours turn a paragraph."""
    text = "2027 قال الجيش\n\u202bسيضرب القاعدة"
    made = page(text, record(text, timeline(text, 1, "2027"), target(text, 1, "القاعدة"), language="ar"))

    assert '<div class="words" lang="ar">' in made
    assert made.count('<p dir="auto">') == 2
    assert made.count('class="tag') == made.count('dir="ltr" lang="en"') == 2
    assert '<bdi class="sign" title="U+202B">⟨RLE⟩</bdi>سيضرب' in made
    assert words(made, "G1-1") == "القاعدة"


@pytest.mark.parametrize(
    ("language", "told"), [("und", '<div class="words">'), ("fa", '<div class="words" lang="fa">'), ('"><b>', 'lang="&#34;&gt;&lt;b&gt;"')]
)
def test_language(language: str, told: str) -> None:
    """The language is told if it is known, and whatever a record says it is, it stays a word."""
    assert told in page("a", record("a", language=language))


def test_markup_is_text() -> None:
    """Scripts in an article do nothing, in a proof as little as beside it."""
    text = '<script>alert(1)</script> & "<img src=x onerror=alert(2)>"'
    made = page(text, record(text, threat(text, 1, "<img src=x onerror=alert(2)>"), actor(text, 1, "<script>")))

    assert seen(made).told == text
    assert set(seen(made).tags) == {"div", "p", "span", "mark", "a"}
    assert words(made, "T1-1") == "<img src=x onerror=alert(2)>"


def test_offsets_are_code_points() -> None:
    """Emoji and combining marks before a proof do not shift it, and a proof may end within what looks like one letter."""
    text = "👩\u200d🚀🇰🇪 e\u0301 strike e\u0301"
    made = pieces(text, mark(text.index("strike"), len(text) - 1))

    assert [piece.text for piece in made] == ["👩\u200d🚀🇰🇪 e\u0301 ", "strike e", "\u0301"]
    assert [len(piece.marks) for piece in made] == [0, 1, 0]


def test_line_ends_of_every_kind() -> None:
    """Lines end as they do on any machine, blank lines stay, and no carriage return reaches the page."""
    made = page("one\r\n\r\ntwo\rthree\n", record("one\r\n\r\ntwo\rthree\n"))

    assert '<p dir="auto">one\n\n</p>\n<p dir="auto">two\n</p>\n<p dir="auto">three\n</p>' in made


@given(text=TEXTS, over=MARKS)
def test_marks_add_no_line_end(text: str, over: list[Mark]) -> None:
    """Wherever a mark begins or ends, there are as many lines on the page as in the article."""
    made = seen(rendered("article.html", paragraphs=paragraphs(text, over), language=None))

    assert made.told.count("\n") == len(re.findall(r"\r\n|\r|\n", text))


def test_a_mark_that_parts_a_line_end_takes_it_in() -> None:
    """Of a carriage return and its line feed none is marked alone, and a mark over one of them is not lost."""
    made = page("a\r\nb", record("a\r\nb", threat("a\r\nb", 1, "a\r"), target("a\r\nb", 1, "\n"), timeline("a\r\nb", 1, "\nb")))

    assert [words(made, anchor) for anchor in ("T1-1", "G1-1", "W1-1")] == ["a\n", "\n", "\nb"]


def test_a_long_run_of_line_ends_is_not_parted_within_one() -> None:
    """However many there are, each is one."""
    (paragraph,) = paragraphs("a" + "\r\n" * 5_000, [])

    assert [part[-1].text[-2:] for part in paragraph] == ["\r\n"] * 3


def test_nothing_to_read() -> None:
    """An article without a word has no paragraph."""
    assert "<p" not in page("", record(""))


def test_short_lines_stand_in_stretches() -> None:
    """A list of thousands of lines is drawn a stretch at a time, in its order."""
    text = "".join(f"{number}\n" for number in range(120))
    made = page(text, record(text))

    assert [stretch.count("<p ") for stretch in made.split('<div class="stretch">')] == [0, 50, 50, 20]
    assert seen(made).told == text


def test_a_long_line_is_parted_at_spaces() -> None:
    """An article without a line end is one paragraph of many parts, each of whole words."""
    text = "word " * 5_000 + "end"
    (paragraph,) = paragraphs(text, [])
    made = page(text, record(text))

    assert all(part[-1].text.endswith("word ") and len(part[0].text) <= PART_CHARS for part in paragraph[:-1])
    assert made.count('<p dir="auto" class="long"><span class="part">') == 1
    assert seen(made).told == text


def test_a_long_word_is_parted() -> None:
    """A word of ten thousand characters is parted too, and a proof in it is whole."""
    text = "x" * 10_000
    (paragraph,) = paragraphs(text, [mark(3_000, 9_000)])

    assert [sum(len(piece.text) for piece in part) for part in paragraph] == [4_000, 4_000, 2_000]
    assert [piece.text for part in paragraph for piece in part if piece.marks] == ["x" * 1_000, "x" * 4_000, "x" * 1_000]


@pytest.mark.parametrize("letter", ["e\u0301\u0323", "क\u094d\u200dष", "👩\u200d🚀"])
def test_letters_are_not_parted(letter: str) -> None:
    """What looks like one letter stays in one part, where it would be parted for the length of its line."""
    for before in range(len(letter)):
        text = "x" * (PART_CHARS - before) + letter + "x"
        (paragraph,) = paragraphs(text, [])

        assert any(letter in part[0].text for part in paragraph)


def test_a_pile_of_accents_is_parted_anyway() -> None:
    """A letter under thousands of accents is no reason to go on searching."""
    (paragraph,) = paragraphs("e" + "\u0301" * 5_000, [])

    assert [len(part[0].text) for part in paragraph] == [PART_CHARS, 1_001]


def test_what_no_one_could_show_is_bounded() -> None:
    """Of a thousand proofs over the same words the page tells the shortest, and each still has its anchor and its link."""
    many = [mark(0, 1_001 + at, entry=f"T{at}") for at in range(1_000)]
    first, *_, last = pieces("x" * 2_000 + "y" * 1_000, *many)

    assert first.marks == tuple(many[:MOST_MARKS])
    assert len(first.opening) == 1_000
    assert last.marks == ()


def seconds(chars: int, places: int) -> float:
    """Return how long this process takes to part a text under so many places, at the best of three times."""
    text = "Nothing else happened in the region. " * (chars // 37)
    many = [mark(at, at + 500, entry=f"T{at}") for at in range(0, len(text) - 500, len(text) // places)]
    taken = []
    for _ in range(3):
        begun = time.process_time()
        paragraphs(text, many)
        taken.append(time.process_time() - begun)
    return min(taken)


def test_time_grows_with_the_text() -> None:
    """Ten times the article with ten times the places takes about ten times as long; marks held against pieces would take a hundred times."""
    assert seconds(200_000, 5_000) < 30 * seconds(20_000, 500)


@pytest.mark.parametrize("text", ["a\n" * 100_000, "a\x7f" * 100_000])
def test_odd_articles_are_quick(text: str) -> None:
    """A hundred thousand paragraphs, or as many signs, take no longer than they must."""
    begun = time.process_time()
    drawn(Report(text, record(text)))

    assert time.process_time() - begun < 3


def test_the_largest_article_is_quick() -> None:
    """An article of 200,000 characters with 200 entries is on the page at once."""
    text, made = large()
    begun = time.process_time()
    drawn(Report(text, made))

    assert time.process_time() - begun < 1
