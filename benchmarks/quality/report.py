"""A comparison for people: tables on the terminal, and the page docs/benchmarks/quality.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from benchmarks.quality.hosted import Hosted
from benchmarks.quality.results import OURS, Compared, ReaderResult
from service.evaluation.results import Figure, Part, SectionFigures

#: What the embedded model is asked to show: its mean F1 as a multiple of the better other's, the lower end of that, and its time as a multiple of one call's.
TIMES, TIMES_LOW, SECONDS_TIMES = 1.6, 1.2, 2.0
#: Providers keep a prefix of so many tokens.
_PREFIX = 1_024


@dataclass(frozen=True, slots=True)
class Table:
    """Cells under their heads; the first column says what a row is about."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return it as Markdown, without a newline at the end."""
        rule = tuple("---" for _ in self.heads)
        return "\n".join(f"| {' | '.join(row)} |" for row in (self.heads, rule, *self.rows))

    def plain(self) -> str:
        """Return it as lines with the columns one under the other, without a newline at the end."""
        widths = [max(map(len, column)) for column in zip(self.heads, *self.rows, strict=True)]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (self.heads, *self.rows))


def lines(compared: Compared) -> str:
    """Return the figures of each half as plain lines, without a newline at the end."""
    told = [f"{half}\n\n" + "\n\n".join(table.plain() for table in tables(compared, half)) for half in halves(compared)]
    return "\n\n".join([*told, costs(compared.hosted).plain()] if compared.hosted else told)


def page(compared: Compared) -> str:
    """Return the page that tells the comparison."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - no HTML
    template = environment.from_string(files("benchmarks.quality").joinpath("report.md").read_text(encoding="utf-8"))
    return template.render(compared=compared, halves=halves(compared), found=found, beside=beside, asked=asked, costs=costs)


def halves(compared: Compared) -> list[str]:
    """Return the halves of the gold that were read."""
    return [*next(iter(compared.readers.values())).results.halves]


def tables(compared: Compared, half: str) -> Iterator[Table]:
    """Yield what there is to tell of a half."""
    yield found(compared, half, "relaxed")
    yield found(compared, half, "exact")
    yield beside(compared, half)
    if half in compared.standings:
        yield asked(compared, half)


def found(compared: Compared, half: str, rule: str) -> Table:
    """Return precision, recall and F1 of each section by one of the two rules."""
    told = [one.half(half) for one in compared.readers.values()]
    rows = [(section, *(_rates(one.sections[section], rule) for one in told)) for section in told[0].sections]
    mean = ("mean of F1", *(_figure(one.mean_relaxed_f1 if rule == "relaxed" else one.mean_exact_f1) for one in told))
    return Table((f"{rule}: P, R, F1 (95 %)", *_called(compared)), (*rows, mean))


def beside(compared: Compared, half: str) -> Table:
    """Return what else was measured."""
    rows = [_measures(one, half) for one in compared.readers.values()]
    return Table(("beside", *_called(compared)), tuple((name, *(row[name] for row in rows)) for name in rows[0]))


def asked(compared: Compared, half: str) -> Table:
    """Return what Vigie with the embedded model is asked to show, and what was seen."""
    standing, us = compared.standings[half], compared.readers[OURS]
    others = [one for reader, one in compared.readers.items() if reader != OURS]
    ours, times = us.half(half).measured, standing.mean_relaxed_f1
    each, theirs = ours.cost.seconds_per_correct, [one.half(half).measured.cost.seconds_per_correct for one in others]
    dearer = each is None or any(one is not None and one <= each for one in theirs)
    slower, cut_off = standing.seconds["instructor"], us.cut_off_of(half)
    rows = (
        ("mean F1, times the better of the others", f"at least {TIMES}", _short(times.value), _at_least(times.value, TIMES)),
        ("its paired interval", f"above {TIMES_LOW}", f"{_short(times.low)} to {_short(times.high)}", _above(times.low, TIMES_LOW)),
        ("sections below both others", "none", ", ".join(standing.below_both) or "none", not standing.below_both),
        ("civilian leak", "0", str(ours.civilian_leaks), not ours.civilian_leaks),
        ("evidence exact", "all", _part(ours.evidence), ours.evidence.right == ours.evidence.of),
        ("answers cut off", "0", str(cut_off), not cut_off),
        ("seconds for each correct entry", f"below {_each(theirs)}", _each([each]), not dearer),
        ("seconds for an article, times Instructor's", f"at most {SECONDS_TIMES}", _short(slower), slower <= SECONDS_TIMES),
    )
    return Table(("asked of Vigie", "", "seen", "shown"), tuple((what, least, seen, "yes" if shown else "no") for what, least, seen, shown in rows))


def costs(hosted: Hosted) -> Table:
    """Return what an article costs a hosted model."""
    ours, theirs = hosted.vigie, hosted.langextract
    rows = (
        ("tokens sent", f"{theirs.sent:,.0f}", f"{ours.sent:,.0f}", ""),
        ("tokens of an answer with what the gold holds", f"{theirs.answered:,.0f}", f"{ours.answered:,.0f}", ""),
        ("both", f"{theirs.both:,.0f}", f"{ours.both:,.0f}", "yes" if ours.both <= theirs.both else "no"),
        ("of those sent, the prefix that never changes", f"at least {_PREFIX:,}", f"{hosted.prefix:,}", "yes" if hosted.prefix >= _PREFIX else "no"),
    )
    return Table(("an article, on average", "langextract", "Vigie", "shown"), rows)


def _measures(one: ReaderResult, half: str) -> dict[str, str]:
    told = one.half(half)
    measured, cost, articles = told.measured, told.measured.cost, told.articles
    return {
        "target category": _part(measured.target_category),
        "time values": _part(measured.time_values),
        "evidence exact": _part(measured.evidence),
        "civilian leak": f"{measured.civilian_leaks} of {measured.never}",
        "answers cut off": f"{one.cut_off_of(half)} of {cost.calls}",
        "articles that failed": f"{told.failed} of {articles}",
        "calls for an article": f"{cost.calls / articles:.1f}",
        "tokens read for an article": f"{cost.prompt_tokens / articles:,.0f}",
        "of them kept by the engine": f"{cost.cached_tokens / articles:,.0f}",
        "tokens written for an article": f"{cost.completion_tokens / articles:,.0f}",
        "seconds for an article": f"{cost.seconds / articles:.1f}",
        "seconds for each correct entry": _each([cost.seconds_per_correct]),
    }


def _called(compared: Compared) -> tuple[str, ...]:
    return tuple(one.called for one in compared.readers.values())


def _rates(one: SectionFigures, rule: str) -> str:
    rates, f1 = (one.relaxed, one.relaxed_f1) if rule == "relaxed" else (one.exact, one.exact_f1)
    return f"{_short(rates.precision)} {_short(rates.recall)} {_figure(f1)}"


def _figure(figure: Figure) -> str:
    return f"{_short(figure.value)} ({_short(figure.low)} to {_short(figure.high)})"


def _part(part: Part) -> str:
    return f"{_short(part.share)} ({part.right} of {part.of})"


def _each(seconds: list[float | None]) -> str:
    return " and ".join("-" if one is None else f"{one:.1f}" for one in seconds)


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _at_least(value: float | None, least: float) -> bool:
    return value is not None and value >= least


def _above(value: float | None, bound: float) -> bool:
    return value is not None and value > bound
