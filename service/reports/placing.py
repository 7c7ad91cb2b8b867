"""Places for a graph: actors in one column, what leads down on its right, what leads up on its left.

So a graph is as narrow as a phone, opposite directions never lie on each other, and no line crosses a name. Beside the column each relation has a lane;
those whose heights overlap have different ones, so no label meets another.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from service.reports.relations import Relation

#: So many actors and relations are drawn, at most.
MOST_ACTORS, MOST_LINES = 16, 40
#: Looks at all pairs of actors that may change places; few are needed, and it ends with the first that changes none.
_ROUNDS = 12
#: In pixels, as all below: a box, what it needs for each line that meets a side of it, and the space between boxes.
BOX_WIDTH, _BOX_HEIGHT, _PORT, _BETWEEN = 176.0, 34.0, 13.0, 20.0
#: How far the first lane is from the column, and each from the next: a label fits between.
_FIRST_LANE, _LANE, _OUTSIDE = 32.0, 40.0, 24.0
_ARROW = 9.0


@dataclass(frozen=True, slots=True)
class Box:
    """An actor's place: its left upper corner and its height."""

    actor: str
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A relation's way: from `y1` to `y2`, both at `x`, over `turn`, the control points' x; `label_x` is where it is furthest out."""

    relation: Relation
    x: float
    y1: float
    y2: float
    turn: float
    label_x: float
    #: The base of the arrow, whose tip is at `x`.
    arrow_x: float


@dataclass(frozen=True, slots=True)
class Places:
    """A graph with everything in its place."""

    boxes: list[Box]
    lines: list[Line]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Lane:
    """A relation between two rows of the column, and the lane that it has on its side."""

    relation: Relation
    first: int
    last: int
    number: int

    @property
    def on_right(self) -> bool:
        return self.first < self.last


def places(found: Sequence[Relation]) -> Places:
    """Return places for `found`, or for the relations of the most connected actors; relations of an actor with itself have none."""
    chosen = _chosen([one for one in found if one.by != one.to])
    order = _order(chosen)
    rows = {actor: row for row, actor in enumerate(order)}
    lanes = _lanes(chosen, rows)
    left, right = (max((lane.number + 1 for lane in lanes if lane.on_right is side), default=0) for side in (False, True))
    x = _side(left)
    ports = _ports(lanes)
    boxes: list[Box] = []
    y = 2.0
    for row, actor in enumerate(order):
        most = max(len(ports[row, side]) for side in (False, True))
        boxes.append(Box(actor, x, y, max(_BOX_HEIGHT, (most + 1) * _PORT)))
        y += boxes[-1].height + _BETWEEN
    return Places(boxes, [_line(lane, ports, boxes) for lane in lanes], x + BOX_WIDTH + _side(right), max(y - _BETWEEN + 2.0, 0.0))


def _side(lanes: int) -> float:
    """Return how much room so many lanes take on a side of the column."""
    return _FIRST_LANE + (lanes - 1) * _LANE + _OUTSIDE if lanes else 2.0


def _chosen(found: list[Relation]) -> list[Relation]:
    """Return the relations that are drawn: those of the most connected actors first, until there are enough."""
    degree: defaultdict[str, int] = defaultdict(int)
    for one in found:
        degree[one.by] += len(one.entries)
        degree[one.to] += len(one.entries)
    chosen: list[Relation] = []
    actors: set[str] = set()
    for one in sorted(found, key=lambda one: -degree[one.by] - degree[one.to]):
        if len(chosen) < MOST_LINES and len(actors | {one.by, one.to}) <= MOST_ACTORS:
            chosen.append(one)
            actors |= {one.by, one.to}
    return chosen


def _order(found: list[Relation]) -> list[str]:
    """Return the actors in an order in which the connected ones are near each other."""
    order = list(dict.fromkeys(actor for one in found for actor in (one.by, one.to)))
    apart, before, rounds = _apart(order, found), -1, 0
    while apart != before and rounds < _ROUNDS:
        before, rounds = apart, rounds + 1
        for one, other in combinations(range(len(order)), 2):
            order[one], order[other] = order[other], order[one]
            changed = _apart(order, found)
            if changed < apart:
                apart = changed
            else:
                order[one], order[other] = order[other], order[one]
    return order


def _apart(order: list[str], found: list[Relation]) -> int:
    rows = {actor: row for row, actor in enumerate(order)}
    return sum(abs(rows[one.by] - rows[one.to]) for one in found)


def _lanes(found: list[Relation], rows: dict[str, int]) -> list[_Lane]:
    """Return the lane of each relation: the innermost that is free over its whole height, the shortest relations first."""
    lanes: list[_Lane] = []
    for one in sorted(found, key=lambda one: abs(rows[one.by] - rows[one.to])):
        first, last = rows[one.by], rows[one.to]
        taken = {lane.number for lane in lanes if lane.on_right is (first < last) and _overlap(lane, first, last)}
        lanes.append(_Lane(one, first, last, next(number for number in range(len(lanes) + 1) if number not in taken)))
    return lanes


def _overlap(lane: _Lane, first: int, last: int) -> bool:
    """Tell whether both share more than the row where one ends and the other begins."""
    return max(min(lane.first, lane.last), min(first, last)) < min(max(lane.first, lane.last), max(first, last))


def _ports(lanes: list[_Lane]) -> defaultdict[tuple[int, bool], list[_Lane]]:
    """Return by row and side the relations that meet it there, from above; what turns up leaves above what turns down, so that none crosses another."""
    ports: defaultdict[tuple[int, bool], list[_Lane]] = defaultdict(list)
    for lane in lanes:
        for row in (lane.first, lane.last):
            ports[row, lane.on_right].append(lane)
    for (row, _), met in ports.items():
        met.sort(key=lambda lane: (1, -lane.number) if row == min(lane.first, lane.last) else (0, lane.number))
    return ports


def _line(lane: _Lane, ports: defaultdict[tuple[int, bool], list[_Lane]], boxes: list[Box]) -> Line:
    """Return the way of a relation: a curve that is as far out as its lane in the middle."""
    outwards = 1 if lane.on_right else -1
    x = boxes[0].x + (BOX_WIDTH if lane.on_right else 0)
    y1, y2 = (_port(boxes[row], ports[row, lane.on_right], lane) for row in (lane.first, lane.last))
    reach = (_FIRST_LANE + lane.number * _LANE) * outwards
    # A cubic curve is in the middle three quarters of the way to where its control points are.
    return Line(lane.relation, x, y1, y2, x + reach * 4 / 3, x + reach, x + _ARROW * outwards)


def _port(box: Box, met: list[_Lane], lane: _Lane) -> float:
    return box.y + box.height * (met.index(lane) + 1) / (len(met) + 1)
