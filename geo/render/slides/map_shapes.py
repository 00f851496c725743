"""The map on a slide: every commune a native shape of its own, with insets, symbols, outlines, zones and names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Bbox as MplBbox

from geo.cartography.spec import (
    Bbox,
    CircleLayer,
    MapSpec,
    Outline,
    OutlineLayer,
    PointLayer,
    Stroke,
    Style,
    UnitLayer,
    ZoneLayer,
)
from geo.cartography.symbology import LIGHT
from geo.crs import WEB_MERCATOR, project
from geo.render.slides.drawing import Drawing, Points
from geo.render.static import lettering
from geo.render.static.canvas import Rect, mark_path, vertices
from geo.render.static.ground import Ground, Unit, ground, polygon_path
from geo.render.static.labels import place_names
from geo.render.static.view import View, arrange, fit, round_length
from geo.text import number

__all__ = ["draw_face", "is_dense"]

_DIAMOND = 1.2533
_MOST_SYMBOLS = 400
"""More single points than this are drawn as a picture of the map instead of as shapes."""

_NAME_PX = 10.5


def is_dense(spec: MapSpec) -> bool:
    """True where the map shows more points than a slide can hold as shapes."""
    return sum(layer.count for layer in spec.layers if isinstance(layer, PointLayer) and layer.paper) > _MOST_SYMBOLS


def draw_face(drawing: Drawing, spec: MapSpec, rect: Rect) -> None:
    """The map in `rect`: the main window, and insets of islands at its lower left."""
    earth = ground(spec.boundary.sha256)
    boxes = [earth.box(frame.bbox) for frame in spec.frames]
    column, pad = min(rect.width * 0.2, rect.height * 0.22), 9.0
    view, left = arrange(rect, boxes, margin=14, column=column + 2 * pad)
    places = _places(rect, [boxes[i] for i in left], column, pad)
    edge = rect.x0 + pad + (column + pad if left else 0)
    bar = Rect(edge - 8, rect.y1 - pad - 26, edge + 170, rect.y1)
    _Face(drawing, spec, earth, view, [boxes[i] for i in left]).draw([*places, bar])
    _scale_bar(drawing, view, spec, edge, rect.y1 - pad, 130)
    _north_arrow(drawing, spec, rect.x0 + 12, rect.y0 + 10)
    for place, i in zip(places, left):
        inner = Rect(place.x0, place.y0 + 16, place.x1, place.y1 - 4)
        window = fit(inner, boxes[i], margin=4)
        shift = (inner.y0 + inner.y1 - place.y0 - place.y1) / 2 / window.scale
        inset = View(place, window.scale, window.x, window.y + shift)
        caption = spec.frames[i].label
        _Face(drawing, spec, earth, inset, [b for j, b in enumerate(boxes) if j != i], caption).draw([])
        size, lines = lettering.fit(caption, 10, place.width - 6, "semibold", lines=1, smallest=6)
        box = Rect(place.x0 + 3, place.y0 + 2, place.x1 - 3, place.y0 + 16)
        drawing.text(f"{caption} –", lines, box, size, LIGHT.text, bold=True, align="ctr")


def _places(rect: Rect, boxes: Sequence[Bbox], column: float, pad: float) -> list[Rect]:
    """Windows of insets in a column that grows upwards from the lower left corner."""
    places, y = [], rect.y1 - pad
    for x0, y0, x1, y1 in boxes:
        high = min(max(column * 0.45, column * (y1 - y0) / (x1 - x0)), column * 0.95) + 20
        places.append(Rect(rect.x0 + pad, y - high, rect.x0 + pad + column, y))
        y -= high + pad * 0.6
    return places


def _scale_bar(drawing: Drawing, view: View, spec: MapSpec, x: float, y: float, longest: float) -> None:
    metres = round_length(longest / view.scale)
    long = metres * view.scale
    for i in range(4):
        part = Rect(x + i * long / 4, y - 5, x + (i + 1) * long / 4, y)
        fill = LIGHT.text if i % 2 == 0 else "#ffffff"
        drawing.shape("rect", f"km {i + 1}", part, Style(fill, stroke=Stroke(LIGHT.text, 0.6)))
    said = f"{number(metres / 1000, spec.lang, digits=0 if metres >= 1000 else 1)} km"
    drawing.text("km", [said], Rect(x + long - 40, y - 20, x + long + 40, y - 6), 10, LIGHT.text, align="ctr")


def _north_arrow(drawing: Drawing, spec: MapSpec, x: float, y: float) -> None:
    letter = spec.words.get("north", "")
    arrow = np.array([(x + 8, y), (x + 16, y + 20), (x + 8, y + 15), (x, y + 20)])
    drawing.freeform(f"{letter} ↑", [arrow], Style(LIGHT.text))
    drawing.text(letter, [letter], Rect(x - 6, y + 21, x + 22, y + 36), 11, LIGHT.text, bold=True, align="ctr")


@dataclass(frozen=True)
class _Face:
    """One window; `elsewhere` are the metric boxes that other windows show."""

    drawing: Drawing
    spec: MapSpec
    earth: Ground
    view: View
    elsewhere: Sequence[Bbox]
    caption: str = ""

    @property
    def units(self) -> dict[str, Unit]:
        here = {code: unit for code, unit in self.earth.units.items() if self._here(unit.at)}
        return {code: unit for code, unit in here.items() if self.view.on_sheet(unit.box).meets(self.view.rect)}

    def _here(self, at: Sequence[float]) -> bool:
        return not any(x0 <= at[0] <= x1 and y0 <= at[1] <= y1 for x0, y0, x1, y1 in self.elsewhere)

    def draw(self, taken: Sequence[Rect]) -> None:
        rect = self.view.rect
        label = self.caption or self.spec.title
        self.drawing.shape("rect", label, rect, Style(LIGHT.water), about=self.spec.sentence)
        self.drawing.freeform("–", self._cut(self.earth.land), Style(LIGHT.neighbour))
        marks: list[Rect] = []
        for layer in self.spec.layers:
            match layer:
                case UnitLayer():
                    self._communes(layer)
                case ZoneLayer():
                    marks += self._zones(layer)
                case PointLayer() if layer.paper:
                    self._points(layer)
                case CircleLayer() if layer.paper:
                    self._symbols(layer)
                case OutlineLayer():
                    self._outlines(layer)
        self._names([*taken, *self._badges(), *marks])
        self.drawing.shape("rect", "–", rect, Style(stroke=Stroke(LIGHT.province, 1.0)))

    def _cut(self, path: Path) -> list[Points]:
        """The rings of a path, within the window, px."""
        rect = self.view.rect
        placed = self.view.place.transform_path(path)
        inside = placed.clip_to_bbox(MplBbox.from_extents(rect.x0, rect.y0, rect.x1, rect.y1), inside=True)
        rings = (np.asarray(ring, float) for ring in inside.to_polygons(closed_only=False))
        return [ring for ring in rings if len(ring) > 1]

    def _rings(self, unit: Unit) -> list[Points]:
        """The outline of a commune: the very corners its neighbours have, unless the window cuts it."""
        if not self.view.rect.holds(self.view.on_sheet(unit.box)):
            return self._cut(unit.path)
        return [np.asarray(ring, float) for ring in self.view.place.transform_path(unit.path).to_polygons()]

    def _inside(self, path: Path) -> list[Points]:
        """The rings of a path, px; of one the window cuts, what lies within."""
        rings = [np.asarray(ring, float) for ring in self.view.place.transform_path(path).to_polygons()]
        rect = self.view.rect
        whole = all((ring >= (rect.x0, rect.y0)).all() and (ring <= (rect.x1, rect.y1)).all() for ring in rings)
        return rings if whole else self._cut(path)

    def _communes(self, layer: UnitLayer) -> None:
        cells = {cell.code: cell for cell in layer.cells}
        border = Stroke(LIGHT.border, 0.7)
        for code, unit in self.units.items():
            cell = cells.get(code)
            style = layer.classes[cell.cls] if cell else LIGHT.blank
            about = "; ".join(cell.lines) if cell else ""
            painted = Style(style.fill or LIGHT.blank.fill, style.pattern, style.ink, border)
            self.drawing.freeform(cell.name if cell else unit.name, self._rings(unit), painted, about=about)
        outer = Path.make_compound_path(*(unit.outer for unit in self.units.values()))
        for path, stroke in (
            (outer, Stroke(LIGHT.province, 1.4)),
            (self.earth.frontier, Stroke(LIGHT.province, 1.4, (6, 3))),
        ):
            self.drawing.freeform("–", self._lines(path), Style(stroke=stroke), closed=False)

    def _lines(self, path: Path) -> list[Points]:
        """The lines of a path that lie in the window, px."""
        rect = self.view.rect
        found: list[Points] = []
        for line in self.view.place.transform_path(path).to_polygons(closed_only=False):
            points = np.asarray(line, float)
            within = (points >= (rect.x0, rect.y0)).all(axis=1) & (points <= (rect.x1, rect.y1)).all(axis=1)
            ends = np.flatnonzero(np.diff(within.astype(int))) + 1
            found += [
                part for part, keep in zip(np.split(points, ends), np.split(within, ends)) if keep[0] and len(part) > 1
            ]
        return found

    def _zones(self, layer: ZoneLayer) -> list[Rect]:
        """The areas, the small ones by their marks; gives the boxes these take."""
        boxes = []
        for zone in layer.zones:
            rings = [ring for ring in map(self.earth.metres, zone.rings) if self._here(ring[0])]
            named = f"{layer.label}: {zone.name}"
            if layer.mark and rings and (at := self.view.too_small(rings, layer.mark.size)):
                box = Rect(*at, *at).inset(-layer.mark.size / 2)
                if self.view.rect.holds(box):
                    self.drawing.freeform(named, [vertices(mark_path(layer.mark, *at))], layer.mark.style)
                    boxes.append(box)
                continue
            self.drawing.freeform(named, self._inside(polygon_path(rings)), Style(stroke=layer.style.stroke))
        return boxes

    def _points(self, layer: PointLayer) -> None:
        x, y = project(*layer.mercator(), WEB_MERCATOR, self.earth.crs)
        for at in self.view.at(np.column_stack([x, y])[[self._here(p) for p in zip(x, y)]]):
            self._symbol(layer.symbol, "·", at[0], at[1], layer.size / 2, layer.style)

    def _symbols(self, layer: CircleLayer) -> None:
        units = self.units
        names = {cell.code: cell.name for own in self.spec.layers if isinstance(own, UnitLayer) for cell in own.cells}
        for circle in layer.circles:
            if circle.code in units:
                x, y = self.view.at(np.array([units[circle.code].at]))[0]
                said = f"{names.get(circle.code, circle.code)}: {circle.text}"
                self._symbol(layer.symbol, said, x, y, circle.radius, layer.style)

    def _symbol(self, symbol: str, name: str, x: float, y: float, radius: float, style: Style) -> None:
        r = radius * (_DIAMOND if symbol == "diamond" else 1.0)
        box = Rect(x - r, y - r, x + r, y + r)
        if self.view.rect.holds(box):
            self.drawing.shape("diamond" if symbol == "diamond" else "ellipse", name, box, style)

    def _outlines(self, layer: OutlineLayer) -> None:
        for outline in reversed(self._seen(layer)):
            lines = self._inside(polygon_path([self.earth.metres(outline.ring)]))
            about, name = "; ".join(outline.lines), f"{layer.label} {outline.badge}".strip()
            self.drawing.freeform(name, lines, Style(stroke=layer.stroke), about=about)

    def _seen(self, layer: OutlineLayer) -> list[Outline]:
        return [outline for outline in layer.outlines if self._here(self.earth.metres(outline.ring)[0])]

    def _badges(self) -> list[Rect]:
        """The ranks of clusters, the first drawn last; gives the boxes they take."""
        boxes = []
        drawn = [layer for layer in self.spec.layers if isinstance(layer, OutlineLayer)]
        for layer, outline in ((own, outline) for own in drawn for outline in reversed(self._seen(own))):
            x, y = map(float, self.view.at(self.earth.metres([outline.badge_at]))[0])
            badge = Rect(x, y, x, y).inset(-9)
            if self.view.rect.holds(badge):
                self.drawing.shape("ellipse", outline.badge, badge, Style(layer.stroke.color))
                self.drawing.text(
                    outline.badge, [outline.badge], badge, 10.5, "#ffffff", bold=True, align="ctr", anchor="ctr"
                )
                boxes.append(badge.inset(-1))
        return boxes

    def _names(self, taken: Sequence[Rect]) -> None:
        said = self.caption.split(", ")
        units = self.units
        order = [code for code in self.spec.labels if code in units and units[code].name not in said]
        radii = {
            circle.code: circle.radius
            for layer in self.spec.layers
            if isinstance(layer, CircleLayer) and layer.paper
            for circle in layer.circles
        }
        for name, x, y in place_names(order, units, self.view, radii, size=_NAME_PX, taken=taken):
            box = Rect(x - 60, y - _NAME_PX * 1.1, x + 60, y + _NAME_PX * 0.3)
            self.drawing.text(f"{name} –", [name], box, _NAME_PX, LIGHT.label, align="ctr", anchor="b")
