"""The areas of a before-and-after comparison: treated, the ring around it, and a control for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.errors import InputError
from geo.products.analyses.study import touching
from geo.products.situation.counts import counts_of
from geo.schema import Query
from geo.store import Snapshot

Area = Literal["treated", "ring", "control", "ring_control"]
AREAS: tuple[Area, ...] = ("treated", "ring", "control", "ring_control")


@dataclass(frozen=True, eq=False)
class Areas:
    """Which unit belongs to which area, and circles where the treated area is one.

    Attributes
    ----------
    of_unit : list of str
        One of `AREAS` or empty, in order of the units.
    shapes : dict
        Circle and ring in degrees, where the treated area is no set of communes.
    """

    snapshot: Snapshot
    of_unit: list[str]
    circles: dict[Area, shapely.Geometry] = field(default_factory=dict)
    metric: str = ""

    @property
    def shapes(self) -> dict[str, shapely.Geometry]:
        """The circles in degrees."""

        def degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.column_stack(crs.project(xy[:, 0], xy[:, 1], self.metric, crs.WGS84))

        return {area: shapely.transform(shape, degrees) for area, shape in self.circles.items()}

    def count(self, query: Query) -> list[int]:
        """Events per area, in order of `AREAS`; beside circles only those that have a place, everywhere alike."""
        if not self.circles:
            counts = counts_of(self.snapshot, query).to_numpy()
            member = np.array(self.of_unit)
            return [int(counts[member == area].sum()) for area in AREAS]
        found = self.snapshot.points(query)
        x, y = crs.project(found.lon, found.lat, crs.WGS84, self.metric)
        unit_area = np.array([*self.of_unit, ""])[np.minimum(found.unit, len(self.of_unit))]
        area = unit_area.astype(object)
        for name in ("ring", "treated"):
            if shape := self.circles.get(name):
                area[shapely.intersects_xy(shape, x, y)] = name
        return [int((area == name).sum()) for name in AREAS]


def areas_of_units(
    snapshot: Snapshot,
    treated: tuple[str, ...],
    control: tuple[str, ...],
    year: Query,
    *,
    ring: bool,
    busy: frozenset[str] = frozenset(),
) -> Areas:
    """Treated communes, those that touch them, and communes that had as many cases in the `year` before.

    Matching on an earlier year, not on the period before itself, keeps a chance high or low from choosing the control.
    Communes that are `busy` with clearing themselves are not chosen.
    """
    units = snapshot.units().index
    graph = touching(snapshot)
    near = {str(other) for code in treated for other in graph[code].index} - set(treated)
    counts = counts_of(snapshot, year).reindex(units)
    chosen = [code for code in control if code in units and code not in treated]
    free = [str(code) for code in units if code not in treated and code not in chosen]
    apart = [code for code in free if code not in near and code not in busy]
    around = sorted(near - set(chosen)) if ring else []
    needed, wanted = float(counts[list(treated)].sum()), float(counts[around].sum())
    there = float(counts[apart].sum())
    fair = min(1.0, there / (needed + wanted)) if needed + wanted else 1.0
    if not chosen:
        chosen = _matched(counts, needed * fair, apart or free)
    rest = [code for code in apart if code not in chosen]
    beside = _matched(counts, wanted * fair, rest) if around else []
    if not chosen:
        raise InputError("before_after.no_control")
    return Areas(snapshot, _membership(units, treated, around if beside else [], chosen, beside))


def areas_of_den(
    snapshot: Snapshot,
    place: tuple[float, float],
    radius_m: int,
    control: tuple[str, ...],
    year: Query,
    *,
    ring: bool,
    busy: frozenset[str] = frozenset(),
) -> Areas:
    """A circle around a den, a ring to twice its radius, and for each the nearest commune that is like it.

    Alike is one that had about as many cases the `year` before; near ones share more with the place than far ones.
    """
    metric = crs.utm_of(place[0])
    x, y = crs.project([place[0]], [place[1]], crs.WGS84, metric)
    centre = shapely.Point(float(x[0]), float(y[0]))
    circle, wide = centre.buffer(radius_m, quad_segs=24), centre.buffer(2 * radius_m, quad_segs=24)
    circles: dict[Area, shapely.Geometry] = {"treated": circle, "ring": wide.difference(circle)}
    layer = snapshot.layer().set_index("code")
    away = layer.to_crs(metric).distance(wide)
    units = snapshot.units().index
    held = Areas(snapshot, [""] * len(units), circles, metric).count(year)
    found = snapshot.points(year)
    per_unit = np.bincount(found.unit, minlength=len(found.units) + 1)[:-1]
    counts = pd.Series(per_unit, list(found.units), dtype=float).reindex(units)
    free = [str(code) for code in units if away[code] > 0 and code not in control and code not in busy]
    chosen = [code for code in control if code in units] or [_alike(counts, free, held[0], away)]
    free = [code for code in free if code not in chosen]
    beside = [_alike(counts, free, held[1], away)] if ring else []
    if not ring:
        circles = {"treated": circle}
    return Areas(snapshot, _membership(units, (), [], chosen, beside), circles, metric)


def _nearest(counts: pd.Series, pool: list[str], wanted: float) -> str:
    if not pool:
        raise InputError("before_after.no_control")
    return str((counts[pool] - wanted).abs().idxmin())


def _alike(counts: pd.Series, pool: list[str], wanted: float, away: pd.Series) -> str:
    """The nearest unit whose count is within a quarter of what is wanted; the closest count where none is."""
    gap = (counts[pool] - wanted).abs()
    close = gap.index[gap <= max(2.0, wanted / 4)]
    return str(away[close].idxmin()) if len(close) else _nearest(counts, pool, wanted)


def _matched(counts: pd.Series, total: float, pool: list[str]) -> list[str]:
    """Units of the pool that together come near a total: ever the largest that still fits."""
    left, found = counts[pool].sort_values(ascending=False, kind="stable"), []
    missing = total
    for code, count in left.items():
        if 0 < count <= missing:
            found.append(str(code))
            missing -= count
    return sorted(found) or ([_nearest(counts, pool, total)] if pool else [])


def _membership(
    units: pd.Index, treated: tuple[str, ...], ring: list[str], control: list[str], ring_control: list[str]
) -> list[str]:
    sets = dict(zip(AREAS, (treated, ring, control, ring_control)))
    return [next((area for area, codes in sets.items() if code in codes), "") for code in units]
