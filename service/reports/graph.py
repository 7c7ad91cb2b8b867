"""A graph of who threatens, strikes or supports whom, and the same in sentences.

The drawing is for the eye alone: what it shows, and all that was too much for it, stands below in words, with links to the entries.
"""

from dataclasses import dataclass

from markupsafe import Markup

from schemas.record import Record
from schemas.vocabulary import Section
from service.reports.labels import direction, label
from service.reports.pieces import names_of
from service.reports.placing import BOX_WIDTH, Box, Line, places
from service.reports.relations import Verb, relations, unread
from service.reports.templating import rendered

#: So many sentences stand below the drawing, at most.
_MOST_SENTENCES = 200
#: Room for an id and a name, in small letters.
_ROOM = 20
#: In pixels: what is free at the edges of a box, a letter of an id.
_INSIDE, _LETTER = 8.0, 8.0
#: In pixels: a drawing that is not wider is made to fit a phone, a wider one is scrolled there.
_FITTING = 440
#: How a line is drawn: whole where something is done, or declared by the one who does it; in dashes where others expect it, where it only may happen or hangs
#: on a condition; in dots where something is refused; in dashes and dots where something is promised that is no help.
_UNSURE, _REFUSED, _OTHER = "8 4", "2 4", "10 4 2 4"
_DASHES = {Verb.MAY_STRIKE: _UNSURE, Verb.EXPECTED: _UNSURE, Verb.PROMISES: _OTHER, Verb.REFUSES_SUPPORT: _REFUSED, Verb.REFUSES: _REFUSED}


@dataclass(frozen=True, slots=True)
class Arrow:
    """A relation as it is drawn."""

    line: Line

    @property
    def section(self) -> Section:
        """Return whose colour it has."""
        return self.line.relation.verb.section

    @property
    def dashes(self) -> str | None:
        """Return the pattern of the line, or None for a whole one."""
        return _UNSURE if self.conditional else _DASHES.get(self.line.relation.verb)

    @property
    def conditional(self) -> bool:
        """Tell whether it hangs on a condition, whichever entry says so."""
        return self.line.relation.conditional.issuperset(self.line.relation.entries)

    @property
    def label(self) -> str:
        """Return the first entry that says so, and how many more do."""
        first, *more = self.line.relation.entries
        return f"{first} +{len(more)}" if more else first


@dataclass(frozen=True, slots=True)
class Name:
    """An actor's box and, beside its id, its name; empty where it is not known."""

    box: Box
    text: str

    @property
    def after_id(self) -> float:
        """Return where, within the box, the id ends."""
        return _INSIDE + _LETTER * (len(self.box.actor) + 0.5)

    @property
    def direction(self) -> str:
        """Return the direction in which the name is written."""
        return direction(self.text)


def drawn(record: Record) -> Markup:
    """Return the graph of a record; empty where nobody does anything to anybody."""
    found = relations(record)
    if not found:
        return Markup()
    names, whole = names_of(record), {actor.id: actor.name for actor in record.actors}
    graph = places(found)
    arrows = [Arrow(line) for line in graph.lines]
    return rendered(
        "graph.html",
        graph=graph,
        box_width=BOX_WIDTH,
        fitting=graph.width <= _FITTING,
        boxes=[Name(box, label(whole[box.actor], _ROOM - len(box.actor)) if box.actor in whole else "") for box in graph.boxes],
        arrows=arrows,
        conditional=any(arrow.conditional for arrow in arrows) and _UNSURE,
        verbs=[(verb, verb.section, _DASHES.get(verb)) for verb in Verb if any(one.verb is verb for one in found)],
        sentences=found[:_MOST_SENTENCES],
        names=names,
        undrawn=len(found) - len(graph.lines),
        unsaid=max(0, len(found) - _MOST_SENTENCES),
        unread=unread(record),
    )
