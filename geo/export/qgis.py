"""How a layer looks, in the words of QGIS (QML), of the OGC (SLD 1.0), and of GeoJSON viewers.

Sizes are CSS pixels, written as points (0.75 of a px) for QGIS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from geo.cartography.spec import CircleLayer, OutlineLayer, Pattern, PointLayer, Stroke, Style, UnitLayer, ZoneLayer
from geo.cartography.symbology import LIGHT
from geo.text import printable

__all__ = ["Look", "look_of", "qml", "sld"]

_PT = 0.75
_ALL = 99.0
_DENOMINATOR = 591_658_711.0
"""Of the scale of a web map at zoom 0, 96 dots to the inch."""

_BRUSHES: dict[Pattern, str] = {"none": "solid", "hatch": "b_diagonal", "slant": "f_diagonal", "cross": "diagonal_x",
                                "dots": "dense6", "fine_dots": "dense7"}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One look, or one for each value of the field `by`.

    Attributes
    ----------
    shape : {"polygon", "circle", "diamond"}
    by : str
        Field that chooses among `styles`, or empty.
    styles : tuple of (value, label, Style)
    size_field : str
        Field that holds a symbol's radius in px, or empty.
    label_field : str
        Field written on the map, or empty.
    from_zoom, until_zoom : float
        Zoom levels of web maps between which it is shown; 0 and 99 for all.
    """

    shape: str
    by: str
    styles: tuple[tuple[str, str, Style], ...]
    size_field: str = ""
    label_field: str = ""
    from_zoom: float = 0.0
    until_zoom: float = _ALL

    def scales(self) -> tuple[float, float] | None:
        """Smallest and largest denominator of the scale at which it is shown; None where it is at all."""
        if not self.from_zoom and self.until_zoom >= _ALL:
            return None
        nearest = 0.0 if self.until_zoom >= _ALL else _DENOMINATOR / 2**self.until_zoom
        return nearest, _DENOMINATOR / 2**self.from_zoom

    def simple(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Properties that GeoJSON viewers understand (simplestyle)."""
        style = next((s for value, _, s in self.styles if not self.by or str(record[self.by]) == value), Style())
        said: dict[str, Any] = {}
        if self.shape == "polygon":
            said["fill"], said["fill-opacity"] = (style.fill or "#ffffff")[:7], 1.0 if style.fill else 0.0
        else:
            said["marker-color"] = style.fill[:7]
        if style.stroke:
            said["stroke"], said["stroke-width"] = style.stroke.color, style.stroke.width
        return said


def look_of(layer: UnitLayer | CircleLayer | OutlineLayer | PointLayer | ZoneLayer, labels: Sequence[str] = ()) -> Look:
    """The look of a layer of a map."""
    match layer:
        case UnitLayer():
            used = sorted({cell.cls for cell in layer.cells})
            border = Stroke(LIGHT.border, 0.8)
            styles = [(i, layer.classes[i]) for i in used]
            named = tuple(
                (str(i), labels[i] if labels else "", Style(s.fill, s.pattern, s.ink, border)) for i, s in styles
            )
            return Look("polygon", "class", named, label_field="unit")
        case CircleLayer():
            shape = "diamond" if layer.symbol == "diamond" else "circle"
            plain = (("", "", layer.style),)
            return Look(shape, "", plain, size_field="radius", until_zoom=layer.until_zoom)
        case PointLayer():
            shape = "diamond" if layer.symbol == "diamond" else "circle"
            return Look(shape, "", (("", "", layer.style),), from_zoom=layer.from_zoom)
        case OutlineLayer():
            return Look("polygon", "", (("", "", Style(stroke=layer.stroke)),), label_field="rank")
        case ZoneLayer():
            return Look("polygon", "", (("", printable(layer.label), layer.style),))


def _rgba(color: str) -> str:
    """`r,g,b,a` of a `#rrggbb` or `#rrggbbaa` colour."""
    alpha = int(color[7:], 16) if len(color) == 9 else 255
    return ",".join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5)) + f",{alpha}"


def qml(look: Look) -> str:
    """The style as a QGIS document."""
    root = etree.Element(
        "qgis", version="3.22.0", styleCategories="Symbology|Labeling|Rendering",
        labelsEnabled="1" if look.label_field else "0",
    )  # fmt: skip
    if (scales := look.scales()) is not None:
        root.set("hasScaleBasedVisibilityFlag", "1")
        root.set("maxScale", f"{scales[0]:.0f}")
        root.set("minScale", f"{scales[1]:.0f}")
    if look.by:
        renderer = etree.SubElement(root, "renderer-v2", type="categorizedSymbol", attr=look.by)
        categories = etree.SubElement(renderer, "categories")
        for i, (value, label, _) in enumerate(look.styles):
            etree.SubElement(categories, "category", value=value, label=label, symbol=str(i), render="true")
    else:
        renderer = etree.SubElement(root, "renderer-v2", type="singleSymbol")
    symbols = etree.SubElement(renderer, "symbols")
    for i, (_, _, style) in enumerate(look.styles):
        _symbol(symbols, str(i), look, style)
    if look.label_field:
        _labels(root, look)
    return str(etree.tostring(root, encoding="unicode", pretty_print=True))


def _symbol(parent: Any, name: str, look: Look, style: Style) -> None:
    kind = "fill" if look.shape == "polygon" else "marker"
    symbol = etree.SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    if kind == "marker":
        layer = _properties(symbol, "SimpleMarker", _marker(look, style))
        if look.size_field:
            _size(layer, look.size_field)
        return
    if style.fill or style.pattern == "none":
        _properties(symbol, "SimpleFill", _fill(style.fill, "solid" if style.fill else "no", style.stroke))
    if style.pattern != "none":
        _properties(
            symbol, "SimpleFill", _fill(style.ink, _BRUSHES[style.pattern], None if style.fill else style.stroke)
        )


def _properties(symbol: Any, kind: str, values: dict[str, str]) -> Any:
    layer = etree.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    options = etree.SubElement(layer, "Option", type="Map")
    for key, value in values.items():
        etree.SubElement(options, "Option", name=key, value=value, type="QString")
    for key, value in values.items():  # what versions before 3.26 read
        etree.SubElement(layer, "prop", k=key, v=value)
    return layer


def _line(stroke: Stroke | None) -> dict[str, str]:
    if stroke is None:
        return {"outline_style": "no"}
    values = {
        "outline_color": _rgba(stroke.color), "outline_style": "solid", "outline_width": f"{stroke.width * _PT:.2f}",
        "outline_width_unit": "Point",
    }  # fmt: skip
    if stroke.dash:
        values["outline_style"] = "dot" if stroke.dash[0] < 2 else "dash dot" if len(stroke.dash) > 2 else "dash"
    return values


def _fill(color: str, brush: str, stroke: Stroke | None) -> dict[str, str]:
    return {"color": _rgba(color or "#ffffff"), "style": brush, **_line(stroke)}


def _marker(look: Look, style: Style) -> dict[str, str]:
    return {"name": look.shape, "color": _rgba(style.fill), "size": "6", "size_unit": "Point", **_line(style.stroke)}


def _size(layer: Any, field: str) -> None:
    """The diameter from a field: twice the radius, in points."""
    defined = etree.SubElement(layer, "data_defined_properties")
    top = etree.SubElement(defined, "Option", type="Map")
    etree.SubElement(top, "Option", name="name", value="", type="QString")
    held = etree.SubElement(
        etree.SubElement(top, "Option", name="properties", type="Map"), "Option", name="size", type="Map"
    )
    etree.SubElement(held, "Option", name="active", value="true", type="bool")
    etree.SubElement(held, "Option", name="expression", value=f'"{field}" * {2 * _PT}', type="QString")
    etree.SubElement(held, "Option", name="type", value="3", type="int")
    etree.SubElement(top, "Option", name="type", value="collection", type="QString")


def _labels(root: Any, look: Look) -> None:
    labeling = etree.SubElement(root, "labeling", type="simple")
    settings = etree.SubElement(labeling, "settings", calloutType="simple")
    style = etree.SubElement(
        settings, "text-style", fieldName=look.label_field, isExpression="0", fontFamily="Be Vietnam Pro", fontSize="8",
        fontSizeUnit="Point", textColor=_rgba(LIGHT.label), textOpacity="1", namedStyle="Regular",
    )  # fmt: skip
    etree.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor=_rgba(LIGHT.halo)
    )
    etree.SubElement(settings, "placement", placement="1", priority="5", centroidInside="1")
    etree.SubElement(settings, "rendering", obstacle="1", displayAll="0", drawLabels="1")


_OGC = "http://www.opengis.net/ogc"
_SLD = "http://www.opengis.net/sld"


def sld(look: Look, layer: str) -> str:
    """The style as SLD 1.0; patterns, which it lacks, become their ground."""
    root = etree.Element(f"{{{_SLD}}}StyledLayerDescriptor", nsmap={None: _SLD, "ogc": _OGC}, version="1.0.0")
    named = etree.SubElement(root, f"{{{_SLD}}}NamedLayer")
    etree.SubElement(named, f"{{{_SLD}}}Name").text = layer
    rules = etree.SubElement(etree.SubElement(named, f"{{{_SLD}}}UserStyle"), f"{{{_SLD}}}FeatureTypeStyle")
    for value, label, style in look.styles:
        rule = etree.SubElement(rules, f"{{{_SLD}}}Rule")
        etree.SubElement(rule, f"{{{_SLD}}}Name").text = label or layer
        if look.by:
            equal = etree.SubElement(etree.SubElement(rule, f"{{{_OGC}}}Filter"), f"{{{_OGC}}}PropertyIsEqualTo")
            etree.SubElement(equal, f"{{{_OGC}}}PropertyName").text = look.by
            etree.SubElement(equal, f"{{{_OGC}}}Literal").text = value
        if (scales := look.scales()) is not None:
            etree.SubElement(rule, f"{{{_SLD}}}MinScaleDenominator").text = f"{scales[0]:.0f}"
            etree.SubElement(rule, f"{{{_SLD}}}MaxScaleDenominator").text = f"{scales[1]:.0f}"
        _symbolizer(rule, look, style)
    return str(etree.tostring(root, encoding="unicode", pretty_print=True))


def _symbolizer(rule: Any, look: Look, style: Style) -> None:
    if look.shape == "polygon":
        place = etree.SubElement(rule, f"{{{_SLD}}}PolygonSymbolizer")
    else:
        graphic = etree.SubElement(etree.SubElement(rule, f"{{{_SLD}}}PointSymbolizer"), f"{{{_SLD}}}Graphic")
        place = etree.SubElement(graphic, f"{{{_SLD}}}Mark")
        etree.SubElement(place, f"{{{_SLD}}}WellKnownName").text = "circle" if look.shape == "circle" else "square"
    if style.fill:
        _css(etree.SubElement(place, f"{{{_SLD}}}Fill"), fill=style.fill[:7])
    if style.stroke:
        line = {"stroke": style.stroke.color[:7], "stroke-width": f"{style.stroke.width:g}"}
        if style.stroke.dash:
            line["stroke-dasharray"] = " ".join(f"{d:g}" for d in style.stroke.dash)
        _css(etree.SubElement(place, f"{{{_SLD}}}Stroke"), **line)
    if look.shape != "polygon":
        size = etree.SubElement(graphic, f"{{{_SLD}}}Size")
        if look.size_field:
            double = etree.SubElement(size, f"{{{_OGC}}}Mul")
            etree.SubElement(double, f"{{{_OGC}}}PropertyName").text = look.size_field
            etree.SubElement(double, f"{{{_OGC}}}Literal").text = "2"
        else:
            size.text = "7"
        if look.shape == "diamond":
            etree.SubElement(graphic, f"{{{_SLD}}}Rotation").text = "45"


def _css(parent: Any, **values: str) -> None:
    for name, value in values.items():
        etree.SubElement(parent, f"{{{_SLD}}}CssParameter", name=name).text = value
