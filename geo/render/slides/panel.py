"""What stands around the map on a slide: title, sentence, marks, key figures, legend and foot, all as native text."""

from __future__ import annotations

from geo.cartography.spec import Figure, LegendEntry, LegendGroup, MapSpec, Stroke, Style
from geo.cartography.symbology import LIGHT
from geo.render.slides.drawing import EMU, Drawing
from geo.render.static import lettering
from geo.render.static.canvas import Rect, mark_path, vertices
from geo.render.static.lettering import LINE

__all__ = ["foot", "head", "side"]

_STAMP_RED = "#a3201b"
_TONES = {"up": "#a8450c", "down": "#5e3c99"}
_SIZES = (12.5, 11.5, 10.5, 9.5, 8.5, 7.5, 6.5, 5.5)
"""Type sizes of the legend tried in turn."""


def head(drawing: Drawing, spec: MapSpec, body: Rect, title: str = "", sentence: str = "") -> float:
    """Title (the slide's own placeholder), sentence and marks; gives where the head ends."""
    left, below = _marks(drawing, spec, body)
    room = left - body.x0 - 20
    size, lines = lettering.fit(title or spec.title, 27, room, "bold", lines=2, smallest=15)
    high = size * LINE * len(lines)
    holder = drawing.slide.shapes.title
    holder.left, holder.top = round(body.x0 * EMU), round(body.y0 * EMU)
    holder.width, holder.height = round(room * EMU), round(high * EMU)
    drawing.write(holder._element, [" ".join(lines)], size, LIGHT.text, bold=True, align="l", anchor="t", wrap=True)
    y = body.y0 + high
    size, lines = lettering.fit(sentence or spec.sentence, 16, room, lines=2, smallest=11)
    if lines:
        box = Rect(body.x0, y + 2, body.x0 + room, y + 2 + size * LINE * len(lines))
        drawing.text(f"{spec.title} –", [" ".join(lines)], box, size, LIGHT.text, wrap=True)
        y = box.y1
    return max(y, below)


def _marks(drawing: Drawing, spec: MapSpec, body: Rect) -> tuple[float, float]:
    left, y = body.x1, body.y0
    if spec.marking:
        wide = lettering.width(lettering.clean(spec.marking), 13, "bold") + 16
        left = body.x1 - wide
        box = Rect(left, y, body.x1, y + 24)
        drawing.text(
            spec.marking,
            [spec.marking],
            box,
            13,
            _STAMP_RED,
            bold=True,
            align="ctr",
            anchor="ctr",
            frame=Stroke(_STAMP_RED, 1.5),
        )
        y += 27
    for note in (spec.demo_mark, spec.boundary.warning):
        if note:
            wide = lettering.width(lettering.clean(note), 12, "semibold")
            box = Rect(body.x1 - wide - 4, y, body.x1, y + 12 * LINE)
            drawing.text(note, [note], box, 12, LIGHT.text, bold=True, align="r")
            left, y = min(left, box.x0), box.y1
    return left, y


def side(drawing: Drawing, spec: MapSpec, column: Rect) -> None:
    """Key figures, then the legend, at the largest type at which all of it fits."""
    y = column.y0
    for figure in spec.figures[:3]:
        y = _tile(drawing, figure, Rect(column.x0, y, column.x1, column.y1)) + 8
    size = next((s for s in _SIZES if _legend_height(spec, column.width, s) <= column.y1 - y), _SIZES[-1])
    if spec.legend:
        word = spec.words.get("legend", "")
        drawing.text(
            word, [word], Rect(column.x0, y, column.x1, y + size * LINE * 1.15), size * 1.15, LIGHT.text, bold=True
        )
        y += size * LINE * 1.3
    for group in spec.legend:
        y = _group(drawing, group, Rect(column.x0, y, column.x1, column.y1), size) + size * 0.6


def _tile(drawing: Drawing, figure: Figure, box: Rect) -> float:
    """A key figure; gives its lower edge."""
    second = ", ".join(part for part in (figure.change, figure.verdict) if part)
    label_size, label = lettering.fit(figure.label, 11, box.width - 12, lines=1, smallest=8)
    small, below = lettering.fit(second, 11, box.width - 12, "semibold", lines=1, smallest=8)
    high = 62.0 if second else 46.0
    drawing.shape(
        "rect", figure.label, Rect(box.x0, box.y0, box.x0 + 4, box.y0 + high), Style(_TONES.get(figure.tone, "#c9c3b6"))
    )
    x = box.x0 + 12
    drawing.text(f"{figure.label} –", label, Rect(x, box.y0, box.x1, box.y0 + 16), label_size, LIGHT.muted)
    drawing.text(
        f"{figure.label} =", [figure.value], Rect(x, box.y0 + 14, box.x1, box.y0 + 44), 24, LIGHT.text, bold=True
    )
    if second:
        color = _TONES.get(figure.tone, LIGHT.text)
        drawing.text(f"{figure.label} ±", below, Rect(x, box.y0 + 45, box.x1, box.y0 + 61), small, color, bold=True)
    return box.y0 + high


def _swatch_size(entry: LegendEntry, size: float) -> tuple[float, float]:
    reach = entry.size * (1.2533 if entry.symbol == "diamond" else 1.0)
    return max(size * 2.2, reach * 2), max(size * LINE, reach * 2 + 2)


def _entry_lines(entry: LegendEntry, width: float, size: float) -> tuple[str, ...]:
    return lettering.wrap(entry.label, size, width - _swatch_size(entry, size)[0] - size * 0.6)


def _entry_height(entry: LegendEntry, width: float, size: float) -> float:
    return max(_swatch_size(entry, size)[1], len(_entry_lines(entry, width, size)) * size * LINE) + size * 0.15


def _group_height(group: LegendGroup, width: float, size: float) -> float:
    lines = len(lettering.wrap(group.title, size, width, "semibold"))
    notes = len(lettering.wrap(group.note, size * 0.86, width)) if group.note else 0
    entries = sum(_entry_height(entry, width, size) for entry in group.entries)
    return lines * size * LINE + entries + notes * size * 0.86 * LINE + size * 0.6


def _legend_height(spec: MapSpec, width: float, size: float) -> float:
    return size * LINE * 1.3 + sum(_group_height(group, width, size) for group in spec.legend)


def _group(drawing: Drawing, group: LegendGroup, box: Rect, size: float) -> float:
    y = box.y0
    lines = lettering.wrap(group.title, size, box.width, "semibold")
    drawing.text(group.title, lines, Rect(box.x0, y, box.x1, y + len(lines) * size * LINE), size, LIGHT.text, bold=True)
    y += len(lines) * size * LINE
    for entry in group.entries:
        high = _entry_height(entry, box.width, size)
        _entry(drawing, entry, Rect(box.x0, y, box.x1, y + high), size)
        y += high
    if group.note:
        small = size * 0.86
        lines = lettering.wrap(group.note, small, box.width)
        drawing.text(group.note, lines, Rect(box.x0, y, box.x1, y + len(lines) * small * LINE), small, LIGHT.muted)
        y += len(lines) * small * LINE
    return y


def _entry(drawing: Drawing, entry: LegendEntry, box: Rect, size: float) -> None:
    wide, high = _swatch_size(entry, size)
    middle = Rect(box.x0, box.y0 + (box.height - high) / 2, box.x0 + wide, box.y0 + (box.height + high) / 2)
    _swatch(drawing, entry, middle, size)
    lines = _entry_lines(entry, box.width, size)
    label = Rect(box.x0 + wide + size * 0.6, box.y0, box.x1, box.y1)
    drawing.text(f"{entry.label} –", lines, label, size, LIGHT.text, anchor="ctr")


def _swatch(drawing: Drawing, entry: LegendEntry, box: Rect, size: float) -> None:
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    if entry.symbol in ("circle", "diamond", "badge"):
        r = (entry.size or size * (0.62 if entry.symbol == "badge" else 0.42)) * (
            1.2533 if entry.symbol == "diamond" else 1
        )
        preset = "diamond" if entry.symbol == "diamond" else "ellipse"
        place = Rect(x - r, y - r, x + r, y + r)
        drawing.shape(preset, entry.label, place, entry.style)
        if entry.text:
            drawing.text(
                f"{entry.label} {entry.text}",
                [entry.text],
                place,
                size * 0.8,
                "#ffffff",
                bold=True,
                align="ctr",
                anchor="ctr",
            )
        return
    field = Rect(box.x0 + 1, y - size * 0.5, box.x1 - 1, y + size * 0.5)
    if entry.symbol == "line":
        drawing.shape("line", entry.label, Rect(field.x0, y, field.x1, y), Style(stroke=entry.style.stroke))
    elif entry.symbol == "fill":
        style = entry.style
        painted = Style(style.fill or LIGHT.blank.fill, style.pattern, style.ink, Stroke(LIGHT.border, 0.7))
        drawing.shape("rect", entry.label, field, painted)
    else:
        drawing.shape("rect", entry.label, field, Style(LIGHT.blank.fill, stroke=entry.style.stroke))
    if entry.mark:
        corners = vertices(mark_path(entry.mark, x, y, size / 12))
        drawing.freeform(f"{entry.label} –", [corners], entry.mark.style)


def foot(drawing: Drawing, spec: MapSpec, body: Rect, page: int, pages: int) -> float:
    """Marking, code, data date and whose boundaries, with the page at the end; gives its upper edge."""
    code = f"{spec.words.get('fingerprint', '')} {spec.fingerprint[:12]}".strip()
    parts = (spec.marking, code, spec.period, spec.data_date, spec.boundary.attribution)
    number = spec.words.get("page", "{n}/{of}").replace("{n}", str(page)).replace("{of}", str(pages))
    size, lines = lettering.fit(" · ".join(p for p in parts if p), 10, body.width - 90, lines=2, smallest=7)
    top = body.y1 - size * LINE * len(lines)
    drawing.text(code, lines, Rect(body.x0, top, body.x1 - 90, body.y1), size, LIGHT.muted)
    drawing.text(number, [number], Rect(body.x1 - 84, top, body.x1, body.y1), size, LIGHT.muted, align="r", anchor="b")
    return top
