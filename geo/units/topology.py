"""Communes as quantised TopoJSON: each border once, so that a browser tells inner borders from the outline.

The format is TopoJSON 1.0 (https://github.com/topojson/topojson-specification). The bytes are canonical: the same
units always give the same file. What is here does no simplifying; give it units from `coverage.simplify`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from geo.units.coverage import as_multi, metric

__all__ = ["decode", "encode", "label_points"]

Point = tuple[int, int]
Ring = list[Point]
Properties = dict[str, Any]

QUANTISATION = 100_000


def encode(
    units: gpd.GeoDataFrame, surroundings: gpd.GeoDataFrame | None = None, *, quantisation: int = QUANTISATION
) -> bytes:
    """One topology with the objects `units` and, if given, `surroundings`.

    Parameters
    ----------
    units : GeoDataFrame[code, name, kind, geometry]
        A valid coverage in EPSG:4326. Each unit gets the properties `code, name, kind, area_km2, label` (longitude and
        latitude of the point farthest from its border), `rank` (1 for the largest area) and `bbox`.
    surroundings : GeoDataFrame[kind, name, geometry], optional
        Neighbouring land (polygons) and the national border (lines).
    quantisation : int
        Steps along each side of the units' extent; 100,000 is some 2.5 m on a province.

    Returns
    -------
    bytes
        UTF-8 JSON, keys sorted.
    """
    units = units.sort_values("code").reset_index(drop=True)
    x0, y0, x1, y1 = units.total_bounds
    scale = (max(x1 - x0, 1e-9) / quantisation, max(y1 - y0, 1e-9) / quantisation)
    layers = {"units": (units, _unit_properties(units))}
    if surroundings is not None:
        layers["surroundings"] = (surroundings, surroundings[["kind", "name"]].to_dict("records"))
    grid = _Quantiser((x0, y0), scale)
    shapes = {name: [grid.shape(g) for g in frame.geometry] for name, (frame, _) in layers.items()}
    arcs = _Arcs(_junctions(ring for found in shapes.values() for _, parts in found for part in parts for ring in part))
    objects = {
        name: {
            "type": "GeometryCollection",
            "geometries": [
                {"type": kind, "arcs": arcs.refer(kind, parts), "properties": properties}
                for (kind, parts), properties in zip(shapes[name], layer[1])
            ],
        }
        for name, layer in layers.items()
    }
    topology = {
        "type": "Topology",
        "bbox": [round(v, 6) for v in (x0, y0, x1, y1)],
        "transform": {"scale": list(scale), "translate": [x0, y0]},
        "objects": objects,
        "arcs": arcs.deltas(),
    }
    return json.dumps(topology, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(data: bytes, name: str = "units") -> gpd.GeoDataFrame:
    """The object `name` of a topology made by `encode`, in EPSG:4326; shapes that quantising broke are repaired."""
    topology = json.loads(data)
    scale, translate = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    rows = topology["objects"][name]["geometries"]
    geometry = np.array([_shape(row, arcs) for row in rows], object)
    bad = ~shapely.is_valid(geometry)
    if bad.any():
        geometry[bad] = as_multi(shapely.make_valid(geometry[bad]))
    return gpd.GeoDataFrame([row["properties"] for row in rows], geometry=geometry, crs=WGS84)


def label_points(units: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Per unit, the longitude and latitude of the centre of the largest circle inside it, shape (n, 2)."""
    crs = metric(units)
    shapes = units.geometry.to_crs(crs)
    largest = [max(shapely.get_parts(shape), key=lambda part: part.area) for shape in shapes]
    centres = shapely.get_point(shapely.maximum_inscribed_circle(np.array(largest, object), tolerance=50), 0)
    degrees = gpd.GeoSeries(centres, crs=crs).to_crs(WGS84)
    return np.column_stack([degrees.x, degrees.y])


def _unit_properties(units: gpd.GeoDataFrame) -> list[Properties]:
    areas = units.geometry.to_crs(metric(units)).area / 1e6
    rank = areas.rank(ascending=False, method="first").astype(int)
    points, boxes = label_points(units), units.geometry.bounds.to_numpy()
    return [
        {
            "code": row.code,
            "name": row.name,
            "kind": row.kind,
            "area_km2": round(float(areas[i]), 2),
            "label": [round(float(v), 5) for v in points[i]],
            "rank": int(rank[i]),
            "bbox": [round(float(v), 5) for v in boxes[i]],
        }
        for i, row in enumerate(units[["code", "name", "kind"]].itertuples(index=False))
    ]


class _Quantiser:
    def __init__(self, origin: tuple[float, float], scale: tuple[float, float]) -> None:
        self._origin, self._scale = np.array(origin), np.array(scale)

    def shape(self, shape: shapely.Geometry) -> tuple[str, list[list[Ring]]]:
        """TopoJSON type and, per part, its rings; a line is a part of one open ring."""
        parts = shapely.get_parts(shape)
        if "Line" in shape.geom_type:
            return "MultiLineString", [[self._ring(part)] for part in parts]
        polygons = [self._polygon(part) for part in sorted(parts, key=lambda part: -part.area)]
        return "MultiPolygon", [polygon for i, polygon in enumerate(polygons) if i == 0 or len(polygon[0]) > 3]

    def _polygon(self, polygon: shapely.Polygon) -> list[Ring]:
        holes = [self._ring(ring) for ring in polygon.interiors]
        return [self._ring(polygon.exterior)] + [ring for ring in holes if len(ring) > 3]

    def _ring(self, line: shapely.Geometry) -> Ring:
        steps = np.rint((shapely.get_coordinates(line) - self._origin) / self._scale).astype(int)
        moved = np.append(True, (np.diff(steps, axis=0) != 0).any(axis=1))
        return [(int(x), int(y)) for x, y in steps[moved]]


def _junctions(rings: Iterator[Ring]) -> set[Point]:
    """Points where borders meet: their neighbours differ from one ring to another, or a line ends there."""
    neighbours: dict[Point, frozenset[Point]] = {}
    junctions: set[Point] = set()
    for ring in rings:
        closed = ring[0] == ring[-1]
        body = ring[:-1] if closed else ring
        if not closed:
            junctions.update((ring[0], ring[-1]))
        for i, point in enumerate(body):
            around = frozenset((body[i - 1], body[(i + 1) % len(body)]))
            if neighbours.setdefault(point, around) != around:
                junctions.add(point)
    return junctions


class _Arcs:
    """Arcs by content: the second ring along a border refers to the first one's arc, backwards."""

    def __init__(self, junctions: set[Point]) -> None:
        self._junctions = junctions
        self._numbers: dict[tuple[Point, ...], int] = {}

    def refer(self, kind: str, parts: Sequence[Sequence[Ring]]) -> list[Any]:
        if kind == "MultiLineString":
            return [self._indices(part[0]) for part in parts]
        return [[self._indices(ring) for ring in part] for part in parts]

    def deltas(self) -> list[list[list[int]]]:
        found = (np.array(arc) for arc in self._numbers)
        return [np.vstack([arc[:1], np.diff(arc, axis=0)]).tolist() for arc in found]

    def _indices(self, ring: Ring) -> list[int]:
        return [self._number(tuple(arc)) for arc in self._cut(ring)]

    def _cut(self, ring: Ring) -> Iterator[Ring]:
        if ring[0] == ring[-1]:
            body = ring[:-1]
            first = next((i for i, p in enumerate(body) if p in self._junctions), None)
            start = body.index(min(body)) if first is None else first
            ring = [*body[start:], *body[:start], body[start]]
        begin = 0
        for i in range(1, len(ring)):
            if ring[i] in self._junctions or i == len(ring) - 1:
                yield ring[begin : i + 1]
                begin = i

    def _number(self, arc: tuple[Point, ...]) -> int:
        if (known := self._numbers.get(arc)) is not None:
            return known
        if (known := self._numbers.get(arc[::-1])) is not None:
            return ~known
        self._numbers[arc] = len(self._numbers)
        return self._numbers[arc]


def _shape(row: Properties, arcs: Sequence[NDArray[np.float64]]) -> shapely.Geometry:
    if row["type"] == "MultiLineString":
        return shapely.MultiLineString([_line(line, arcs) for line in row["arcs"]])
    rings = [[_line(ring, arcs) for ring in polygon] for polygon in row["arcs"]]
    return shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in rings if len(p[0]) > 3])


def _line(numbers: Sequence[int], arcs: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in numbers]
    return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])
