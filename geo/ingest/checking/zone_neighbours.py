"""Zones against each other: none over another of its kind, none along the outline of a community."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.ingest.checking.cells import Check
from geo.schema import PROTECTED_ZONES
from geo.text import number
from geo.units.likeness import areas_along

__all__ = ["find_overlaps", "refuse_along"]

_SLIVER = 0.01
"""Share of the smaller of two zones that may lie in the other: what two drawings of one line leave."""


def find_overlaps(check: Check, rows: pd.DataFrame, kept: NDArray[np.bool_], shown: pd.Series) -> None:
    """Say which zones lie over another one of their kind by more than a sliver, and refuse them where that is asked.

    Parameters
    ----------
    rows : DataFrame
        As the store takes them.
    kept : ndarray of bool
        Rows whose kind and shape the store has already: they are not asked again.
    shown : Series
        What stands for the zone in messages.
    """
    asked = ~check.bad & ~kept & _lasting(check, rows)
    if not asked.any():
        return
    others = _others(check, rows)
    names, kinds = [*others["name"], *rows["name"]], np.array([*others["kind"], *rows["kind"]], object)
    shapes = np.array([*others.geometry, *rows["geometry"]], object)
    first = len(others)
    usable = np.array([True] * first + list(~check.bad & _lasting(check, rows)), bool)
    refused, hints = np.zeros(len(rows), bool), []
    tree = shapely.STRtree([shape if is_usable else None for shape, is_usable in zip(shapes, usable)])
    for n in np.flatnonzero(asked):
        at = first + n
        near = [m for m in tree.query(shapes[at], predicate="intersects") if m < at and kinds[m] == kinds[at]]
        over = {names[m]: share for m in near if (share := _share(shapes[at], shapes[m])) > _SLIVER}
        if over:
            refused[n] = True
            hints.append(
                "; ".join(f"{name} ({number(100 * share, check.reference.lang)} %)" for name, share in over.items())
            )
    told = check.warnings if check.reference.overlaps else check.problems
    told.add("zone_overlaps", check.rows.index[refused], str(shown.name), shown[refused], hints=hints)
    if not check.reference.overlaps:
        check.bad |= refused


def refuse_along(check: Check, rows: pd.DataFrame, kept: NDArray[np.bool_], shown: pd.Series) -> None:
    """Refuse what would make a count of a zone a count of a community: either drawn along the other. As above."""
    good = ~check.bad
    if not (good & ~kept).any():
        return
    mine, others = rows[good], _others(check, rows, ended=True)
    both = pd.concat([others[["name", "kind", "until", "geometry"]], mine[["name", "kind", "until", "geometry"]]])
    own = np.array([-1] * len(others) + list(np.flatnonzero(good)), np.int64)
    guarded = both["kind"].isin(PROTECTED_ZONES).to_numpy(bool)
    counted = ~guarded & _lasting(check, both)
    shapes = np.array(list(both["geometry"]), object)
    at, along = np.flatnonzero(counted), np.flatnonzero(guarded)
    hints: dict[int, str] = {}
    for n, places in areas_along(list(shapes[at]), list(shapes[along])).items():
        for place in places:
            one, other = int(at[n]), int(along[place])
            for refused, named in ((one, other), (other, one)):
                if own[refused] >= 0 and not kept[own[refused]] and own[refused] not in hints:
                    hints[int(own[refused])] = str(both["name"].iloc[named])
                    break
    wrong = np.isin(np.arange(len(rows)), list(hints))
    said = [hints[n] for n in sorted(hints)]
    check.problems.add("zone_along", check.rows.index[wrong], str(shown.name), shown[wrong], hints=said)
    check.bad |= wrong


def _others(check: Check, rows: pd.DataFrame, *, ended: bool = False) -> gpd.GeoDataFrame:
    """Zones of the store besides those that the rows are about and those that leave."""
    stored = check.reference.zones()
    gone = stored["key"].isin([*rows["key"], *check.reference.leaving]).to_numpy(bool) | stored["divided"].to_numpy(
        bool
    )
    return stored[~gone if ended else ~gone & _lasting(check, stored)]


def _lasting(check: Check, zones: pd.DataFrame) -> NDArray[np.bool_]:
    """Which have not ended."""
    return np.array([pd.isna(until) or until >= check.reference.today for until in zones["until"]], bool)


def _share(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Share of the smaller area that lies in the larger."""
    smaller = min(shapely.area(one), shapely.area(other))
    return float(shapely.area(shapely.intersection(one, other)) / smaller) if smaller > 0 else 0.0
