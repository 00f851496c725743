"""Where on Earth a layer is: VN-2000 in all the ways files name it, and files that name nothing."""

from __future__ import annotations

import re
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from geo.crs import WGS84, project
from geo.errors import InputError

__all__ = ["VIETNAM", "to_wgs84", "vn2000_systems"]

VIETNAM = (101.0, 6.0, 118.0, 24.0)
"""West, south, east, north of the country with its archipelagos, degrees."""

_NEAR_M = 5000.0
_CLEAR = 3.0


@cache
def vn2000_systems() -> dict[tuple[float, float], str]:
    """EPSG names of the projected VN-2000 systems by central meridian and scale factor.

    104°45' (An Giang) is EPSG:9208, 104°30' (Kiên Giang) EPSG:9207.
    """
    found = {}
    for info in query_crs_info(auth_name="EPSG", pj_types=PJType.PROJECTED_CRS):
        if info.name.startswith("VN-2000 /"):
            found[_projection(CRS.from_authority("EPSG", info.code))] = f"EPSG:{info.code}"
    return found


def to_wgs84(layer: gpd.GeoDataFrame, *, codes: pd.Series, reference: pd.DataFrame, shown: str) -> gpd.GeoDataFrame:
    """The layer in EPSG:4326, the datum shift of VN-2000 applied.

    Parameters
    ----------
    layer : GeoDataFrame
        With the CRS its file declares, or none.
    codes : Series of str
        Unit code of every row.
    reference : DataFrame[lon, lat], indexed by code
        Known places of units: the judge where a file does not say in which system its metres are.
    shown : str
        File name for messages.

    Raises
    ------
    InputError
        If the system cannot be told, or the result lies outside Vietnam.
    """
    crs = _declared(layer)
    if crs is None:
        crs = _recognised(layer, codes, reference, shown)
    found = layer.set_crs(crs, allow_override=True).to_crs(WGS84)
    west, south, east, north = found.total_bounds
    inside = VIETNAM[0] <= west and VIETNAM[1] <= south and east <= VIETNAM[2] and north <= VIETNAM[3]
    if not (np.isfinite(found.total_bounds).all() and inside):
        raise InputError("units.not_in_vietnam", file=shown, west=f"{west:.2f}", south=f"{south:.2f}")
    return found


def _declared(layer: gpd.GeoDataFrame) -> CRS | None:
    """The CRS to use as the file gives it, VN-2000 replaced by its EPSG twin; None if it gives none or a wrong one.

    A .prj often names the datum in words no library knows; taken literally, all of it lands 196 m west and 112 m north.
    """
    if layer.crs is None:
        return None
    crs = CRS(layer.crs)
    west, south, east, north = layer.total_bounds
    if crs.is_geographic:
        return crs if min(west + 180, south + 90, 180 - east, 90 - north) >= 0 else None
    twin = vn2000_systems().get(_projection(crs))
    return CRS(twin) if twin and _may_be_vn2000(crs) else crs


def _may_be_vn2000(crs: CRS) -> bool:
    """VN-2000 by name, or by a scale factor of 0.9999, which no other system used in the country has."""
    named = re.search(r"vn[\s_-]*2000|vietnam[\s_-]*2000", crs.to_wkt(), re.IGNORECASE) is not None
    return named or abs(_projection(crs)[1] - 0.9999) < 1e-9


def _projection(crs: CRS) -> tuple[float, float]:
    operation = crs.coordinate_operation
    values = {p.name: p.value for p in operation.params} if operation else {}
    meridian = values.get("Longitude of natural origin", float("nan"))
    return round(float(meridian), 4), round(float(values.get("Scale factor at natural origin", 1.0)), 6)


def _recognised(layer: gpd.GeoDataFrame, codes: pd.Series, reference: pd.DataFrame, shown: str) -> CRS:
    """Degrees where the numbers are degrees; else the VN-2000 system that puts the units nearest to where they are."""
    west, south, east, north = layer.total_bounds
    if VIETNAM[0] <= west and east <= VIETNAM[2] and VIETNAM[1] <= south and north <= VIETNAM[3]:
        return CRS(WGS84)
    known = codes.isin(reference.index).to_numpy()
    boxes = layer.geometry.bounds.to_numpy()[known]
    if known.sum() < 3:
        raise InputError("units.no_crs", file=shown)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    at = reference.loc[codes[known]]
    off = {}
    for name in vn2000_systems().values():
        east_m, north_m = project(at.lon, at.lat, WGS84, name)
        off[name] = float(np.median(np.hypot(east_m - x, north_m - y)))
    best, second = sorted(off, key=lambda name: off[name])[:2]
    if off[best] > _NEAR_M or off[second] < _CLEAR * off[best]:
        raise InputError("units.no_crs", file=shown)
    return CRS(best)
