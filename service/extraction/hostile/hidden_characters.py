"""Hidden characters: what of a text nobody sees, told apart from what writing needs.

Joiners are part of how Persian, Hindi and families of emoji are written, selectors of variants part of symbols, marks of direction part of Arabic and Hebrew.
Anywhere else such characters can spell what a model reads and nobody sees, or cut a word in two for one reader and not for the other.
"""

from collections.abc import Iterator

import regex

#: One character that may be unseen: what Unicode calls ignorable, controls but tab and line ends, private use, what is no character.
UNSEEN = r"[\p{Default_Ignorable_Code_Point}\p{Co}\p{Noncharacter_Code_Point}\uFFF9-\uFFFB\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]"

#: Scripts in which joiners change how letters are drawn.
_JOINED = (
    r"[\p{Arabic}\p{Syriac}\p{Hebrew}\p{Nko}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}"
    r"\p{Sinhala}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Javanese}\p{Balinese}]"
)
#: Scripts without spaces, in which words are parted by a space that has no width.
_UNSPACED = r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]"
#: Runs of unseen characters that do their ordinary work where they stand.
_ORDINARY = regex.compile(
    rf"""
      (?<={_JOINED})[\u200C\u200D]{{1,2}} | [\u200C\u200D]{{1,2}}(?={_JOINED})
    | (?<=[\p{{Extended_Pictographic}}\U0001F3FB-\U0001F3FF])\uFE0F?\u200D(?=\p{{Extended_Pictographic}})
    | (?<=[\p{{Emoji}}\p{{S}}\p{{Po}}\p{{Han}}\p{{Myanmar}}])[\uFE00-\uFE0F]
    | (?<=\p{{Han}})[\U000E0100-\U000E01EF]
    | (?<=\p{{Mongolian}})[\u180B-\u180F]{{1,2}}
    | (?<={_UNSPACED})\u200B | \u200B(?={_UNSPACED})
    | [\u200E\u200F\u061C]{{1,2}}
    | (?<=[\p{{L}}\p{{M}}]{{2}})\u00AD(?=[\p{{L}}\p{{M}}]{{2}})
    | \A\uFEFF
    # The flags of England, Scotland and Wales are spelt in tag characters.
    | (?<=\U0001F3F4)\U000E0067\U000E0062(?:\U000E0065\U000E006E\U000E0067|\U000E0073\U000E0063\U000E0074|\U000E0077\U000E006C\U000E0073)\U000E007F
    """,
    regex.VERBOSE,
)
_UNSEEN_RUN = regex.compile(f"{UNSEEN}++")
#: Characters that turn the direction of what follows, until they are undone.
_TURNS = r"\u202A-\u202E\u2066-\u2069"
_ALIKE = regex.compile(f"(?P<turns>[{_TURNS}]++)|[^{_TURNS}]++")

Span = tuple[int, int]


def hidden(text: str) -> tuple[list[Span], list[Span]]:
    """Return where characters stand that nobody sees and no writing needs, and where direction is turned, each in the order of the text."""
    unseen: list[Span] = []
    turns: list[Span] = []
    for start, end in _out_of_place(text):
        for part in _ALIKE.finditer(text, start, end):
            (turns if part["turns"] else unseen).append(part.span())
    return unseen, turns


def unseen_runs(text: str) -> Iterator[Span]:
    """Yield the runs of characters that may be unseen, in the order of `text`."""
    # A text has few characters, each many times.
    if _UNSEEN_RUN.search("".join(set(text))):
        yield from (run.span() for run in _UNSEEN_RUN.finditer(text))


def _out_of_place(text: str) -> Iterator[Span]:
    for start, end in unseen_runs(text):
        ordinary = _ORDINARY.match(text, start)
        if not ordinary or ordinary.end() != end:
            yield start, end
