"""A page of the atlas: one commune on the map, its figures, its trend, and the former units it came from."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path

from geo.cartography.spec import MapSpec, Plate, Stroke, Style, with_changes
from geo.cartography.symbology import Theme
from geo.render.static import furniture, lettering, strip
from geo.render.static.canvas import Canvas, Rect, symbol_path
from geo.render.static.exhibit import draw_series
from geo.render.static.ground import ground
from geo.render.static.lettering import LINE
from geo.render.static.map_drawing import Face
from geo.render.static.sheet import Page, foot, head, identity
from geo.render.static.strip import Setting
from geo.render.static.view import View, fit

__all__ = ["compose"]

_SIDE = 340.0
_MARGIN_SHARE = 0.35
"""How much of its neighbours a commune is shown with, as a share of its size."""

_TONES = {"up": "#a8450c", "down": "#5e3c99"}


def compose(plate: Plate, spec: MapSpec, page: Page, theme: Theme) -> Canvas:
    """The whole page, ready to be written."""
    canvas = Canvas(page.width, page.height, "#ffffff")
    u = page.unit
    body = canvas.sheet.inset(u * 26)
    top = head(canvas, with_changes(spec, title=plate.title, sentence=plate.sentence), body, theme, u)
    with canvas.tag("P"):
        bottom = foot(canvas, spec, body, theme, u * 10, identity(spec), page, smallest=u * 8.5)
    area = Rect(body.x0, top + u * 12, body.x1, bottom - u * 8)
    face = Rect(area.x0, area.y0, area.x1 - u * (_SIDE + 18), area.y1)
    with canvas.tag("Figure"):
        _map(canvas, plate, spec, face, theme, u)
    with canvas.tag("P"):
        _beside(canvas, plate, spec, Rect(face.x1 + u * 18, area.y0, area.x1, area.y1), theme, u)
    return canvas


def _map(canvas: Canvas, plate: Plate, spec: MapSpec, rect: Rect, theme: Theme, u: float) -> None:
    earth = ground(spec.boundary.sha256)
    box = earth.box(plate.bbox)
    view = fit(rect, box, margin=min(rect.width, rect.height) * _MARGIN_SHARE / 2)
    small = Rect(rect.x0 + u * 8, rect.y1 - u * 128, rect.x0 + u * 158, rect.y1 - u * 8)
    arrow = Rect(rect.x0, rect.y0, rect.x0 + u * 42, rect.y0 + u * 56)
    bar = Rect(small.x1, rect.y1 - u * 40, small.x1 + u * 200, rect.y1)
    Face(canvas, spec, earth, view, [], theme, theme.label_px * u, theme.weight * u).draw([small, arrow, bar])
    unit = earth.units[plate.code]
    canvas.stroke(unit.path, Stroke(theme.selected, 3.0), weight=u, clip=rect, place=view.place)
    furniture.demo_mark(canvas, rect, spec)
    furniture.north_arrow(
        canvas, rect.x0 + u * 12, rect.y0 + u * 10, theme.label_px * u * 1.5, spec.words.get("north", ""), theme
    )
    furniture.scale_bar(
        canvas, view, small.x1 + u * 14, rect.y1 - u * 10, u * 140, theme.label_px * u * 0.9, theme, spec.lang, parts=4
    )
    _locator(canvas, plate, spec, small, theme, u)
    furniture.frame(canvas, rect, theme, weight=u)


def _locator(canvas: Canvas, plate: Plate, spec: MapSpec, rect: Rect, theme: Theme, u: float) -> None:
    """Where in the province the commune is."""
    earth = ground(spec.boundary.sha256)
    view = fit(rect, earth.box(spec.frames[0].bbox), margin=u * 5)
    canvas.fill(rect.path, theme.water)
    whole = Path.make_compound_path(*(unit.path for unit in earth.units.values()))
    canvas.fill(whole, theme.neighbour, clip=rect, place=view.place)
    outline = Path.make_compound_path(*(unit.outer for unit in earth.units.values()))
    canvas.stroke(outline, Stroke(theme.province, 0.8), weight=u, clip=rect, place=view.place)
    unit = earth.units[plate.code]
    canvas.fill(unit.path, _TONES["up"], clip=rect, place=view.place)
    if _is_small(view, unit.box):
        x, y = view.at(np.array([unit.at]))[0]
        canvas.paint(
            symbol_path("circle", float(x), float(y), u * 5), Style(stroke=Stroke(_TONES["up"], 1.6)), weight=u
        )
    furniture.frame(canvas, rect, theme, weight=u)


def _is_small(view: View, box: tuple[float, float, float, float]) -> bool:
    shown = view.on_sheet(box)
    return max(shown.width, shown.height) < 8


def _beside(canvas: Canvas, plate: Plate, spec: MapSpec, column: Rect, theme: Theme, u: float) -> None:
    y = column.y0
    for figure in plate.figures:
        note = ", ".join(part for part in (figure.change, figure.verdict) if part)
        high = u * (52 if note else 38)
        canvas.fill(Rect(column.x0, y, column.x0 + u * 4, y + high).path, _TONES.get(figure.tone, "#c9c3b6"))
        x = column.x0 + u * 12
        size, lines = lettering.fit(figure.label, u * 11, column.width - u * 12, lines=1, smallest=u * 8)
        canvas.text(" ".join(lines), x, y + u * 11, size, theme.muted)
        canvas.text(figure.value, x, y + u * 33, u * 22, theme.text, "bold")
        size, lines = lettering.fit(note, u * 11, column.width - u * 12, "semibold", lines=1, smallest=u * 8)
        canvas.text(" ".join(lines), x, y + u * 48, size, _TONES.get(figure.tone, theme.text), "semibold")
        y += high + u * 8
    y = _paragraph(canvas, plate.series.title, column, y + u * 4, u * 12.5, theme.text, bold=True)
    y = _paragraph(canvas, plate.series.note, column, y, u * 9.5, theme.muted)
    chart = Rect(column.x0 + u * 34, y + u * 8, column.x1, y + u * 140)
    draw_series(canvas, plate.series, chart, theme, u)
    y = _paragraph(canvas, plate.origins_title, column, chart.y1 + u * 24, u * 12.5, theme.text, bold=True)
    size = u * 10.5
    room = int((column.y1 - y) / (size * LINE))
    for line in plate.origins[: max(1, room)]:
        y = _paragraph(canvas, f"• {line}", column, y, size, theme.text)
    _legend(canvas, spec, Rect(column.x0, y + u * 12, column.x1, column.y1), theme, u)


def _legend(canvas: Canvas, spec: MapSpec, column: Rect, theme: Theme, u: float) -> None:
    """The map's legend in what room is left, at the largest type at which all of it fits."""
    gap = u * 14
    for count, size in ((1, 10.0), (1, 9.0), (2, 9.0), (2, 8.0), (2, 7.0), (2, 6.0)):
        width = (column.width - gap * (count - 1)) / count
        blocks = strip.legend_blocks(spec, Setting(size * u, width, theme.weight * u, theme))
        placed = strip.columns(blocks, column.height, count, u * 5)
        if placed:
            for i, stack in enumerate(placed):
                strip.draw_column(canvas, stack, column.x0 + i * (width + gap), column.y0, u * 5)
            return


def _paragraph(
    canvas: Canvas, text: str, column: Rect, y: float, size: float, color: str, *, bold: bool = False
) -> float:
    weight: lettering.Weight = "semibold" if bold else "regular"
    lines = lettering.wrap(text, size, column.width, weight)
    return canvas.lines(lines, column.x0, y, size, color, weight)
