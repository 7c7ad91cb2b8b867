"""Instructions: passages that talk to a model and not to a reader.

A passage is a sentence. It counts if the words of one language in it go together: a command to disregard and what a model was told, a command to write and
what only a program writes. A command is a form that only commands, or one at the head of a clause, so that news of somebody who ignores instructions is news.
What is found is told to whoever reads the record; it changes nothing in how the article is read.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

import regex

from service.extraction.hostile.encoded import encoded_prose
from service.extraction.hostile.hidden_characters import Span
from service.extraction.hostile.rotated import rotated_lines
from service.extraction.hostile.rules import RULES, Rule
from service.extraction.hostile.signs import KINDS, signs
from service.extraction.hostile.turns import turns
from service.extraction.hostile.unmasking import spelt_out, unmasked
from service.extraction.hostile.unspaced_phrases import UNSPACED, UnspacedPhrases
from service.extraction.judgement.phrases import NOTHING, Phrases, Word, forms
from service.extraction.lexicons import lexicon

#: What tells by itself, or by where it stands.
_TELLING = frozenset({"alone", "claim", "model"})
#: Commands that a reader who is called by name may get.
_COMMANDS = ("drop", "reveal", "write", "mark", "act", "send")
#: Classes that English has in disguise as well.
_DISGUISED = frozenset({"drop", "told", "yours", "above", "reveal", "secret", "alone"})
#: How many characters may stand between them, where words have spaces between them and where not.
_NEAR, _CLOSE = (110, 32), (36, 12)
_UNSPACED = frozenset({"zh", "ja"})
#: Longest passage in characters.
_MOST_CHARS = 1_000
_MOST_TURN_CHARS = 300

#: Words of plain letters come first only because they are told the soonest.
_WORD = regex.compile(rf"[A-Za-z0-9]++(?![\p{{L}}\p{{M}}\p{{N}}])|{UNSPACED}{{1,200}}+|[[\p{{L}}\p{{M}}\p{{N}}]--{UNSPACED}]++", regex.V1)
_UNSPACED_RUN = regex.compile(UNSPACED)
#: A longer word is not remembered.
_MOST_REMEMBERED = 64
#: What between two words neither ends a sentence nor opens anything.
_JOINTS = frozenset(("", *" -'’"))
#: Bounded, and never over the same characters twice: a gap between two words may be as long as a text.
_END = regex.compile(r"[.!?…][^\w\s]{0,20}+\s|[。！？।؟۔]|\n[^\S\n]*+\n")
_HEAD = regex.compile(r"[^\s'’_.\-]|\s-|-\s|\.\.|--|\n[^\S\n]*+$")
_QUOTE = regex.compile(r"[\"“”„«»‘「『]|\s״")
#: What stands behind a title that poses as a message from above.
_TITLE_END = regex.compile(r"[\s*_]{0,3}(?:[:：\]】>=#}|]|--|[–—]|\s-\s)")
#: What stands behind a name that is called.
_CALLED = regex.compile(r"\s?[,:;!،，、：；！]|\s[–—-]\s|[\]】)]")
#: What stands behind a word that names what follows.
_LABEL = regex.compile(r"\s?[:：]")
_CLOSING = regex.compile(r"[^\w\s]*+")


class _Hit(NamedTuple):
    """A phrase of the lexicon in a text, and where the next word begins."""

    start: int
    end: int
    following: int


@dataclass(slots=True)
class _Sentence:
    """What is known of one sentence so far: where clauses begin, where quotations open, and by label where phrases stand."""

    start: int
    heads: set[int]
    quoted: set[int] = field(default_factory=set)
    hits: dict[str, list[_Hit]] = field(default_factory=dict)

    def open(self, gap: str, start: int) -> None:
        """Note what `gap` opens before the word at `start`."""
        if _HEAD.search(gap):
            self.heads.add(start)
        if _QUOTE.search(gap):
            self.quoted.add(start)

    def add(self, known: "_Lexicon", words: "_Words", at: int) -> None:
        """Note the phrases that begin with the word `at`, or within it."""
        word, spans = words[at], words.spans
        for label, last in known.spaced.every(words, at).items():
            end = spans[last - 1][1]
            self.hits.setdefault(label, []).append(_Hit(word.start, end, spans[last][0] if last < len(words) else end))
        if _is_unspaced(word.forms[0]):
            for start, labels in known.unspaced.within(words.text, word.start, word.end):
                for label, end in labels.items():
                    self.hits.setdefault(label, []).append(_Hit(start, end, end))

    def by_language(self) -> dict[str, dict[str, list[_Hit]]]:
        """Return the phrases by language and class."""
        grouped: dict[str, dict[str, list[_Hit]]] = {}
        for label, hits in self.hits.items():
            language, _, kind = label.partition(" ")
            grouped.setdefault(language, {})[kind] = hits
        return grouped


@dataclass(frozen=True, slots=True)
class _Lexicon:
    spaced: Phrases
    unspaced: UnspacedPhrases
    marked: frozenset[str]


def instruction_like(text: str) -> list[Span]:
    """Return the passages of `text` that talk to a model, in its order and without overlaps."""
    plain, spots = spelt_out(text)
    view, places = unmasked(plain, spots)
    spoken = (*_spoken(view), *_rotated(view), *_lines(view, turns(view)))
    found = [*((places[start], places[end - 1] + 1) for start, end in spoken), *((spots[start], spots[end - 1] + 1) for start, end in encoded_prose(plain))]
    apart: list[Span] = []
    for start, end in sorted(found):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def _rotated(view: str) -> Iterator[Span]:
    """Yield the sentences that talk to a model once they are rotated back."""
    for start, line in rotated_lines(view):
        yield from ((start + opening, start + end) for opening, end in _spoken(line))


def _lines(view: str, spans: Iterator[Span]) -> Iterator[Span]:
    """Yield the lines that `spans` open, or the beginning of long ones."""
    for start, end in spans:
        most = min(end + _MOST_TURN_CHARS, len(view))
        stop = view.find("\n", end, most)
        yield start, most if stop < 0 else stop


def _spoken(view: str) -> Iterator[Span]:
    """Yield the sentences of `view` that talk to a model."""
    known, words = _lexicon(), _Words(_lower(view))
    first = words.spans[0][0] if words else 0
    sentence, before, behind = _Sentence(first, {first}), 0, 0
    for at, (start, end) in enumerate(words.spans):
        gap = view[behind:start]
        if gap not in _JOINTS:
            if at and _ends(gap, view[before:behind]):
                yield from _talking(sentence, behind, view)
                sentence = _Sentence(start, {start})
            sentence.open(gap, start)
        if end - sentence.start > _MOST_CHARS:
            yield from _talking(sentence, behind, view)
            sentence = _Sentence(start, set())
        before, behind = start, end
        word = words.text[start:end]
        followers = None if len(word) > _MOST_REMEMBERED or _is_unspaced(word) else _followers(word)
        if followers is None or (followers and words.has_next(at, followers)):
            sentence.add(known, words, at)
    yield from _talking(sentence, behind, view)


class _Words(Sequence[Word]):
    """The words of a text, each run of a script without spaces as one; folded when they are asked for, as few open a phrase."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [match.span() for match in _WORD.finditer(text)]
        self._read: list[Word | None] = [None] * len(self.spans)

    def __len__(self) -> int:
        return len(self.spans)

    def __getitem__(self, at: int) -> Word:  # type: ignore[override] # nobody asks for slices
        word = self._read[at]
        if word is None:
            start, end = self.spans[at]
            word = self._read[at] = Word(_forms(self.text[start:end]), start, end, capital=False)
        return word

    def has_next(self, at: int, followers: frozenset[str]) -> bool:
        """Whether one of `followers` is the word behind the word `at`."""
        return at + 1 < len(self) and not followers.isdisjoint(self[at + 1].forms)


@lru_cache(maxsize=16384)
def _followers(word: str) -> frozenset[str] | None:
    """Return the words of which one must follow `word` for phrases to begin with it; None where any may."""
    return _lexicon().spaced.followers(forms(word))


def _forms(word: str) -> tuple[str, ...]:
    """Return how a word is looked up; a run of a script without spaces as it is."""
    return (word,) if _is_unspaced(word) else forms(word)


def _is_unspaced(word: str) -> bool:
    return not word.isascii() and bool(_UNSPACED_RUN.match(word))


def _lower(view: str) -> str:
    """Return `view` with the letters of ASCII in lower case: no other, so that it stays as long as it is."""
    return view.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _ends(gap: str, before: str) -> bool:
    """Whether a sentence ends in `gap`, and not an initial."""
    return bool(_END.search(gap)) and not (gap == ". " and len(before) == 1 and before.isupper())


def _talking(sentence: _Sentence, end: int, view: str) -> Iterator[Span]:
    """Yield the span of a sentence that ends with the word before `end`, if it talks to a model."""
    told = {language: hits for language, hits in sentence.by_language().items() if _can_talk(frozenset(hits))}
    shown: dict[str, list[_Hit]] = {}
    for kind, start, stop in signs(view, sentence.start, end) if told else ():
        shown.setdefault(kind, []).append(_Hit(start, stop, stop))
    for hits in told.values():
        for kind, found in shown.items():
            hits[kind] = sorted((*hits[kind], *found), key=_start) if kind in hits else found
    if any(_talks(sentence, language, hits, view) for language, hits in told.items()):
        closing = _CLOSING.match(view, end)
        yield sentence.start, closing.end() if closing else end


def _talks(sentence: _Sentence, language: str, hits: Mapping[str, Sequence[_Hit]], view: str) -> bool:
    if "alone" in hits or any(hit.start in sentence.heads and _TITLE_END.match(view, hit.end) for hit in hits.get("claim", ())):
        return True
    scale = language in _UNSPACED
    heads = _heads(sentence, hits)
    is_marked = language in _lexicon().marked
    if _is_called(hits, heads, view, is_marked=is_marked):
        return True
    said = "said" in hits
    for rule in _rules(frozenset(hits)):
        if rule.told and said:
            continue
        near = hits[rule.near] if rule.near else None
        if near and rule.of:
            near = [one for one in near if _near(one, hits[rule.of], _CLOSE[scale])]
        reach = (_CLOSE if rule.narrow else _NEAR)[scale]
        for hit in hits[rule.opens]:
            commands = rule.anywhere or is_marked or hit.start in heads
            if commands and not _is_told(rule.opens, hit, sentence, said=said, view=view) and (near is None or _near(hit, near, reach)):
                return True
    return False


@lru_cache(maxsize=4096)
def _can_talk(kinds: frozenset[str]) -> bool:
    """Whether a sentence with words of these kinds talks to a model, if signs and where all stands are as they may be."""
    return not kinds.isdisjoint(_TELLING) or bool(_rules(kinds | KINDS))


@lru_cache(maxsize=4096)
def _rules(kinds: frozenset[str]) -> tuple[Rule, ...]:
    """Return the rules for which all that they need is there."""
    return tuple(rule for rule in RULES if rule.needed <= kinds)


def _is_told(kind: str, hit: _Hit, sentence: _Sentence, *, said: bool, view: str) -> bool:
    """Whether a command stands in the words of somebody else, or a command to mark is the name of what follows: "Record: 12 targets"."""
    if said and any(start <= hit.start for start in sentence.quoted):
        return True
    if kind == "drop":
        return hit.start in sentence.quoted and hit.start != sentence.start
    return kind == "mark" and bool(_LABEL.match(view, hit.end))


def _is_called(hits: Mapping[str, Sequence[_Hit]], heads: set[int], view: str, *, is_marked: bool) -> bool:
    """Whether a model is called by name and commanded, or a notice addressed to it."""
    called = [hit for hit in hits.get("model", ()) if _CALLED.match(view, hit.end)]
    if not called:
        return False
    commands = [hit for command in _COMMANDS for hit in hits.get(command, ()) if is_marked or hit.start in heads]
    if any(hit.start in heads and any(command.start > hit.start for command in commands) for hit in called):
        return True
    notices = [hit for hit in hits.get("notice", ()) if hit.start in heads]
    return any(0 <= hit.start - notice.end <= _CLOSE[0] and _TITLE_END.match(view, hit.end) for hit in called for notice in notices)


def _heads(sentence: _Sentence, hits: Mapping[str, Sequence[_Hit]]) -> set[int]:
    """Return where commands may stand: at the head of a clause, behind words that may stand between it and a command, or behind "you must"."""
    heads = sentence.heads | {hit.following for hit in hits.get("you", ())}
    for hit in hits.get("lead", ()):
        if hit.start in heads:
            heads.add(hit.following)
    return heads


def _near(hit: _Hit, others: Sequence[_Hit], reach: int) -> bool:
    """Whether one of `others`, which are in order, stands within reach of `hit` and not across it."""
    behind = bisect_left(others, hit.following, key=_start)
    before = bisect_left(others, hit.start, key=_start) - 1
    if behind < len(others) and others[behind].start - hit.following <= reach:
        return True
    # The last ones before it may reach across it.
    return any(0 <= hit.start - other.following <= reach for other in others[max(before - 3, 0) : before + 1])


def _start(hit: _Hit) -> int:
    return hit.start


@cache
def _lexicon() -> _Lexicon:
    """Return the phrases of all languages, and those of English backwards."""
    tables = lexicon("instructions")
    labelled = [(phrase, kind if kind == NOTHING else f"{language} {kind}") for language, table in tables.items() for phrase, kind in _phrases(table)]
    disguised = [(phrase, kind) for phrase, kind in _phrases(tables["en"]) if kind in _DISGUISED]
    labelled += [(phrase[::-1], f"backwards {kind}") for phrase, kind in disguised]
    unspaced = [(phrase.replace("_", ""), label) for phrase, label in labelled if _UNSPACED_RUN.match(phrase)]
    spaced = [(phrase, label) for phrase, label in labelled if not _UNSPACED_RUN.match(phrase)]
    return _Lexicon(Phrases(spaced), UnspacedPhrases(unspaced), frozenset({"backwards", *(name for name in tables if tables[name].get("marked"))}))


def _phrases(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((phrase, kind) for kind, phrases in table.items() if isinstance(phrases, str) for phrase in phrases.split())
