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
_PARTED, _MOST_BETWEEN = "_+_", 8
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

    @property
    def opens_with_and(self) -> bool:
        """Whether it may be a word onto which Arabic or Hebrew writes an "and"."""
        return bool(self.forms) and self.forms[0][:1] in _WRITTEN_AND


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
    label: str
    #: Its words behind the first.
    rest: tuple[str, ...] = ()
    #: Whether its last word ends a clause.
    closing: bool = False


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The phrases that begin with one word, each with what stands before it there."""

    #: Those that may follow whatever word is next.
    always: Sequence[tuple[_Phrase, str]]
    #: The others, by the word that must be next: one Chinese character begins a hundred phrases.
    following: Mapping[str, Sequence[tuple[_Phrase, str]]]
    #: The labels of all of them, if all are this one word, as most are.
    alone: tuple[str, ...]

    @classmethod
    def of(cls, found: Iterable[tuple[_Phrase, str]]) -> "_Candidates":
        """Return them in order."""
        either, following = list[tuple[_Phrase, str]](), dict[str, list[tuple[_Phrase, str]]]()
        for one in found:
            rest = one[0].rest
            (either if not rest or "*" in rest[0] else following.setdefault(rest[0], [])).append(one)
        only = not following and not any(phrase.rest for phrase, _ in either)
        return cls(either, following, tuple(dict.fromkeys(phrase.label for phrase, _ in either)) if only else ())

    def beginning(self, words: Sequence[Word], at: int) -> Sequence[tuple[_Phrase, str]]:
        """Return those that may begin with the word `at`, by the word behind it."""
        if not self.following or at + 1 >= len(words):
            return self.always
        return [*self.always, *(one for form in words[at + 1].forms for one in self.following.get(form, ()))]


class Phrases:
    """The phrases of one lexicon, each with its label.

    A lexicon has thousands of phrases and a text has few of them: a phrase is kept as it is written, and read when a text has its first word.
    """

    def __init__(self, labelled: Iterable[tuple[str, str]]) -> None:
        """Index the phrases; `labelled` gives words set apart by spaces and the label that they have."""
        by_word, by_start, by_end = dict[str, list[str]](), dict[str, list[str]](), dict[str, list[str]]()
        for phrases, label in labelled:
            for phrase in phrases.split():
                words = _words(phrase)
                first = next(words)
                index = by_end if first.startswith("*") else by_start if first.endswith("*") else by_word
                index.setdefault(first.strip("*"), []).append(label if next(words, None) is None else f"{label}\t{phrase}")
        # Most words have but one of few labels.
        same = dict[tuple[str, ...], tuple[str, ...]]()
        self._by_word, self._by_start, self._by_end = (
            {word: same.setdefault(tuple(found), tuple(found)) for word, found in index.items()} for index in (by_word, by_start, by_end)
        )
        self._longest_start, self._longest_end = (min(max(map(len, index), default=0), _MAX_WORD) for index in (by_start, by_end))
        # The words of news repeat.
        self._remembered = lru_cache(maxsize=_MAX_REMEMBERED)(self._begun_by)

    def at(self, words: Sequence[Word], at: int) -> Hit | None:
        """Return the longest phrase that begins with the word `at`, with the labels of all phrases of that length."""
        for form in words[at].forms:
            candidates = self._candidates(form)
            if candidates is None:
                continue
            longest, labels, before = _longest(candidates, words, at)
            if longest:
                joined = words[at].opens_with_and and not words[at].forms[0].startswith(form)
                return Hit(labels, at, at + longest, before, joined=joined)
        return None

    def every(self, words: Sequence[Word], at: int) -> dict[str, int]:
        """Return the labels of all phrases that begin with the word `at`, each with the word behind its longest one; `nothing` hides the shorter."""
        found: dict[str, int] = {}
        for form in words[at].forms:
            candidates = self._candidates(form)
            if candidates is None:
                continue
            if candidates.alone:
                found = dict.fromkeys(candidates.alone, at + 1)
                break
            for phrase, _ in candidates.beginning(words, at):
                last = at + len(phrase.rest) + 1
                if last > found.get(phrase.label, 0) and _follow(phrase, words, at):
                    found[phrase.label] = last
            if found:
                break
        hidden = found.pop(NOTHING, 0)
        return {label: last for label, last in found.items() if last > hidden} if hidden else found

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
        candidates = self._candidates(word)
        return () if candidates is None else tuple(dict.fromkeys(phrase.label for phrase, _ in candidates.always if not phrase.rest))

    def first_words(self) -> Iterator[str]:
        """Yield the words with which phrases begin, as the lexicon writes them: whole, or with a "*" for the rest."""
        yield from self._by_word
        yield from (f"{start}*" for start in self._by_start)
        yield from (f"*{end}" for end in self._by_end)

    def followers(self, forms: Iterable[str]) -> frozenset[str] | None:
        """Return the words of which one must follow a word of these forms, for a phrase to begin with it; None where any may."""
        candidates = [found for form in forms if (found := self._candidates(form))]
        return None if any(one.always for one in candidates) else frozenset[str]().union(*(one.following for one in candidates))

    def _candidates(self, form: str) -> _Candidates | None:
        # Where no spaces are written, what is no word may be a whole sentence.
        return self._remembered(form) if len(form) <= 2 * _MAX_WORD else self._begun_by(form)

    def _begun_by(self, form: str) -> _Candidates | None:
        """Return the phrases whose first word `form` may be: the word itself, then its longest ends, then its longest beginnings; None if there are none."""
        found = [(self._by_word[form], "")] if form in self._by_word else []
        for cut in range(max(len(form) - self._longest_end, 0), len(form)):
            if form[cut:] in self._by_end:
                found.append((self._by_end[form[cut:]], form[:cut]))
                break
        starts = (self._by_start.get(form[:cut]) for cut in range(min(len(form), self._longest_start), 0, -1))
        found += [(start, "") for start in starts if start]
        return _Candidates.of((phrase, before) for kept, before in found for one in kept for phrase in _read(one)) if found else None


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words of a part of `text`, and the commas between them, as words without forms."""
    stop = len(text) if end is None else end
    return [
        Word(() if (word := match[0]) in _COMMAS else forms(word), match.start(), match.end(), word[0].isupper()) for match in _WORD.finditer(text, start, stop)
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


def _read(kept: str) -> list[_Phrase]:
    """Return a phrase as it is kept, its label before it: one for each number of words that may stand in its gap."""
    label, _, phrase = kept.rpartition("\t")
    if not label:
        return [_Phrase(phrase)]
    before, gap, behind = phrase.partition(_PARTED)
    rest, last = tuple(_words(before))[1:], tuple(_words(behind))
    if not gap:
        return [_Phrase(label, rest)]
    return [_Phrase(label, (*rest, *["*"] * between, *last), closing=True) for between in range(1, _MOST_BETWEEN + 1)]


def _words(phrase: str) -> Iterator[str]:
    """Yield the words of a phrase but for its gap, folded."""
    yield from (_pattern(part) for half in phrase.split(_PARTED) for parts in half.split("_") if parts for part in _split(parts))


def _pattern(part: str) -> str:
    return f"{'*' if part.startswith('*') else ''}{folded(part).translate(_STROKES)}{'*' if part.endswith('*') else ''}"


def _split(part: str) -> list[str]:
    """Return the words of a part of a phrase: each character of an unspaced script is one."""
    return [part] if "*" in part else [match[0] for match in _WORD.finditer(part)]


def _longest(candidates: _Candidates, words: Sequence[Word], at: int) -> tuple[int, tuple[str, ...], str]:
    """Return how many words the longest phrase at the word `at` has, the labels of those that are as long, and what stands before it in its first word."""
    if candidates.alone:
        return 1, candidates.alone, candidates.always[0][1]
    longest, labels, before = 0, dict[str, None](), ""
    for phrase, cut in candidates.beginning(words, at):
        length = len(phrase.rest) + 1
        if length < longest or not _follow(phrase, words, at):
            continue
        if length > longest:
            longest, labels, before = length, {}, cut
        labels[phrase.label] = None
    return longest, tuple(labels), before


def _follow(phrase: _Phrase, words: Sequence[Word], at: int) -> bool:
    """Whether the words after `at` are those of a phrase."""
    last = at + len(phrase.rest) + 1
    if last > len(words) or (phrase.closing and not _closes(words, last)):
        return False
    return all(any(_is(form, part) for form in words[number].forms) for number, part in enumerate(phrase.rest, at + 1))


def _closes(words: Sequence[Word], last: int) -> bool:
    """Whether more than a space, or nothing, stands before the word `last`."""
    return last == len(words) or words[last].is_comma or words[last].start - words[last - 1].end > 1


def _is(form: str, part: str) -> bool:
    if part.endswith("*"):
        return form.startswith(part[:-1])
    return form.endswith(part[1:]) if part.startswith("*") else form == part
