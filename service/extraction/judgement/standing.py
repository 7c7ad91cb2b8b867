"""Standing: how the mentions of a name stand in the text: as somebody who acts or speaks, or only as the place where something is.

As far as can be seen without parsing, by the few words before and behind each mention; where these do not tell, nothing is concluded.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from service.extraction.judgement.phrases import Phrases, Word, words_of
from service.extraction.lexicons import lexicon, primary_subtag

#: Code points around a mention that are looked at, and words of these that may tell what it does.
_REACH_CHARS, _VERB_WORDS = 90, 3
#: A mark beyond which other words belong to something else.
_CUT = regex.compile(r"[.!?:;()\[\]…—–\n\"“”«»„؟؛。；：！？「」【】](?!\d)")
#: What opens a report: "POPAYÁN (Colombia) –", "Teln, 5 June (Agency) -", 新港8月2日电.
_DATELINE = regex.compile(
    r"\W{0,3}(?:(?=\p{Lu}{3}|[^\n–—-]{0,40}[(\d,])\p{Lu}[\p{L}\p{M}.'’-]*(?:[ ,/(]+[\p{Lu}\p{N}][\p{L}\p{M}\p{N}.'’-]*\)?|[ ,]+\p{Ll}{2,10}(?=[ .])){0,6}"
    r"\)?,?\s?(?:[–—]|\s--?\s|(?<=\d\s\p{Ll}{3,4})\.)|\p{Han}{2,12}\d{1,2}月\d{1,2}日[电電])"
)
_LINE_CHARS = 80
_COMMAS = frozenset(",،、，")
_QUOTES = frozenset('"“”«»„')
_APOSTROPHES = frozenset("'’ʼ")

#: Labels of `things.toml` that name somebody, and those of `claims.toml` that tell what somebody says or is about to do.
_SOMEBODY = (
    *("forces", "personnel", "official", "functionary", "government_building", "diplomatic_mission", "police", "intelligence", "court", "headquarters"),
    "ship_or_aircraft",
)
_SPEECH = ("said", "according", "threaten", "expect", "intend", "promise", "refuse", "demand", "will")
#: Labels of words that only join others.
_FUNCTION = ("and", "but", "if", "unless", "once", "to", "that", "relative", "passive")
#: Languages whose script has no capitals, and those whose verb may open the sentence.
CASELESS, _VERB_FIRST = frozenset({"ar", "he", "fa", "zh", "ja"}), frozenset({"ar"})
#: Languages whose words for where stand behind the place.
_POSTPOSED = frozenset({"tr"})
#: Languages in which one preposition says both where and against whom.
_AGAINST = frozenset({"ru", "uk", "pl"})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A word, and what is known of it."""

    word: Word
    labels: frozenset[str]

    def is_any(self, *labels: str) -> bool:
        """Whether the word has one of these labels."""
        return not self.labels.isdisjoint(labels)


def labelled(words: Sequence[Word], language: str) -> list[Labelled]:
    """Return `words` with the labels of the phrases that they are part of."""
    phrases = _phrases(primary_subtag(language))
    found: list[set[str]] = [set() for _ in words]
    for at, word in enumerate(words):
        if not word.is_comma:
            for label, last in phrases.every(words, at).items():
                for number in range(at, last):
                    found[number].add(label)
    return [Labelled(word, frozenset(labels)) for word, labels in zip(words, found, strict=True)]


def knows(language: str) -> bool:
    """Whether there is a list of what is no actor in a language."""
    return primary_subtag(language) in lexicon("no_actors")


def has_noun_last(language: str) -> bool:
    """Whether a noun stands behind what tells which one it is."""
    return bool(lexicon("no_actors")[primary_subtag(language)]["order"] == "last")


@cache
def _phrases(language: str) -> Phrases:
    own, things, claims, clauses, nouns = (lexicon(name).get(language, {}) for name in ("no_actors", "things", "claims", "clauses", "actor_nouns"))
    return Phrases(
        [
            *((words, label) for label, words in own.items() if label != "order"),
            *relabelled(things, _SOMEBODY, "somebody"),
            *relabelled(claims, ("party",), "somebody"),
            *relabelled(nouns, ("title", "body", "force", "squad", "group", "officials", "org"), "somebody"),
            *relabelled(claims, _SPEECH, "speech"),
            *relabelled(claims, ("harm",), "harm"),
            *((_whole(words), "function") for words, _ in relabelled(claims, _FUNCTION, "function")),
            *relabelled(clauses, ("articles",), "function"),
            *relabelled(clauses, ("articles",), "article"),
            *relabelled(things, ("base", "headquarters", "dual", "works"), "site"),
            *relabelled(own, ("unit",), "somebody"),
            *relabelled(own, ("cited",), "speech"),
            *relabelled(claims, ("said", "according"), "says"),
            *relabelled(own, ("cited",), "says"),
        ]
    )


def relabelled(table: Mapping[str, str], names: Iterable[str], label: str) -> list[tuple[str, str]]:
    """Return the words that `table` has under these `names`, all with one label."""
    return [(table[name], label) for name in names if name in table]


def _whole(words: str) -> str:
    """Return the words without those of which only the beginning or the end is given."""
    return " ".join(word for word in words.split() if "*" not in word)


class Standing:
    """The text of an article, to be asked how its names stand in it."""

    def __init__(self, text: str, language: str) -> None:
        """Know the article."""
        self._text, self._language = text, language
        self._base = primary_subtag(language)
        self._noun_last = has_noun_last(language)

    def locates(self, span: tuple[int, int]) -> bool:
        """Whether a mention only tells where something is: behind a preposition, as a complement of a place, or in a dateline."""
        if self.opens_report(span):
            return True
        behind, before = self._behind(span), self._before(span)
        if self._owns(span, behind):
            return len(behind) > 1 and behind[1].is_any("place")
        following = behind[0] if behind and self._is_next(span, behind[0]) else None
        if following and self._noun_last and following.is_any("somebody", "place"):
            return not following.is_any("somebody")
        # Half of a longer name tells nothing of it.
        if following and following.word.capital and self._base != "de":
            return False
        if _is_put_somewhere(before, self._base) or (self._base in _POSTPOSED and bool(behind) and behind[0].is_any("in")):
            return True
        speaks = following is not None and following.is_any("speech")
        return not speaks and (_is_complement(before) or bool(before and before[-1].is_any("vessel") and not before[-1].word.capital))

    def is_of_place(self, span: tuple[int, int]) -> bool:
        """Whether a mention only tells whose or which a building or a place is: the governor's residence."""
        behind = self._behind(span)
        if self._owns(span, behind):
            return any(word.is_any("place") for word in behind[1:3])
        if self._noun_last and self._base != "de":
            return False
        return _is_complement(self._before(span))

    def acts(self, span: tuple[int, int]) -> bool:
        """Whether whoever a mention names says something, is cited or is about to do something; the first words of a sentence may be its subject."""
        behind, before = self._behind(span), self._before(span)
        if self._base in _VERB_FIRST and len(before) == 1 and not before[0].is_any("victim", "in", "at", "place"):
            return True
        opens = all(word.is_any("beside") for word in before) and self._opens_sentence(span, before)
        return self.speaks(span) or (opens and bool(behind) and not any(word.is_any("victim", "in") for word in behind[:2]))

    def speaks(self, span: tuple[int, int]) -> bool:
        """Whether whoever a mention names says something, is cited or is about to do something."""
        behind = self._behind(span)
        if any(word.is_any("speech") for word in behind[:_VERB_WORDS]):
            return True
        before = self._before(span)
        while before and before[-1].is_any("beside", "article"):
            before.pop()
        # "He said the market was empty": a market that says so closes the clause.
        closes = self._base != "en" or not behind or behind[0].word.is_comma
        return bool(before) and before[-1].is_any("says") and (closes or before[-1].is_any("cited"))

    def has_determiner(self, span: tuple[int, int]) -> bool:
        """Whether a determiner that names do without stands right before a mention, or is its first word."""
        first = labelled(words_of(self._text, *span)[:1], self._language)
        return any(word.is_any("determiner") for word in [*first, *self._before(span)[-1:]])

    def opens_report(self, span: tuple[int, int]) -> bool:
        """Whether a mention is part of a dateline."""
        start = self._text.rfind("\n", max(span[0] - _LINE_CHARS, 0), span[0]) + 1
        if start == 0 and span[0] > _LINE_CHARS:
            return False
        match = _DATELINE.match(self._text, start, min(start + 2 * _LINE_CHARS, len(self._text)))
        return match is not None and span[1] <= match.end()

    def _opens_sentence(self, span: tuple[int, int], before: Sequence[Labelled]) -> bool:
        at = before[0].word.start if before else span[0]
        mark = self._text[max(at - 4, 0) : at].strip()
        return not mark or mark[-1] in ".!?\n。！？؟"

    def _owns(self, span: tuple[int, int], behind: Sequence[Labelled]) -> bool:
        """Whether an English genitive makes a mention the owner of what follows."""
        return bool(behind) and self._text[span[1] : span[1] + 1] in _APOSTROPHES and behind[0].word.forms[:1] == ("s",)

    def _is_next(self, span: tuple[int, int], word: Labelled) -> bool:
        return not word.word.is_comma and not self._text[span[1] : word.word.start].strip()

    def _before(self, span: tuple[int, int]) -> list[Labelled]:
        low, high = max(span[0] - _REACH_CHARS, 0), span[0]
        while high > low and self._text[high - 1] in _QUOTES:
            high -= 1
        cut = max((match.end() for match in _CUT.finditer(self._text, low, high)), default=low)
        return labelled(words_of(self._text, cut, high), self._language)

    def _behind(self, span: tuple[int, int]) -> list[Labelled]:
        high = min(span[1] + _REACH_CHARS, len(self._text))
        cut = _CUT.search(self._text, span[1], high)
        return labelled(words_of(self._text, span[1], cut.start() if cut else high), self._language)


def _is_put_somewhere(before: Sequence[Labelled], base: str) -> bool:
    """Whether the words before a mention end with a word for where, but for what may stand between."""
    for number in range(len(before) - 1, -1, -1):
        word, earlier = before[number], before[number - 1] if number else None
        if word.is_any("in"):
            return not (base in _AGAINST and earlier is not None and earlier.is_any("harm"))
        if word.is_any("at") and (earlier is None or earlier.word.is_comma or earlier.is_any("place", "site")):
            return True
        if not word.is_any("beside", "place"):
            return False
    return False


def _is_complement(before: Sequence[Labelled]) -> bool:
    """Whether a noun for a place stands before a mention, but for what may stand between."""
    for word in reversed(before):
        if word.is_any("place"):
            return True
        if not word.is_any("beside"):
            return False
    return False
