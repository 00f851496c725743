"""Which rows are zones that the store holds already, by the key that an export gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.ingest.checking.cells import Check

__all__ = ["Held", "held_by_key"]

_KEY = re.compile(r"[0-9a-z]{2,20}")
_NEAR = 1.1e-6
"""Degrees, a tenth of a metre: what a file of six decimals may move a corner by."""


@dataclass(frozen=True, eq=False)
class Held:
    """What is known of rows by their key.

    Attributes
    ----------
    keys : Series of str
        Empty for a new zone.
    shapes : ndarray of shapely geometry
        Those of the store where the row's are the same to a tenth of a metre.
    same : ndarray of bool
        Whether they are.
    kinds : Series of str
        Kinds that the store has, "" for a new zone.
    invented : ndarray of bool
    """

    keys: pd.Series
    shapes: NDArray[np.object_]
    same: NDArray[np.bool_]
    kinds: pd.Series
    invented: NDArray[np.bool_]


def held_by_key(check: Check, shapes: NDArray[np.object_]) -> Held:
    """The zones of the store that rows are about; a key that is none, or stands there twice, is refused."""
    index = check.rows.index
    text = check.text("key")
    if text is None:
        none = np.zeros(len(index), bool)
        return Held(pd.Series("", index, dtype=object), shapes, none, pd.Series("", index, dtype=object), none.copy())
    keys = text.str.lower()
    check.refuse("zone_key", ((keys != "") & ~keys.map(lambda key: bool(_KEY.fullmatch(key)))).to_numpy(bool), text)
    check.refuse("zone_key_twice", ((keys != "") & keys.duplicated()).to_numpy(bool), text)
    stored = check.reference.zones().set_index("key")
    there = keys.isin(stored.index).to_numpy(bool)
    shapes, same = shapes.copy(), np.zeros(len(index), bool)
    kinds, invented = np.full(len(index), "", object), np.zeros(len(index), bool)
    for n in np.flatnonzero(there & ~check.bad):
        zone = stored.loc[keys.iloc[n]]
        kinds[n], invented[n] = zone["kind"], zone["invented"]
        if shapes[n] is not None and _are_near(shapes[n], zone["geometry"]):
            shapes[n], same[n] = zone["geometry"], True
    return Held(keys.astype(object), shapes, same, pd.Series(kinds, index), invented)


def _are_near(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether two areas are one but for rounding."""
    if shapely.get_num_coordinates(one) != shapely.get_num_coordinates(other) or not shapely.is_valid(one):
        return False
    if shapely.equals_exact(_many(one), _many(other), _NEAR, normalize=True):
        return True
    far = shapely.hausdorff_distance(shapely.boundary(one), shapely.boundary(other))
    return bool(far <= _NEAR * 1.5)


def _many(shape: shapely.Geometry) -> shapely.Geometry:
    """A single polygon as the one of several, as some formats write it."""
    return shapely.multipolygons([shape]) if shape.geom_type == "Polygon" else shape
