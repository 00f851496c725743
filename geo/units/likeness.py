"""Whether areas are, but for their drawing, a unit or several together: one rule for all areas that must not be."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

__all__ = ["areas_along", "areas_like_units", "units_like"]

_MOSTLY = 0.5
"""Share of a unit that lies in an area which may be meant for it, or of an area in a unit that it may be a piece of."""

_LIKE = {True: 0.6, False: 0.7}
"""Least overlap (intersection over union) of what is nearly the same, by whether the units' shapes are approximate:
those overlap the real ones by 0.7 on average."""


def areas_like_units(
    shapes: Sequence[shapely.Geometry | None], units: gpd.GeoDataFrame, *, approximate: bool
) -> dict[int, list[str]]:
    """Which areas nearly equal a unit or several together, by themselves or as pieces of one unit together.

    Parameters
    ----------
    shapes : sequence of shapely geometry or None
        Polygons, in the CRS of `units`. A hole counts as part of its area: what runs around a unit means it.
    units : GeoDataFrame[code, geometry]
        Of one province, in any CRS.
    approximate : bool
        The shapes of `units` are approximate.

    Returns
    -------
    dict of int to list of str
        Codes of the units, by the place of the area.
    """
    whole = {n: _filled(shape) for n, shape in enumerate(shapes) if shape is not None and not shape.is_empty}
    found = {n: codes for n, shape in whole.items() if (codes := units_like(shape, units, approximate=approximate))}
    rest = {n: shape for n, shape in whole.items() if n not in found}
    if len(rest) < 2:
        return found
    places, areas = list(rest), np.array(list(rest.values()), object)
    geometry, codes = units.geometry.to_numpy(), units["code"].to_numpy()
    pieces: dict[int, list[int]] = {}
    for at, unit in shapely.STRtree(geometry).query(areas, predicate="intersects").T:
        within = shapely.area(shapely.intersection(areas[at], geometry[unit]))
        if within >= _MOSTLY * shapely.area(areas[at]):
            pieces.setdefault(int(unit), []).append(int(at))
    for unit, several in pieces.items():
        if len(several) > 1 and _overlap(shapely.union_all(areas[several]), geometry[unit]) >= _LIKE[approximate]:
            for at in several:
                found.setdefault(places[at], [str(codes[unit])])
    return found


def units_like(shape: shapely.Geometry, units: gpd.GeoDataFrame, *, approximate: bool) -> list[str]:
    """Codes of the units whose union an area nearly equals; none where it is an area of its own.

    The units that lie mostly in the area are put together, and the overlap of both is measured. Parameters as of
    `areas_like_units`.
    """
    near = np.sort(units.sindex.query(shape, predicate="intersects"))
    if not len(near):
        return []
    shapes = units.geometry.to_numpy()[near]
    inside = shapely.area(shapely.intersection(shapes, shape)) >= _MOSTLY * shapely.area(shapes)
    if not inside.any():
        return []
    alike = _overlap(shapely.union_all(shapes[inside]), shape) >= _LIKE[approximate]
    return list(units["code"].to_numpy()[near][inside]) if alike else []


def _overlap(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Intersection over union."""
    return float(shapely.area(shapely.intersection(one, other)) / shapely.area(shapely.union(one, other)))


def _filled(shape: shapely.Geometry) -> shapely.Geometry:
    """The shape without holes."""
    parts: NDArray[np.object_] = shapely.get_parts(shape)
    rings = [shapely.polygons(shapely.get_exterior_ring(part)) for part in parts if part.geom_type == "Polygon"]
    return shapely.union_all(rings) if rings else shape


def areas_along(shapes: Sequence[shapely.Geometry], outlines: Sequence[shapely.Geometry]) -> dict[int, list[int]]:
    """Which areas run (nearly) along some outlines: as a whole, by one of their parts, around a hole, or together.

    What is counted in such an area would be counted of what the outline is drawn around.

    Parameters
    ----------
    shapes, outlines : sequence of shapely geometry
        Polygons, in one CRS.

    Returns
    -------
    dict of int to list of int
        Places of the outlines, by the place of the area.
    """
    if not len(shapes) or not len(outlines):
        return {}
    held = gpd.GeoDataFrame({"code": [str(n) for n in range(len(outlines))]}, geometry=list(map(_filled, outlines)))
    pieces = [(n, piece) for n, shape in enumerate(shapes) for piece in _pieces(shape)]
    found: dict[int, set[int]] = {}
    for at, codes in areas_like_units([piece for _, piece in pieces], held, approximate=False).items():
        found.setdefault(pieces[at][0], set()).update(map(int, codes))
    return {n: sorted(places) for n, places in sorted(found.items())}


def _pieces(shape: shapely.Geometry) -> list[shapely.Geometry]:
    """An area without its holes, each of its parts, and each of its holes."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    holes = [shapely.polygons(ring) for part in parts for ring in part.interiors]
    return [_filled(shape), *(map(_filled, parts) if len(parts) > 1 else ()), *holes]
