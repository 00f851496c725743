"""Where the former units lay, for demo records of the time before July 2025."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84, project
from geo.units import boundaries, crosswalk

__all__ = ["former_parts"]

Floats = NDArray[np.float64]

_EDGE_M = 400.0
_APART_M = 800.0


def former_parts(current: gpd.GeoDataFrame, metric: str) -> pd.DataFrame:
    """One row per former unit and current unit it went into: legacy_code, new_code, x, y (metres in `metric`).

    The point is the former unit's centre, moved into the current unit where it lies outside, and away from another
    former unit's where the reference gives both the same.
    """
    centres = boundaries.legacy_units().set_index("code")
    links = crosswalk.links()[["legacy_code", "new_code"]]
    links = links[links["new_code"].isin(current["code"])].sort_values(["legacy_code", "new_code"], ignore_index=True)
    centre = centres.loc[links["legacy_code"]]
    x, y = project(centre["lon"], centre["lat"], WGS84, metric)
    shapes = current.to_crs(metric).set_index("code").geometry
    for code, rows in links.groupby("new_code").groups.items():
        x[rows], y[rows] = _inside(shapes[code], x[rows], y[rows])
    return links.assign(x=x, y=y)


def _inside(shape: shapely.Geometry, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Points at least `_APART_M` apart within a shape, each as near as may be to where it was given."""
    core = next(c for c in (shape.buffer(-_EDGE_M), shape.buffer(-_EDGE_M / 10), shape) if not c.is_empty)
    placed: list[tuple[float, float]] = []
    for point in shapely.points(x, y):
        free = (
            core.difference(shapely.union_all([shapely.Point(p).buffer(_APART_M) for p in placed])) if placed else core
        )
        nearest = shapely.get_point(shapely.shortest_line(free if not free.is_empty else core, point), 0)
        placed.append((nearest.x, nearest.y))
    moved = np.array(placed)
    return moved[:, 0], moved[:, 1]
