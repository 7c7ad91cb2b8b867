"""The figures of an evaluation as plain lines for people."""

from collections.abc import Iterator

from service.cli.terminal import harmless
from service.evaluation.results import Figure, HalfResult, Part, Rates, Results

_RULED = 78


def scoreboard(results: Results) -> str:
    """Return the figures of each half, without a newline at the end."""
    blocks = [f"model {results.model}, corpus {results.corpus_sha256[:12]}", *("\n".join(_half(half, told)) for half, told in results.halves.items())]
    return "\n\n".join(blocks)


def _half(half: str, told: HalfResult) -> Iterator[str]:
    failed = f", {told.failed} failed" if told.failed else ""
    yield harmless(f"{half}: {told.articles} article{'s' if told.articles > 1 else ''}{failed}")
    yield ""
    yield f"{'':<16}{'relaxed':<33}exact"
    yield f"{'':<16}{_HEADS:<33}{_HEADS}"
    for section, one in told.sections.items():
        yield f"{section:<16}{_rates(one.relaxed, one.relaxed_f1):<33}{_rates(one.exact, one.exact_f1)}"
    yield "-" * _RULED
    yield f"{'mean of F1':<16}{_mean(told.mean_relaxed_f1):<33}{_mean(told.mean_exact_f1)}"
    yield ""
    measured, cost = told.measured, told.measured.cost
    yield f"{'target category':<20}{_part(measured.target_category)}"
    yield f"{'time values':<20}{_part(measured.time_values)}"
    yield f"{'evidence exact':<20}{_part(measured.evidence)}"
    yield f"{'civilian leak':<20}{measured.civilian_leaks}, of {measured.never} that must not be targets"
    omitted = f", {measured.rejected_omitted} not listed" if measured.rejected_omitted else ""
    yield f"{'rejected':<20}{', '.join(f'{count} {reason}' for reason, count in measured.rejected.items()) or 'none'}{omitted}"
    yield f"{'tokens':<20}{cost.prompt_tokens:,} read, {cost.cached_tokens:,} of them kept; {cost.completion_tokens:,} written; {cost.calls:,} calls"
    each = "" if cost.seconds_per_correct is None else f", {cost.seconds_per_correct:.1f} for each correct entry"
    yield f"{'seconds':<20}{cost.seconds:,.1f}{each}"


_HEADS = "   P    R    F1 (95 %)"


def _rates(rates: Rates, f1: Figure) -> str:
    return f"{_short(rates.precision)} {_short(rates.recall)} {_with_interval(f1)}"


def _mean(figure: Figure) -> str:
    return f"{'':<10}{_with_interval(figure)}"


def _with_interval(figure: Figure) -> str:
    return f"{_short(figure.value)} ({_short(figure.low)} to {_short(figure.high)})"


def _part(part: Part) -> str:
    return f"{_short(part.share)} ({part.right} of {part.of})"


def _short(value: float | None) -> str:
    """Return a share in four characters; nothing has none."""
    return "   -" if value is None else f"{value:.2f}"
