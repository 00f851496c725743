"""What stands where the map stands, when a sheet shows the table or the chart behind it."""

from __future__ import annotations

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from geo.cartography.charts import brief, left_out
from geo.cartography.spec import Bars, MapSpec, Planned, Series, Stroke, Table
from geo.cartography.symbology import INK, Theme
from geo.render.static import furniture, lettering
from geo.render.static.canvas import Canvas, Rect, symbol_path
from geo.render.static.lettering import LINE

__all__ = ["draw_exhibit", "draw_series"]


def draw_exhibit(canvas: Canvas, spec: MapSpec, rect: Rect, theme: Theme, size: float) -> None:
    """The table or the chart of a spec inside `rect`, in type of `size` px."""
    furniture.demo_mark(canvas, rect, spec)
    match spec.chart if spec.show == "chart" else None:
        case Series() as series:
            _titled_series(canvas, series, rect, theme, size)
        case Bars() as bars:
            _bars(canvas, bars, rect, theme, size)
        case None:
            _table(canvas, spec, rect, theme, size)


def _titled_series(canvas: Canvas, series: Series, rect: Rect, theme: Theme, size: float) -> None:
    y = canvas.lines([series.title], rect.x0, rect.y0, size * 1.15, theme.text, "semibold")
    y = canvas.lines(lettering.wrap(series.note, size, rect.width), rect.x0, y, size, theme.muted)
    wide = max((lettering.width(text, size) for _, text in series.ticks), default=0.0)
    plot = Rect(rect.x0 + wide + size, y + size, rect.x1 - size, rect.y1 - size * 2)
    draw_series(canvas, series, plot, theme, size / 9)


def _bars(canvas: Canvas, bars: Bars, rect: Rect, theme: Theme, size: float) -> None:
    y = canvas.lines([bars.title], rect.x0, rect.y0, size * 1.15, theme.text, "semibold") + size * 0.6
    step = min((rect.y1 - y) / len(bars.items), size * 4)
    names = max(lettering.width(lettering.clean(bar.name), size) for bar in bars.items)
    numbers = max(lettering.width(bar.text, size, "semibold") for bar in bars.items)
    left, room = rect.x0 + names + size, rect.width - names - numbers - size * 2.5
    top = max((bar.value for bar in bars.items), default=0.0) or 1.0
    for bar in bars.items:
        middle = y + step / 2 + size * 0.35
        canvas.text(bar.name, left - size * 0.7, middle, size, theme.text, align="right")
        end = left + max(0.0, bar.value) / top * room
        canvas.fill(Rect(left, y + step * 0.2, max(end, left + 1), y + step * 0.8).path, _seen(bars.color, theme))
        canvas.text(bar.text, end + size * 0.5, middle, size, theme.text, "semibold")
        y += step


def _seen(color: str, theme: Theme) -> str:
    """Ink is drawn in the theme's own text colour, which can be seen on a dark ground."""
    return theme.text if color == INK else color


def _table(canvas: Canvas, spec: MapSpec, rect: Rect, theme: Theme, size: float) -> None:
    shown = brief(spec.table)
    widths = _widths(shown, rect.width, size)
    left = [rect.x0 + sum(widths[:i]) for i in range(len(widths))]
    heads = [lettering.wrap(c.label, size, w - size, "semibold") for c, w in zip(shown.columns, widths)]
    high = max(map(len, heads)) * size * LINE + size * 0.6
    canvas.fill(Rect(rect.x0, rect.y0, rect.x1, rect.y0 + high).path, "#0b5d57")
    for x, wide, column, lines in zip(left, widths, shown.columns, heads):
        at, align = (x + wide - size * 0.5, "right") if column.numeric else (x + size * 0.5, "left")
        canvas.lines(lines, at, rect.y0 + size * 0.3, size, "#ffffff", "semibold", align=align)  # type: ignore[arg-type]
    note = left_out(spec)
    step = min((rect.y1 - rect.y0 - high - size * 2) / max(1, len(shown.rows)), size * 3)
    y = rect.y0 + high
    for row in shown.rows:
        for x, wide, column, text in zip(left, widths, shown.columns, row.texts):
            at, align = (x + wide - size * 0.5, "right") if column.numeric else (x + size * 0.5, "left")
            small, lines = lettering.fit(text, size, wide - size * 0.8, lines=1, smallest=size * 0.7)
            canvas.text(lines[0] if lines else "", at, y + step / 2 + small * 0.35, small, theme.text, align=align)  # type: ignore[arg-type]
        y += step
        canvas.stroke(Path([(rect.x0, y), (rect.x1, y)]), Stroke(theme.line, 0.8), weight=size / 12)
    if note:
        canvas.text(note, rect.x0, y + size * 1.5, size * 0.9, theme.muted)


def _widths(table: Table, room: float, size: float) -> list[float]:
    """Columns as wide as what they hold, the whole as wide as `room`."""
    wanted = []
    for i, column in enumerate(table.columns):
        label = max((lettering.width(lettering.clean(w), size, "semibold") for w in column.label.split()), default=0.0)
        wanted.append(
            max([label, *(lettering.width(lettering.clean(r.texts[i]), size) for r in table.rows)]) + size * 1.4
        )
    return [width * room / sum(wanted) for width in wanted]


def draw_series(canvas: Canvas, series: Series, rect: Rect, theme: Theme, u: float) -> None:
    """A line over the band it was expected in, places outside it standing out; names lie around `rect`."""
    plan = series.plan if isinstance(series, Planned) else ()
    top = (
        max(
            [v for v in (*series.counts, *series.high, *plan, *(v for v, _ in series.ticks)) if v is not None],
            default=1.0,
        )
        or 1.0
    )
    step = rect.width / max(1, len(series.counts) - 1)
    place = Affine2D().scale(step, -rect.height / (top * 1.05)).translate(rect.x0, rect.y1)
    for value, text in series.ticks:
        y = float(place.transform((0.0, value))[1])
        canvas.stroke(Path([(rect.x0, y), (rect.x1, y)]), Stroke(theme.line, 0.8), weight=u)
        canvas.text(text, rect.x0 - u * 6, y + u * 3.5, u * 9, theme.muted, align="right")
    for first, last in _runs(series):
        low = [(i, series.low[i]) for i in range(first, last)]
        high = [(i, series.high[i]) for i in range(last - 1, first - 1, -1)]
        band = np.array([*low, *high, low[0]], float)
        canvas.fill(Path(band, closed=True), "#0f766e29", place=place)
    known = [(i, v) for i, v in enumerate(series.counts) if v is not None]
    ink = Stroke(_seen(INK, theme) if theme.name != "light" else INK, 1.5)
    for run in _joined([(i, v) for i, v in enumerate(plan) if v is not None]):
        canvas.stroke(Path(place.transform(np.array(run, float))), Stroke("#b8420a", 1.2), weight=u)
    for run in _joined(known):
        canvas.stroke(Path(place.transform(np.array(run, float))), ink, weight=u)
    for i, value in known:
        low_i, high_i = series.low[i], series.high[i]
        if low_i is not None and high_i is not None and not low_i <= value <= high_i:
            x, y = place.transform((i, value))
            canvas.fill(symbol_path("circle", float(x), float(y), u * 3), "#d9601a")
    for i, text in series.marks:
        x = rect.x0 + i * step
        canvas.text(text, x, rect.y1 + u * 13, u * 9, theme.muted, align="center")


def _runs(series: Series) -> list[tuple[int, int]]:
    """Stretches in which the band is known, as half-open ranges of at least two months."""
    known = [low is not None and high is not None for low, high in zip(series.low, series.high)]
    edges = np.flatnonzero(np.diff([0, *map(int, known), 0]))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2]) if b - a > 1]


def _joined(known: list[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    """Stretches of months that follow each other."""
    runs: list[list[tuple[int, float]]] = []
    for point in known:
        if runs and runs[-1][-1][0] == point[0] - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [run for run in runs if len(run) > 1]
