"""The sheet of paper: title and marking on top, map at the left, legend and colophon at the right, foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.cartography.spec import Bbox, MapSpec, Stroke
from geo.cartography.symbology import Theme
from geo.render.static import furniture, lettering, strip
from geo.render.static.canvas import Canvas, Rect
from geo.render.static.exhibit import draw_exhibit
from geo.render.static.ground import Ground, ground
from geo.render.static.lettering import LINE
from geo.render.static.map_drawing import Face
from geo.render.static.strip import Block, Setting
from geo.render.static.view import View, arrange, fit

__all__ = ["Lettering", "Page", "compose", "draw_face", "foot", "head", "identity", "marks"]

_STAMP_RED = "#a3201b"
_SMALL = 0.88
_ABOVE, _BELOW = 1.5, 1.9  # room for an inset's caption and scale bar over the type size
_SHRINK = (1.0, 0.94, 0.88, 0.82, 0.76)
_TRIED = [(count, shrink) for count in (1, 2, 3) for shrink in _SHRINK] + [(3, 0.65), (3, 0.55), (3, 0.45), (3, 0.35)]
"""Columns and type sizes tried in turn for legend and colophon."""


@dataclass(frozen=True)
class Lettering:
    """Type on the map face: size of names in px, and of what stands in insets and at scale bars over it."""

    px: float
    ratio: float

    @property
    def small(self) -> float:
        """Size in insets and at scale bars, px."""
        return self.px * self.ratio


@dataclass(frozen=True)
class Page:
    """A format.

    Attributes
    ----------
    width, height : float
        In CSS pixels.
    unit : float
        Multiplies type sizes, line widths and symbols.
    dpi : int
        Of the PNG file; 96 gives one dot per px.
    kind : {"png", "pdf"}
    number, of : int
        Its number, and of how many.
    """

    width: float
    height: float
    unit: float
    dpi: int
    kind: str
    number: int = 1
    of: int = 1


def compose(spec: MapSpec, page: Page, theme: Theme) -> Canvas:
    """The whole sheet, ready to be written."""
    canvas = Canvas(page.width, page.height, "#ffffff")
    u, margin = page.unit, page.unit * 26
    body = canvas.sheet.inset(margin)
    top = head(canvas, spec, body, theme, u)
    with canvas.tag("P"):
        bottom = foot(canvas, spec, body, theme, u * 10, identity(spec), page, smallest=u * 8.5)
    area = Rect(body.x0, top + u * 12, body.x1, bottom - u * 8)
    setting, placed, stamps = _strip(spec, area, theme, u)
    gap, wide = u * 18, len(placed) * (setting.width + u * 18)
    face = Rect(area.x0, area.y0, area.x1 - wide, area.y1)
    with canvas.tag("P" if spec.show == "table" else "Figure"):
        if spec.show == "map":
            draw_face(canvas, spec, face, theme, Lettering(theme.label_px * u, _SMALL), weight=theme.weight * u)
        else:
            draw_exhibit(canvas, spec, face, theme, u * 15)
    high = sum(block.height for block in stamps) + u * 3 * max(0, len(stamps) - 1)
    with canvas.tag("P"):
        for i, blocks in enumerate(placed):
            strip.draw_column(canvas, blocks, face.x1 + gap + i * (setting.width + gap), area.y0, u * 9)
        strip.draw_column(canvas, stamps, area.x1 - setting.width, area.y1 - high, u * 3)
    return canvas


def _strip(spec: MapSpec, area: Rect, theme: Theme, u: float) -> tuple[Setting, list[list[Block]], list[Block]]:
    """Legend columns and the colophon that stands below the last of them, as large as fits."""
    for count, shrink in _TRIED:
        setting = Setting(theme.legend_px * u * shrink, u * 236, theme.weight * u, theme)
        legend, stamps = strip.legend_blocks(spec, setting), strip.stamp_blocks(spec.stamps, setting)
        room = sum(block.height + u * 3 for block in stamps) + u * 14
        placed = strip.columns([*legend, strip.space(room)], area.height, count, u * 9)
        if placed:
            placed[-1].pop()
            return setting, placed, stamps
    return setting, [legend], stamps


def head(canvas: Canvas, spec: MapSpec, body: Rect, theme: Theme, u: float) -> float:
    """Title and sentence at the left, marks at the right; gives where the head ends."""
    with canvas.tag("P"):
        left, below = marks(canvas, spec, body, theme, u * 13, _STAMP_RED)
    room = left - body.x0 - u * 24
    size, lines = lettering.fit(spec.title, u * 24, room, "bold", lines=2, smallest=u * 12)
    with canvas.tag("H1"):
        y = canvas.lines(lines, body.x0, body.y0 - size * 0.2, size, theme.text, "bold")
    size, lines = lettering.fit(spec.sentence, u * 14.5, room, lines=2, smallest=u * 11)
    with canvas.tag("P"):
        y = canvas.lines(lines, body.x0, y + u * 2, size, theme.text)
    return max(y, below)


def marks(canvas: Canvas, spec: MapSpec, body: Rect, theme: Theme, size: float, color: str) -> tuple[float, float]:
    """The classification in a frame at the top right, demo mark and warning under it; gives left and lower edge."""
    left, y, pad = body.x1, body.y0, size * 0.5
    if spec.marking:
        big, lines = lettering.fit(spec.marking, size, body.width * 0.4, "bold", lines=1, smallest=size * 0.86)
        left = body.x1 - max(lettering.width(line, big, "bold") for line in lines) - 2 * pad
        box = Rect(left, y, body.x1, y + big * LINE * (len(lines) - 1) + big + 1.3 * pad)
        canvas.stroke(box.path, Stroke(color, size * 0.11))
        canvas.lines(lines, box.x0 + pad, y + pad * 0.6 - big * 0.15, big, color, "bold")
        y = box.y1 + size * 0.25
    for note in (spec.demo_mark, spec.boundary.warning):
        text, small = lettering.clean(note), size * 0.88
        if text:
            canvas.text(text, body.x1, y + small * 1.02, small, theme.text, "semibold", align="right")
            left, y = min(left, body.x1 - lettering.width(text, small, "semibold")), y + small * LINE
    return left, y


def identity(spec: MapSpec) -> str:
    """What stands at the foot: the map's code, its period and data date, and whose boundaries they are."""
    code = f"{spec.words.get('fingerprint', '')} {spec.fingerprint[:12]}".strip()
    return " · ".join(part for part in (code, spec.period, spec.data_date, spec.boundary.attribution) if part)


def foot(
    canvas: Canvas, spec: MapSpec, body: Rect, theme: Theme, size: float, text: str, page: Page, *, smallest: float
) -> float:
    """The foot line with the page number at its end; gives its upper edge."""
    counted = spec.words.get("page", "{n}/{of}").replace("{n}", str(page.number)).replace("{of}", str(page.of))
    room = body.width - lettering.width(lettering.clean(counted), size) - size * 2
    size, lines = lettering.fit(text, size, room, lines=1, smallest=smallest)
    top = body.y1 - size * LINE * len(lines)
    canvas.lines(lines, body.x0, top, size, theme.muted)
    canvas.text(counted, body.x1, body.y1 - size * 0.3, size, theme.muted, align="right")
    return top


def draw_face(canvas: Canvas, spec: MapSpec, rect: Rect, theme: Theme, letters: Lettering, *, weight: float) -> None:
    """The map face with its furniture: insets at the lower left, the scale bar beside them, the north arrow on top."""
    type_px = letters.px
    earth, pad = ground(spec.boundary.sha256), type_px * 0.9
    boxes = [earth.box(frame.bbox) for frame in spec.frames]
    column = min(rect.width * 0.2, rect.height * 0.22)
    view, left = arrange(rect, boxes, margin=type_px * 1.6, column=column + 2 * pad)
    places = _inset_places(rect, [boxes[i] for i in left], column, pad, letters.small)
    edge = rect.x0 + pad + (column + pad if left else pad * 0.5)
    taken = [
        *places,
        _bar_room(edge, rect, type_px, pad),
        Rect(rect.x0, rect.y0, rect.x0 + type_px * 4, rect.y0 + type_px * 5),
    ]
    others = [boxes[i] for i in left]
    Face(canvas, spec, earth, view, others, theme, type_px, weight).draw(taken)
    open_part = Rect(places[0].x1 if places else rect.x0, rect.y0, rect.x1, rect.y1)
    furniture.demo_mark(canvas, open_part, spec)
    furniture.north_arrow(canvas, rect.x0 + pad * 1.2, rect.y0 + pad, type_px * 1.7, spec.words.get("north", ""), theme)
    furniture.scale_bar(canvas, view, edge, rect.y1 - pad, type_px * 12, letters.small, theme, spec.lang, parts=4)
    furniture.frame(canvas, rect, theme, weight=weight)
    for place, number in zip(places, left):
        _inset(canvas, spec, place, earth, number, theme, letters.small, weight)


def _bar_room(x: float, rect: Rect, type_px: float, pad: float) -> Rect:
    return Rect(x - type_px, rect.y1 - pad - type_px * 2.2, x + type_px * 15, rect.y1)


def _inset_places(rect: Rect, boxes: Sequence[Bbox], column: float, pad: float, size: float) -> list[Rect]:
    """Windows for insets in a column that grows upwards from the lower left corner; each has its map, and room for a
    caption above and a scale bar below it in type of `size` px.
    """
    places, y = [], rect.y1 - pad
    limit = (rect.height * 0.8 - pad * len(boxes)) / max(1, len(boxes))
    for x0, y0, x1, y1 in boxes:
        map_high = min(max(column * 0.45, column * (y1 - y0) / (x1 - x0)), column * 0.95)
        high = min(map_high + size * (_ABOVE + _BELOW), limit)
        places.append(Rect(rect.x0 + pad, y - high, rect.x0 + pad + column, y))
        y -= high + pad * 0.6
    return places


def _inset(
    canvas: Canvas, spec: MapSpec, rect: Rect, earth: Ground, number: int, theme: Theme, size: float, weight: float
) -> None:
    """One inset: its map, its caption on top, its own scale bar."""
    inner = Rect(rect.x0, rect.y0 + size * _ABOVE, rect.x1, rect.y1 - size * _BELOW)
    window = fit(inner, earth.box(spec.frames[number].bbox), margin=size * 0.5)
    view = View(rect, window.scale, window.x, window.y + (inner.y0 + inner.y1 - rect.y0 - rect.y1) / 2 / window.scale)
    others = [earth.box(frame.bbox) for i, frame in enumerate(spec.frames) if i != number]
    taken = [Rect(rect.x0, rect.y0, rect.x1, inner.y0), Rect(rect.x0, inner.y1, rect.x1, rect.y1)]
    Face(canvas, spec, earth, view, others, theme, size, weight, caption=spec.frames[number].label).draw(taken)
    furniture.inset_caption(canvas, rect, spec.frames[number].label, size, theme)
    x, y = rect.x0 + size * 0.7, rect.y1 - size * 0.5
    furniture.scale_bar(canvas, view, x, y, rect.width * 0.4, size, theme, spec.lang, parts=1)
    furniture.frame(canvas, rect, theme, weight=weight)
