"""Where demo events may lie: points inside the units' polygons, and which units a point names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.crs import WGS84, project, utm_of
from geo.demo.former import former_parts
from geo.demo.plan import Plan
from geo.units import boundaries

__all__ = ["Floats", "Ints", "Sites", "load_sites"]

_CELL_M = 250.0
_CENTRE_M = 650.0
"""How far activity reaches from a former unit's centre, standard deviation."""

_NEAR_CENTRE = 0.85
"""Share of an area's activity that lies around that centre."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Offsets = Callable[[int], Floats]


@dataclass(frozen=True, eq=False)
class Sites:
    """Units of both systems, the links between them, and a bank of squares that lie inside them.

    Attributes
    ----------
    layer : GeoDataFrame
        Current units in order of code, WGS 84.
    legacy : DataFrame
        Legacy units in order of code: code, name, kind.
    link_current, link_legacy : ndarray of int, shape (links,)
        Row in `layer` and in `legacy` of each link.
    link_centre : ndarray, shape (links, 2)
        Middle of the legacy unit's part in the current one, metres.
    weight : ndarray, shape (links,)
        How busy each link's area is; invented.
    profile : ndarray of str, shape (units,)
        Kind of place of each current unit: town, border or rural.
    border : LineString or MultiLineString
        The national border, metric.
    metric : str
        The metric system.
    """

    layer: gpd.GeoDataFrame
    legacy: pd.DataFrame
    link_current: Ints
    link_legacy: Ints
    link_centre: Floats
    weight: Floats
    profile: NDArray[np.str_]
    border: shapely.Geometry
    metric: str

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """Polygons of the current units, metric."""
        return np.asarray(self.layer.to_crs(self.metric).geometry.to_numpy(), dtype=object)

    @cached_property
    def bank(self) -> pd.DataFrame:
        """Squares inside the units in a fixed order: x, y of the centre (metres), current, link, p (probability)."""
        found = []
        for row, shape in enumerate(self.shapes):
            shapely.prepare(shape)
            x0, y0, x1, y1 = (round(edge / _CELL_M) * _CELL_M for edge in shape.bounds)
            x, y = (a.ravel() for a in np.meshgrid(np.arange(x0, x1 + 1, _CELL_M), np.arange(y0, y1 + 1, _CELL_M)))
            inside = shapely.contains_xy(shape, x, y)
            found.append(pd.DataFrame({"x": x[inside], "y": y[inside], "current": row}))
        bank = pd.concat(found, ignore_index=True)
        here = self.locate(bank["x"].to_numpy(), bank["y"].to_numpy())
        inside = (here["current"] == bank["current"]).to_numpy()  # an edge straight in metres bends in degrees
        bank = bank.assign(link=here["link"])[inside].reset_index(drop=True)
        return bank.assign(p=self._probability(*(bank[name].to_numpy() for name in ("x", "y", "link"))))

    def _probability(self, x: Floats, y: Floats, link: Ints) -> Floats:
        """Most of an area's activity lies near its former unit's centre, the rest anywhere in it."""
        centre = self.link_centre[link]
        near = np.exp(-((x - centre[:, 0]) ** 2 + (y - centre[:, 1]) ** 2) / (2 * _CENTRE_M**2)) + 1e-9
        sizes = np.bincount(link, minlength=len(self.weight))[link]
        shares = (
            _NEAR_CENTRE * near / np.bincount(link, near, minlength=len(self.weight))[link] + (1 - _NEAR_CENTRE) / sizes
        )
        p = self.weight[link] * shares
        return np.asarray(p / p.sum())

    def current_of(self, lon: Floats, lat: Floats) -> Ints:
        """Row of the current unit that holds each point (degrees), -1 outside all; the lower row where two meet."""
        pairs = self.layer.sindex.query(shapely.points(lon, lat), predicate="within", sort=True)
        found = np.full(len(lon), -1, np.int64)
        found[pairs[0][::-1]] = pairs[1][::-1]
        return found

    def link_of(self, x: Floats, y: Floats, current: Ints) -> Ints:
        """The link each point belongs to: the nearest former centre among those merged into its current unit."""
        found = np.full(len(x), -1, np.int64)
        for row in np.unique(current[current >= 0]):
            links = np.flatnonzero(self.link_current == row)
            here = np.flatnonzero(current == row)
            nearest = cKDTree(self.link_centre[links]).query(np.column_stack([x[here], y[here]]))[1]
            found[here] = links[nearest]
        return found

    def locate(self, x: Floats, y: Floats) -> pd.DataFrame:
        """lon, lat (6 decimals, 0.1 m), current and link (-1 outside all units) of metric points."""
        lon, lat = (np.round(part, 6) for part in project(x, y, self.metric, WGS84))
        current = self.current_of(lon, lat)
        return pd.DataFrame({"lon": lon, "lat": lat, "current": current, "link": self.link_of(x, y, current)})

    def scatter(self, cells: Ints, rng: np.random.Generator) -> pd.DataFrame:
        """A point in each of some squares of the bank, at its centre where chance keeps leaving the unit."""
        centre = self.bank[["x", "y"]].to_numpy()[cells]
        return self.place(centre[:, 0], centre[:, 1], lambda n: rng.uniform(-_CELL_M / 2, _CELL_M / 2, (n, 2)))

    def place(self, x: Floats, y: Floats, offsets: Offsets) -> pd.DataFrame:
        """Points near given ones: x, y, lon, lat, current, link. Offsets are drawn until each lies in some unit."""
        moved = np.column_stack([x, y])
        todo = np.arange(len(x))
        for attempt in range(40):
            moved[todo] = np.column_stack([x, y])[todo] + (offsets(len(todo)) if attempt < 39 else 0.0)
            found = self.locate(moved[todo, 0], moved[todo, 1])
            todo = todo[found["current"].to_numpy() < 0]
            if not len(todo):
                break
        return self.locate(moved[:, 0], moved[:, 1]).assign(x=moved[:, 0], y=moved[:, 1])


def load_sites(plan: Plan, rng: np.random.Generator) -> Sites:
    """The default boundary layer and former units, with invented weights."""
    layer = boundaries.default_units().sort_values("code", ignore_index=True)
    metric = utm_of(float(layer.total_bounds[[0, 2]].mean()))
    legacy = boundaries.legacy_units().sort_values("code", ignore_index=True)
    parts = former_parts(layer, metric)
    current = pd.Index(layer["code"]).get_indexer(parts["new_code"]).astype(np.int64)
    old = pd.Index(legacy["code"]).get_indexer(parts["legacy_code"]).astype(np.int64)
    around = boundaries.read_surroundings()
    border = around[around["kind"] == "national_border"].to_crs(metric).union_all()
    near = layer.to_crs(metric).distance(border).to_numpy() < 1_000
    town = ((layer["kind"] == "phường") | (layer["code"].map(plan.weights).fillna(1.0) > 1)).to_numpy(bool)
    profile = np.where(town, "town", np.where(near, "border", "rural"))
    weight = _weights(plan, layer, legacy, (current, old), rng)
    return Sites(layer, legacy, current, old, parts[["x", "y"]].to_numpy(), weight, profile, border, metric)


def _weights(
    plan: Plan, layer: gpd.GeoDataFrame, legacy: pd.DataFrame, links: tuple[Ints, Ints], rng: np.random.Generator
) -> Floats:
    """Towns heavy, islands light, the rest spread log-normally; a divided unit's weight is shared by its parts."""
    by_kind = np.where(layer["kind"] == "phường", 1.6, 1.0)
    unit = layer["code"].map(plan.weights).fillna(pd.Series(by_kind, layer.index)).to_numpy(float)
    current, old = links
    own = np.where(legacy["kind"] == "xã", 1.0, 1.7) * np.exp(rng.normal(0.0, 0.35, len(legacy)))
    part = own[old] / np.bincount(old, minlength=len(legacy))[old]
    merged = np.bincount(current, part, minlength=len(layer))
    size = np.sqrt(
        np.bincount(current, minlength=len(layer))
    )  # a unit of many former ones is busier, not in proportion
    return np.asarray(part / merged[current] * (unit * size)[current])
