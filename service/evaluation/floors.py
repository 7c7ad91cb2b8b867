"""Floors: figures below which no change may bring a model that reads the gold. They rise when they are told to and never sink by themselves."""

import math
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.vocabulary import Section
from service.errors import SetupError
from service.evaluation.results import HalfResult, Results

_THOUSAND = 1_000


class _Floor(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SectionFloor(_Floor):
    """The least F1 of a section, by each of the two rules."""

    relaxed: float
    exact: float


class HalfFloor(_Floor):
    """The floors of one half of the gold, as it was when they were set."""

    corpus_sha256: str
    sections: dict[Section, SectionFloor]
    #: The least share of quotes that stand in the text.
    evidence: float
    #: The most targets that must not be.
    civilian_leaks: int


class Floors(_Floor):
    """The floors of each model, by half."""

    models: dict[str, dict[str, HalfFloor]] = Field(default_factory=dict)


def load(path: Path) -> Floors:
    """Return the floors in the file at `path`; none where there is no file.

    Raises:
        SetupError: It cannot be read.
    """
    try:
        return Floors.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Floors()
    except (OSError, ValidationError):
        raise SetupError(f"{path} holds no floors.") from None


def save(floors: Floors, path: Path) -> None:
    """Write `floors` for people to read: the same floors, the same bytes.

    Raises:
        SetupError: The file cannot be written.
    """
    models = {model: dict(sorted(halves.items())) for model, halves in sorted(floors.models.items())}
    try:
        path.write_text(Floors(models=models).model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise SetupError(f"{path} cannot be written: {error.strerror}.") from None


def floor_of(model: str, half: str, corpus_sha256: str, floors: Floors) -> HalfFloor:
    """Return the floor of `model` on a half of the gold.

    Raises:
        SetupError: There is none, or it is that of another gold.
    """
    floor = floors.models.get(model, {}).get(half)
    if floor is None:
        raise SetupError(f"There are no floors for {model} on the {half} half: --update sets them.")
    if floor.corpus_sha256 != corpus_sha256:
        raise SetupError(f"The floors for {model} are those of another {half} half: its articles or annotations have changed since. --update sets them anew.")
    return floor


def check(results: Results, floors: Floors) -> list[str]:
    """Return in words what is below its floor.

    Raises:
        SetupError: There are no floors for this model and these halves, or those of another gold.
    """
    return [
        breach for half, result in results.halves.items() for breach in _breaches(half, result, floor_of(results.model, half, result.corpus_sha256, floors))
    ]


def raised(results: Results, floors: Floors) -> tuple[Floors, list[str]]:
    """Return the floors with those of the model of `results` raised to its figures where these are better, and which halves have floors anew.

    A half whose gold has changed, or that has none yet, gets floors anew: those of another gold say nothing about this one.
    """
    before = floors.models.get(results.model, {})
    after, anew = dict(before), []
    for half, result in results.halves.items():
        kept = before.get(half)
        if kept and kept.corpus_sha256 == result.corpus_sha256:
            after[half] = _higher(kept, _reached(result))
        else:
            after[half] = _reached(result)
            anew.append(half)
    return Floors(models={**floors.models, results.model: after}), anew


def _breaches(half: str, result: HalfResult, floor: HalfFloor) -> Iterator[str]:
    for section, least in floor.sections.items():
        told = result.sections[section]
        for rule, value, lowest in (("relaxed", told.relaxed.f1, least.relaxed), ("exact", told.exact.f1, least.exact)):
            if value is not None and value < lowest:
                yield f"{half}: {rule} F1 of {section} is {_down(value):.3f}, below {lowest:.3f}"
    share = result.measured.evidence.share
    if share is not None and share < floor.evidence:
        yield f"{half}: {_down(share):.3f} of the quotes stand in the text, below {floor.evidence:.3f}"
    if result.measured.civilian_leaks > floor.civilian_leaks:
        yield f"{half}: of the targets {result.measured.civilian_leaks} must not be, above {floor.civilian_leaks}"


def _reached(result: HalfResult) -> HalfFloor:
    """Return the figures of `result` as floors."""
    return HalfFloor(
        corpus_sha256=result.corpus_sha256,
        sections={section: SectionFloor(relaxed=_down(told.relaxed.f1), exact=_down(told.exact.f1)) for section, told in result.sections.items()},
        evidence=_down(result.measured.evidence.share),
        civilian_leaks=result.measured.civilian_leaks,
    )


def _higher(one: HalfFloor, other: HalfFloor) -> HalfFloor:
    """Return the better of two floors of the same gold, figure by figure."""
    return HalfFloor(
        corpus_sha256=one.corpus_sha256,
        sections={
            section: SectionFloor(relaxed=max(floor.relaxed, other.sections[section].relaxed), exact=max(floor.exact, other.sections[section].exact))
            for section, floor in one.sections.items()
        },
        evidence=max(one.evidence, other.evidence),
        civilian_leaks=min(one.civilian_leaks, other.civilian_leaks),
    )


def _down(value: float | None) -> float:
    """Return a floor that `value` keeps: its first three decimals."""
    return 0.0 if value is None else math.floor(value * _THOUSAND) / _THOUSAND
