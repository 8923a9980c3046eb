"""Charts as inline SVG, drawn from a few numbers: bars with what they are part of, a reliability diagram, the course of a measure.

Each has its numbers in words beside it or in its title, so that nothing is said by colour or length alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from eval.calibration import Reliability
from eval.paper import add, clean

WIDE = 480
"""Of bars and courses: little enough to be read on a phone, where they shrink to the page."""
SMALL = 190
"""The side of a diagram among others."""
ROW = 26
LABEL = 160
"""Room for the names of bars."""
NUMBER = 92


class Bar(NamedTuple):
    label: str
    part: float
    whole: float
    said: str
    """The numbers in words, at its end."""


def bars(parent: Element, caption: str, rows: Sequence[Bar]) -> None:
    """Each bar's part within its whole; the longest whole fills the width."""
    longest = max((row.whole for row in rows), default=0) or 1
    room = WIDE - LABEL - NUMBER
    drawn = _figure(parent, caption, WIDE, ROW * len(rows), "; ".join(f"{row.label}: {row.said}" for row in rows))
    for number, row in enumerate(rows):
        top = number * ROW
        _text(drawn, LABEL - 8, top + 17, row.label, "end")
        _rect(drawn, LABEL, top + 4, room * row.whole / longest, ROW - 9, "of")
        _rect(drawn, LABEL, top + 4, room * min(row.part, row.whole) / longest, ROW - 9, "bar")
        _text(drawn, LABEL + room * row.whole / longest + 8, top + 17, row.said)


def reliability_diagram(parent: Element, caption: str, found: Reliability, side: int = 300) -> None:
    """Right against said, on the dashed line as often as said. A dot's size and the number above it are its claims, the line its 95 %."""
    edge = 44
    said = "; ".join("said {:.2f}, right {:.2f} of {} [{:.2f} to {:.2f}]".format(*bin, *bin.interval) for bin in found.bins)
    drawn = _figure(parent, caption, side + 2 * edge, side + edge + 12, said)
    for step in range(6):
        at = step / 5
        across, up = edge + at * side, 8 + side - at * side
        _line(drawn, edge, up, edge + side, up, "rule")
        _text(drawn, edge - 8, up + 4, f"{at:.1f}", "end", "axis")
        _text(drawn, across, side + 28, f"{at:.1f}", "middle", "axis")
    _line(drawn, edge, 8 + side, edge + side, 8, "ideal")
    points = [(edge + bin.said * side, 8 + side - bin.right * side) for bin in found.bins]
    _course(drawn, points)
    for (across, up), bin in zip(points, found.bins, strict=True):
        low, high = (8 + side - bound * side for bound in bin.interval)
        _line(drawn, across, low, across, high, "reach")
        _text(drawn, across, min(low, high) - 5, str(bin.claims), "middle", "axis")
        size = 3 + 9 * (bin.claims / found.claims) ** 0.5
        SubElement(drawn, "circle", {"cx": _px(across), "cy": _px(up), "r": _px(size), "class": "bar"})
    _text(drawn, edge + side / 2, side + 50, "said (support)", "middle", "axis")


def reliability_diagrams(parent: Element, found: Mapping[str, Reliability]) -> None:
    """One beside the other under their names, each with how far it is off and how far chance alone would put it."""
    held = add(parent, "div", kind="many")
    for name, one in found.items():
        said = f"{name}: off by {one.error:.3f} of {one.claims} claims; by chance {one.by_chance:.3f}, as far in {100 * one.chance:.0f} %"
        reliability_diagram(held, said, one, SMALL)


def course(parent: Element, caption: str, values: Sequence[tuple[str, float]], low: float = 0.0, high: float = 1.0) -> None:
    """One measure over runs, the oldest first; each with its name and value."""
    wide, tall, edge = WIDE, 150, 44
    said = "; ".join(f"{name} {value:.3f}" for name, value in values)
    drawn = _figure(parent, caption, wide, tall + 34, said)
    for step in range(5):
        at = low + (high - low) * step / 4
        up = 8 + tall * (1 - step / 4)
        _line(drawn, edge, up, wide - 8, up, "rule")
        _text(drawn, edge - 8, up + 4, f"{at:.2f}", "end", "axis")
    room = wide - edge - 60
    steps = max(1, len(values) - 1)
    points = [
        (edge + 20 + room * number / steps, 8 + tall * (1 - (min(max(value, low), high) - low) / ((high - low) or 1)))
        for number, (_, value) in enumerate(values)
    ]
    _course(drawn, points)
    every = max(1, len(values) // 6)
    for number, ((across, up), (name, value)) in enumerate(zip(points, values, strict=True)):
        SubElement(drawn, "circle", {"cx": _px(across), "cy": _px(up), "r": "3.5", "class": "bar"})
        if number % every == 0 or number == len(values) - 1:
            _text(drawn, across, tall + 28, name[:7], "middle", "axis")
        if number == len(values) - 1:
            _text(drawn, across, up - 9, f"{value:.3f}", "middle")


def _figure(parent: Element, caption: str, wide: float, tall: float, said: str) -> Element:
    figure = add(parent, "figure")
    drawn = SubElement(figure, "svg", {"viewBox": f"0 0 {_px(wide)} {_px(tall)}", "width": _px(wide), "role": "img"})
    SubElement(drawn, "title").text = clean(f"{caption}: {said}")
    add(figure, "figcaption", caption)
    return drawn


def _rect(drawn: Element, left: float, top: float, wide: float, tall: float, kind: str) -> None:
    place = {"x": _px(left), "y": _px(top), "width": _px(max(0.0, wide)), "height": _px(tall)}
    SubElement(drawn, "rect", {**place, "rx": "2", "class": kind})


def _line(drawn: Element, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
    SubElement(drawn, "line", {"x1": _px(x1), "y1": _px(y1), "x2": _px(x2), "y2": _px(y2), "class": kind})


def _course(drawn: Element, points: Sequence[tuple[float, float]]) -> None:
    SubElement(drawn, "polyline", {"points": " ".join(f"{_px(x)},{_px(y)}" for x, y in points), "class": "course"})


def _text(drawn: Element, x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> None:
    made = SubElement(drawn, "text", {"x": _px(x), "y": _px(y), "text-anchor": anchor, **({"class": kind} if kind else {})})
    made.text = clean(text)


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
