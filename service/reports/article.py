"""The article as it stands, with every place marked that proves an entry or names an actor."""

import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, pairwise

import regex
from markupsafe import Markup

from schemas.record import Record
from schemas.vocabulary import Section
from service.reports.report import SECTIONS, Report, anchor, entries_in, places_of
from service.reports.templating import rendered

#: A line with the line ends after it; together they are the text.
_LINE = regex.compile(r"[^\r\n]*+[\r\n]++|[^\r\n]++")

#: So long is a part of a line at most, and so far back a space is looked for to end it; and so many characters at most are held together with the one before.
PART_CHARS, _BACK, _HELD = 4_000, 2_000, 32
#: So many marks a piece tells at most. Nothing honest comes near, and without a bound marks that all overlap would make more of a page than anyone can open.
MOST_MARKS = 32

_LINE_END = "\r\n"
_JOINERS = {"\u200c", "\u200d"}

#: Which of two marks over the same words comes first: how many characters it has, and its number.
_Rank = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the text that stands for an entry."""

    start: int
    end: int
    section: Section
    #: The id of the entry.
    entry: str
    #: What the place is called.
    anchor: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that lie under the same marks from the first character to the last."""

    start: int
    text: str
    #: The marks that it lies under, the shortest first; of more than `MOST_MARKS` the shortest.
    marks: tuple[Mark, ...] = ()
    #: The marks that begin with it, and those that end with it.
    opening: tuple[Mark, ...] = ()
    closing: tuple[Mark, ...] = ()

    @property
    def sections(self) -> list[str]:
        """The sections of its marks, in the order of the report."""
        return [section.value for section in SECTIONS if any(mark.section is section for mark in self.marks)]

    @property
    def actor(self) -> str | None:
        """The id of the actor that the words name; of several the one with the shortest name."""
        return next((mark.entry for mark in self.marks if mark.section is Section.ACTORS), None)

    @property
    def proven(self) -> list[Mark]:
        """The marks whose proof ends with it; a mention proves nothing."""
        return [mark for mark in self.closing if mark.section is not Section.ACTORS]


#: The pieces of a line, or of a part of a long one; and the parts of a line.
Part = tuple[Piece, ...]
Paragraph = tuple[Part, ...]


def drawn(report: Report) -> Markup:
    """Return the article as a section of HTML: every place a mark, and behind each proof a link to its entry."""
    language = report.record.article.language
    return rendered(
        "article.html",
        paragraphs=paragraphs(report.text, marks(report.record)),
        language=None if language == "und" else language,
    )


def marks(record: Record) -> list[Mark]:
    """Return every evidence and every mention of a record, section by section in the order of the report."""
    return [
        Mark(place.start, place.end, section, entry.id, anchor(entry.id, number))
        for section in SECTIONS
        for entry in entries_in(record, section)
        for number, place in enumerate(places_of(entry), 1)
    ]


def paragraphs(text: str, over: Sequence[Mark]) -> list[Paragraph]:
    """Return `text` in paragraphs with nothing left out: one for each line that is not blank, with the line ends after it.

    A mark that is empty or not in the text is left out; one that reaches over several paragraphs goes on in each. Browsers are slow at very long lines: one of
    more than `PART_CHARS` characters is several parts, parted at a space where there is one, and each of them begins anew, which the text did not ask for.
    """
    lines = [tuple(_parts(text, *line.span())) for line in _LINE.finditer(text)]
    ends = [end for line in lines for end in line]
    parts = (tuple(pieces) for _, pieces in groupby(_pieces(text, over, ends), lambda piece: bisect_right(ends, piece.start)))
    return [tuple(islice(parts, len(line))) for line in lines]


def _parts(text: str, start: int, end: int) -> Iterator[int]:
    """Return where the parts of a line end."""
    while end - start > PART_CHARS:
        most = start + PART_CHARS
        space = text.rfind(" ", most - _BACK, most)
        start = most - _held(text, most) if space < 0 else space + 1
        yield start
    yield end


def _held(text: str, at: int) -> int:
    """Return how many characters before `at` belong to the one that stands there."""
    for held in range(_HELD):
        before, after = text[at - held - 1], text[at - held]
        if not (before + after == _LINE_END or unicodedata.category(after).startswith("M") or after in _JOINERS or before in _JOINERS):
            return held
    return 0


def _within_line_end(text: str, at: int) -> bool:
    """Return whether `at` lies within the two characters of one line end, which would become two if they were parted."""
    return at > 0 and text[at - 1 : at + 1] == _LINE_END


def _pieces(text: str, over: Iterable[Mark], ends: Iterable[int]) -> Iterator[Piece]:
    """Return `text` in pieces that end at `ends` or earlier: one sweep over the edges, however many marks there are.

    An edge between a carriage return and its line feed takes in both.
    """
    # Two marks of one length stay in the order in which they came.
    ranks = {(mark.end - mark.start, number): mark for number, mark in enumerate(over) if 0 <= mark.start < mark.end <= len(text)}
    opening: defaultdict[int, list[_Rank]] = defaultdict(list)
    closing: defaultdict[int, list[_Rank]] = defaultdict(list)
    for rank, mark in sorted(ranks.items()):
        opening[mark.start - _within_line_end(text, mark.start)].append(rank)
        closing[mark.end + _within_line_end(text, mark.end)].append(rank)
    under: list[_Rank] = []
    for start, end in pairwise(sorted({0, *ends, *opening, *closing})):
        for rank in opening[start]:
            insort(under, rank)
        # Most of an article proves nothing.
        marked = (tuple(ranks[rank] for rank in some) for some in (under[:MOST_MARKS], opening[start], closing[end])) if under else ()
        yield Piece(start, text[start:end], *marked)
        for rank in closing[end]:
            del under[bisect_left(under, rank)]
