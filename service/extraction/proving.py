"""Proving: the words of one article that prove an entry, or why they cannot.

An entry is asked about more than once: whether to ask the model again, while it still writes, and for the record. Its words are looked for once.
"""

from dataclasses import dataclass

import regex

from schemas.record import Evidence
from schemas.vocabulary import RejectionReason, Section
from service.extraction.quotes.alignment import FoldedText
from service.extraction.sentences import Sentences
from service.extraction.times import tells_time

#: The field of each section whose words prove the entry.
PROOF = {Section.ACTORS: "name", Section.TARGETS: "name", Section.THREATS: "quote", Section.TIMELINES: "expression", Section.COMMITMENTS: "quote"}

#: A name with more characters is a sentence.
MAX_NAME_CHARS = 120
#: A quote with fewer words states nothing.
MIN_QUOTE_WORDS = 3

_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|[\p{L}\p{M}\p{N}]+")
_LETTER = regex.compile(r"\p{L}")


@dataclass(frozen=True, slots=True)
class Unproven:
    """Why words prove no entry."""

    reason: RejectionReason
    detail: str


class Proofs:
    """What proves the entries of one article."""

    def __init__(self, folded: FoldedText, sentences: Sentences, language: str) -> None:
        """Know the text of the article, its sentences and its language."""
        self._folded, self._sentences, self._language = folded, sentences, language
        self._known: dict[tuple[Section, str, tuple[int, int]], Evidence | Unproven] = {}

    def of(self, section: Section, words: str, within: tuple[int, int]) -> Evidence | Unproven:
        """Return what proves an entry of a section, or why nothing does.

        Args:
            section: The list that the entry was offered for.
            words: Those of the field that must prove it.
            within: Span that is searched first; the whole text follows.
        """
        asked = section, words, within
        if asked not in self._known:
            self._known[asked] = self._look_for(*asked)
        return self._known[asked]

    def _look_for(self, section: Section, words: str, within: tuple[int, int]) -> Evidence | Unproven:
        match = self._folded.align(words, hint=within[0], within=within)
        if match is None:
            return Unproven(RejectionReason.NOT_IN_TEXT, f"The words of `{PROOF[section]}` are not in the article.")
        quote = self._folded.text[match.start : match.end]
        doubt = self._doubt(section, quote)
        if doubt:
            return Unproven(RejectionReason.UNVERIFIABLE, doubt)
        return Evidence(quote=quote, start=match.start, end=match.end, match=match.match, sentence=self._sentences.enclosing(match.start, match.end))

    def _doubt(self, section: Section, words: str) -> str | None:
        """Return why these words of the article cannot prove an entry of a section, or None if they can."""
        if section in {Section.ACTORS, Section.TARGETS}:
            if not _LETTER.search(words):
                return "A name has letters."
            return "A name is not a sentence." if len(words) > MAX_NAME_CHARS else None
        if section == Section.TIMELINES:
            return None if tells_time(words, self._language) else "These words tell no time."
        return "A fragment of so few words states nothing." if len(_WORD.findall(words)) < MIN_QUOTE_WORDS else None
