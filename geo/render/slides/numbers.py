"""The slide of numbers behind a map: a native table, and a native chart that carries its data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from geo.cartography.charts import brief, largest, left_out
from geo.cartography.spec import Bars, Chart, MapSpec, Planned, Series, Table
from geo.cartography.symbology import INK, LIGHT
from geo.render.slides.drawing import EMU, Drawing
from geo.render.static import lettering
from geo.render.static.canvas import Rect

__all__ = ["draw_chart", "draw_numbers", "draw_table"]

_FONT = "Be Vietnam Pro"
_BAND = "9FC4C0"


def draw_numbers(drawing: Drawing, spec: MapSpec, area: Rect) -> None:
    """Table at the left, chart of the first number column at the right where there is one."""
    chart = spec.chart or largest(spec)
    middle = area.x0 + area.width * (0.62 if chart else 1.0)
    if spec.table.rows:
        draw_table(drawing, spec, Rect(area.x0, area.y0, middle - 14, area.y1))
    if chart:
        draw_chart(drawing, chart, Rect(middle, area.y0, area.x1, area.y1))


def draw_table(drawing: Drawing, spec: MapSpec, area: Rect, *, size: float = 9.5) -> None:
    """The first rows of the table, in type of `size` points, and how many rows there are besides."""
    shown, note = brief(spec.table), left_out(spec)
    if not shown.columns:
        return
    room = area.height - (22 if note else 0)
    high = min(room / (len(shown.rows) + 1), size * 3.8)
    frame = drawing.slide.shapes.add_table(
        len(shown.rows) + 1, len(shown.columns),
        *(round(v * EMU) for v in (area.x0, area.y0, area.width, high * (len(shown.rows) + 1))),
    )  # fmt: skip
    frame.name = lettering.clean(spec.title)[:250]
    table = frame.table
    _plain_style(frame)
    widths = _widths(shown, area.width)
    for place, column in enumerate(shown.columns):
        table.columns[place].width = Emu(round(widths[place] * EMU))
        _cell(table.cell(0, place), column.label, size, right=column.numeric, head=True)
        for n, row in enumerate(shown.rows, 1):
            _cell(table.cell(n, place), row.texts[place], size, right=column.numeric, shade=n % 2 == 0)
    for line in table.rows:
        line.height = Emu(round(high * EMU))
    if note:
        drawing.text(note, [note], Rect(area.x0, area.y1 - 17, area.x1, area.y1), 12, LIGHT.muted)


def _widths(table: Table, room: float) -> list[float]:
    """Columns as wide as what they hold, the whole as wide as `room`."""
    wanted = []
    for i, column in enumerate(table.columns):
        texts = [column.label, *(row.texts[i] for row in table.rows)]
        wanted.append(max(lettering.width(lettering.clean(text), 13, "semibold") for text in texts) + 18)
    return [width * room / sum(wanted) for width in wanted]


def _plain_style(frame: Any) -> None:
    """No table style: the cells say how they look, in PowerPoint as in LibreOffice."""
    properties = frame._element.find(f".//{qn('a:tblPr')}")
    for name in ("bandRow", "firstRow"):
        properties.attrib.pop(name, None)
    for child in list(properties):
        properties.remove(child)
    etree.SubElement(properties, qn("a:tableStyleId")).text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _cell(cell: Any, text: str, size: float, *, right: bool, head: bool = False, shade: bool = False) -> None:
    cell.margin_left = cell.margin_right = Emu(7 * EMU)
    cell.margin_top = cell.margin_bottom = Emu(2 * EMU)
    cell.vertical_anchor = 3
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string("0B5D57" if head else "F1EEE7" if shade else "FFFFFF")
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = 3 if right else 1
    run = paragraph.add_run()
    run.text = lettering.clean(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), head, _FONT
    run.font.color.rgb = RGBColor.from_string("FFFFFF" if head else LIGHT.text.lstrip("#").upper())


def draw_chart(drawing: Drawing, chart: Chart, area: Rect, *, size: float = 9.5) -> None:
    """A native chart with its data, in type of `size` points."""
    match chart:
        case Bars():
            _bars(drawing, chart, area, size)
        case Series():
            _series(drawing, chart, area, size)


def _added(drawing: Drawing, kind: XL_CHART_TYPE, title: str, data: CategoryChartData, area: Rect, size: float) -> Any:
    """A chart with what all of ours have in common."""
    place = [round(v * EMU) for v in (area.x0, area.y0, area.width, area.height)]
    frame = drawing.slide.shapes.add_chart(kind, *place, data)
    frame.name = lettering.clean(title)[:250]
    chart = frame.chart
    chart.has_title = True
    chart.chart_title.text_frame.text = lettering.clean(title) or "–"
    head = chart.chart_title.text_frame.paragraphs[0].runs[0].font
    head.size, head.bold, head.name = Pt(size * 1.15), True, _FONT
    chart.font.size, chart.font.name = Pt(size), _FONT
    chart.category_axis.format.line.color.rgb = RGBColor.from_string(LIGHT.line.lstrip("#").upper())
    chart.category_axis.has_major_gridlines = False
    return chart


def _bars(drawing: Drawing, bars: Bars, area: Rect, size: float) -> None:
    data = CategoryChartData(number_format="#,##0" if not bars.digits else f"#,##0.{'0' * bars.digits}")
    data.categories = [lettering.clean(bar.name) for bar in bars.items]
    data.add_series(lettering.clean(bars.title), [round(bar.value, 6) for bar in bars.items])
    chart = _added(drawing, XL_CHART_TYPE.BAR_CLUSTERED, bars.title, data, area, size)
    chart.has_legend = False
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 45, True
    plot.data_labels.position, plot.data_labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(size)
    fill = plot.series[0].format.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(bars.color.lstrip("#").upper())


def _series(drawing: Drawing, series: Series, area: Rect, size: float) -> None:
    """The line, and the edges of the band it was expected in as thin lines."""
    data = CategoryChartData(number_format="#,##0")
    data.categories = [lettering.clean(name) for name in series.names]
    lines = zip(series.words, (series.counts, series.low, series.high), (INK.lstrip("#").upper(), _BAND, _BAND))
    drawn = [(name, values, color) for name, values, color in lines if any(v is not None for v in values)]
    if isinstance(series, Planned):
        drawn.append((series.plan_word, series.plan, "B8420A"))
    for name, values, _ in drawn:
        data.add_series(lettering.clean(name), values)
    chart = _added(drawing, XL_CHART_TYPE.LINE, series.title, data, area, size)
    chart.has_legend = len(drawn) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.value_axis.format.line.fill.background()
    if len(drawn) == 1 and series.ticks:
        chart.value_axis.maximum_scale = max(value for value, _ in series.ticks)
    _named_only(chart.category_axis, [place for place, _ in series.marks])
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("ECE7DC")
    for line, (_, _, color) in zip(chart.plots[0].series, drawn):
        line.smooth = False
        line.format.line.width = Pt(2.25 if color != _BAND else 1.25)
        line.format.line.color.rgb = RGBColor.from_string(color)


def _named_only(axis: Any, places: list[int]) -> None:
    """Name as many places as the series does, and no more: a name for each of 36 months would stand on end."""
    gaps = [b - a for a, b in pairwise(places)]
    skip = etree.Element(qn("c:tickLblSkip"), val=str(max(1, min(gaps, default=1) // 2)))
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
