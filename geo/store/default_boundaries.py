"""The boundaries a store starts with: the product's own approximate layers of both sets of units.

No former unit's outline can be had from an open registry. Its approximate area is what lies nearer to its centre
than to any other former centre within each current unit it went into.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84, project, utm_of
from geo.errors import NotFoundError
from geo.schema import CURRENT_SINCE, UnitSystem
from geo.settings import load
from geo.store.store import Store
from geo.units import boundaries, crosswalk
from geo.units.frames import frames

__all__ = ["add_default_boundaries", "approximate_legacy", "former_parts"]

_LEGACY_SINCE = date(2013, 1, 1)
_SOURCE = "vietnamadminunits (PyPI), Natural Earth"
Floats = NDArray[np.float64]

_EDGE_M = 400.0
_APART_M = 800.0
_LICENCE = "MIT; public domain"


def add_default_boundaries(store: Store) -> list[int]:
    """Add the approximate layer of each set of units that has none yet; gives the numbers of the versions added."""
    added = []
    current = boundaries.default_units()
    for system, since in ((UnitSystem.CURRENT, CURRENT_SINCE), (UnitSystem.LEGACY, _LEGACY_SINCE)):
        if _has_boundaries(store, system):
            continue
        layer = current if system is UnitSystem.CURRENT else approximate_legacy(current)
        ready = boundaries.prepare(
            layer, province=load().province, valid_from=since, system=system, name=_SOURCE, approximate=True
        )
        added.append(
            store.add_boundaries(
                ready.units,
                system=system,
                name=_SOURCE,
                valid_from=since,
                source=_SOURCE,
                licence=_LICENCE,
                topology=ready.topology,
                frames=[asdict(frame) for frame in frames(ready.units)],
                approximate=True,
            )
        )
    return added


def _has_boundaries(store: Store, system: UnitSystem) -> bool:
    try:
        store.active_boundaries(system)
    except NotFoundError:
        return False
    return True


def approximate_legacy(current: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Former units cut out of the current ones: code, name, kind, geometry in WGS 84, in order of code."""
    metric = utm_of(float(current.total_bounds[[0, 2]].mean()))
    links = former_parts(current, metric)
    shapes = current.to_crs(metric).set_index("code").geometry
    parts: dict[int, shapely.Geometry] = {}
    for code, group in links.groupby("new_code"):
        parts |= dict(zip(group.index, _cells(shapes[code], shapely.points(group["x"], group["y"])), strict=True))
    layer = gpd.GeoDataFrame({"code": links["legacy_code"]}, geometry=pd.Series(parts), crs=metric)
    merged = layer.dissolve("code").sort_index().to_crs(WGS84)
    names = boundaries.legacy_units().set_index("code").loc[merged.index, ["name", "kind"]]
    return gpd.GeoDataFrame(names, geometry=merged.geometry).reset_index()


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


def _cells(shape: shapely.Geometry, centres: NDArray[np.object_]) -> list[shapely.Geometry]:
    """The part of `shape` nearest to each centre."""
    if len(centres) == 1:
        return [shape]
    cells = shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=shape, ordered=True)
    return list(shapely.intersection(shapely.get_parts(cells), shape))
