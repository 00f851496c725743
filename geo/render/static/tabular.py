"""A table that is no map, as a picture: title and marks above, its grid or its chart, the colophon beside it."""

from __future__ import annotations

from geo.cartography.sheet import Grid, Sheet
from geo.cartography.spec import Series, Stroke
from geo.cartography.symbology import Theme
from geo.render.static import lettering, strip
from geo.render.static.canvas import Canvas, Rect
from geo.render.static.exhibit import draw_series
from geo.render.static.sheet import Page
from geo.render.static.strip import Setting

__all__ = ["compose"]

_HEAD = "#f4f2ec"
_SIDE = 236.0


def compose(sheet: Sheet, page: Page, theme: Theme) -> Canvas:
    """The whole page, ready to be written."""
    canvas = Canvas(page.width, page.height, "#ffffff")
    u = page.unit
    body = canvas.sheet.inset(u * 26)
    top = _head(canvas, sheet, body, theme, u) + u * 14
    side = Rect(body.x1 - u * _SIDE, top, body.x1, body.y1)
    area = Rect(body.x0, top, side.x0 - u * 22, body.y1)
    with canvas.tag("Figure"):
        match sheet.shown:
            case Grid():
                _grid(canvas, sheet.shown, area, theme, u)
            case Series():
                _chart(canvas, sheet.shown, area, theme, u)
    with canvas.tag("P"):
        setting = Setting(theme.legend_px * u, side.width, theme.weight * u, theme)
        strip.draw_column(canvas, strip.stamp_blocks(sheet.stamps, setting), side.x0, side.y0, u * 4)
    return canvas


def _head(canvas: Canvas, sheet: Sheet, body: Rect, theme: Theme, u: float) -> float:
    """Title and sentence at the left, marks at the right; gives where the head ends."""
    size = u * 13
    widest = max((lettering.width(lettering.clean(mark), size, "bold") for mark in sheet.marks), default=0.0)
    with canvas.tag("P"):
        for n, mark in enumerate(sheet.marks):
            canvas.text(mark, body.x1, body.y0 + size * (1.0 + 1.4 * n), size, theme.text, "bold", align="right")
    room = body.width - widest - u * 24
    large, lines = lettering.fit(sheet.title, u * 24, room, "bold", lines=2, smallest=u * 12)
    with canvas.tag("H1"):
        y = canvas.lines(lines, body.x0, body.y0 - large * 0.2, large, theme.text, "bold")
    plain, lines = lettering.fit(sheet.sentence, u * 14.5, room, lines=3, smallest=u * 11)
    with canvas.tag("P"):
        y = canvas.lines(lines, body.x0, y + u * 2, plain, theme.text)
    return max(y, body.y0 + size * 1.4 * len(sheet.marks))


def _grid(canvas: Canvas, grid: Grid, area: Rect, theme: Theme, u: float) -> None:
    """Bands along both edges, a large figure in each cell with its note, then what the tints mean."""
    wide, gap, first = area.width / (len(grid.columns) + 1), u * 4, u * 40
    left = area.width - wide * len(grid.columns)
    below = u * 24 * (len(grid.key) + 2)
    high = min(u * 96, (area.height - first - below) / len(grid.rows))
    for n, words in enumerate((grid.corner, *grid.columns)):
        x = area.x0 + (left + (n - 1) * wide if n else 0.0)
        box = Rect(x, area.y0, x + (wide if n else left) - gap, area.y0 + first - gap)
        _words(canvas, words, box, theme, u)
    for m, (words, tiles) in enumerate(zip(grid.rows, grid.tiles)):
        y = area.y0 + first + m * high
        _words(canvas, words, Rect(area.x0, y, area.x0 + left - gap, y + high - gap), theme, u)
        for n, tile in enumerate(tiles):
            x = area.x0 + left + n * wide
            box = Rect(x, y, x + wide - gap, y + high - gap)
            canvas.fill(box.path, tile.tint or "#ffffff")
            canvas.stroke(box.path, Stroke(theme.line, 0.8), weight=u)
            middle = (box.y0 + box.y1) / 2
            canvas.text(tile.figure, x + u * 12, middle + u * 4, u * 26, theme.text, "bold")
            size, lines = lettering.fit(tile.note, u * 12.5, box.width - u * 18, lines=1, smallest=u * 8)
            canvas.text(" ".join(lines), x + u * 12, middle + u * 24, size, theme.text)
    _key(canvas, grid, Rect(area.x0, area.y0 + first + high * len(grid.rows) + u * 10, area.x1, area.y1), theme, u)


def _words(canvas: Canvas, words: str, box: Rect, theme: Theme, u: float) -> None:
    """The heading of a column or a row."""
    canvas.fill(box.path, _HEAD)
    size, lines = lettering.fit(words, u * 14, box.width - u * 16, "semibold", lines=1, smallest=u * 9)
    canvas.text(" ".join(lines), box.x0 + u * 10, (box.y0 + box.y1) / 2 + size * 0.35, size, theme.text, "semibold")


def _key(canvas: Canvas, grid: Grid, area: Rect, theme: Theme, u: float) -> None:
    y = area.y0
    for tint, words in grid.key:
        box = Rect(area.x0, y, area.x0 + u * 26, y + u * 16)
        canvas.fill(box.path, tint)
        canvas.stroke(box.path, Stroke(theme.line, 0.8), weight=u)
        lines = lettering.wrap(words, u * 13, area.width - u * 36)
        y = max(y + u * 24, canvas.lines(lines, area.x0 + u * 36, y - u * 1.5, u * 13, theme.text) + u * 4)
    canvas.lines(lettering.wrap(grid.note, u * 12, area.width), area.x0, y + u * 2, u * 12, theme.muted)


def _chart(canvas: Canvas, series: Series, area: Rect, theme: Theme, u: float) -> None:
    """Months over the band in which they were expected."""
    lines = lettering.wrap(series.note, u * 12, area.width)
    y = canvas.lines(lines, area.x0, area.y0, u * 12, theme.muted)
    draw_series(canvas, series, Rect(area.x0 + u * 44, y + u * 14, area.x1, area.y1 - u * 30), theme, u * 1.3)
