"""The slide of numbers behind a map: a native table, and a native chart that carries its data."""

from __future__ import annotations

from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from geo.cartography.spec import CircleLayer, MapSpec
from geo.cartography.symbology import INK, LIGHT
from geo.render.slides.drawing import EMU, Drawing
from geo.render.static import lettering
from geo.render.static.canvas import Rect

__all__ = ["draw_numbers"]

_ROWS, _BARS = 12, 10
_FONT = "Be Vietnam Pro"


def draw_numbers(drawing: Drawing, spec: MapSpec, area: Rect) -> None:
    """Table at the left, chart of the first number column at the right where there is one."""
    chosen = _columns(spec)
    bars = _bars(spec)
    middle = area.x0 + area.width * (0.62 if bars else 1.0)
    if chosen and spec.table.rows:
        _table(drawing, spec, chosen, Rect(area.x0, area.y0, middle - 14, area.y1))
    if bars:
        _chart(drawing, spec, bars, Rect(middle, area.y0, area.x1, area.y1))


def _columns(spec: MapSpec) -> list[int]:
    """At most six columns, without those in which no row says anything."""
    said = [i for i in range(len(spec.table.columns)) if any(r.texts[i] not in ("", "–") for r in spec.table.rows)]
    return said[:6]


def _table(drawing: Drawing, spec: MapSpec, chosen: list[int], area: Rect) -> None:
    rows = spec.table.rows[:_ROWS]
    high = min(area.height / (len(rows) + 1), 34.0)
    frame = drawing.slide.shapes.add_table(
        len(rows) + 1, len(chosen), *(round(v * EMU) for v in (area.x0, area.y0, area.width, high * (len(rows) + 1)))
    )
    frame.name = lettering.clean(spec.title)
    table = frame.table
    _plain_style(frame)
    widths = _widths(spec, chosen, area.width)
    for place, i in enumerate(chosen):
        column = spec.table.columns[i]
        table.columns[place].width = Emu(round(widths[place] * EMU))
        _cell(table.cell(0, place), column.label, right=column.numeric, head=True)
        for n, row in enumerate(rows, 1):
            _cell(table.cell(n, place), row.texts[i], right=column.numeric, shade=n % 2 == 0)
    for line in table.rows:
        line.height = Emu(round(high * EMU))


def _widths(spec: MapSpec, chosen: list[int], room: float) -> list[float]:
    """Columns as wide as what they hold, the whole as wide as `room`."""
    wanted = []
    for i in chosen:
        texts = [spec.table.columns[i].label, *(row.texts[i] for row in spec.table.rows[:_ROWS])]
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


def _cell(cell: Any, text: str, *, right: bool, head: bool = False, shade: bool = False) -> None:
    cell.margin_left = cell.margin_right = Emu(7 * EMU)
    cell.margin_top = cell.margin_bottom = Emu(2 * EMU)
    cell.vertical_anchor = 3
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string("0B5D57" if head else "F1EEE7" if shade else "FFFFFF")
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = 3 if right else 1
    run = paragraph.add_run()
    run.text = lettering.clean(text)
    run.font.size, run.font.bold, run.font.name = Pt(9.5), head, _FONT
    run.font.color.rgb = RGBColor.from_string("FFFFFF" if head else LIGHT.text.lstrip("#").upper())


def _bars(spec: MapSpec) -> list[tuple[str, float]]:
    """The largest units by the first number column; hidden counts have no bar."""
    numeric = next((i for i, column in enumerate(spec.table.columns) if column.numeric), None)
    if numeric is None:
        return []
    rows = [row for row in spec.table.rows if row.code and row.values[numeric] is not None]
    rows.sort(key=lambda row: -(row.values[numeric] or 0.0))
    return [(lettering.clean(row.texts[0]), float(row.values[numeric] or 0.0)) for row in rows[:_BARS]]


def _chart(drawing: Drawing, spec: MapSpec, bars: list[tuple[str, float]], area: Rect) -> None:
    column = next(column for column in spec.table.columns if column.numeric)
    data = CategoryChartData(number_format="#,##0" if not column.digits else "#,##0.0")
    data.categories = [name for name, _ in bars]
    data.add_series(lettering.clean(column.label), [round(value, 6) for _, value in bars])
    place = [round(v * EMU) for v in (area.x0, area.y0, area.width, area.height)]
    frame = drawing.slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data)
    frame.name = lettering.clean(column.label)
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = True
    chart.chart_title.text_frame.text = lettering.clean(column.label) or "–"
    title = chart.chart_title.text_frame.paragraphs[0].runs[0].font
    title.size, title.bold, title.name = Pt(11), True, _FONT
    chart.font.size, chart.font.name = Pt(9.5), _FONT
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = RGBColor.from_string(LIGHT.line.lstrip("#").upper())
    chart.category_axis.has_major_gridlines = False
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 45, True
    plot.data_labels.position, plot.data_labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, Pt(9.5)
    fill = plot.series[0].format.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(_color(spec))


def _color(spec: MapSpec) -> str:
    """The colour of the map's symbols."""
    layer = next((layer for layer in spec.layers if isinstance(layer, CircleLayer)), None)
    return (layer.style.fill if layer else INK).lstrip("#")[:6].upper()
