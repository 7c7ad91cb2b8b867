"""Phrases: the words of a text, folded, and which phrases of a lexicon stand among them.

A phrase of a lexicon is words joined by "_"; "word*" is any word that begins so, "*word" any that ends so. Each Chinese or Japanese character is a word.
"sagte_+_zu" is a verb and what is parted from it: up to eight words stand between them, and the last one ends its clause.
Looking up costs a few dictionary accesses a word, whatever the size of the lexicon.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from service.extraction.quotes.folding import folded

#: The label of phrases that hold a word of another and mean none of it.
NOTHING = "nothing"

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}"
_WORD = regex.compile(rf"[{_UNSPACED}]|[[\p{{L}}\p{{M}}\p{{N}}\u200c]--[{_UNSPACED}]]++|[,،、，;；]", regex.V1)
_COMMAS = frozenset(",،、，;；")
_CLITIC_SCRIPT = regex.compile(r"[\p{Arabic}\p{Hebrew}]")
#: How Arabic writes the ending of an indefinite object, an alif and its vowel points in either order, behind what is a word without it.
_TANWIN = regex.compile(r"(?<=\w{3})(?:\u064bا|ا\u064b)$")
#: What Arabic and Hebrew write onto the front of a word: and, in, to, as, the ...
_CLITICS_BY_SCRIPT = (
    *("و", "ف", "ب", "ل", "ك", "ال", "وال", "بال", "فال", "كال", "لل", "ولل", "ول", "وب"),
    *("ו", "ה", "ב", "ל", "כ", "מ", "ש", "וה", "שב", "בה", "ול", "וב", "שה", "לה", "מה", "ומ"),
)
_CLITICS = tuple(sorted(_CLITICS_BY_SCRIPT, key=len))
_WRITTEN_AND = frozenset("وו")
#: Letters with a stroke, which folding keeps and keyboards often lack.
_STROKES = str.maketrans("łøđ", "lod")
#: A word with fewer letters left is no word with something written onto it.
_MIN_BARE = 2
#: A longer word is no word of any lexicon; only so many of its letters are looked up.
_MAX_WORD = 40
#: Stands in a phrase for words between its parts, and as many at most.
_GAP, _MOST_BETWEEN = "+", 8
#: As many words are remembered with the phrases that they may begin.
_MAX_REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: how it may be looked up, the whole of it first, and where it stands."""

    forms: tuple[str, ...]
    start: int
    end: int
    capital: bool

    @property
    def is_comma(self) -> bool:
        """Whether it is no word but the mark between two parts of a list."""
        return not self.forms


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a lexicon among words."""

    labels: tuple[str, ...]
    #: The words from `first` to before `last`.
    first: int
    last: int
    #: What stands before a word that only ends as the phrase does.
    before: str = ""
    #: Whether an "and" is written onto it.
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    parts: tuple[str, ...]
    label: str
    #: Whether its last word ends a clause.
    closing: bool = False


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The phrases that begin with one word, each with what stands before it there."""

    #: Those that may follow whatever word is next.
    always: tuple[tuple[_Phrase, str], ...]
    #: The others, by the word that must be next: one Chinese character begins a hundred phrases.
    following: Mapping[str, Sequence[tuple[_Phrase, str]]]

    @classmethod
    def of(cls, found: Iterable[tuple[_Phrase, str]]) -> "_Candidates":
        """Return them in order."""
        either, following = list[tuple[_Phrase, str]](), dict[str, list[tuple[_Phrase, str]]]()
        for one in found:
            parts = one[0].parts
            (either if len(parts) == 1 or "*" in parts[1] else following.setdefault(parts[1], [])).append(one)
        return cls(tuple(either), following)

    def before(self, words: Sequence[Word], at: int) -> Iterator[tuple[_Phrase, str]]:
        """Yield those that may begin with the word `at`, by the word behind it."""
        yield from self.always
        if self.following and at + 1 < len(words):
            for form in words[at + 1].forms:
                yield from self.following.get(form, ())


class Phrases:
    """The phrases of one lexicon, each with its label."""

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        """Index the phrases; `labelled` gives words set apart by spaces and the label that they have."""
        self._by_word: dict[str, list[_Phrase]] = {}
        self._by_start: dict[str, list[_Phrase]] = {}
        self._by_end: dict[str, list[_Phrase]] = {}
        for phrases, label in labelled:
            for phrase in phrases.split():
                for one in _spread(phrase, label):
                    first = one.parts[0]
                    index = self._by_end if first.startswith("*") else self._by_start if first.endswith("*") else self._by_word
                    index.setdefault(first.strip("*"), []).append(one)
        # The words of news repeat.
        self._candidates = lru_cache(maxsize=_MAX_REMEMBERED)(lambda form: _Candidates.of(self._look_up(form)))

    def at(self, words: Sequence[Word], at: int) -> Hit | None:
        """Return the longest phrase that begins with the word `at`, with the labels of all phrases of that length."""
        for form in words[at].forms:
            longest, labels, before = 0, dict[str, None](), ""
            for phrase, rest in self._candidates(form).before(words, at):
                length = len(phrase.parts)
                if length < longest or not _follow(phrase, words, at):
                    continue
                if length > longest:
                    longest, labels, before = length, {}, rest
                labels[phrase.label] = None
            if longest:
                whole = words[at].forms[0]
                return Hit(tuple(labels), at, at + longest, before, joined=whole[:1] in _WRITTEN_AND and not whole.startswith(form))
        return None

    def every(self, words: Sequence[Word], at: int) -> dict[str, int]:
        """Return the labels of all phrases that begin with the word `at`, each with the word behind its longest one; `nothing` hides the shorter."""
        found: dict[str, int] = {}
        for form in words[at].forms:
            for phrase, _ in self._candidates(form).before(words, at):
                last = at + len(phrase.parts)
                if last > found.get(phrase.label, 0) and _follow(phrase, words, at):
                    found[phrase.label] = last
            if found:
                break
        hidden = found.pop(NOTHING, 0)
        return {label: last for label, last in found.items() if last > hidden}

    def find(self, words: Sequence[Word]) -> list[Hit]:
        """Return the phrases among `words` from left to right, the longest at each place, without overlaps."""
        found, at = list[Hit](), 0
        while at < len(words):
            hit = self.at(words, at)
            if hit:
                found.append(hit)
            at = hit.last if hit else at + 1
        return found

    def labels(self, word: str) -> tuple[str, ...]:
        """Return the labels of the single folded `word` or of the words that begin as it does."""
        return tuple(dict.fromkeys(phrase.label for phrase, _ in self._candidates(word).always if len(phrase.parts) == 1))

    def followers(self, forms: Iterable[str]) -> frozenset[str] | None:
        """Return the words of which one must follow a word of these forms, for a phrase to begin with it; None where any may."""
        candidates = [self._candidates(form) for form in forms]
        return None if any(one.always for one in candidates) else frozenset[str]().union(*(one.following for one in candidates))

    def _look_up(self, form: str) -> Iterable[tuple[_Phrase, str]]:
        """Yield the phrases whose first word `form` may be: the word itself, then its longest ends, then its longest beginnings."""
        yield from ((phrase, "") for phrase in self._by_word.get(form, ()))
        if self._by_end:
            for cut in range(max(len(form) - _MAX_WORD, 0), len(form)):
                found = self._by_end.get(form[cut:])
                if found:
                    yield from ((phrase, form[:cut]) for phrase in found)
                    break
        if self._by_start:
            for cut in range(min(len(form), _MAX_WORD), 0, -1):
                yield from ((phrase, "") for phrase in self._by_start.get(form[:cut], ()))


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of a part of `text`, and the commas between them, as words without forms."""
    stop = len(text) if end is None else end
    return [
        Word(() if match[0] in _COMMAS else forms(match[0]), match.start(), match.end(), match[0][0].isupper()) for match in _WORD.finditer(text, start, stop)
    ]


def forms(word: str) -> tuple[str, ...]:
    """Return how `word` may be looked up: folded whole, then without what Arabic and Hebrew write onto it."""
    # What is remembered is cut: a word may be as long as a text.
    return _forms(word[: 2 * _MAX_WORD])


@lru_cache(maxsize=16384)
def _forms(word: str) -> tuple[str, ...]:
    whole = folded(word).translate(_STROKES)
    if not _CLITIC_SCRIPT.match(whole):
        return (whole,)
    forms = (whole, whole[:-1]) if _TANWIN.search(word) else (whole,)
    return (*forms, *(form[len(clitic) :] for clitic in _CLITICS for form in forms if form.startswith(clitic) and len(form) - len(clitic) >= _MIN_BARE))


def _spread(phrase: str, label: str) -> list[_Phrase]:
    """Return a phrase of the lexicon, or one for each number of words that may stand in its gap."""
    before, gap, behind = phrase.partition(f"_{_GAP}_")
    first, last = (tuple(_pattern(part) for parts in half.split("_") if parts for part in _split(parts)) for half in (before, behind))
    if not gap:
        return [_Phrase(first, label)]
    return [_Phrase((*first, *["*"] * between, *last), label, closing=True) for between in range(1, _MOST_BETWEEN + 1)]


def _pattern(part: str) -> str:
    return f"{'*' if part.startswith('*') else ''}{folded(part).translate(_STROKES)}{'*' if part.endswith('*') else ''}"


def _split(part: str) -> list[str]:
    """Return the words of a part of a phrase: each character of an unspaced script is one."""
    return [part] if "*" in part else [match[0] for match in _WORD.finditer(part)]


def _follow(phrase: _Phrase, words: Sequence[Word], at: int) -> bool:
    """Whether the words after `at` are those of a phrase."""
    last = at + len(phrase.parts)
    if last > len(words) or (phrase.closing and not _closes(words, last)):
        return False
    return all(any(_is(form, part) for form in words[at + number].forms) for number, part in enumerate(phrase.parts) if number)


def _closes(words: Sequence[Word], last: int) -> bool:
    """Whether more than a space, or nothing, stands before the word `last`."""
    return last == len(words) or words[last].is_comma or words[last].start - words[last - 1].end > 1


def _is(form: str, part: str) -> bool:
    if part.endswith("*"):
        return form.startswith(part[:-1])
    return form.endswith(part[1:]) if part.startswith("*") else form == part
