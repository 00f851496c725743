"""A `MapSpec` on the screen: a folium map that is constant to the byte, and one small element that changes.

The base map carries one script (`browser/map.js`) that owns a canvas layer. A change sends classes, texts and points as
one JSON value; polygons, zones and large point sets are fetched once by address. Every string of the payload goes
through `js_literal`, and the script writes strings with `textContent` and `fillText` only.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

import folium
import msgspec
from branca.element import MacroElement
from jinja2 import Template

from geo.cartography.charts import ROWS, brief, left_out
from geo.cartography.spec import Cell, CircleLayer, MapSpec, OutlineLayer, PointLayer, UnitLayer, ZoneLayer
from geo.cartography.symbology import INK, THEMES, Theme
from geo.errors import InputError
from geo.render import assets

T = TypeVar("T")
Map = folium.Map

CENTRE, ZOOM = (10.2, 105.0), 9
"""Where a map is before it knows its province."""

MAP_OPTIONS: dict[str, Any] = {
    "max_zoom": 17, "min_zoom": 5, "zoom_snap": 0.25, "zoom_delta": 0.5, "attribution_control": False,
    "world_copy_jump": False, "wheel_px_per_zoom_level": 120,
}  # fmt: skip
"""Options of every Leaflet map, in folium's spelling."""

SCRIPTS = ("geometry", "paint", "layer", "drawing", "sheet", "exhibit", "paper", "map")
"""Our scripts in `browser/`, in the order in which they must load."""

DRAWING = ("draw",)
"""Those besides that a map needs on which a person draws, after the library for it."""

INLINE_POINTS = 20_000
"""Above this many points, the browser fetches the array instead of getting it inside the change."""


@dataclass(frozen=True)
class Drawing:
    """A shape that a person draws or changes on the map.

    Attributes
    ----------
    tool : {"", "polygon", "circle", "line", "edit"}
        What the next clicks draw; "edit" moves the corners of the shape in hand.
    shape : dict, optional
        The shape in hand: a GeoJSON MultiPolygon, or `{"type": "Circle", "at": [lon, lat], "radius": metres}`.
    turn : str
        Changes whenever the browser is to take up tool and shape anew; otherwise it goes on with its own.
    words : dict of str to str
        What the drawing library says, by its own paths.
    """

    tool: str
    shape: dict[str, Any] | None
    turn: str
    words: dict[str, str]


@dataclass(frozen=True)
class Look:
    """What the viewer chose that is not part of the map's content.

    Attributes
    ----------
    theme : str
        Name of a theme in `symbology.THEMES`.
    selected : str
        Code of the commune that is open, or empty.
    fly_to : tuple of float, optional
        Box (degrees) to move to; the main frame where not given.
    nonce : int
        Changes whenever the map is to move; otherwise it stays where the viewer left it.
    remember : bool
        Keep the position in the page's address.
    bare : bool
        The map alone, without title and sentence: for a small map on a page of its own words.
    places : bool
        A click is answered with its position wherever it falls, not only with the commune it falls in.
    drawing : Drawing, optional
        What a person draws; only on a map made for it.
    corner, since : str, int
        Words for the corner of a presentation, and when it began, milliseconds since 1970; a clock runs from there.
    """

    theme: str = "light"
    selected: str = ""
    fly_to: tuple[float, float, float, float] | None = None
    nonce: int = 0
    remember: bool = False
    bare: bool = False
    places: bool = False
    drawing: Drawing | None = None
    corner: str = ""
    since: int = 0


def js_literal(value: Any) -> str:
    """A value as a JavaScript literal that is safe wherever it is put: in a script, in HTML, in a template string.

    JSON with single quotes, for it travels inside a JSON string, and with every character that could end a string, a
    script or a template, or that streamlit-folium rewrites, written as an escape. What a person sees stays the same.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&'`$_\u2028\u2029\x7f":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return _ESCAPED_QUOTE.sub(r"\1\\u0022", text).replace('"', "'")


# A quote after an odd number of backslashes belongs to a string; the others are JSON's own.
_ESCAPED_QUOTE = re.compile(r'(?<!\\)((?:\\\\)*)\\"')


class _BaseMap(folium.Map):
    """folium's map with Leaflet and our script from this machine, and nothing else."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 (folium's own type)
    default_css: list[tuple[str, str]] = []  # noqa: RUF012
    settled = False

    def render(self, **kwargs: Any) -> str:
        """Write header and script into the figure, unless they are there for good."""
        return "" if self.settled else str(super().render(**kwargs))  # type: ignore[no-untyped-call]


class _Attach(MacroElement):
    _template = Template("{% macro script(this, kwargs) %}AnttMap.attach({{ this._parent.get_name() }});{% endmacro %}")


class _Change(MacroElement):
    _template = Template("{% macro script(this, kwargs) %}antt.update({{ this.literal }});{% endmacro %}")

    def __init__(self, literal: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "change"
        self.literal = literal


def base_map(home: str = assets.FROM_COMPONENT, *, drawing: bool = False) -> _BaseMap:
    """The constant part: an empty map with our layer attached.

    Parameters
    ----------
    home : str
        Address of the assets folder as the page sees it.
    drawing : bool
        A person can draw on it.
    """
    root = f"{home}/{assets.version()}"
    made = _BaseMap(location=CENTRE, zoom_start=ZOOM, tiles=None, font_size="1rem", **MAP_OPTIONS)
    made.default_js = [
        ("leaflet", f"{root}/leaflet/leaflet.js"),
        *((name, f"{root}/antt/{name}.js") for name in SCRIPTS),
    ]
    made.default_css = [("leaflet", f"{root}/leaflet/leaflet.css"), ("antt", f"{root}/antt/map.css")]
    if drawing:
        made.default_js += [("leaflet_draw", f"{root}/leaflet-draw/leaflet.draw.js")]
        made.default_js += [(name, f"{root}/antt/{name}.js") for name in DRAWING]
        made.default_css += [("leaflet_draw", f"{root}/leaflet-draw/leaflet.draw.css")]
    made.add_child(_Attach())  # type: ignore[no-untyped-call]
    _refuse_foreign(made)
    return made


def settled_map(*, drawing: bool = False) -> folium.Map:
    """The constant part, already rendered: to be shown with `st_folium(render=False)`, a change in it, again and again.

    Rendering costs more than anything else of a change, and gives the same text each time.
    """
    made = base_map(drawing=drawing)
    made.get_root().render()
    made.settled = True
    return made


def _refuse_foreign(made: folium.Map) -> None:
    """Raise if the map would load anything from another machine."""
    for element in [made, *made._children.values()]:
        for _, address in [*getattr(element, "default_js", []), *getattr(element, "default_css", [])]:
            if "//" in address:
                raise InputError("map.foreign_address", address=address)


def change(spec: MapSpec, look: Look = Look(), home: str = assets.FROM_COMPONENT) -> folium.FeatureGroup:
    """The part that changes: hand it to `st_folium(feature_group_to_add=...)`."""
    group = folium.FeatureGroup(name="antt", control=False)
    group.add_child(_Change(js_literal(payload(spec, look, home))))
    return group


def build(spec: MapSpec, look: Look = Look(), home: str = assets.FROM_COMPONENT) -> folium.Map:
    """A whole folium map: the constant part with the change in it."""
    made = base_map(home)
    made.add_child(change(spec, look, home))
    return made


def payload(spec: MapSpec, look: Look, home: str = assets.FROM_COMPONENT) -> dict[str, Any]:
    """What the script in the browser gets, as plain values."""
    return payload_at(spec, look, Addresses.below(home))


@dataclass(frozen=True)
class Addresses:
    """Where the browser finds what is not in the payload: geometry, zones, and large sets of points."""

    geometry: Callable[[str], str]
    zones: Callable[[bytes], str]
    points: Callable[[bytes], str] | None

    @classmethod
    def below(cls, home: str) -> Addresses:
        """Files of this server, published where they are not there already."""
        return cls(
            geometry=lambda sha256: f"{home}/boundaries/{sha256}.json",
            zones=lambda content: f"{home}/{assets.publish(content, 'json')}",
            points=lambda content: f"{home}/{assets.publish(content, 'bin')}",
        )


def payload_at(spec: MapSpec, look: Look, addresses: Addresses) -> dict[str, Any]:
    """As `payload`, with what is fetched at other addresses."""
    theme = THEMES[look.theme]
    circles = _first(spec, CircleLayer)
    outlines = _first(spec, OutlineLayer)
    units = _first(spec, UnitLayer)
    body = {
        "geometry": addresses.geometry(spec.boundary.sha256),
        "title": "" if look.bare else spec.title,
        "sentence": "" if look.bare else spec.sentence,
        "marks": [mark for mark in (spec.marking, spec.demo_mark, spec.boundary.warning) if mark],
        "foot": f"{spec.period} · {spec.data_date} · {spec.boundary.attribution}",
        "theme": _plain(theme),
        "classes": _plain(units.classes) if units else [],
        **_cells(units.cells if units else ()),
        "circles": circles and _circles(circles),
        "points": [_points(layer, addresses) for layer in spec.layers if isinstance(layer, PointLayer)],
        "outlines": outlines and _outlines(outlines),
        "zones": _zones(spec, addresses),
        "legend": _plain(spec.legend),
        "labels": " ".join(spec.labels),
        "frames": _plain(spec.frames),
        "words": {name: spec.words[name] for name in ("north", "legend", "failed") if name in spec.words},
        "figures": _plain(spec.figures) if theme.name != "light" else [],
        "selected": look.selected,
        "view": _view(spec, look),
        "places": look.places,
        "drawing": look.drawing and asdict(look.drawing),
        "corner": look.corner,
        **_exhibit(spec, theme),
        "since": look.since,
    }
    body["id"] = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    return body


def _exhibit(spec: MapSpec, theme: Theme) -> dict[str, Any]:
    """The table or chart that is shown in place of the map."""
    match spec.show:
        case "table":
            table = brief(spec.table, 200)
            columns = [[column.label, column.numeric] for column in table.columns]
            rows = [row.texts for row in table.rows]
            return {"exhibit": {"columns": columns, "rows": rows, "few": ROWS, "note": left_out(spec)}}
        case "chart":
            shown = _plain(spec.chart)
            return {"exhibit": {**shown, "color": theme.text} if shown.get("color") == INK else shown}
        case _:
            return {}


def _first(spec: MapSpec, kind: type[T]) -> T | None:
    return next((layer for layer in spec.layers if isinstance(layer, kind)), None)


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


_NUMBER = re.compile("[+\u2212]?\\d[\\d.,]*")
_GAP = "\ue000"


def _cells(cells: tuple[Cell, ...]) -> dict[str, Any]:
    """Class and tooltip of each unit, one row of text each: `code class phrase:number:number phrase ...`.

    Lines that differ in their numbers only share a phrase with gaps for them, which makes a change a quarter of the
    size; the script fills the gaps and gets the very lines back.
    """
    phrases: dict[str, int] = {}
    rows = []
    for cell in cells:
        words = [cell.code, str(cell.cls)]
        for line in cell.lines:
            numbers = [] if _GAP in line else _NUMBER.findall(line)
            phrase = _NUMBER.sub(_GAP, line) if numbers else line
            words.append(":".join([str(phrases.setdefault(phrase, len(phrases))), *numbers]))
        rows.append(" ".join(words))
    return {"cells": ";".join(rows), "phrases": list(phrases)}


def _view(spec: MapSpec, look: Look) -> dict[str, Any]:
    return {"bbox": look.fly_to or spec.frames[0].bbox, "nonce": look.nonce, "remember": look.remember}


def _circles(layer: CircleLayer) -> dict[str, Any]:
    return {
        "style": _plain(layer.style),
        "symbol": layer.symbol,
        "until_zoom": layer.until_zoom,
        "items": " ".join(f"{c.code} {c.radius:.1f}" for c in layer.circles),
    }


def _points(layer: PointLayer, addresses: Addresses) -> dict[str, Any]:
    values = {
        "symbol": layer.symbol,
        "style": _plain(layer.style),
        "size": layer.size,
        "frame": layer.frame,
        "from_zoom": layer.from_zoom,
    }
    if layer.count > INLINE_POINTS and addresses.points:
        return {**values, "address": addresses.points(layer.packed)}
    return {**values, "packed": base64.b64encode(layer.packed).decode()}


def _outlines(layer: OutlineLayer) -> dict[str, Any]:
    items = [{**_plain(outline), "at": outline.badge_at} for outline in layer.outlines]
    return {"stroke": _plain(layer.stroke), "items": items}


def _zones(spec: MapSpec, addresses: Addresses) -> str:
    """Zones change seldom: they are published once and named by their content."""
    layers = [_plain(layer) for layer in spec.layers if isinstance(layer, ZoneLayer)]
    if not layers:
        return ""
    content = json.dumps(layers, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return addresses.zones(content)


__all__ = [
    "CENTRE", "DRAWING", "INLINE_POINTS", "MAP_OPTIONS", "SCRIPTS", "ZOOM", "Addresses", "Drawing", "Look", "Theme",
    "base_map", "build", "change",
    "js_literal", "payload", "payload_at", "settled_map",
]  # fmt: skip
