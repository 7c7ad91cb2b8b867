"""Counts of what was found, missed and made up, and the figures that follow from them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from schemas.vocabulary import Section
from service.evaluation.gold import GoldArticle, GoldNever, GoldTimeline
from service.evaluation.matching import Matched, alike, match
from service.evaluation.reading import Found, Reading


class Tally(NamedTuple):
    """Entries that are right, made up and missed. What is optional is none of them."""

    right: int = 0
    spurious: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """Share of what was found that is right; None where nothing was found."""
        return _share(self.right, self.right + self.spurious)

    @property
    def recall(self) -> float | None:
        """Share of what is to be found that was; None where there is nothing."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of both; None where there is nothing to find and nothing was found."""
        return _share(2 * self.right, 2 * self.right + self.spurious + self.missed)


class Share(NamedTuple):
    """How many `of` them are right."""

    right: int = 0
    of: int = 0

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return _share(self.right, self.of)


_NONE = Share()


@dataclass(frozen=True, slots=True)
class Counts:
    """All that is counted in one article, or in several together."""

    relaxed: Mapping[Section, Tally]
    exact: Mapping[Section, Tally]
    #: Targets that were found and have the right category.
    categories: Share = _NONE
    #: Times that were found, whose gold says when, and that lie where it says.
    times: Share = _NONE
    #: Quotes that stand in the text to the letter.
    quotes: Share = _NONE
    #: Targets that must not be, and how many such things the gold names.
    leaks: int = 0
    never: int = 0

    @property
    def mean_relaxed(self) -> float | None:
        """Mean of the sections' relaxed F1."""
        return _mean(self.relaxed)

    @property
    def mean_exact(self) -> float | None:
        """Mean of the sections' exact F1."""
        return _mean(self.exact)


@dataclass(frozen=True, slots=True)
class Scored:
    """An article's entries, paired and counted."""

    sections: Mapping[Section, Matched]
    #: The targets that must not be, each with what forbids it.
    leaks: tuple[tuple[Found, GoldNever], ...]
    counts: Counts


def score(article: GoldArticle, reading: Reading) -> Scored:
    """Return how what was read compares with the gold."""
    sections = {section: match(section, article, reading.of(section)) for section in Section}
    leaks = tuple(_leaks(article, sections[Section.TARGETS]))
    counts = Counts(
        relaxed={section: _tally(matched, exact=False) for section, matched in sections.items()},
        exact={section: _tally(matched, exact=True) for section, matched in sections.items()},
        categories=_right(pair.fields["category"] for pair in sections[Section.TARGETS].pairs),
        times=_times(sections[Section.TIMELINES]),
        quotes=Share(reading.verbatim, reading.quotes),
        leaks=len(leaks),
        never=len(article.annotation.never),
    )
    return Scored(sections, leaks, counts)


def total(several: Iterable[Counts]) -> Counts:
    """Return the counts of several articles together."""
    counts = [*several]
    return Counts(
        relaxed={section: Tally(*_sums(one.relaxed[section] for one in counts)) for section in Section},
        exact={section: Tally(*_sums(one.exact[section] for one in counts)) for section in Section},
        categories=Share(*_sums(one.categories for one in counts)),
        times=Share(*_sums(one.times for one in counts)),
        quotes=Share(*_sums(one.quotes for one in counts)),
        leaks=sum(one.leaks for one in counts),
        never=sum(one.never for one in counts),
    )


def _tally(matched: Matched, *, exact: bool) -> Tally:
    required = [pair for pair in matched.pairs if not matched.gold[pair.gold].optional]
    right = sum(pair.exact or not exact for pair in required)
    wrong = len(required) - right
    return Tally(right, len(matched.spurious) + wrong, len(matched.missed) + wrong)


def _times(matched: Matched) -> Share:
    placed = []
    for pair in matched.pairs:
        entry = matched.gold[pair.gold]
        if isinstance(entry, GoldTimeline) and (entry.start is not None or entry.end is not None):
            placed.append(pair.fields.get("start", True) and pair.fields.get("end", True))
    return _right(placed)


def _leaks(article: GoldArticle, targets: Matched) -> Iterable[tuple[Found, GoldNever]]:
    for found in targets.spurious:
        forbidding = (never for never in article.annotation.never if alike(Section.TARGETS, never.name, found, article.text))
        if never := next(forbidding, None):
            yield found, never


def _right(answers: Iterable[bool]) -> Share:
    told = [*answers]
    return Share(sum(told), len(told))


def _sums(rows: Iterable[tuple[int, ...]]) -> Iterable[int]:
    return map(sum, zip(*rows, strict=True))


def _mean(tallies: Mapping[Section, Tally]) -> float | None:
    values = [value for tally in tallies.values() if (value := tally.f1) is not None]
    return sum(values) / len(values) if values else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
