"""Words compared: whether two names are the same but for case, typography and determiners, and how much two places in a text overlap."""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import chain

import regex

from service.evaluation.reading import Span
from service.extraction.quotes.folding import UNSPACED

#: From this on two names, or two places, are taken for the same thing.
SAME = 0.5

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
#: What nobody reads aloud: format characters, the stroke that stretches Arabic words, vowel points of Arabic and Hebrew.
_UNREAD = regex.compile(r"[\p{Cf}\u0640\u064B-\u0652\u0591-\u05BD\u05BF-\u05C7]")
#: Determiners that stand before a name, of all languages that have them.
_DETERMINERS = frozenset(chain.from_iterable(tomllib.loads(files("service.evaluation").joinpath("determiners.toml").read_text(encoding="utf-8")).values()))
#: Determiners that Arabic and Hebrew write onto a word: the first letters, and the letters that a word must have for them to be no part of it.
_PREFIXES = (("ال", 5), ("ה", 4))


def likeness(one: str, other: str) -> float:
    """Return how alike two names are: 1 if they are equal but for typography, what share of the longer the shorter is if it stands in it, else 0."""
    short, long = sorted((plain(one), plain(other)), key=len)
    stands = short in long if UNSPACED.search(short) else f" {short} " in f" {long} "
    share = len(short) / max(len(long), 1)
    return share if short and stands and share >= SAME else 0.0


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """Return the words of `name` as they are compared: without case, typography and the determiners before it, with one blank between them."""
    words: list[str] = _WORD.findall(_UNREAD.sub("", unicodedata.normalize("NFKC", name)))
    while len(words) > 1 and _is_determiner(words[0]):
        del words[0]
    return " ".join(map(_bare, words))


def occurrences(words: Iterable[str], text: str) -> Iterator[Span]:
    """Yield each place where one of `words` stands in `text`."""
    for one in filter(None, words):
        at = text.find(one)
        while at >= 0:
            yield at, at + len(one)
            at = text.find(one, at + 1)


def overlap(spans: Iterable[Span], places: Iterable[Span]) -> float:
    """Return the best Dice overlap, in characters, of one of `spans` with one of `places`; 0 where there is none."""
    others = [*places]
    return max((_dice(one, other) for one in spans for other in others), default=0.0)


def _dice(one: Span, other: Span) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * shared / (one[1] - one[0] + other[1] - other[0]) if shared > 0 else 0.0


def _is_determiner(word: str) -> bool:
    """Whether `word` only points. "UN" does not, nor does a name of one letter that is no article."""
    return word.casefold() in _DETERMINERS and not (len(word) > 1 and word.isupper())


def _bare(word: str) -> str:
    folded = word.casefold()
    for prefix, letters in _PREFIXES:
        if folded.startswith(prefix) and len(folded) >= letters:
            return folded.removeprefix(prefix)
    return folded
