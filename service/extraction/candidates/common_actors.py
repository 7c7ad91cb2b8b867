"""Common actors: whoever a sentence names by a common noun: a ministry, an army, rebels, officials, a source without a name."""

from collections.abc import Iterator, Sequence

from service.extraction.candidates.actor_candidate import Candidate, Sort
from service.extraction.candidates.actor_nouns import ARTICLE, CASELESS, DOING, SAYING, Words
from service.extraction.countries.words import Via
from service.extraction.judgement.standing import has_noun_last
from service.extraction.lexicons import lexicon
from service.extraction.people.words import actor_words
from service.extraction.places import named
from service.extraction.quotes.folding import folded

_KINDS = ("body", "force", "squad", "group", "officials")
_ADJECTIVE_CHARS, _MOST_BESIDE, _MOST_BEHIND = 5, 3, 4
_NEAR, _SOURCE_NEAR, _NAMELESS_NEAR = 5, 8, 14
#: Languages whose verb may stand before its subject.
_VERB_BEFORE = frozenset({"de", "ar", "he"})
_TIES = frozenset("-‐‑'’")
#: Words for "for" in the name of an organisation, and how a genitive ends.
_FOR, _GENITIVE, _MOST_NAMED = (
    frozenset(("for", "pour", "para", "per")),
    ("я", "и", "ы", "а", "у", "ой", "ых", "ії", "ів", "ого", "ої", "i", "y", "ej", "ych", "ego"),
    3,
)
_GERMAN_PEOPLES = ("ische", "ischen", "ischer", "isches")
_NISBA = ("ي", "يه", "ية", "ين", "ون")
_DEFINITE = ("ال", "لل", "ה")


class Commons:
    """The common nouns of one sentence that name somebody."""

    def __init__(self, words: Words, named_ones: Sequence[Candidate]) -> None:
        """Know the sentence, and whom it names by a name."""
        self._words = words
        self._taken = {at for one in named_ones for at in range(one.first, one.last)}
        self._people = {at for one in named_ones if one.sort is Sort.PERSON for at in range(one.first, one.last)}
        self._noun_last = has_noun_last(words.language)
        tables = [lexicon(name).get(words.language, {}).get("adjectives", "") for name in ("victims", "things")]
        self._endings = tuple(map(folded, next(filter(None, tables), "").split()))

    def candidates(self) -> Iterator[Candidate]:
        """Yield who is named so outside the names, from left to right."""
        at, words = 0, self._words
        while at < len(words):
            if at in self._taken or not self._is_head(at) or self._is_no_noun(at):
                at += 1
                continue
            end = at + 1
            while (
                words.has(end, *_KINDS)
                and self._is_bound(end)
                and end not in self._taken
                and not (self._noun_last and words.words[end].capital and words.language == "de")
            ):
                end += 1
            head = end - 1 if self._noun_last else at
            first, last = min(self._left(at), at), self._right(end)
            stands = self._stands(head, first, last)
            if stands:
                yield Candidate(first, last, Sort.BODY, head)
            at = max(last, at + 1) if stands and not words.has(head, "officials") else end

    def _is_head(self, at: int) -> bool:
        """Whether a word is a noun for somebody, or in a script without capitals that of an organisation which tells which one it is."""
        words = self._words
        if words.has(at, *_KINDS):
            return True
        headed = words.has(at, "org") and words.is_joined(at + 1) and not self._noun_last
        return headed and (words.language in CASELESS or words.words[at].capital) and self._right(at + 1) > at + 1

    def _is_no_noun(self, at: int) -> bool:
        words = self._words
        if words.has(at, "title") and not words.has(at, *_KINDS):
            return True
        if words.words[at].capital and at > 0 and words.is_joined(at) and words.language != "de":
            return words.words[at - 1].capital and not words.has(at - 1, "article", "stop", "in", "of")
        return False

    def _left(self, head: int) -> int:
        first = head
        while first > 0 and head - first < _MOST_BESIDE and self._is_bound(first) and self._describes(first - 1):
            first -= 1
        return first

    def _right(self, last: int) -> int:
        words, end = self._words, last
        if self._noun_last:
            return self._of(end)
        while end < min(len(words), last + _MOST_BEHIND) and self._is_bound(end) and self._describes(end):
            if words.language == "ar" and not self._agrees(end, last):
                break
            end += 1
        if words.language in CASELESS and end == last:
            return self._construct(end)
        return self._of(end)

    def _agrees(self, at: int, last: int) -> bool:
        """Whether an Arabic word with an article goes on with a name: as an adjective, or right behind a noun that has no article."""
        words = self._words
        opens = at == last and not ARTICLE.match(words.form(at - 1))
        return opens or words.has(at, "describing") or (words.form(at).endswith(_NISBA) and named(words.said(at - 1, at), words.language) is None)

    def _construct(self, last: int) -> int:
        """Return the end of the name behind a noun that has no article: Hebrew and Arabic name so what a body is of."""
        words = self._words
        if words.has(last - 1, "officials", "group") or ARTICLE.match(words.form(last - 1)) or not self._is_unknown(last):
            return last
        return last + 2 if words.is_joined(last + 1) and ARTICLE.match(words.form(last + 1)) and self._is_unknown(last + 1) else last + 1

    def _is_unknown(self, at: int) -> bool:
        return self._words.is_joined(at) and not self._words.labels[at]

    def _of(self, end: int) -> int:
        """Return the end of what says whose somebody is."""
        words, at = self._words, end
        if not words.is_joined(at) or at in self._people:
            return end
        genitive = words.language in {"ru", "uk", "pl"}
        named = words.has(end - 1, "org") and words.words[end - 1].capital
        if not genitive and not words.has(at, "of") and not (named and words.form(at) in _FOR):
            return end
        at += not genitive
        if not genitive and words.language != "de" and words.has(at, "article") and words.gap(at).strip() == "":
            at += 1
        start = at
        while (
            at < len(words) and at - start < _MOST_BESIDE and self._is_bound(at) and (words.words[at].capital or self._describes(at) or words.has(at, *_KINDS))
        ):
            at += 1
        if genitive and named:
            while at < len(words) and at - start < _MOST_NAMED and words.is_joined(at) and not words.labels[at] and words.form(at).endswith(_GENITIVE):
                at += 1
        if at == start and not genitive and (named or words.has(end - 1, "group")) and words.form(at) and not words.has(at, "stop", "article"):
            at += 1
        return at if at > start and words.words[at - 1].forms else end

    def _is_bound(self, at: int) -> bool:
        return self._words.is_joined(at) or self._words.gap(at) in _TIES

    def _describes(self, at: int) -> bool:
        """Whether a word tells which body or people a noun names."""
        words = self._words
        form = words.form(at)
        if not form or words.has(at, "in", "of", "article", "stop", "thing", "place", "according", *SAYING):
            return False
        if words.has(at, "describing") or words.gap(at) in _TIES or words.gap(at + 1) in _TIES:
            return True
        place = named(words.said(at, at + 1), words.language)
        caseless = words.language in CASELESS
        if place is not None and (place.via == Via.PEOPLE or (place.via == Via.NAME and caseless)):
            return True
        if words.language == "en":
            return words.words[at].capital and at > 0
        if words.language == "de":
            return not words.words[at].capital and len(form) > _ADJECTIVE_CHARS and form.endswith(_GERMAN_PEOPLES)
        adjective = form.startswith(_DEFINITE) if caseless else len(form) >= _ADJECTIVE_CHARS and form.endswith(self._endings)
        return adjective and not words.has(at, *DOING)

    def _stands(self, head: int, first: int, last: int) -> bool:
        """Whether somebody is named rather than what is theirs."""
        words = self._words
        if words.language == "en" and words.is_joined(last) and words.has(last, "thing", "title", "place") and not words.has(last, *DOING):
            return False
        if self._is_compound(last) or self._is_of_place(first) or (words.has(head, "group") and self._has_name(head)):
            return False
        if words.has(head, "body", "force") or not words.has(head, *_KINDS):
            return True
        if words.has(head, "officials"):
            return self._informs(head, first, last)
        opens, several = self._opens(first), last - first > 1
        near = [*range(last, last + _NEAR), *([first - 1] if words.language in _VERB_BEFORE else [])]
        does = opens or any(words.has(number, *DOING) for number in near)
        return does or several if words.has(head, "group") else does and several

    def _informs(self, head: int, first: int, last: int) -> bool:
        """Whether officials or sources say something, or stand where a clause begins and are told which ones they are."""
        words = self._words
        nameless = self._is_nameless(first, last)
        cited = any(words.has(number, *SAYING, "according") for number in (first - 2, first - 1))
        beside = nameless or cited or any(words.has(number, *SAYING) for number in range(last, last + _SOURCE_NEAR))
        if last - first > 1:
            return beside or (self._is_plural(head) and self._opens(first))
        return beside and (nameless or self._is_plural(head) or self._is_source(head) or words.has(last, "relative"))

    def _is_of_place(self, first: int) -> bool:
        """Whether somebody only tells whose or which a place or a building is."""
        words, at = self._words, first - 1
        while at >= 0 and words.has(at, "of", "article") and words.is_joined(at + 1):
            at -= 1
        return words.has(at, "place") and words.is_joined(at + 1) and (at < first - 1 or words.language in CASELESS)

    def _has_name(self, head: int) -> bool:
        """Whether the name of an organisation follows, which those who fight are of."""
        words = self._words
        for number in range(head + 1, head + 2 + _NEAR):
            if not words.form(number) or words.has(number, *DOING):
                return False
            if words.has(number, "org") and words.words[number].capital:
                return True
        return False

    def _is_source(self, head: int) -> bool:
        sources = actor_words().sources
        return sources.any_of(self._words.words[head].forms, "")

    def _is_nameless(self, first: int, last: int) -> bool:
        """Whether somebody asks not to be named, in the words around."""
        words = self._words
        around = words.said(max(first - _SOURCE_NEAR, 0), min(last + _NAMELESS_NEAR, len(words)))
        return actor_words().anonymity.phrase_in(around)

    def _opens(self, first: int) -> bool:
        """Whether somebody stands where a clause begins, as its subject does."""
        words, at = self._words, first - 1
        while at >= 0 and words.has(at, "article", "free") and words.is_joined(at + 1):
            at -= 1
        return at < 0 or words.words[at].is_comma or words.has(at, "that", "if", "but", "relative") or not words.is_joined(at + 1)

    def _is_compound(self, last: int) -> bool:
        """Whether an English noun goes on with another one: government bonds."""
        words = self._words
        form = words.form(last)
        return (
            words.language == "en"
            and words.is_joined(last)
            and form.endswith("s")
            and not words.words[last].capital
            and not words.has(last, *DOING, "stop", "in", "of")
        )

    def _is_plural(self, head: int) -> bool:
        return self._words.form(head).endswith(("s", "n", "i", "и", "ы", "і", "ів", "ов", "ей", "ون", "ين", "ים", "lar", "ler"))
