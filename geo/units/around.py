"""Areas made of something else: a distance around a place or line, a belt along a border, pieces along a line."""

from __future__ import annotations

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from geo.crs import WGS84, project, utm_of

__all__ = ["belt", "pieces", "widened"]

_SEGMENTS = 12
"""Of a quarter of a circle."""

_OFF_M = 20.0
"""How far the edge of a belt may lie off."""


def widened(shape: shapely.Geometry, metres: float) -> shapely.Geometry:
    """A point, line or area in degrees with `metres` around it, drawn in the metric system of its own place."""
    metric = utm_of(float(shapely.centroid(shape).x))
    area = shapely.buffer(_projected(shape, WGS84, metric), metres, quad_segs=_SEGMENTS)
    return _projected(area, metric, WGS84)


def belt(border: shapely.Geometry, land: shapely.Geometry, metres: float) -> shapely.Geometry:
    """The part of `land` within `metres` of a border, degrees; empty where it reaches none of it."""
    metric = utm_of(float(shapely.centroid(land).x))
    wide = shapely.buffer(_projected(border, WGS84, metric), metres, quad_segs=_SEGMENTS)
    inside = shapely.intersection(wide, _projected(land, WGS84, metric)).simplify(min(_OFF_M, metres / 10))
    parts = [part for part in shapely.get_parts(inside) if part.geom_type == "Polygon" and part.area > metres**2 / 100]
    return shapely.set_precision(_projected(shapely.union_all(parts), metric, WGS84), 1e-6)


def pieces(shape: shapely.Geometry, line: shapely.LineString) -> list[shapely.Geometry]:
    """An area along a line, largest part first; one piece where the line does not cross it."""
    found: list[shapely.Geometry] = []
    for part in shapely.get_parts(shape):
        found += list(shapely.ops.split(part, line).geoms)
    return sorted((piece for piece in found if piece.area > 0), key=lambda piece: -piece.area)


def _projected(shape: shapely.Geometry, source: str, target: str) -> shapely.Geometry:
    def there(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(project(xy[:, 0], xy[:, 1], source, target))

    return shapely.transform(shape, there)
