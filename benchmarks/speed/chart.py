"""The chart of the page: a panel for each figure, a bar for each of those who were measured, and a whisker from quartile to quartile."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.speed.results import Spread

_PANEL_W, _BAR_H, _GAP, _LABEL_W, _VALUE_W = 460, 20, 8, 150, 70
_HEAD_H, _FOOT_H, _COLUMNS, _MARGIN = 34, 18, 2, 16
_INK, _OTHERS, _OURS, _PAPER = "#24292f", "#8c959f", "#0969da", "#ffffff"
_FONT = "font-family='system-ui, sans-serif' font-size='13'"


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure of all of them."""

    title: str
    #: Names and figures; those that are NaN have no bar.
    bars: Sequence[tuple[str, Spread]]
    #: How a figure is written.
    form: str = "{:.1f}"


def chart(panels: Sequence[Panel], ours: str) -> str:
    """Return the panels as SVG; the bars that are called `ours` stand out."""
    heights = [_height(panel) for panel in panels]
    lines = [range(first, min(first + _COLUMNS, len(panels))) for first in range(0, len(panels), _COLUMNS)]
    drawn, top = [], _MARGIN
    for line in lines:
        drawn += [_panel(panels[place], ours, _MARGIN + column * _PANEL_W, top) for column, place in enumerate(line)]
        top += max(heights[place] for place in line)
    width, height = _COLUMNS * _PANEL_W + 2 * _MARGIN, top + _MARGIN
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}' role='img' {_FONT} fill='{_INK}'>"
    told = f"<title>{escape('; '.join(panel.title for panel in panels))}</title>"
    return "\n".join([head, told, f"<rect width='{width}' height='{height}' fill='{_PAPER}'/>", *drawn, "</svg>", ""])


def _height(panel: Panel) -> int:
    return _HEAD_H + len(panel.bars) * (_BAR_H + _GAP) + _FOOT_H


def _panel(panel: Panel, ours: str, left: int, top: int) -> str:
    most = max((spread.high for _, spread in panel.bars if not math.isnan(spread.high)), default=0) or 1
    scale = (_PANEL_W - _LABEL_W - _VALUE_W - _MARGIN) / most
    drawn = [f"<text x='{left}' y='{top + 16}' font-weight='600'>{escape(panel.title)}</text>"]
    for place, (name, spread) in enumerate(panel.bars):
        y = top + _HEAD_H + place * (_BAR_H + _GAP)
        drawn.append(f"<text x='{left + _LABEL_W - 8}' y='{y + 15}' text-anchor='end'>{escape(name)}</text>")
        if math.isnan(spread.middle):
            continue
        bar, low, high = (left + _LABEL_W + value * scale for value in (spread.middle, spread.low, spread.high))
        colour, middle = _OURS if name == ours else _OTHERS, y + _BAR_H / 2
        drawn += [
            f"<rect x='{left + _LABEL_W}' y='{y}' width='{bar - left - _LABEL_W:.1f}' height='{_BAR_H}' fill='{colour}'/>",
            f"<path d='M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8' stroke='{_INK}' fill='none'/>",
            f"<text x='{max(bar, high) + 6:.1f}' y='{y + 15}'>{panel.form.format(spread.middle)}</text>",
        ]
    return "\n".join(drawn)
