"""The strip beside the map: legend and colophon, in one column or more, at a type size at which all of it fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from matplotlib.path import Path

from geo.cartography.spec import LegendEntry, LegendGroup, MapSpec, Stamp, Stroke, Style
from geo.cartography.symbology import Theme
from geo.render.static import lettering
from geo.render.static.canvas import Canvas, Rect, mark_path, symbol_path
from geo.render.static.lettering import LINE

__all__ = ["Block", "Setting", "columns", "draw_column", "legend_blocks", "space", "stamp_blocks"]


@dataclass(frozen=True)
class Setting:
    """Type size, column width and symbol weight, px, the colours, and the size of notes over the type size."""

    size: float
    width: float
    weight: float
    theme: Theme
    note: float = 0.86

    @property
    def small(self) -> float:
        """Size of notes and of the colophon."""
        return self.size * self.note


@dataclass(frozen=True)
class Block:
    """A piece that is not torn apart: how high it is and how it is drawn at (x, y)."""

    height: float
    draw: Callable[[Canvas, float, float], None]


def space(height: float) -> Block:
    """Room kept free."""

    def draw(canvas: Canvas, x: float, y: float) -> None:
        del canvas, x, y

    return Block(height, draw)


def legend_blocks(spec: MapSpec, setting: Setting) -> list[Block]:
    """The legend's heading with its first group, then the other groups."""
    groups = [_group(group, setting) for group in spec.legend]
    if not groups:
        return []
    heading = _paragraph(spec.words.get("legend", ""), replace(setting, size=setting.size * 1.15), bold=True)
    return [_stack([heading, groups[0]], gap=setting.size * 0.15), *groups[1:]]


def stamp_blocks(stamps: Sequence[Stamp], setting: Setting) -> list[Block]:
    """The colophon, one block per line of it."""
    return [_stamp(stamp, setting) for stamp in stamps]


def _stack(blocks: Sequence[Block], gap: float) -> Block:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        for block in blocks:
            block.draw(canvas, x, y)
            y += block.height + gap

    return Block(sum(b.height for b in blocks) + gap * max(0, len(blocks) - 1), draw)


def _paragraph(text: str, setting: Setting, *, bold: bool = False, muted: bool = False) -> Block:
    size = setting.small if muted else setting.size
    color = setting.theme.muted if muted else setting.theme.text
    lines = lettering.wrap(text, size, setting.width, "semibold" if bold else "regular")

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.lines(lines, x, y, size, color, "semibold" if bold else "regular")

    return Block(len(lines) * size * LINE, draw)


def _group(group: LegendGroup, setting: Setting) -> Block:
    parts = [_paragraph(group.title, setting, bold=True)]
    sized = len(group.entries) > 1 and all(entry.size for entry in group.entries)
    row = _row(group.entries, setting) if sized else None
    parts += [row] if row else [_entry(entry, setting) for entry in group.entries]
    if group.note:
        parts.append(_paragraph(group.note, setting, muted=True))
    return _stack(parts, gap=setting.size * 0.22)


def _swatch_box(entry: LegendEntry, setting: Setting) -> tuple[float, float]:
    reach = entry.size * setting.weight * (1.2533 if entry.symbol == "diamond" else 1.0)
    return max(setting.size * 2.2, reach * 2 + 3), max(setting.size * LINE, reach * 2 + 3)


def _entry(entry: LegendEntry, setting: Setting) -> Block:
    """A swatch and its label beside it."""
    wide, high = _swatch_box(entry, setting)
    gap, size = setting.size * 0.6, setting.size
    lines = lettering.wrap(entry.label, size, setting.width - wide - gap)
    height = max(high, len(lines) * size * LINE)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        first = size * LINE
        box = Rect(x, y + (first - high) / 2 if high <= first else y, x + wide, y + max(high, first))
        _swatch(canvas, entry, Rect(box.x0, y, box.x1, y + high), setting)
        canvas.lines(
            lines, x + wide + gap, y + (max(0.0, high - first) / 2 if len(lines) == 1 else 0), size, setting.theme.text
        )

    return Block(height, draw)


def _row(entries: Sequence[LegendEntry], setting: Setting) -> Block | None:
    """Graduated symbols side by side on one base line, labels under them; None where they need too much room."""
    size, gap = setting.size, setting.size * 1.1
    boxes = [_swatch_box(entry, setting) for entry in entries]
    wide = [max(box[0], lettering.width(entry.label, size)) for box, entry in zip(boxes, entries)]
    if sum(wide) + gap * (len(wide) - 1) > setting.width:
        return None
    high = max(box[1] for box in boxes)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        for entry, box, room in zip(entries, boxes, wide):
            middle = x + room / 2
            swatch = Rect(middle - box[0] / 2, y + high - box[1], middle + box[0] / 2, y + high)
            _swatch(canvas, entry, swatch, setting)
            canvas.text(entry.label, middle, y + high + size * 1.05, size, setting.theme.text, align="center")
            x += room + gap

    return Block(high + size * LINE, draw)


def _swatch(canvas: Canvas, entry: LegendEntry, box: Rect, setting: Setting) -> None:
    theme, weight = setting.theme, setting.weight
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    if entry.symbol in ("circle", "diamond"):
        if theme.name == "projector":  # symbols are made to be seen on land
            canvas.fill(box.inset(-1).path, theme.blank.fill)
        radius = entry.size * weight if entry.size else setting.size * 0.42
        canvas.paint(symbol_path(entry.symbol, *middle, radius), entry.style, weight=weight)
        return
    if entry.symbol == "badge":
        canvas.fill(symbol_path("circle", *middle, setting.size * 0.66), entry.style.fill)
        size = setting.size * 0.86
        canvas.text(entry.text, middle[0], middle[1] + size * 0.35, size, "#ffffff", "bold", align="center")
        return
    field = box.inset(setting.size * 0.12)
    if entry.symbol != "fill":
        canvas.fill(field.path, theme.blank.fill)
        field = field.inset(setting.size * 0.14)  # the whole line lies on land, as on the map
    if entry.symbol == "line":
        canvas.paint(Path([(field.x0, middle[1]), (field.x1, middle[1])]), entry.style, weight=weight)
        return
    style = entry.style
    if entry.symbol == "fill":
        style = Style(style.fill, style.pattern, style.ink, Stroke(theme.border, 0.8))
    canvas.paint(field.path, style, weight=weight)
    if entry.mark:
        canvas.paint(mark_path(entry.mark, *middle, setting.size / 12), entry.mark.style, weight=weight)


def _stamp(stamp: Stamp, setting: Setting) -> Block:
    """The caption in a stronger weight, and its text running on from it."""
    size, caption = setting.small, f"{lettering.clean(stamp.caption)}: "
    indent = lettering.width(caption, size, "semibold")
    lines = lettering.wrap(stamp.text, size, setting.width, indent=indent)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.text(caption, x, y + size * 1.02, size, setting.theme.muted, "semibold")
        canvas.text(lines[0] if lines else "", x + indent, y + size * 1.02, size, setting.theme.muted)
        canvas.lines(lines[1:], x, y + size * LINE, size, setting.theme.muted)

    return Block(max(1, len(lines)) * size * LINE, draw)


def columns(blocks: Sequence[Block], height: float, count: int, gap: float) -> list[list[Block]] | None:
    """Blocks in `count` columns of that height, in reading order; None where they do not fit."""
    found: list[list[Block]] = [[]]
    used = 0.0
    for block in blocks:
        more = block.height + (gap if found[-1] else 0.0)
        if found[-1] and used + more > height:
            found.append([])
            used, more = 0.0, block.height
        used += more
        if used > height or len(found) > count:
            return None
        found[-1].append(block)
    return found


def draw_column(canvas: Canvas, blocks: Sequence[Block], x: float, y: float, gap: float) -> float:
    """Draw blocks below each other; gives where the next would begin."""
    for block in blocks:
        block.draw(canvas, x, y)
        y += block.height + gap
    return y
