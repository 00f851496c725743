"""Events as columns in memory, for whatever needs each one's place: point layers, clusters, densities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.schema import CaseCategory, CaseStatus, GameType, Measure, Query
from geo.store.attribution import Attribution

__all__ = ["Events", "Points", "counted_by", "events_on", "matching", "points_of"]


@dataclass(frozen=True, eq=False)
class Events:
    """All active events of one dataset as columns in order of day.

    Attributes
    ----------
    day : ndarray of int32, shape (n,)
        `date.toordinal()`.
    unit : ndarray of int16, shape (n,)
        Position in `units`; `len(units)` where the unit cannot be attributed.
    kind : ndarray of int8, shape (n,)
        Position in `kinds`.
    suspects : ndarray of int32, shape (n,)
        0 where not recorded.
    cleared : ndarray of bool, shape (n,)
        Status cleared; false for dens.
    lon, lat : ndarray of float64, shape (n,)
        WGS 84 degrees, NaN where only the commune is known.
    units, kinds : tuple of str
    """

    day: NDArray[np.int32]
    unit: NDArray[np.int16]
    kind: NDArray[np.int8]
    suspects: NDArray[np.int32]
    cleared: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    units: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Points:
    """Events of a query that have a point.

    Attributes
    ----------
    lon, lat : ndarray of float64, shape (n,)
        WGS 84 degrees.
    kind : ndarray of int8, shape (n,)
        Position in `kinds`.
    day : ndarray of int32, shape (n,)
        `date.toordinal()`.
    unit : ndarray of int16, shape (n,)
        Position in `units`; `len(units)` where the unit cannot be attributed.
    without_point : int
        Events of the query known to the commune only: counted, not drawn.
    kinds, units : tuple of str
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    kind: NDArray[np.int8]
    day: NDArray[np.int32]
    unit: NDArray[np.int16]
    without_point: int
    kinds: tuple[str, ...]
    units: tuple[str, ...]


def points_of(events: Events, query: Query) -> Points:
    """Points of the events that match a query."""
    chosen = matching(events, query)
    drawn = chosen[np.isfinite(events.lon[chosen])]
    return Points(
        lon=events.lon[drawn],
        lat=events.lat[drawn],
        kind=events.kind[drawn],
        day=events.day[drawn],
        unit=events.unit[drawn],
        without_point=int(len(chosen) - len(drawn)),
        kinds=events.kinds,
        units=events.units,
    )


def matching(events: Events, query: Query) -> NDArray[np.intp]:
    """Positions of the events that match a query, with a point or without, in order of day."""
    low, high = np.searchsorted(events.day, [query.start.toordinal(), query.end.toordinal() + 1])
    found: NDArray[np.intp] = low + np.flatnonzero(_matches(events, query, slice(low, high)))
    return found


def _matches(events: Events, query: Query, rows: slice) -> NDArray[np.bool_]:
    mask = counted_by(query.measure, events, rows).copy()
    if query.kinds:
        mask &= np.array([kind in query.kinds for kind in events.kinds])[events.kind[rows]]
    if query.units:
        wanted = np.array([*(code in query.units for code in events.units), False])
        mask &= wanted[events.unit[rows]]
    return mask


def counted_by(measure: Measure, events: Events, rows: slice = slice(None)) -> NDArray[np.bool_]:
    """Which of the events (or of a slice of them) a measure counts at all."""
    match measure:
        case Measure.CASE_CLEARED:
            return events.cleared[rows]
        case Measure.SUSPECT:
            return events.suspects[rows] > 0
        case _:
            return np.ones(len(events.day[rows]), bool)


def events_on(attribution: Attribution, rows: pd.DataFrame, *, is_dens: bool) -> Events:
    """All active cases, or dens, as columns.

    Parameters
    ----------
    rows : DataFrame
        In order of day: day (`date.toordinal()`), unit_system, unit_code, kind, status, suspects, lon, lat (degrees).
    """
    kinds = tuple(str(kind) for kind in (GameType if is_dens else CaseCategory))
    columns = (
        rows["day"].to_numpy(np.int32, copy=True),
        attribution.index(rows),
        pd.Index(kinds).get_indexer(rows["kind"]).astype(np.int8),
        rows["suspects"].to_numpy(np.int32, copy=True),
        (rows["status"] == CaseStatus.CLEARED).to_numpy(bool, copy=True),
        rows["lon"].to_numpy(float, copy=True),
        rows["lat"].to_numpy(float, copy=True),
    )
    for column in columns:
        column.flags.writeable = False
    return Events(*columns, units=attribution.units, kinds=kinds)
