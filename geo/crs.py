"""Coordinate reference systems: geographic for storage, a metric one for measuring and drawing.

VN-2000 is the national system. Its datum is shifted against WGS 84; PROJ applies the shift when both systems are named
by EPSG code, so nothing here does it by hand.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

WGS84 = "EPSG:4326"
"""Longitude and latitude in degrees: how boundaries and points are stored."""

WEB_MERCATOR = "EPSG:3857"
"""What browsers draw in; conformal, not for measuring."""


def utm_of(lon: float) -> str:
    """The WGS 84 / UTM zone (northern hemisphere) that holds `lon`: the metric system for a province.

    An Giang (104.8 E) gives EPSG:32648. Scale error within a province stays below 1 in 1,000.
    """
    return f"EPSG:{32601 + int((lon + 180) // 6)}"


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def project(x: ArrayLike, y: ArrayLike, source: str, target: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Transform coordinates, x/longitude first.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Coordinates in `source`.
    source, target : str
        CRS names, `EPSG:…`.

    Returns
    -------
    tuple of ndarray, shape (n,)
        Coordinates in `target`.
    """
    px, py = _transformer(source, target).transform(np.asarray(x, float), np.asarray(y, float))
    return np.asarray(px, float), np.asarray(py, float)


def web_mercator(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude to Web Mercator (EPSG:3857) metres, by the spherical formula: quick for long arrays."""
    radius = 6_378_137.0
    x = np.radians(np.asarray(lon, float)) * radius
    y = np.log(np.tan(np.pi / 4 + np.radians(np.asarray(lat, float)) / 2)) * radius
    return x, y
