"""Telling: how a sentence says what it says. Which words threaten, expect, promise, tell of what is past or still to come, and who stands before them."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from schemas.record import Evidence
from service.extraction.judgement.phrases import Phrases, Word, words_of
from service.extraction.lexicons import lexicon, primary_subtag
from service.extraction.people.names import bare
from service.extraction.quotes import turning

#: Whether words of a language hold a negation.
Negated = Callable[[str, str], bool]

#: Where a clause ends, if it is no comma within a number.
_BOUNDARY = regex.compile(r"[,،，](?!\d)|[;:!?…—–()\[\]\n؛؟。；：！？.](?!\d)")
_ASKS = regex.compile(r"[?？؟][\s\"”»“」]*$")
#: A question mark stands so near the end of a sentence.
_LAST_CHARS = 8
#: A sentence is read so far; what is longer is no sentence.
MAX_SENTENCE_CHARS = 4000
#: A shorter word ends so by chance.
_MIN_ENDING = 5
#: As many characters of a word's end are looked at.
_MOST_ENDING = 20


@dataclass(frozen=True, slots=True)
class Told:
    """Words with a label: from the word `first` to before `last`."""

    first: int
    last: int


class Sentence:
    """The sentences of one piece of evidence, read once."""

    def __init__(self, text: str, start: int, end: int, language: str, names: "Names") -> None:
        """Read `text` from `start` to `end`."""
        self.text, self.start, self.end, self.language = text, start, min(end, start + MAX_SENTENCE_CHARS), language
        self.base = _base(language)
        self.words = words_of(text, start, self.end)
        self._told: dict[str, list[Told]] = {}
        phrases, endings = _lexicon(language)
        self._phrases = phrases
        for at, word in enumerate(self.words):
            if word.is_comma:
                continue
            labels = phrases.every(self.words, at)
            for label, last in labels.items():
                self._told.setdefault(label, []).append(Told(at, last))
            if endings and "future" not in labels and is_to_come(text, word, language):
                self._told.setdefault("will", []).append(Told(at, at + 1))
        self.mentions = names.among(self.words)

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return _ASKS.search(self.text[max(self.start, self.end - _LAST_CHARS) : self.end]) is not None

    def told(self, label: str, within: tuple[int, int] | None = None) -> list[Told]:
        """Return where words with `label` stand, those alone that stand in a span of the text."""
        found = self._told.get(label, [])
        if within is None:
            return found
        return [one for one in found if within[0] <= self.words[one.first].start and self.words[one.last - 1].end <= within[1]]

    def numbers(self, labels: Iterable[str]) -> set[int]:
        """Return the words, by number, that have one of `labels`."""
        return {number for label in labels for one in self.told(label) for number in range(one.first, one.last)}

    def is_joined(self, at: int) -> bool:
        """Whether an "and" is written onto the word `at`, if there is one, which has a label without it."""
        if at >= len(self.words) or not self.words[at].opens_with_and:
            return False
        hit = self._phrases.at(self.words, at)
        return hit is not None and hit.joined

    def clause(self, span: tuple[int, int]) -> tuple[int, int]:
        """Return the span of the text from the mark or "but" before `span` to the mark behind it."""
        low, high = max(span[0], self.start), min(span[1], self.end)
        before = [match.end() for match in _BOUNDARY.finditer(self.text, self.start, low)]
        before += [self.words[one.last - 1].end for one in self.told("but") if self.words[one.last - 1].end <= low]
        behind = _BOUNDARY.search(self.text, max(high, low), self.end)
        return max(before, default=self.start), behind.start() if behind else self.end

    def around(self, one: Told, before: int, behind: int, within: tuple[int, int]) -> str:
        """Return the words of a clause from so many before `one` to so many behind it."""
        low, high = max(one.first - before, 0), min(one.last + behind, len(self.words))
        return self.text[max(self.words[low].start, within[0]) : min(self.words[high - 1].end, within[1])]

    def negates(self, one: Told, within: tuple[int, int], negated: Negated, *, before: int = 3, behind: int = 2) -> bool:
        """Whether a negation stands right beside `one`."""
        return negated(self.around(one, before, behind, within), self.language)


class Names:
    """The names of the actors of an article, to find them among words."""

    def __init__(self, named: Iterable[tuple[str, int]]) -> None:
        """Index names, each with the number of its actor."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for name, number in named:
            parts = tuple(word.forms[0] for word in words_of(bare(name)) if word.forms)
            if parts:
                self._by_first.setdefault(parts[0], []).append((parts, number))
        for found in self._by_first.values():
            found.sort(key=lambda entry: (-len(entry[0]), entry[1]))

    def among(self, words: Sequence[Word]) -> list[tuple[Told, int]]:
        """Return where actors are named among `words`, the longest name at each place, and the number of each."""
        found: list[tuple[Told, int]] = []
        for at, word in enumerate(words):
            for form in word.forms:
                entries = self._by_first.get(form)
                named = next((entry for entry in entries if _stands(entry[0], words, at)), None) if entries else None
                if named:
                    found.append((Told(at, at + len(named[0])), named[1]))
                    break
        return found


def has_lexicon(language: str) -> bool:
    """Whether claims in `language` can be judged by their words."""
    return _base(language) in lexicon("claims")


def is_to_come(text: str, word: Word, language: str) -> bool:
    """Whether a word ends as verbs do of what is to come. Accents tell: atacará is, frontera is not."""
    endings = _lexicon(language)[1]
    return bool(endings) and word.end - word.start >= _MIN_ENDING and _written(text, word).endswith(endings)


def _written(text: str, word: Word) -> str:
    """Return the end of a word as it is written, with its accents."""
    return unicodedata.normalize("NFC", text[max(word.start, word.end - _MOST_ENDING) : word.end].casefold())


def _stands(parts: tuple[str, ...], words: Sequence[Word], at: int) -> bool:
    return at + len(parts) <= len(words) and all(part in words[at + number].forms for number, part in enumerate(parts) if number)


def _base(language: str) -> str:
    return primary_subtag(language)


@cache
def _lexicon(language: str) -> tuple[Phrases, tuple[str, ...]]:
    table = lexicon("claims").get(_base(language), {})
    endings = tuple(table.get("will_endings", "").split())
    return Phrases((words, label) for label, words in table.items() if label != "will_endings"), endings


class Telling:
    """The sentences of an article, each read when it is first asked for."""

    def __init__(self, text: str, language: str, names: Names, negated: Negated = turning.negated) -> None:
        """Know the article.

        Args:
            text: As received.
            language: Of the text.
            names: Of its actors.
            negated: Tells whether words hold a negation.
        """
        self.text, self.language, self.negated = text, language, negated
        self.knows_negations = turning.turning_words(language) is not None
        self._names = names
        self._read: dict[tuple[int, int], Sentence] = {}

    def sentence(self, evidence: Evidence) -> Sentence:
        """Return the sentences that hold `evidence`."""
        return self.within(evidence.sentence)

    def within(self, span: tuple[int, int]) -> Sentence:
        """Return the sentences at `span`."""
        if span not in self._read:
            self._read[span] = Sentence(self.text, *span, self.language, self._names)
        return self._read[span]
