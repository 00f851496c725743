"""The map face: land, layers in their order, cluster badges and names, in one window of the sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from geo.cartography.spec import (
    Bbox,
    CircleLayer,
    MapSpec,
    OutlineLayer,
    PointLayer,
    Ring,
    Stroke,
    UnitLayer,
    ZoneLayer,
)
from geo.cartography.symbology import Theme
from geo.crs import WEB_MERCATOR, project
from geo.render.static.canvas import Canvas, Rect, mark_path, symbol_path
from geo.render.static.ground import Ground, Unit, polygon_path
from geo.render.static.labels import place_names
from geo.render.static.view import View

__all__ = ["Face"]

_EDGE = 65535


@dataclass(frozen=True)
class Face:
    """One window of a map, and what it needs to be drawn.

    Attributes
    ----------
    elsewhere : sequence of Bbox
        Metric boxes that other windows show; what lies in them is left out here.
    type_px : float
        Size of names.
    weight : float
        Multiplies line widths and symbol sizes.
    caption : str
        Name of the window; communes named in it are not named on the map again.
    """

    canvas: Canvas
    spec: MapSpec
    ground: Ground
    view: View
    elsewhere: Sequence[Bbox]
    theme: Theme
    type_px: float
    weight: float
    caption: str = ""

    def draw(self, taken: Collection[Rect] = ()) -> None:
        """Draw everything; names keep clear of the boxes in `taken`."""
        self.canvas.fill(self.view.rect.path, self.theme.water)
        self._land()
        marks: list[Rect] = []
        for layer in self.spec.layers:
            match layer:
                case UnitLayer():
                    self._fills(layer)
                case ZoneLayer():
                    marks += self._zones(layer)
                case PointLayer() if layer.paper:
                    self._points(layer)
                case CircleLayer() if layer.paper:
                    self._circles(layer)
                case OutlineLayer():
                    self._outlines(layer)
        badges = self._badges()
        self._names([*taken, *badges, *marks])

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The communes this window shows, by code."""
        here = self._here(np.array([unit.at for unit in self.ground.units.values()]))
        found = {code: unit for (code, unit), shown in zip(self.ground.units.items(), here) if shown}
        return {code: unit for code, unit in found.items() if self.view.on_sheet(unit.box).meets(self.view.rect)}

    def _here(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which positions (metres) no other window shows."""
        here = np.ones(len(points), bool)
        for x0, y0, x1, y1 in self.elsewhere:
            here &= ~((points >= (x0, y0)) & (points <= (x1, y1))).all(axis=1)
        return here

    def _rings(self, rings: Iterable[Ring]) -> list[NDArray[np.float64]]:
        """Rings in metres, without those of other windows."""
        found = [self.ground.metres(ring) for ring in rings]
        return [ring for ring in found if self._here(ring[:1])[0]]

    def _paths(self, codes: Collection[str]) -> Path:
        return Path.make_compound_path(*(self.units[code].path for code in codes if code in self.units))

    def _land(self) -> None:
        clip, place = self.view.rect, self.view.place
        self.canvas.fill(self.ground.land, self.theme.neighbour, clip=clip, place=place)
        self._line(self.ground.land, self.theme.coast, 0.8)

    def _line(self, path: Path, color: str, width: float, dash: tuple[float, ...] = ()) -> None:
        line = Stroke(color, width, dash)
        self.canvas.stroke(path, line, weight=self.weight, clip=self.view.rect, place=self.view.place)

    def _fills(self, layer: UnitLayer) -> None:
        """Each class as one path, then every border once."""
        classed = {cell.code: cell.cls for cell in layer.cells}
        blank = [code for code in self.units if code not in classed]
        styles = [(self.theme.blank, blank)]
        styles += [
            (style, [code for code in self.units if classed.get(code) == i]) for i, style in enumerate(layer.classes)
        ]
        for style, codes in styles:
            if codes:
                self.canvas.paint(
                    self._paths(codes), style, weight=self.weight, clip=self.view.rect, place=self.view.place
                )
        self._line(self.ground.inner, self.theme.border, 0.8)
        self._line(Path.make_compound_path(*(u.outer for u in self.units.values())), self.theme.province, 1.5)
        self._line(self.ground.frontier, self.theme.province, 1.6, (10, 3, 2, 3))

    def _zones(self, layer: ZoneLayer) -> list[Rect]:
        """The areas, the small ones by their marks; gives the boxes these take."""
        boxes = []
        drawn = [rings for zone in layer.zones if (rings := self._rings(zone.rings))]
        marked = [self.view.too_small(rings, layer.mark.size * self.weight) if layer.mark else None for rings in drawn]
        path = polygon_path(ring for rings, at in zip(drawn, marked) if at is None for ring in rings)
        self.canvas.paint(path, layer.style, weight=self.weight, clip=self.view.rect, place=self.view.place)
        for at in marked:
            if layer.mark and at:
                path = mark_path(layer.mark, *at, self.weight)
                self.canvas.paint(path, layer.mark.style, weight=self.weight, clip=self.view.rect)
                boxes.append(Rect(*at, *at).inset(-layer.mark.size * self.weight / 2))
        return boxes

    def _points(self, layer: PointLayer) -> None:
        """Points no nearer to each other than a third of their size: more would not be seen."""
        metres = np.column_stack(project(*layer.mercator(), WEB_MERCATOR, self.ground.crs))
        at = self.view.at(metres[self._here(metres)])
        rect, size = self.view.rect, layer.size * self.weight
        near = rect.inset(-size)
        at = at[(at[:, 0] > near.x0) & (at[:, 0] < near.x1) & (at[:, 1] > near.y0) & (at[:, 1] < near.y1)]
        _, kept = np.unique((at // (size / 3)).astype(np.int64), axis=0, return_index=True)
        self.canvas.symbols(at[np.sort(kept)], layer.symbol, layer.style, size, rect)

    def _circles(self, layer: CircleLayer) -> None:
        for circle in layer.circles:
            if circle.code in self.units:
                x, y = self._at(self.units[circle.code])
                path = symbol_path(layer.symbol, x, y, circle.radius * self.weight)
                self.canvas.paint(path, layer.style, weight=self.weight, clip=self.view.rect)

    def _at(self, unit: Unit) -> tuple[float, float]:
        x, y = self.view.at(np.array([unit.at]))[0]
        return float(x), float(y)

    def _outlines(self, layer: OutlineLayer) -> None:
        for outline in layer.outlines:
            path = polygon_path(self._rings([outline.ring]))
            self.canvas.stroke(path, layer.stroke, weight=self.weight, clip=self.view.rect, place=self.view.place)

    def _badges(self) -> list[Rect]:
        """The ranks of clusters, the first drawn last; gives the boxes they take."""
        boxes, size = [], self.type_px
        for layer in self.spec.layers:
            if not isinstance(layer, OutlineLayer):
                continue
            for outline in reversed(layer.outlines):
                if not self._rings([outline.ring]):
                    continue
                x, y = map(float, self.view.at(self.ground.metres([outline.badge_at]))[0])
                radius = size * (0.82 if len(outline.badge) < 3 else 1.1)
                box = Rect(x, y, x, y).inset(-radius)
                if self.view.rect.holds(box):
                    self.canvas.fill(symbol_path("circle", x, y, radius), layer.stroke.color)
                    self.canvas.text(outline.badge, x, y + size * 0.35, size, "#ffffff", "bold", align="center")
                    boxes.append(box.inset(-2))
        return boxes

    def _order(self) -> list[str]:
        said = self.caption.split(", ")
        return [code for code in self.spec.labels if code in self.units and self.units[code].name not in said]

    def _names(self, taken: list[Rect]) -> None:
        radii = {
            circle.code: circle.radius * self.weight
            for layer in self.spec.layers
            if isinstance(layer, CircleLayer) and layer.paper
            for circle in layer.circles
        }
        placed = place_names(self._order(), self.units, self.view, radii, size=self.type_px, taken=taken)
        self.canvas.halo(placed, self.type_px, self.theme.halo, "medium")
        for name, x, y in placed:
            self.canvas.text(name, x, y, self.type_px, self.theme.label, "medium", align="center")
