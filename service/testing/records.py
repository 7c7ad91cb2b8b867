"""A record as what the model found: the way back from what a caller reads to what a model would have written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from schemas.record import Record
from service.testing.entries import Entry, actor, commitment, target, threat, timeline

#: What a record holds of an entry and a model does not write: code finds it.
_DERIVED = ("id", "evidence", "mentions", "sector", "country", "country_basis", "targets", "timelines", "owners", "dual_use", "threat")
_DERIVED_OF_TIMES = (*_DERIVED, "edtf", "start", "end", "precision", "approximate", "within", "basis")


def entries_of(record: Record | Mapping[str, Any]) -> list[Entry]:
    """Return what a model that finds the entries of `record` would write.

    Args:
        record: A record, or one written by hand as JSON: sections that are left out are empty, fields that are left out are as in `service.testing`. Whoever
            writes ids gives them to entries; other names are those of actors, and `quote` may stand in place of `evidence`, `owner` and `when` in place of
            `owners` and `timelines`.

    Raises:
        ValueError: It has a section that is none; or an entry lacks the words that it is about, or has a field that is none or that does not fit.
    """
    if not isinstance(record, Record | Mapping):
        raise ValueError("a record is an object")  # noqa: TRY004 - as whatever else does not fit
    facts = record.model_dump(mode="json") if isinstance(record, Record) else record
    if unknown := [name for name in facts if name not in Record.model_fields]:
        raise ValueError(f"a record has no {', '.join(map(repr, unknown))}")
    sections = {section: _listed(facts, section) for section in _MAKERS}
    names = {entry["id"]: entry["name"] for entry in sections["actors"] if "id" in entry and "name" in entry}
    times = {entry["id"]: entry["expression"] for entry in sections["timelines"] if "id" in entry and "expression" in entry}
    known = _Known(names, times)
    return [_made(_MAKERS[section], entry, known, f"{section}[{at}]") for section, entries in sections.items() for at, entry in enumerate(entries)]


def _listed(facts: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """Return the entries of a section."""
    entries = facts.get(section, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise ValueError(f"{section}: a list of objects belongs here")
    return entries


def _made(make: Callable[[Mapping[str, Any], "_Known"], Entry], entry: Mapping[str, Any], known: "_Known", place: str) -> Entry:
    """Return the entry at `place`."""
    try:
        return make(entry, known)
    except KeyError as missing:
        raise ValueError(f"{place}: `{missing.args[0]}` is missing") from None
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_input=False, include_url=False)]
        raise ValueError(f"{place}: {'; '.join(faults)}") from None
    except (TypeError, AttributeError):
        raise ValueError(f"{place}: does not fit") from None


class _Known:
    """The names and times that entries refer to by their ids."""

    def __init__(self, names: Mapping[str, str], times: Mapping[str, str]) -> None:
        self._names, self._times = names, times

    def name(self, reference: str) -> str:
        return self._names.get(reference, reference)

    def who(self, entry: Mapping[str, Any], *fields: str) -> dict[str, list[str]]:
        return {field: [self.name(one) for one in entry[field]] for field in fields if field in entry}

    def first(self, references: Sequence[str] | str | None) -> str | None:
        one = references if isinstance(references, str) else references[0] if references else None
        return one and self.name(one)

    def when(self, entry: Mapping[str, Any]) -> dict[str, str]:
        times = entry.get("timelines") or ()
        return {"when": self._times.get(times[0], times[0])} if times else {}


def _own(entry: Mapping[str, Any], *but: str, derived: Sequence[str] = _DERIVED) -> dict[str, Any]:
    return {field: value for field, value in entry.items() if field not in derived and field not in but}


def _quote(entry: Mapping[str, Any]) -> str:
    evidence = entry.get("evidence")
    quote: str = evidence[0]["quote"] if evidence else entry["quote"]
    return quote


def _actor(entry: Mapping[str, Any], known: _Known) -> Entry:
    belongs = {"country": entry.get("country"), "part_of": known.first(entry.get("part_of"))}
    return actor(entry["name"], **{**_own(entry, "name"), **belongs, "aliases": entry.get("aliases", [])[:4]})


def _target(entry: Mapping[str, Any], known: _Known) -> Entry:
    whose = {"owner": known.first(entry.get("owners") or entry.get("owner")), "by": known.first(entry.get("by"))}
    return target(entry["name"], **{**_own(entry, "name"), **whose, **known.when(entry)})


def _threat(entry: Mapping[str, Any], known: _Known) -> Entry:
    who = known.who(entry, "by", "against", "asserted_by", "reported_by")
    likelihood = entry.get("likelihood")
    phrase = likelihood["phrase"] if isinstance(likelihood, Mapping) else likelihood
    return threat(_quote(entry), **{**_own(entry, "quote", *who), **who, "likelihood": phrase, **known.when(entry)})


def _timeline(entry: Mapping[str, Any], _known: _Known) -> Entry:
    return timeline(entry["expression"], **_own(entry, "expression", derived=_DERIVED_OF_TIMES))


def _commitment(entry: Mapping[str, Any], known: _Known) -> Entry:
    who = known.who(entry, "speakers", "on_behalf_of", "beneficiaries")
    return commitment(_quote(entry), **{**_own(entry, "quote", *who), **who, **known.when(entry)})


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], _Known], Entry]] = {
    "actors": _actor,
    "targets": _target,
    "threats": _threat,
    "timelines": _timeline,
    "commitments": _commitment,
}
