"""Rotated text: lines in ROT13, told by the small words that they are full of."""

import codecs
import re
from collections.abc import Iterator

import regex

#: Words of which every sentence has some, and that are no words when they are rotated.
_SMALL = (
    "the and all of your you with this les des dans que toutes tous chaque las los del todas todos que cada tutte tutti della nel ogni"
    " der die und das alle dem den jedes tüm her bir todas dos das nos de du von per con non nella tua"
    " tue pour votre vos tes ton para com sua seu tus una uma ein eine nicht bu le"
)
_WORDS = frozenset(codecs.encode(word, "rot13") for word in _SMALL.split())
_ROTATED = regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?i:{'|'.join(sorted(_WORDS))})(?![\p{{L}}\p{{N}}])")
#: Runs of the letters that they are spelt in.
_SPELT = re.compile(r"[a-zü]+")
#: A line, or so much of a long one; and so much is read in all.
_LINE, _MOST_CHARS = regex.compile(r"[^\n]{10,4000}+"), 20_000


def rotated_lines(view: str) -> Iterator[tuple[int, str]]:
    """Yield where lines in ROT13 begin, and what they say: two of the small words stand in each."""
    if not _may_hold(view):
        return
    left = _MOST_CHARS
    for line in _LINE.finditer(view):
        first = _ROTATED.search(view, *line.span())
        if first and _ROTATED.search(view, first.end(), line.end()):
            said = line[0][:left]
            left -= len(said)
            yield line.start(), codecs.encode(said, "rot13")
        if not left:
            return


def _may_hold(view: str) -> bool:
    """Whether any of the small words is spelt in `view`: few texts have one, and the pattern takes longer."""
    # Both are a small i to the pattern, and neither becomes one by its case.
    return not _WORDS.isdisjoint(_SPELT.findall(view.replace("İ", "i").replace("ı", "i").casefold()))
