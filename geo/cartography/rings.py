"""Areas as rings, as a `MapSpec` holds them: outer ones counterclockwise, holes clockwise."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely import MultiPolygon, Point, Polygon

from geo.cartography.spec import Ring

__all__ = ["polygons_of", "rings_of"]

_DIGITS = 5
"""Of a degree: a metre."""


def rings_of(shape: shapely.Geometry, *, tolerance: float = 0.0) -> tuple[Ring, ...]:
    """Every ring of an area, each outer one before its holes.

    They run in opposite directions, so that a hole is one whether a renderer counts windings or crossings.

    Parameters
    ----------
    shape : Polygon or MultiPolygon
        In degrees.
    tolerance : float
        How far a simplified ring may lie off, degrees; 0 leaves them as they are.
    """
    found = []
    for part in shapely.get_parts(shapely.orient_polygons(shape)):
        for ring in (part.exterior, *part.interiors):
            kept = ring.simplify(tolerance) if tolerance else ring
            found.append(tuple((round(float(x), _DIGITS), round(float(y), _DIGITS)) for x, y in kept.coords))
    return tuple(found)


def polygons_of(rings: Sequence[Ring]) -> MultiPolygon:
    """The area again: a ring within an odd number of others is a hole of the smallest of them."""
    parts = sorted((Polygon(ring) for ring in rings if len(ring) > 3), key=lambda part: -part.area)
    shells: dict[int, list[Polygon]] = {}
    for n, part in enumerate(parts):
        at = Point(part.exterior.coords[0]) if part.area == 0 else part.representative_point()
        around = [other for other in range(n) if parts[other].contains(at)]
        if len(around) % 2 == 0:
            shells[n] = []
        else:
            shells[max(other for other in around if other in shells)].append(part)
    return MultiPolygon(
        [Polygon(parts[n].exterior.coords, [hole.exterior.coords for hole in holes]) for n, holes in shells.items()]
    )
