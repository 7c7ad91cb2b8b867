"""Alignment: where the words of a quote stand in the text as received.

A ladder of four rungs: letter by letter (`exact`), the same letters and digits under other typography (`folded`), parts of the text in their order with what
is left out marked (`elided`), and the same words but for what says nothing (`fuzzy`). Anything else is not found. A span is half-open and counts code points of
the text as received, whose own words are the evidence whatever the rung. Of several places the first from the hint on is taken, else the last before it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from schemas.vocabulary import Match as MatchKind
from service.extraction.quotes.accents import accents_agree
from service.extraction.quotes.eliding import MAX_GAP_CHARS, Part, may_omit, parts_of
from service.extraction.quotes.folding import QUOTE_MARKS, UNSPACED, fold, folded, letters_of, same_sign
from service.extraction.quotes.fuzzy import near
from service.extraction.quotes.guards import languages_of

__all__ = ["FoldedText", "Match", "align", "folded"]

#: A quote with fewer letters and digits proves nothing, unless it is written in a script whose words are that short, or in capitals: EU, UN.
MIN_QUOTE_CHARS = 3

#: How many places with the letters of a quote are looked at on either side of the hint: more for a short one, which stands within other words too.
_MOST_PLACES = 48
_MOST_PLACES_OF_SHORT = 192
_SHORT_CHARS = 12
#: From how many places of its first part the later parts of a quote are looked for.
_MOST_OPENINGS = 8
#: Most space between the words of the text and a sign that belongs to the quote.
_MOST_SPACE = 4


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quote was found: `start` inclusive, `end` exclusive, and how."""

    start: int
    end: int
    match: MatchKind


class FoldedText:
    """A text that is folded once, so that many quotes can be looked for in it."""

    def __init__(self, text: str) -> None:
        """Fold `text`; linear in its length."""
        self.text = text
        self._skeleton = fold(text)
        #: Several stages ask for the mentions of one name.
        self._mentioned: dict[tuple[str, int], tuple[Match, ...]] = {}

    def align(self, quote: str, *, hint: int | None = None, within: tuple[int, int] | None = None) -> Match | None:
        """Return where `quote` stands, or None if it does not.

        Args:
            quote: Words that are claimed to be in the text.
            hint: Code point at which they are expected; of several places the first from there on is taken, else the last before it.
            within: Span that is searched first; the whole text follows.
        """
        quote = quote.strip()
        letters = folded(quote)
        if len(letters) < MIN_QUOTE_CHARS and not UNSPACED.search(letters) and not (len(letters) > 1 and quote.isupper()):
            return None
        whole = (0, len(self.text))
        spans = dict.fromkeys((within or whole, whole))
        rungs = (self._verbatim, self._elided, self._fuzzy)
        return next((found for rung in rungs for span in spans if (found := rung(quote, letters, hint, span))), None)

    def mentions(self, name: str, limit: int) -> list[Match]:
        """Return at most `limit` places where `name` stands as whole words, letter by letter or folded, in the order of the text."""
        if (name, limit) not in self._mentioned:
            letters = folded(name)
            spans = islice(self._folded_places(letters, 0, (0, len(self.text))), limit) if letters else ()
            self._mentioned[name, limit] = tuple(Match(*span, MatchKind.EXACT if self.text[slice(*span)] == name else MatchKind.FOLDED) for span in spans)
        return list(self._mentioned[name, limit])

    def _verbatim(self, quote: str, letters: str, hint: int | None, bounds: tuple[int, int]) -> Match | None:
        at = bounds[0] if hint is None else hint
        exact = next(self._exact_places(quote, at, bounds), None)
        if exact:
            return Match(*exact, MatchKind.EXACT)
        agreeing = (span for span in self._folded_places(letters, at, bounds) if accents_agree(quote, self.text[slice(*span)]))
        span = next(agreeing, None)
        return Match(*self._grow(*span, quote), MatchKind.FOLDED) if span else None

    def _elided(self, quote: str, _: str, hint: int | None, bounds: tuple[int, int]) -> Match | None:
        parts = parts_of(quote)
        if not parts:
            return None
        languages = languages_of(quote)
        openings = self._folded_places(parts[0].letters, bounds[0] if hint is None else hint, bounds)
        for start, end in islice(openings, _MOST_OPENINGS):
            last = self._rest(parts, (start, end), min(bounds[1], len(self.text)), languages)
            if last:
                return Match(self._grow(start, end, parts[0].words)[0], self._grow(*last, parts[-1].words)[1], MatchKind.ELIDED)
        return None

    def _rest(self, parts: Sequence[Part], opening: tuple[int, int], limit: int, languages: frozenset[str]) -> tuple[int, int] | None:
        """Return the span of the last part, if each follows the one before it within reach and may do so; None if not."""
        span = opening
        for earlier, part in pairwise(parts):
            if not accents_agree(earlier.words, self.text[slice(*span)]):
                return None
            # As far as the letters of the part can reach if they begin within the gap.
            bounds = (span[1], min(limit, span[1] + MAX_GAP_CHARS + 2 * len(part.words)))
            after = next(self._folded_places(part.letters, span[1], bounds), None)
            if after is None or after[0] - span[1] > MAX_GAP_CHARS or not may_omit(self.text[span[1] : after[0]], languages):
                return None
            span = after
        return span if accents_agree(parts[-1].words, self.text[slice(*span)]) else None

    def _fuzzy(self, quote: str, _: str, hint: int | None, bounds: tuple[int, int]) -> Match | None:
        span = near(quote, self._skeleton, bounds[0] if hint is None else hint, bounds)
        return Match(*span, MatchKind.FUZZY) if span else None

    def _exact_places(self, quote: str, hint: int, bounds: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Yield where `quote` stands letter by letter as whole words: from the hint on, then backwards from there."""
        skeleton = self._skeleton

        def whole(at: int) -> tuple[int, int] | None:
            return (at, at + len(quote)) if skeleton.opens(at) and skeleton.closes(at + len(quote)) else None

        def following(at: int) -> int:
            return at + 1 if skeleton.opens(at) else skeleton.after_word(at)

        return _places(self.text, quote, hint, bounds, (whole, following))

    def _folded_places(self, letters: str, hint: int, bounds: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Yield where `letters` stand as whole words: from the hint on, then backwards from there."""
        skeleton = self._skeleton

        def whole(at: int) -> tuple[int, int] | None:
            return skeleton.span(at, at + len(letters))

        def following(at: int) -> int:
            start = skeleton.origins[at]
            return at + 1 if skeleton.opens(start) else skeleton.low(skeleton.after_word(start))

        low, high = map(skeleton.low, bounds)
        return _places(skeleton.letters, letters, skeleton.low(hint), (low, high), (whole, following))

    def _grow(self, start: int, end: int, quote: str) -> tuple[int, int]:
        """Take in the signs at either end that the quote has too."""
        text = self.text
        first, last = _letters_within(quote)
        for wanted in reversed("".join(quote[:first].split())):
            before = start - 1
            while before >= max(start - _MOST_SPACE, 0) and text[before].isspace():
                before -= 1
            if before >= 0 and same_sign(text[before], wanted):
                start = before
        for wanted in "".join(quote[last:].split()):
            after = end
            while after < min(end + _MOST_SPACE, len(text)) and text[after].isspace() and wanted in QUOTE_MARKS:
                after += 1
            if after < len(text) and same_sign(text[after], wanted):
                end = after + 1
        return start, end


def align(quote: str, text: str, *, hint: int | None = None) -> Match | None:
    """Return where `quote` stands in `text`, or None if it does not; see `FoldedText.align`."""
    return FoldedText(text).align(quote, hint=hint)


def _places(
    text: str, needle: str, hint: int, bounds: tuple[int, int], reading: tuple[Callable[[int], tuple[int, int] | None], Callable[[int], int]]
) -> Iterator[tuple[int, int]]:
    """Yield the spans of whole words behind `needle`: those from the hint on in order, then those before it backwards, as many as are looked at.

    Args:
        text: What is searched.
        needle: What is looked for.
        hint: Where in `text` to begin.
        bounds: Of the search.
        reading: What tells the span of whole words behind a place or None, and where to look on after a place.
    """
    whole, following = reading
    low, high = bounds
    hint = min(max(hint, low), high)
    most = _MOST_PLACES if len(needle) > _SHORT_CHARS else _MOST_PLACES_OF_SHORT
    at = text.find(needle, hint, high)
    for _ in range(most):
        if at < 0:
            break
        if span := whole(at):
            yield span
        at = text.find(needle, following(at), high)
    end = min(hint + len(needle) - 1, high)
    for _ in range(most):
        at = text.rfind(needle, low, end)
        if at < 0:
            break
        if span := whole(at):
            yield span
        end = at + len(needle) - 1


def _letters_within(words: str) -> tuple[int, int]:
    """Return where the first letter of `words` begins and where the last one ends."""
    kept = [at for at, char in enumerate(words) if letters_of(char)]
    return (kept[0], kept[-1] + 1) if kept else (0, len(words))
