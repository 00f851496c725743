"""From the former communes to the present ones.

Most former units went whole into one present unit (295 of An Giang's 298); a few were divided. A record that names a
divided unit belongs to one of several present units, and only its coordinates can say to which. Without them it is
counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.errors import InputError, NotFoundError
from geo.settings import REFERENCE

__all__ = ["LegacyUnit", "is_divided", "links", "origins", "to_current"]


@dataclass(frozen=True)
class LegacyUnit:
    """A former unit, and whether all of it or a part went to the present unit asked about."""

    code: str
    name: str
    kind: str
    district: str
    province: str
    whole: bool


def links() -> pd.DataFrame:
    """All links: DataFrame[legacy_code, new_code, mapping, valid_from]; `mapping` is "whole" or "divided"."""
    return _links().copy()


def is_divided(legacy_code: str) -> bool:
    """Whether the former unit went to more than one present unit.

    Raises
    ------
    NotFoundError
        If there was no such unit.
    """
    if (count := len(_targets().get(legacy_code, ()))) == 0:
        raise NotFoundError("units.unknown_unit", code=legacy_code)
    return count > 1


def origins(current_code: str) -> list[LegacyUnit]:
    """The former units a present unit was made from, in order of code.

    Raises
    ------
    NotFoundError
        If there is no such unit.
    """
    chosen = _links()[_links().new_code == current_code]
    if chosen.empty:
        raise NotFoundError("units.unknown_unit", code=current_code)
    rows = chosen.merge(_legacy(), left_on="legacy_code", right_on="code").sort_values("code")
    return [
        LegacyUnit(row.code, row.name, row.kind, row.district, row.province, row.mapping == "whole")
        for row in rows[["code", "name", "kind", "district", "province", "mapping"]].itertuples(index=False)
    ]


def to_current(
    frame: pd.DataFrame, *, code: str, units: gpd.GeoDataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give each record of a former unit its present unit.

    Parameters
    ----------
    frame : DataFrame
        Records; columns `lon` and `lat` (WGS 84) are used where `units` is given.
    code : str
        The column of former codes; numbers are taken as five digits.
    units : GeoDataFrame[code, geometry], optional
        Present units in EPSG:4326. A record of a divided unit then goes to the one of its links its point lies in.

    Returns
    -------
    attributed : DataFrame
        Rows with one present unit, in column `current_code`.
    unattributable : DataFrame
        The other rows, with a `reason`: "missing" (no code), "unknown" (no such former unit), "divided" (no point to
        decide by) or "outside" (the point lies in none of the linked units). Every row is in exactly one of the two.

    Raises
    ------
    InputError
        If there is no such column.
    """
    if code not in frame:
        raise InputError("units.code_column", column=code, found=", ".join(map(str, frame.columns)))
    written = frame[code].astype("string").str.strip().str.replace(r"\.0$", "", regex=True)
    codes = written.where(written != "").str.zfill(5)
    targets = [() if pd.isna(value) else _targets().get(value, ()) for value in codes]
    count = np.array([len(t) for t in targets], int)
    current = np.array([t[0] if len(t) == 1 else None for t in targets], object)
    reason = np.select([codes.isna(), count == 0, count > 1], ["missing", "unknown", "divided"], "").astype(object)
    if units is not None and {"lon", "lat"} <= set(frame.columns):
        _decide_by_point(frame, targets, count, units, current, reason)
    placed = reason == ""
    attributed = frame[placed].assign(current_code=current[placed])
    return attributed, frame[~placed].assign(reason=reason[~placed])


def _decide_by_point(
    frame: pd.DataFrame,
    targets: list[tuple[str, ...]],
    count: NDArray[np.int_],
    units: gpd.GeoDataFrame,
    current: NDArray[np.object_],
    reason: NDArray[np.object_],
) -> None:
    shapes = dict(zip(units.code, units.geometry))
    lon, lat = (frame[c].to_numpy(float, na_value=np.nan) for c in ("lon", "lat"))
    for row in np.flatnonzero((count > 1) & np.isfinite(lon) & np.isfinite(lat)):
        point = shapely.Point(lon[row], lat[row])
        inside = [c for c in targets[row] if c in shapes and shapely.intersects(shapes[c], point)]
        current[row], reason[row] = (inside[0], "") if inside else (None, "outside")


@lru_cache(maxsize=1)
def _links() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "crosswalk.csv", dtype=str)


@lru_cache(maxsize=1)
def _targets() -> dict[str, tuple[str, ...]]:
    return {str(old): tuple(new) for old, new in _links().groupby("legacy_code").new_code}


@lru_cache(maxsize=1)
def _legacy() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "legacy_units.csv", dtype={"code": str})
