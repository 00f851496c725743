"""Positions of events as maps take them: 16-bit pairs in the province's own frame."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo import crs
from geo.cartography.spec import Bbox
from geo.products.context import units_at
from geo.store.store import Store


@lru_cache(maxsize=8)
def point_frame(store: Store, version: int) -> Bbox:
    """The box around all units, Web Mercator metres."""
    bounds = units_at(store, version)[["minx", "miny", "maxx", "maxy"]]
    west, south = bounds.min()[["minx", "miny"]] - 0.05
    east, north = bounds.max()[["maxx", "maxy"]] + 0.05
    x, y = crs.web_mercator([west, east], [south, north])
    return (float(x[0]), float(y[0]), float(x[1]), float(y[1]))


def packed(lon: ArrayLike, lat: ArrayLike, frame: Bbox) -> NDArray[np.uint16]:
    """Positions in `frame`, shape (n, 2); those outside it are left out."""
    x, y = crs.web_mercator(lon, lat)
    u = (x - frame[0]) / (frame[2] - frame[0]) * 65535
    v = (y - frame[1]) / (frame[3] - frame[1]) * 65535
    pairs = np.column_stack([u, v]).round()
    inside = ((pairs >= 0) & (pairs <= 65535)).all(axis=1)
    return pairs[inside].astype(np.uint16)
