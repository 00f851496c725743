"""Positions of events as maps take them: 16-bit pairs in the province's own frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo import crs
from geo.cartography.spec import Bbox
from geo.schema import Measure, Query, UnitSystem
from geo.store import Snapshot, remembered
from geo.store.events import matching


@remembered(1)
def point_frame(snapshot: Snapshot) -> Bbox:
    """The box around all units, Web Mercator metres."""
    bounds = snapshot.units()[["minx", "miny", "maxx", "maxy"]]
    west, south = bounds.min()[["minx", "miny"]] - 0.05
    east, north = bounds.max()[["maxx", "maxy"]] + 0.05
    x, y = crs.web_mercator([west, east], [south, north])
    return (float(x[0]), float(y[0]), float(x[1]), float(y[1]))


def packed(lon: ArrayLike, lat: ArrayLike, frame: Bbox) -> NDArray[np.uint16]:
    """Positions in `frame`, shape (n, 2); those outside it are left out."""
    pairs, inside = _pairs(lon, lat, frame)
    return pairs[inside]


def packed_events(snapshot: Snapshot, query: Query) -> NDArray[np.uint16]:
    """As `packed`, of the events of a query: the positions of all of them are kept for whatever is asked next."""
    events = snapshot.events(query.measure, query.system)
    measure = Measure.DEN_CLEARED if query.measure is Measure.DEN_CLEARED else Measure.CASE
    pairs, inside = _all_pairs(snapshot, measure, query.system)
    rows = matching(events, query)
    return pairs.view(np.uint32)[rows[inside[rows]]].view(np.uint16)  # a pair at a time


@remembered(4)
def _all_pairs(
    snapshot: Snapshot, measure: Measure, system: UnitSystem
) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    events = snapshot.events(measure, system)
    return _pairs(events.lon, events.lat, point_frame(snapshot))


def _pairs(lon: ArrayLike, lat: ArrayLike, frame: Bbox) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """The pair of every position, shape (n, 2), and whether it is one and inside the frame."""
    x, y = crs.web_mercator(lon, lat)
    u = (x - frame[0]) / (frame[2] - frame[0]) * 65535
    v = (y - frame[1]) / (frame[3] - frame[1]) * 65535
    pairs = np.column_stack([u, v]).round()
    inside = np.all((pairs >= 0) & (pairs <= 65535), axis=1)  # not a number is neither
    return np.where(inside[:, None], pairs, 0).astype(np.uint16), inside
