"""What stands on a map face besides the map: north arrow, scale bar, the frames of insets, the demo mark."""

from __future__ import annotations

import math

from matplotlib.path import Path

from geo.cartography.spec import MapSpec, Stroke
from geo.cartography.symbology import Theme
from geo.render.static import lettering
from geo.render.static.canvas import Canvas, Rect
from geo.render.static.view import View, round_length
from geo.text import Lang, number

__all__ = ["demo_mark", "frame", "north_arrow", "scale_bar", "scale_room"]


def frame(canvas: Canvas, rect: Rect, theme: Theme, *, weight: float) -> None:
    """The neat line around a window."""
    canvas.stroke(rect.path, Stroke(theme.province, 1.0), weight=weight)


def north_arrow(canvas: Canvas, x: float, y: float, size: float, letter: str, theme: Theme) -> Rect:
    """An arrow with its letter, the top left corner at (x, y); gives the box it takes. Grid north is true enough here:
    it is off by less than half a degree within a province."""
    middle, tip, foot = x + size / 2, y, y + size * 1.15
    left = Path([(middle, tip), (x, foot), (middle, foot - size * 0.28), (middle, tip)], closed=True)
    right = Path([(middle, tip), (x + size, foot), (middle, foot - size * 0.28), (middle, tip)], closed=True)
    canvas.fill(left, theme.label)
    canvas.fill(right, theme.halo)
    for half in (left, right):
        canvas.stroke(half, Stroke(theme.label, size * 0.04))
    base = foot + size * 0.62
    canvas.halo([(letter, middle, base)], size * 0.6, theme.halo, "bold")
    canvas.text(letter, middle, base, size * 0.6, theme.label, "bold", align="center")
    return Rect(x - 4, y - 4, x + size + 4, base + 6)


def scale_room(size: float) -> float:
    """Height that a scale bar takes, px, for type of that size."""
    return size * 2.0


def scale_bar(
    canvas: Canvas, view: View, x: float, y: float, longest: float, size: float, theme: Theme, lang: Lang, *, parts: int
) -> Rect:
    """A bar of round length, at most `longest` px, its lower left corner at (x, y); gives the box it takes."""
    metres = round_length(longest / view.scale)
    long, thick, top = metres * view.scale, size * 0.34, y - size * 0.34
    step = long / parts
    canvas.fill(Rect(x, top, x + long, y).path, theme.halo)
    for i in range(0, parts, 2):
        canvas.fill(Rect(x + i * step, top, x + (i + 1) * step, y).path, theme.label)
    canvas.stroke(Rect(x, top, x + long, y).path, Stroke(theme.label, size * 0.07))
    km, base = metres / 1000, top - size * 0.4
    marks = {x: "0", x + long: f"{_plain(km, lang)} km"} if parts > 1 else {x + long / 2: f"{_plain(km, lang)} km"}
    texts = [(text, place, base) for place, text in marks.items()]
    canvas.halo(texts, size, theme.halo, "medium")
    for text, place, _ in texts:
        canvas.text(text, place, base, size, theme.label, "medium", align="center")
    edge = lettering.width(f"{_plain(km, lang)} km", size, "medium") / 2
    return Rect(x - size * 0.5, base - size, x + long + edge, y + 2)


def _plain(value: float, lang: Lang) -> str:
    return number(value, lang, digits=0 if value >= 1 else 1)


def demo_mark(canvas: Canvas, rect: Rect, spec: MapSpec, color: str) -> None:
    """The mark of invented data: large, slanting, light enough to read the map through it."""
    if not spec.demo_mark:
        return
    angle = math.degrees(math.atan2(rect.height, rect.width)) * 0.8
    room = min(rect.width / math.cos(math.radians(angle)), rect.height / math.sin(math.radians(angle))) * 0.8
    size = min(room / lettering.width(spec.demo_mark, 1.0, "bold"), rect.height / 5)
    x, y = (rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2
    lean = math.radians(angle)
    x, y = x + math.sin(lean) * size * 0.35, y + math.cos(lean) * size * 0.35
    canvas.text(spec.demo_mark, x, y, size, color, "bold", align="center", angle=angle, alpha=0.11, clip=rect)
