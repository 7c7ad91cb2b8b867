"""Drawings, read back: what they hold, in numbers and words."""

import re
import xml.etree.ElementTree as ET

from markupsafe import Markup

from schemas.record import Timeline
from tests.unit.reports.report_parts import timeline as made

NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
#: What of an SVG says where something is.
PLACES = ("x", "y", "x1", "x2", "y1", "y2", "width", "height")


def read(drawing: Markup) -> ET.Element:
    """Return a drawing as a tree; it is well-formed XML, or this fails."""
    return ET.fromstring(str(drawing))  # noqa: S314 - our own


def words(element: ET.Element) -> str:
    """Return all words of an element, one blank between them."""
    return " ".join("".join(element.itertext()).split())


def of_class(element: ET.Element, name: str) -> list[ET.Element]:
    """Return what has this class, in order."""
    return [one for one in element.iter() if name in one.get("class", "").split()]


def links(element: ET.Element) -> list[str]:
    """Return where the links of an element lead, in order."""
    return [one.get("href", "") for one in element.iter("a")]


def bars(axis: ET.Element) -> list[ET.Element]:
    """Return the bars of the rows, without those of the legend."""
    return [bar for row in axis.iter("li") for svg in of_class(row, "bar") for bar in of_class(svg, "span")]


def percent(element: ET.Element, name: str) -> float:
    """Return an attribute that is told in percent, as a number."""
    return float(element.get(name, "").removesuffix("%"))


def when_only(number: int, start: str | None, end: str | None, **fields: object) -> Timeline:
    """Return the timeline W`number` of which only the time matters."""
    return made("then", number, "then", start, end, **fields)
