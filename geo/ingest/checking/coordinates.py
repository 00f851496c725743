"""From the columns that say where to longitude and latitude in WGS 84, and what was recognised on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.crs import WGS84, project
from geo.errors import InputError
from geo.ingest.recognising.angles import pairs, to_numbers
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.source import Note
from geo.units.georeference import VIETNAM, vn2000_systems

__all__ = ["Coordinates", "parse_crs", "read_coordinates"]

_Array = NDArray[np.float64]

_NEAR_M = 12_000.0
_CLEAR = 2.5
_NEEDED = 3
_MERIDIAN = re.compile(r"(10[2-8])\s*(?:[°º˚.,\s_-]|do)\s*(\d{1,2})?")
_THREE_DEGREE = 0.9999
_EAST, _NORTH = (100_000, 900_000), (660_000, 2_700_000)


@dataclass(frozen=True, eq=False)
class Coordinates:
    """Where the rows are.

    Attributes
    ----------
    lon, lat : ndarray of float64, shape (n,)
        WGS 84 degrees; NaN where there is none.
    unreadable : ndarray of bool, shape (n,)
        Something is written that is no place in the country.
    half : ndarray of bool, shape (n,)
        One of the two is empty.
    column : str
        Heading that stands for the place in messages.
    texts : Series of str
        What is written, for messages.
    notes : list of Note
    metric : bool
        Some are in metres.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    unreadable: NDArray[np.bool_]
    half: NDArray[np.bool_]
    column: str
    texts: pd.Series
    notes: list[Note] = field(default_factory=list)
    metric: bool = False


def parse_crs(text: str) -> str:
    """The EPSG name of a system a person wrote: `EPSG:9208`, `9208`, `WGS84`, or a central meridian of VN-2000.

    A central meridian (`104°45'`, `104.75`) means the 3-degree zone.

    Raises
    ------
    InputError
        If no system is meant by it.
    """
    plain = text.strip().lower()
    if plain in ("wgs84", "wgs 84", "gps", "4326", "epsg:4326"):
        return WGS84
    if found := re.fullmatch(r"(?:epsg[:\s]*)?(\d{4,6})", plain):
        try:
            return f"EPSG:{CRS.from_epsg(int(found[1])).to_epsg()}"
        except CRSError as error:
            raise InputError("ingest.crs_unknown", crs=text) from error
    decimal = re.search(r"(10[2-8])[.,](\d{1,2})(?!\d)", plain)
    if decimal and "°" not in plain and "'" not in plain:
        meridian = float(f"{decimal[1]}.{decimal[2]}")
    elif found := _MERIDIAN.search(plain):
        meridian = int(found[1]) + int(found[2] or 0) / 60
    elif re.fullmatch(r"10[2-8]", plain):
        meridian = float(plain)
    else:
        raise InputError("ingest.crs_unknown", crs=text)
    name = vn2000_systems().get((round(meridian, 4), _THREE_DEGREE))
    if name is None:
        raise InputError("ingest.crs_unknown", crs=text)
    return name


def read_coordinates(
    rows: pd.DataFrame, mapping: Mapping, *, crs: str | None, codes: pd.Series, centres: pd.DataFrame, file: str
) -> Coordinates | None:
    """Longitude and latitude of every row; None where no column says where.

    Parameters
    ----------
    rows : DataFrame of str
    mapping : Mapping
    crs : str, optional
        System of metric coordinates as `parse_crs` takes it. Without it a central meridian in the headings decides, and
        without that the units that the rows name.
    codes : Series of str
        Unit code of every row, empty where unknown.
    centres : DataFrame[lon, lat], indexed by code
    file : str
        For messages.

    Raises
    ------
    InputError
        If the coordinates are metres and nothing tells in which system.
    """
    found = _columns(rows, mapping)
    if found is None:
        return None
    first, second, heading = found
    a, b = to_numbers(first), to_numbers(second)
    x, y = a.values, b.values
    notes = (
        [Note.of("ingest.note_dms", count=max(a.sexagesimal, b.sexagesimal))] if a.sexagesimal or b.sexagesimal else []
    )
    empty_x, empty_y = (first == "").to_numpy(bool), (second == "").to_numpy(bool)
    if "place" in mapping.columns and "lon" not in mapping.columns and "x" not in mapping.columns:
        written = (rows[mapping.columns["place"]].str.strip() != "").to_numpy(bool)
        empty_x = empty_y = ~written
    lon, lat = _degrees(x, y, notes)
    metric = _are_metres(x, y) | _are_metres(y, x)
    if metric.any():
        lon[metric], lat[metric] = _from_metres(
            x[metric], y[metric], crs or _told_by(heading), codes[metric], centres, file, notes
        )
    outside = ~_in_country(lon, lat)
    lon[outside] = lat[outside] = np.nan
    written = ~(empty_x & empty_y)
    half = empty_x ^ empty_y
    texts = _together(first, second) if heading.count("+") else rows[heading]
    return Coordinates(lon, lat, written & ~half & outside, half, heading, texts, notes, bool(metric.any()))


def _together(first: pd.Series, second: pd.Series) -> pd.Series:
    """Both halves of each place as one text; the first alone where there is no second."""
    a, b = (pa.array(half, pa.large_string()) for half in (first, second))
    both = pc.if_else(pc.equal(b, ""), a, pc.binary_join_element_wise(a, b, pa.scalar("; ", pa.large_string())))
    return pd.Series(both, index=first.index, dtype="str")


def _columns(rows: pd.DataFrame, mapping: Mapping) -> tuple[pd.Series, pd.Series, str] | None:
    """First and second coordinate as text, x or longitude first where the columns say so."""
    columns = mapping.columns
    for pair in (("lon", "lat"), ("x", "y")):
        if set(pair) <= set(columns):
            x, y = (columns[name] for name in pair)
            return rows[x].str.strip(), rows[y].str.strip(), f"{x} + {y}"
    if "place" in columns:
        second, first = pairs(rows[columns["place"]])
        return first, second, columns["place"]
    return None


def _degrees(x: _Array, y: _Array, notes: list[Note]) -> tuple[_Array, _Array]:
    """x as longitude and y as latitude; exchanged where only that is in the country."""
    swapped = _in_country(y, x)
    if swapped.any():
        notes.append(Note.of("ingest.note_swapped", count=int(swapped.sum())))
    return np.where(swapped, y, x), np.where(swapped, x, y)


def _in_country(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, south, east, north = VIETNAM
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _are_metres(east: _Array, north: _Array) -> NDArray[np.bool_]:
    """Within what easting and northing are in the country, in any zone with a false easting of 500 km."""
    return (east > _EAST[0]) & (east < _EAST[1]) & (north > _NORTH[0]) & (north < _NORTH[1])


def _told_by(heading: str) -> str | None:
    found = _MERIDIAN.search(heading)
    return f"{found[1]}°{found[2] or 0}" if found else None


def _from_metres(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: str | None, codes: pd.Series, centres: pd.DataFrame,
    file: str, notes: list[Note],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # fmt: skip
    """Metres to degrees. Surveyors call the northing x: in the country it is always the larger of the two."""
    crossed = ~_are_metres(x, y) | (_are_metres(y, x) & (x > y))
    if crossed.any():
        notes.append(Note.of("ingest.note_northing", count=int(crossed.sum())))
    east, north = np.where(crossed, y, x), np.where(crossed, x, y)
    name = parse_crs(crs) if crs else _recognised(east, north, codes, centres, file)
    lon, lat = project(east, north, name, WGS84)
    notes.append(Note.of("ingest.note_crs", crs=CRS(name).name, code=name, count=len(x)))
    return lon, lat


def _recognised(
    east: NDArray[np.float64], north: NDArray[np.float64], codes: pd.Series, centres: pd.DataFrame, file: str
) -> str:
    """The system that puts the rows nearest to the units they name."""
    known = np.flatnonzero(codes.isin(centres.index).to_numpy(bool))[:5000]
    if len(known) < _NEEDED:
        raise InputError("ingest.crs_needed", file=file)
    at = centres.loc[codes.iloc[known]]
    off = {}
    for name in [*vn2000_systems().values(), "EPSG:32648"]:
        there_x, there_y = project(at["lon"], at["lat"], WGS84, name)
        off[name] = float(np.median(np.hypot(there_x - east[known], there_y - north[known])))
    best, second = sorted((name for name in off if np.isfinite(off[name])), key=lambda name: off[name])[:2]
    if off[best] > _NEAR_M or off[second] < _CLEAR * off[best]:
        raise InputError("ingest.crs_needed", file=file)
    return best
