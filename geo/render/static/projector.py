"""The sheet for a meeting room: big type, at most three figures beside the map, dark or light ground.

No text is smaller than 24 px at 1080 lines.
"""

from __future__ import annotations

from geo.cartography.spec import Figure, MapSpec
from geo.cartography.symbology import Theme
from geo.render.static import lettering, strip
from geo.render.static.canvas import Canvas, Rect
from geo.render.static.exhibit import draw_exhibit
from geo.render.static.lettering import LINE
from geo.render.static.sheet import Lettering, Page, draw_face, foot, marks
from geo.render.static.strip import Block, Setting

__all__ = ["compose"]

_SMALLEST = 24.0
_FIGURES = 3
_COLUMNS = ((1, 1.0), (2, 1.0), (3, 1.0), (3, 0.85), (3, 0.7), (3, 0.55), (3, 0.45), (3, 0.35))
"""Columns and type sizes tried in turn; type shrinks only where three columns do not hold the legend."""


def compose(spec: MapSpec, page: Page, theme: Theme) -> Canvas:
    """The whole sheet, ready to be written."""
    unit = min(page.height / 1080, page.width / 1920)
    canvas = Canvas(page.width, page.height, theme.panel[:7])
    body = canvas.sheet.inset(unit * 30)
    top = _head(canvas, spec, body, theme, unit)
    code = f"{spec.words.get('fingerprint', '')} {spec.fingerprint[:12]}"
    said = " · ".join([*(f"{stamp.caption}: {stamp.text}" for stamp in spec.stamps), code.strip()])
    size = _SMALLEST * unit
    bottom = foot(canvas, spec, body, theme, size, said, page, smallest=size)
    area = Rect(body.x0, top + unit * 14, body.x1, bottom - unit * 10)
    setting, placed = _side(spec, area, theme, unit)
    gap = unit * 26
    face = Rect(area.x0, area.y0, area.x1 - len(placed) * (setting.width + gap), area.y1)
    if spec.show == "map":
        draw_face(canvas, spec, face, theme, Lettering(theme.label_px * unit, 1.0), weight=theme.weight * unit)
    else:
        draw_exhibit(canvas, spec, face, theme, size * 1.05)
    for i, blocks in enumerate(placed):
        strip.draw_column(canvas, blocks, face.x1 + gap + i * (setting.width + gap), area.y0, unit * 16)
    return canvas


def _side(spec: MapSpec, area: Rect, theme: Theme, unit: float) -> tuple[Setting, list[list[Block]]]:
    """Figures, then the legend."""
    placed = None
    for count, shrink in _COLUMNS:
        setting = Setting(theme.legend_px * unit * shrink, unit * 330, theme.weight * unit, theme, note=1.0)
        blocks = [_tile(figure, setting) for figure in spec.figures[:_FIGURES]] + strip.legend_blocks(spec, setting)
        placed = strip.columns(blocks, area.height, count, unit * 16)
        if placed is not None:
            break
    return setting, placed if placed is not None else [blocks]


def _head(canvas: Canvas, spec: MapSpec, body: Rect, theme: Theme, unit: float) -> float:
    """Title and sentence at the left, marks at the right; gives where the head ends."""
    left, below = marks(canvas, spec, body, theme, unit * 28, theme.text)
    room = left - body.x0 - unit * 40
    size, lines = lettering.fit(spec.title, unit * 46, room, "bold", lines=2, smallest=unit * 28)
    y = canvas.lines(lines, body.x0, body.y0 - size * 0.2, size, theme.text, "bold")
    size, lines = lettering.fit(spec.sentence, unit * 30, room, lines=2, smallest=_SMALLEST * unit)
    y = canvas.lines(lines, body.x0, y + unit * 2, size, theme.text)
    return max(y, below)


def _tile(figure: Figure, setting: Setting) -> Block:
    """A key figure: its name, the number, and what became of it."""
    size, theme = setting.size, setting.theme
    label = lettering.wrap(figure.label, size, setting.width, "medium")
    big, value = lettering.fit(figure.value, size * 2.2, setting.width, "bold", lines=1, smallest=size)
    note = lettering.wrap(", ".join(part for part in (figure.change, figure.verdict) if part), size, setting.width)
    height = (len(label) + len(note)) * size * LINE + len(value) * big * LINE

    def draw(canvas: Canvas, x: float, y: float) -> None:
        y = canvas.lines(label, x, y, size, theme.muted, "medium")
        y = canvas.lines(value, x, y - big * 0.12, big, theme.text, "bold")
        canvas.lines(note, x, y - big * 0.05, size, theme.text)
        edge = y + len(note) * size * LINE + size * 0.25
        canvas.fill(Rect(x, edge, x + setting.width, edge + size * 0.06).path, theme.line)

    return Block(height + size * 0.3, draw)
