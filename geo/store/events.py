"""Events as columns in memory, for whatever needs each one's place: point layers, clusters, densities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import InputError
from geo.schema import EVENT_MEASURES, CaseCategory, CaseStatus, GameType, Measure, Query, UnitSystem
from geo.store.attribution import attribution_of
from geo.store.memory import Memory
from geo.store.store import Store

__all__ = ["Events", "Points", "counted_by", "events_of", "matching", "points"]


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


_events: Memory[Events] = Memory()


def events_of(store: Store, measure: Measure, system: UnitSystem = UnitSystem.CURRENT) -> Events:
    """All active cases, or dens, as columns.

    Raises
    ------
    InputError
        If the measure is a monthly count.
    """
    if measure not in EVENT_MEASURES:
        raise InputError("store.measure_not_events", measure=measure.value)
    is_dens = measure is Measure.DEN_CLEARED
    return _events.get(store, (is_dens, system), lambda: _load(store, system, is_dens=is_dens))


def points(store: Store, query: Query) -> Points:
    """Points of the events that match a query.

    Raises
    ------
    InputError
        If the measure is a monthly count.
    """
    events = events_of(store, query.measure, query.system)
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


def _load(store: Store, system: UnitSystem, *, is_dens: bool) -> Events:
    rows = store.query(Query(Measure.DEN_CLEARED if is_dens else Measure.CASE, date.min, date.max))
    attribution = attribution_of(store, system)
    kinds = tuple(str(kind) for kind in (GameType if is_dens else CaseCategory))
    columns = (
        (rows["date"].to_numpy("datetime64[D]").astype(np.int64) + date(1970, 1, 1).toordinal()).astype(np.int32),
        attribution.index(rows),
        pd.Index(kinds).get_indexer(rows["kind"]).astype(np.int8),
        rows["suspects"].fillna(0).to_numpy(np.int32),
        (rows["status"] == CaseStatus.CLEARED).to_numpy(bool),
        rows["lon"].to_numpy(float),
        rows["lat"].to_numpy(float),
    )
    for column in columns:
        column.flags.writeable = False
    return Events(*columns, units=attribution.units, kinds=kinds)
