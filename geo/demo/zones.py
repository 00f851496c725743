"""Priority zones and inhabitants of the demo: invented shapes with neutral names, and invented numbers.

Zones are laid out after the events and away from every planted cluster. Nothing that happens in the demo depends on
them.
"""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84
from geo.demo.plan import Plan, largest_remainder
from geo.demo.planted import Disc
from geo.demo.sites import Sites
from geo.schema import UnitSystem, ZoneKind

__all__ = ["make_population", "make_zones"]

_BELT_M = 1_000.0
_APART_M = 1_500.0
_POPULATION_YEAR = 2025


def make_zones(sites: Sites, discs: list[Disc], rng: np.random.Generator) -> gpd.GeoDataFrame:
    """About three dozen zones of all eight kinds, in WGS 84, with keys that stay."""
    taken = [shapely.union_all([disc.shape for disc in discs])]
    rows = [*_belt(sites), *_centres(sites, taken, rng)]
    taken += [shape for _, _, shape in rows]
    for kind, names, low, high in (
        (ZoneKind.INDUSTRIAL_PARK, _numbers("Khu công nghiệp minh hoạ", 5), 500, 900),
        (ZoneKind.EDUCATION, _numbers("Cơ sở giáo dục minh hoạ", 8), 200, 350),
        (ZoneKind.STRATEGIC_AREA, _numbers("Địa bàn chiến lược minh hoạ", 3), 2_000, 2_800),
        (ZoneKind.COMPLEX_AREA, _numbers("Địa bàn phức tạp minh hoạ", 5), 600, 1_000),
        (ZoneKind.ETHNIC_MINORITY_AREA, [f"Vùng minh hoạ {letter}" for letter in "ABCD"], 1_600, 2_600),
        (ZoneKind.RELIGIOUS_AREA, _numbers("Khu vực minh hoạ số", 4), 1_400, 2_400),
    ):
        for name in names:
            radius = float(rng.uniform(low, high))
            shape = _elsewhere(sites, taken, kind, radius, rng)
            taken.append(shape)
            rows.append((name, kind, shape))
    frame = pd.DataFrame({"name": [r[0] for r in rows], "kind": [r[1].value for r in rows], "invented": True})
    frame.insert(0, "key", [f"demo{n:02d}" for n in range(1, len(frame) + 1)])
    zones = gpd.GeoDataFrame(frame, geometry=[r[2] for r in rows], crs=sites.metric).to_crs(WGS84)
    return zones.set_geometry(shapely.set_precision(zones.geometry.to_numpy(), 1e-6))


def _numbers(name: str, n: int) -> list[str]:
    return [f"{name} {i}" for i in range(1, n + 1)]


def _belt(sites: Sites) -> list[tuple[str, ZoneKind, shapely.Geometry]]:
    """A belt along the national border inside the units, in three parts from west to east."""
    land = shapely.union_all(sites.shapes)
    belt = shapely.intersection(sites.border.buffer(_BELT_M), land).simplify(50)
    x0, y0, x1, y1 = belt.bounds
    edges = np.linspace(x0, x1, 4)
    parts = [belt.intersection(shapely.box(a, y0, b, y1)) for a, b in pairwise(edges)]
    return [(f"Tuyến biên giới minh hoạ {n}", ZoneKind.BORDER, part) for n, part in enumerate(parts, 1)]


def _centres(
    sites: Sites, taken: list[shapely.Geometry], rng: np.random.Generator
) -> list[tuple[str, ZoneKind, shapely.Geometry]]:
    """An urban centre in each of the five busiest units, as near its middle as the planted clusters allow."""
    busiest = np.argsort(-np.bincount(sites.link_current, sites.weight), kind="stable")[:5]
    rows: list[tuple[str, ZoneKind, shapely.Geometry]] = []
    for n, row in enumerate(busiest, 1):
        cells = sites.bank[sites.bank["current"] == row]
        xy = cells[["x", "y"]].to_numpy()
        clear = shapely.distance(shapely.union_all(taken), shapely.points(xy)) > 900
        busy = np.where(clear, cells["p"], -1.0)
        x, y = xy[int(np.argmax(busy))]
        rows.append((f"Trung tâm đô thị minh hoạ {n}", ZoneKind.URBAN_CENTRE, _blob(x, y, 650, rng)))
    return rows


def _elsewhere(
    sites: Sites, taken: list[shapely.Geometry], kind: ZoneKind, radius: float, rng: np.random.Generator
) -> shapely.Polygon:
    """A shape inside the province that touches nothing taken: a rectangle for an industrial park, else a blob."""
    avoid, land = shapely.union_all(taken), shapely.union_all(sites.shapes)
    cells = sites.bank[["x", "y"]].to_numpy()
    while True:
        x, y = cells[rng.integers(len(cells))]
        if avoid.distance(shapely.Point(x, y)) < radius * 1.4 + _APART_M:
            continue
        shape = (_rectangle if kind is ZoneKind.INDUSTRIAL_PARK else _blob)(x, y, radius, rng)
        if land.contains(shape):
            return shape


def _blob(x: float, y: float, radius: float, rng: np.random.Generator) -> shapely.Polygon:
    """A smooth closed line around a point: a circle with three low waves."""
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    r = np.full(len(angle), float(radius))
    for wave in (2, 3, 4):
        r += radius * rng.uniform(0.03, 0.12) * np.cos(wave * angle + rng.uniform(0, 2 * np.pi))
    return shapely.Polygon(np.column_stack([x + r * np.cos(angle), y + r * np.sin(angle)]))


def _rectangle(x: float, y: float, radius: float, rng: np.random.Generator) -> shapely.Polygon:
    box = shapely.box(x - radius, y - radius * 0.55, x + radius, y + radius * 0.55)
    return shapely.affinity.rotate(box, rng.uniform(0, 180))


def make_population(sites: Sites, plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """Inhabitants of current and of former units; either set adds up to the province exactly."""
    by_kind = np.where(sites.layer["kind"] == "phường", 1.4, 1.0)
    weight = sites.layer["code"].map(plan.weights).fillna(pd.Series(by_kind, sites.layer.index)).to_numpy(float)
    weight = weight**0.75 * np.exp(rng.normal(0.0, 0.22, len(weight)))
    current = largest_remainder(weight, plan.population)
    legacy = np.zeros(len(sites.legacy), np.int64)
    for row, people in enumerate(current):
        links = np.flatnonzero(sites.link_current == row)
        np.add.at(legacy, sites.link_legacy[links], largest_remainder(sites.weight[links] ** 0.7, int(people)))
    parts = ((UnitSystem.CURRENT, sites.layer, current), (UnitSystem.LEGACY, sites.legacy, legacy))
    frames = [
        pd.DataFrame(
            {"unit_system": system.value, "unit_code": units["code"], "year": _POPULATION_YEAR, "people": people}
        )
        for system, units, people in parts
    ]
    return pd.concat(frames, ignore_index=True)
