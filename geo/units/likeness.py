"""Whether an area is, but for its drawing, a unit or several together: one rule for all areas that must not be."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

__all__ = ["units_like"]

_MOSTLY = 0.5
"""Share of a unit that lies in an area which may be meant for it."""

_LIKE = {True: 0.6, False: 0.8}
"""Least overlap (intersection over union) of what is nearly the same, by whether the units' shapes are approximate:
those overlap the real ones by 0.7 on average."""


def units_like(shape: shapely.Geometry, units: gpd.GeoDataFrame, *, approximate: bool) -> list[str]:
    """Codes of the units whose union an area nearly equals; none where it is an area of its own.

    The units that lie mostly in the area are put together, and the overlap of both is measured.

    Parameters
    ----------
    shape : shapely geometry
        In the CRS of `units`.
    units : GeoDataFrame[code, geometry]
        Of one province, in any CRS.
    approximate : bool
        The shapes of `units` are approximate.
    """
    near = np.sort(units.sindex.query(shape, predicate="intersects"))
    if not len(near):
        return []
    shapes = units.geometry.to_numpy()[near]
    inside = shapely.area(shapely.intersection(shapes, shape)) >= _MOSTLY * shapely.area(shapes)
    if not inside.any():
        return []
    whole = shapely.union_all(shapes[inside])
    overlap = shapely.area(shapely.intersection(whole, shape)) / shapely.area(shapely.union(whole, shape))
    return list(units["code"].to_numpy()[near][inside]) if overlap >= _LIKE[approximate] else []
