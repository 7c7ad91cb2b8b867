"""Faults of a model: what it says in place of a good answer, in an envelope without fault. A `#` in a name stands for a number."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.rig.exchange import Act, Exchange, Fault
from tests.rig.replies import Said
from tests.rig.small_article import Draft, with_each

_Change = Callable[[Draft], Draft]
_ACTOR: dict[str, Any] = {"name": "Valmer", "kind": "state", "country": None, "part_of": None, "aliases": []}
_CHARS_A_TOKEN = 4


def writes(change: _Change) -> Act:
    """Return the fault that writes a good draft with this `change`."""

    async def act(call: Exchange) -> None:
        await call.say(Said(json.dumps(change(call.rows), ensure_ascii=False)))

    return act


def spoils(change: Callable[[str], str]) -> Act:
    """Return the fault that does this to the text of a good draft."""

    async def act(call: Exchange) -> None:
        await call.say(Said(change(call.draft)))

    return act


def at_first(act: Act) -> Act:
    """Return the fault that does so until it is asked again."""

    async def first(call: Exchange) -> None:
        await (call.good() if call.asked.again else act(call))

    return first


def ends(finish_reason: str, content: str | None = None, *, refusal: str | None = None) -> Act:
    """Return the fault that says this and stops for such a reason."""

    async def act(call: Exchange) -> None:
        await call.say(Said(content and content + call.signature, finish_reason, refusal and refusal + call.signature))

    return act


async def cut(call: Exchange) -> None:
    """Write two thirds of a good draft."""
    await call.say(Said(call.draft[: len(call.draft) * 2 // 3], "length"))


async def cut_at_once(call: Exchange) -> None:
    """Write less than one entry."""
    await call.say(Said(call.draft[:9], "length"))


async def whitespace(call: Exchange) -> None:
    """Begin well and write empty lines until the tokens are used up."""
    await call.say(Said('{"actors": [' + "\n " * (call.asked.most_tokens * _CHARS_A_TOKEN // 2), "length"))


async def repeats(call: Exchange) -> None:
    """Write one item over and over until the tokens are used up."""
    item = json.dumps(_ACTOR) + ", "
    times = call.asked.most_tokens * _CHARS_A_TOKEN // len(item) + 2
    await call.say(Said('{"actors": [' + item * times, "length"))


async def many_actors(call: Exchange) -> None:
    """Write so many actors, each a good one."""
    actors = [_ACTOR | {"name": f"Actor {number}"} for number in range(call.values[0])]
    await call.say(Said(json.dumps(call.rows | {"actors": actors})))


async def many_aliases(call: Exchange) -> None:
    """Write one actor with so many names."""
    await call.say(Said(json.dumps(call.rows | {"actors": [_ACTOR | {"aliases": ["a"] * call.values[0]}]})))


async def nested(call: Exchange) -> None:
    """Write so many lists, each in the one before."""
    await call.say(Said('{"actors": ' + "[" * call.values[0] + "]" * call.values[0] + "}"))


def _without(field: str) -> _Change:
    return lambda draft: {section: [{name: value for name, value in row.items() if name != field} for row in rows] for section, rows in draft.items()}


def _changed(**changes: object) -> _Change:
    return lambda draft: with_each(draft, **changes)


def _upper(words: Any) -> Any:  # noqa: ANN401 - any field of a row
    return words.upper() if isinstance(words, str) else words


def _elided(quote: str) -> str:
    """Return a quote of which the middle is left out."""
    words = quote.split()
    return " ".join([*words[:2], "[…]", *words[-2:]])


def _dated(date: str) -> _Change:
    """Return the change that gives every time this date."""
    return _changed(time={"kind": "date", "bound": "in", "when": "past", "date": date, "part": None, "clock": None, "not_now": False})


def _counted(number: str) -> Callable[[str], str]:
    """Return what puts this number, as it is written, where one is due; JSON does not know some of them."""

    def spoilt(text: str) -> str:
        window = {"kind": "offset", "bound": "in", "count": "@", "unit": "day", "part": None, "clock": None, "when": None}
        return json.dumps(with_each(json.loads(text), time=window), ensure_ascii=False).replace('"@"', number)

    return spoilt


def _before_names(escape: str) -> Callable[[str], str]:
    """Return what puts this `escape` before each name, as it is written."""
    return lambda text: text.replace('"name": "', f'"name": "{escape}')


def _hospital(name: str) -> str:
    """Return the name of a hospital in place of that of a base."""
    return name.replace("the army base", "The hospital")


_INVALID = writes(_changed(kind="no-such-kind"))

#: Each fault of a model, by its name.
MODEL_FAULTS: Mapping[str, Fault] = {
    "field-missing-once": Fault("E01", at_first(writes(_without("kind")))),
    "bad-enum-once": Fault("E01", at_first(_INVALID)),
    "field-missing": Fault("E02", writes(_without("kind"))),
    "bad-enum": Fault("E02", _INVALID),
    "extra-field": Fault("E02 C06", writes(lambda draft: draft | {"extra": [{"note": "rig-extra"}]})),
    "fenced": Fault("E03", spoils("```json\n{}\n```".format)),
    "prose-before": Fault("E03", spoils("Here is what I found:\n{}".format)),
    "trailing-text": Fault("E03", spoils("{}\nI hope that this helps.".format)),
    "two-objects": Fault("E03", spoils(lambda text: f"{text}\n{text}")),
    "prose": Fault("E03", ends("stop", "I read the article. It is about a threat.")),
    "thoughts-before": Fault("E03", spoils("<think>Let me see.</think>\n{}".format)),
    "cut": Fault("E04", cut),
    "cut-at-once": Fault("E04", cut_at_once),
    "content-filter": Fault("E05", ends("content_filter", "")),
    "refusal": Fault("E06", ends("stop", refusal="rig-refusal: I cannot help with that.")),
    "content-null": Fault("E06", ends("stop")),
    "content-empty": Fault("E06", ends("stop", "")),
    "whitespace": Fault("E07", whitespace),
    "repeats": Fault("E07", repeats),
    "lone-surrogate": Fault("E08", writes(_changed(name="{}\ud800".format))),
    "escaped-surrogate": Fault("E08", spoils(_before_names(r"\ud800"))),
    "nul": Fault("E08", spoils(_before_names(r"\u0000"))),
    "bad-escape": Fault("E08", spoils(_before_names(r"\x"))),
    "nan": Fault("E09", spoils(_counted("NaN"))),
    "too-great": Fault("E09", spoils(_counted("1e400"))),
    "many-digits": Fault("E09", spoils(_counted("9" * 400))),
    "no-such-date": Fault("E09", writes(_dated("9999-99-99"))),
    "quote-of-nothing": Fault("E10 C08", writes(_changed(quote="Nothing of the kind stands there at all"))),
    "quote-paraphrased": Fault("E10", writes(_changed(quote="It was announced that an army camp would come under fire"))),
    "quote-in-capitals": Fault("E10", writes(_changed(quote=_upper))),
    "quote-elided": Fault("E10", writes(_changed(quote=_elided))),
    "duplicates": Fault("E12", writes(lambda draft: {section: rows * 2 for section, rows in draft.items()})),
    "contradicts": Fault(
        "E12", writes(lambda draft: {section: rows + with_each({section: rows}, status="spared", polarity="will")[section] for section, rows in draft.items()})
    ),
    "civilian-target": Fault("E13", writes(_changed(name=_hospital, category="civilian"))),
    "civilian-as-military": Fault("E13", writes(_changed(name=_hospital))),
    "actors-#": Fault("E14", many_actors),
    "aliases-#": Fault("E14", many_aliases),
    "nesting-#": Fault("E15", nested),
}
