"""A record as tables for people: plain text, in which nothing of the article is markup or drives the terminal."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.box import Box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.record import Actor, Commitment, Evidence, Record, Rejection, Target, Threat, Timeline
from service.cli.terminal import harmless

#: One rule under the heads, of a character that every terminal has.
_RULED = Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)

#: The cells of an entry, each of which may have several lines.
_Cells = tuple[Sequence[str | None], ...]
_Names = Mapping[str, str]


def table(record: Record, *, width: int, seconds: float) -> str:
    """Return `record` in tables of `width` columns, without a newline at the end; `seconds` is how long it took."""
    page = io.StringIO()
    # Without colours and with an environment of its own, so that what is drawn depends on the record and the width alone.
    console = Console(file=page, width=width, color_system=None, force_terminal=False, legacy_windows=False, _environ={})
    console.print(*(Text(harmless(line)) for line in _heading(record)), sep="\n")
    for title, heads, rows in _sections(record):
        if rows:
            console.print("", Text(title), "", _drawn(heads, rows), sep="\n")
    console.print("", Text(_cost(record, seconds)), sep="\n")
    # Cells are filled up with blanks to the width of their column.
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip("\n").split("\n"))


def _heading(record: Record) -> Iterator[str]:
    """Yield what is known of the article as a whole."""
    article = record.article
    if article.title:
        yield article.title
    yield f"{article.language}, {f'published {article.published}' if article.published else 'date not known'}, read by {record.extraction.model}"


def _sections(record: Record) -> Iterator[tuple[str, tuple[str, ...], list[_Cells]]]:
    """Yield the parts of a record: title, heads of the columns, rows."""
    names = {actor.id: actor.name for actor in record.actors}
    yield "ACTORS", ("id", "name", "kind", "country", "aliases"), [_actor(one) for one in record.actors]
    yield "TARGETS", ("id", "name", "category, kind", "status", "place", "by"), [_target(one, names) for one in record.targets]
    yield "THREATS", ("id", "kind, basis, stage", "by -> against", "action, condition, quote"), [_threat(one, names) for one in record.threats]
    yield "TIMELINES", ("id", "expression", "interval", "direction", "event"), [_timeline(one) for one in record.timelines]
    yield "COMMITMENTS", ("id", "speakers", "polarity", "commitment, condition, quote"), [_commitment(one, names) for one in record.commitments]
    omitted = f" ({record.rejected_omitted:,} more are not told)" if record.rejected_omitted else ""
    yield f"REJECTED{omitted}", ("section", "reason", "what"), [_rejection(one) for one in record.rejected]
    yield "WARNINGS", ("code", "what"), [([one.code], [one.detail]) for one in record.warnings]


def _actor(one: Actor) -> _Cells:
    return [one.id], [one.name], [one.kind], [one.country], one.aliases


def _target(one: Target, names: _Names) -> _Cells:
    return [one.id], [one.name], [one.category, one.kind], [one.status], [one.place], [_who(one.by, names)]


def _threat(one: Threat, names: _Names) -> _Cells:
    parties = [_who(one.by, names, "?"), f"-> {_who(one.against, names, '?')}"]
    return [one.id], [one.kind, one.basis, one.stage], parties, [one.action, _condition(one.condition), *_quotes(one.evidence)]


def _timeline(one: Timeline) -> _Cells:
    span = f"{one.start or '..'}/{one.end or '..'}" if one.start or one.end else one.basis
    return [one.id], [one.expression], [one.edtf or span], [one.direction], [one.event]


def _commitment(one: Commitment, names: _Names) -> _Cells:
    return [one.id], [_who(one.speakers, names, "?")], [one.polarity], [one.commitment, _condition(one.condition), *_quotes(one.evidence)]


def _rejection(one: Rejection) -> _Cells:
    """Return what was rejected, by the words that an entry of its section is known by."""
    known_by = next((str(one.item[field]) for field in ("name", "quote", "expression") if one.item.get(field)), None)
    return [one.section], [one.reason], [known_by, one.detail]


def _who(ids: Sequence[str], names: _Names, nobody: str = "") -> str:
    return ", ".join(names.get(one, one) for one in ids) or nobody


def _condition(condition: str | None) -> str | None:
    return condition and f"if: {condition}"


def _quotes(evidence: Iterable[Evidence]) -> list[str]:
    return [f'"{one.quote}"' for one in evidence]


def _drawn(heads: Sequence[str], rows: Iterable[_Cells]) -> Table:
    """Return a table, nothing of which is cut off."""
    drawn = Table(box=_RULED, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False)
    for head in heads:
        drawn.add_column(Text(head), overflow="fold", no_wrap=head == "id")
    for cells in rows:
        drawn.add_row(*(Text("\n".join(harmless(line) for line in lines if line)) for lines in cells))
    return drawn


def _cost(record: Record, seconds: float) -> str:
    """Return what the record cost, in one line."""
    made = record.extraction
    calls = f"{made.calls} call{'' if made.calls == 1 else 's'}"
    usd = "" if made.usage.cost_usd is None else f"{made.usage.cost_usd:.6f} USD, "
    return f"{calls}, {made.usage.prompt_tokens:,} tokens read and {made.usage.completion_tokens:,} written, {usd}{seconds:.1f} s"
