"""What is recorded inside priority areas: events whose exact place is known, and apart from them those known to the
commune only, which are never shared out.

Of ethnic-minority and religious areas nothing is counted, and no other area's count is altered by them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.products.situation.trend import Trend, trend
from geo.products.situation.usual import Judged, judged
from geo.schema import PROTECTED_ZONES, Measure, Query, UnitSystem
from geo.store import Snapshot, remembered
from geo.store.cube import Cube, cube_of_events
from geo.store.events import Events, matching
from geo.text import Lang

__all__ = ["area_counts", "area_cube", "area_trend", "area_verdicts", "counted_areas", "known_to_commune"]


def counted_areas(snapshot: Snapshot) -> pd.DataFrame:
    """The areas in force that events may be counted in: all but those of the two protected kinds."""
    zones = snapshot.zones
    return zones[~zones["kind"].isin(PROTECTED_ZONES).to_numpy(bool)]


@remembered(4)
def area_cube(snapshot: Snapshot, measure: Measure) -> Cube:
    """Events with an exact place by day, kind and area; its units are keys of areas, and areas may overlap.

    The last place holds all other events, so that it spans the very days of the province's.
    """
    events = snapshot.events(measure)
    rows, area = _placed(snapshot, measure is Measure.DEN_CLEARED)
    outside = np.setdiff1d(np.arange(len(events.day)), rows)
    keys = tuple(counted_areas(snapshot)["key"])
    taken = np.concatenate([rows, outside])
    unit = np.concatenate([area, np.full(len(outside), len(keys))]).astype(np.int16)
    order = np.argsort(events.day[taken], kind="stable")
    taken, unit = taken[order], unit[order]
    columns = {name: getattr(events, name)[taken] for name in ("day", "kind", "suspects", "cleared", "lon", "lat")}
    return cube_of_events(measure, UnitSystem.CURRENT, Events(unit=unit, units=keys, kinds=events.kinds, **columns))


@remembered(2)
def _placed(snapshot: Snapshot, is_dens: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Events inside areas: positions of the events and of the areas."""
    events = snapshot.events(Measure.DEN_CLEARED if is_dens else Measure.CASE)
    shapes = counted_areas(snapshot)["geometry"].to_numpy()
    shapely.prepare(shapes)
    rows: list[NDArray[np.int64]] = []
    for shape in shapes:
        west, south, east, north = shape.bounds
        near = np.flatnonzero(
            (events.lon >= west) & (events.lon <= east) & (events.lat >= south) & (events.lat <= north)
        )
        rows.append(near[shapely.intersects_xy(shape, events.lon[near], events.lat[near])])
    area = np.repeat(np.arange(len(rows)), [len(found) for found in rows])
    return np.concatenate([*rows, np.zeros(0, np.int64)]).astype(np.int64), area.astype(np.int64)


def area_counts(snapshot: Snapshot, query: Query) -> pd.Series:
    """Events of a query with an exact place in each area, index key."""
    cube = area_cube(snapshot, query.measure)
    return pd.Series(cube.counts(query.start, query.end, query.kinds)[:-1], pd.Index(cube.units, name="key"))


def area_verdicts(snapshot: Snapshot, query: Query) -> Judged:
    """The count of each area held against what is usual for it; its units are keys."""
    return judged(snapshot, replace(query, units=()), area_cube(snapshot, query.measure))


def area_trend(snapshot: Snapshot, key: str, query: Query, lang: Lang) -> Trend:
    """The months of one area."""
    return trend(snapshot, replace(query, units=(key,)), lang, areas=area_cube(snapshot, query.measure))


def known_to_commune(snapshot: Snapshot, query: Query, communes: tuple[str, ...]) -> int:
    """How many events of a query in some communes are known to the commune only: any area there may hold them."""
    if not communes:
        return 0
    events = snapshot.events(query.measure)
    chosen = matching(events, replace(query, units=communes))
    return int(np.isnan(events.lon[chosen]).sum())
