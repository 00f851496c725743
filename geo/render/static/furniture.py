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

__all__ = ["demo_mark", "frame", "inset_caption", "north_arrow", "scale_bar"]


_MARK = "#7d7d7d"
"""Middle grey: seen on land and on water, on light and on dark ground."""


def _ink(theme: Theme) -> tuple[str, str]:
    """Colours of furniture and of its halo: those of the page around the map, which stand out on water too."""
    return theme.text, theme.panel[:7]


def frame(canvas: Canvas, rect: Rect, theme: Theme, *, weight: float) -> None:
    """The neat line around a window."""
    canvas.stroke(rect.path, Stroke(theme.province, 1.0), weight=weight)


def north_arrow(canvas: Canvas, x: float, y: float, size: float, letter: str, theme: Theme) -> Rect:
    """An arrow with its letter, the top left corner at (x, y); gives the box it takes.

    It shows grid north, which within a province is less than half a degree off true north.
    """
    ink, paper = _ink(theme)
    middle, tip, foot = x + size / 2, y, y + size * 1.15
    left = Path([(middle, tip), (x, foot), (middle, foot - size * 0.28), (middle, tip)], closed=True)
    right = Path([(middle, tip), (x + size, foot), (middle, foot - size * 0.28), (middle, tip)], closed=True)
    canvas.fill(left, ink)
    canvas.fill(right, paper)
    for half in (left, right):
        canvas.stroke(half, Stroke(ink, size * 0.04))
    base = foot + size * 0.62
    canvas.halo([(letter, middle, base)], size * 0.6, paper, "bold")
    canvas.text(letter, middle, base, size * 0.6, ink, "bold", align="center")
    return Rect(x - 4, y - 4, x + size + 4, base + 6)


def scale_bar(
    canvas: Canvas, view: View, x: float, y: float, longest: float, size: float, theme: Theme, lang: Lang, *, parts: int
) -> Rect:
    """A bar of round length, at most `longest` px, its lower left corner at (x, y); gives the box it takes."""
    ink, paper = _ink(theme)
    metres = round_length(longest / view.scale)
    long, top = metres * view.scale, y - size * 0.34
    step = long / parts
    canvas.fill(Rect(x, top, x + long, y).path, paper)
    for i in range(0, parts, 2):
        canvas.fill(Rect(x + i * step, top, x + (i + 1) * step, y).path, ink)
    canvas.stroke(Rect(x, top, x + long, y).path, Stroke(ink, size * 0.07))
    km, base = metres / 1000, top - size * 0.4
    said = f"{_plain(km, lang)} km"
    half = lettering.width(said, size, "medium") / 2
    marks = {x: "0", x + long: said} if parts > 1 else {x + max(long / 2, half): said}
    texts = [(text, place, base) for place, text in marks.items()]
    canvas.halo(texts, size, paper, "medium")
    for text, place, _ in texts:
        canvas.text(text, place, base, size, ink, "medium", align="center")
    return Rect(x - size * 0.5, base - size, x + long + half, y + 2)


def _plain(value: float, lang: Lang) -> str:
    return number(value, lang, digits=0 if value >= 1 else 1)


def inset_caption(canvas: Canvas, rect: Rect, text: str, size: float, theme: Theme) -> None:
    """The name of an inset at the top of its window."""
    ink, paper = _ink(theme)
    size, lines = lettering.fit(text, size, rect.width - size, "semibold", lines=1, smallest=size * 0.5)
    for i, line in enumerate(lines):
        middle, base = (rect.x0 + rect.x1) / 2, rect.y0 + size * (1.2 + i * lettering.LINE)
        canvas.halo([(line, middle, base)], size, paper, "semibold")
        canvas.text(line, middle, base, size, ink, "semibold", align="center")


def demo_mark(canvas: Canvas, rect: Rect, spec: MapSpec) -> None:
    """The mark of invented data: large, slanting, light enough to read the map through it."""
    if not spec.demo_mark:
        return
    angle = math.degrees(math.atan2(rect.height, rect.width)) * 0.8
    room = min(rect.width / math.cos(math.radians(angle)), rect.height / math.sin(math.radians(angle))) * 0.8
    size = min(room / lettering.width(spec.demo_mark, 1.0, "bold"), rect.height / 6)
    x, y = (rect.x0 + rect.x1) / 2, (rect.y0 + rect.y1) / 2
    lean = math.radians(angle)
    x, y = x + math.sin(lean) * size * 0.35, y + math.cos(lean) * size * 0.35
    canvas.text(spec.demo_mark, x, y, size, _MARK, "bold", align="center", angle=angle, alpha=0.17, clip=rect)
