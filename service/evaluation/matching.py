"""Which entries that were found are which entries of the gold: one-to-one, by the rules of docs/evaluation.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.vocabulary import Section
from service.evaluation.assignment import assign
from service.evaluation.comparing import KEY_FIELDS, GoldEntry, compare
from service.evaluation.gold import GoldArticle, GoldCommitment, GoldThreat, GoldTimeline
from service.evaluation.reading import Found
from service.evaluation.wording import SAME, likeness, occurrences, overlap, plain

#: From this overlap on a quote has the words of the gold's.
_SAME_WORDS = 0.8
_MOST_LIKENESS = 1_000


@dataclass(frozen=True, slots=True)
class Pair:
    """A gold entry and the entry that was found for it, by their places in their lists."""

    gold: int
    found: int
    #: 0.5 to 1.
    likeness: float
    #: Whether the words and the key fields are right as well.
    exact: bool
    #: For each field that the gold gives, whether it is right.
    fields: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Matched:
    """One section of one article."""

    #: The entries of the gold, in its order.
    gold: tuple[GoldEntry, ...]
    found: tuple[Found, ...]
    pairs: tuple[Pair, ...]

    @property
    def missed(self) -> list[GoldEntry]:
        """Gold entries that nobody found and that are not optional."""
        paired = {pair.gold for pair in self.pairs}
        return [entry for at, entry in enumerate(self.gold) if at not in paired and not entry.optional]

    @property
    def spurious(self) -> list[Found]:
        """What was found and is no entry of the gold."""
        paired = {pair.found for pair in self.pairs}
        return [found for at, found in enumerate(self.found) if at not in paired]


def match(section: Section, article: GoldArticle, found: Sequence[Found]) -> Matched:
    """Return what was found of one section, paired with the gold."""
    gold: tuple[GoldEntry, ...] = getattr(article.annotation, section)
    options = {
        (row, column): pair
        for row, entry in enumerate(gold)
        for column, one in enumerate(found)
        if (pair := _pair(section, article, (row, entry), (column, one)))
    }
    base = min(len(gold), len(found)) + 1
    worth = [[_worth(section, options.get((row, column)), base, gold[row].optional) for column in range(len(found))] for row in range(len(gold))]
    return Matched(gold, tuple(found), tuple(options[chosen] for chosen in assign(worth)))


def words_of(entry: GoldEntry) -> tuple[str, ...]:
    """Return the accepted words of a gold entry, the best first."""
    match entry:
        case GoldThreat() | GoldCommitment():
            return entry.quote
        case GoldTimeline():
            return entry.expression
        case _:
            return entry.name


def alike(section: Section, words: Sequence[str], found: Found, text: str) -> float:
    """Return how surely `found` is the entry of the gold that has these `words`: 0 if not, else 0.5 to 1."""
    named = max((likeness(name, one) for name in found.names for one in words), default=0.0)
    if section is Section.ACTORS:
        return named
    spans = [*found.spans, *occurrences(found.names, text)]
    placed = overlap(spans, occurrences(words, text))
    return max(named, placed if placed >= SAME else 0.0)


def _pair(section: Section, article: GoldArticle, gold: tuple[int, GoldEntry], found: tuple[int, Found]) -> Pair | None:
    """Return the pair that two entries make, if they are the same thing."""
    (row, entry), (column, one) = gold, found
    words = words_of(entry)
    sure = alike(section, words, one, article.text)
    if not sure or (section is Section.TARGETS and _is_rather_forbidden(sure, one, article)):
        return None
    fields = compare(section, entry, one, article.annotation)
    exact = _has_words(words, one, article.text) and all(fields.get(name, True) for name in KEY_FIELDS[section])
    return Pair(row, column, sure, exact, fields)


def _is_rather_forbidden(sure: float, found: Found, article: GoldArticle) -> bool:
    """Whether a target is still more like what must not be one, such as the town of a barracks."""
    return any(alike(Section.TARGETS, never.name, found, article.text) > sure for never in article.annotation.never)


def _has_words(words: Sequence[str], found: Found, text: str) -> bool:
    """Whether `found` says it in the words of the gold."""
    if found.names:
        return not {plain(name) for name in found.names}.isdisjoint(map(plain, words))
    return overlap(found.spans, occurrences(words, text)) >= _SAME_WORDS


def _worth(section: Section, pair: Pair | None, base: int, optional: bool) -> int:  # noqa: FBT001 - a fact of the entry
    """Return what a pair is worth: a number whose digits, in the `base`, are what counts first, second and so on however many pairs there are.

    As many pairs as can be; of those who are to be found; exact; with the right fields; with words that are alike.
    """
    if pair is None:
        return 0
    worth = 0
    for digit in (True, not optional, pair.exact, *(pair.fields.get(name, False) for name in KEY_FIELDS[section])):
        worth = worth * base + digit
    return worth * base * _MOST_LIKENESS + round(pair.likeness * _MOST_LIKENESS)
