"""Small articles of the rig's own, and what a good model writes of them, in their very words."""

import copy
import re
from typing import Any

#: Rows of a draft, by their section.
Draft = dict[str, list[dict[str, Any]]]

_THREAT = re.compile(r"(?P<by>\w+) threatened on (?P<day>\w+) to shell the army base at (?P<place>\w+)")
_PLEDGE = re.compile(r"“(?P<said>[^”]+),” said (?P<who>\w+ \w+)")
_NAME = re.compile(r"\b[A-Z]\w+")

#: An article that nobody sends, for answers that belong to somebody else.
OTHER_ARTICLE = "Grenvald threatened on Sunday to shell the army base at Oskau. “We shall reply in kind,” said Ada Brook of Grenvald."


def small_article(marker: str = "", *, by: str = "Valmer", place: str = "Teln") -> str:
    """Return an article of which `good_draft` knows what it says. No evidence in it touches the `marker`."""
    told = f"{by} threatened on Friday to shell the army base at {place}. “We will not wait,” said Ilan Dorst of {by}. The hospital at {place} stays open."
    return f"{told} The note that reached the press bears the words {marker}." if marker else told


def good_draft(article: str) -> Draft:
    """Return what a good model writes of an article: all of a small one; of any other the first name."""
    draft: Draft = {"actors": [], "targets": [], "threats": [], "timelines": [], "commitments": []}
    threat, pledge = _THREAT.search(article), _PLEDGE.search(article)
    if threat:
        _add_threat(draft, threat)
    if pledge:
        _add_pledge(draft, pledge)
    if not draft["actors"] and (name := _NAME.search(article)):
        draft["actors"].append(_actor(name[0], "other"))
    return draft


def with_each(draft: Draft, **changes: object) -> Draft:
    """Return `draft` with these fields of every row changed, where the row has them; a function is given what stood there."""
    changed = copy.deepcopy(draft)
    for row in (row for rows in changed.values() for row in rows):
        for name in changes.keys() & row.keys():
            change = changes[name]
            row[name] = change(row[name]) if callable(change) else change
    return changed


def _add_threat(draft: Draft, found: re.Match[str]) -> None:
    by, day, place = found["by"], found["day"], found["place"]
    draft["actors"].append(_actor(by, "state"))
    draft["targets"].append(
        {"name": f"the army base at {place}", "category": "military", "kind": "base", "status": "threatened"}
        | {"place": place, "owner": None, "by": by, "when": f"on {day}"}
    )
    draft["threats"].append(
        {"quote": found[0], "by": [by], "against": [], "basis": "declared", "asserted_by": [by], "reported_by": [], "kind": "violence"}
        | {"stage": "threatened", "means": ["artillery"], "action": "shell a base", "condition": None, "likelihood": None, "when": f"on {day}"}
    )
    weekday = {"kind": "weekday", "bound": "in", "when": "past", "weekday": day[:3].lower(), "week": None, "clock": None, "not_now": False}
    draft["timelines"].append({"expression": f"on {day}", "direction": "past", "event": "the threat", "time": weekday})


def _add_pledge(draft: Draft, found: re.Match[str]) -> None:
    draft["actors"].append(_actor(found["who"], "person"))
    draft["commitments"].append(
        {"quote": found[0], "speakers": [found["who"]], "on_behalf_of": [], "beneficiaries": [], "kind": "retaliation", "polarity": "will_not"}
        | {"commitment": "wait", "direct_quote": found["said"], "condition": None, "when": None}
    )


def _actor(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "country": None, "part_of": None, "aliases": []}
