"""Any file that may hold a polygon layer, as one frame with its own columns and a known CRS."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from geo.errors import InputError, cause
from geo.files import plain_path, refuse_special, scratch
from geo.text import fold
from geo.units.archive import MAX_ENTRIES, extract, is_geojson
from geo.units.dbf import read_dbf
from geo.units.fonts import in_unicode
from geo.units.geopackage import views_of

__all__ = ["FORMATS", "read_layer"]

FORMATS = (".gpkg", ".geojson", ".json", ".shp", ".parquet", ".zip")
"""What can be read; a folder of GeoJSON files too."""

_FEATURE_FILES = (".geojson", ".json")
_WHOLE_FILES = (".gpkg", ".shp", ".parquet")
_POLYGONS = {"Polygon", "MultiPolygon"}


def read_layer(path: Path, *, encoding: str | None = None, layer: str | None = None) -> gpd.GeoDataFrame:
    """The polygon layer in `path`, columns as they are, CRS as declared (or None).

    Parameters
    ----------
    path : Path
    encoding : str, optional
        Of a shapefile's table; found out where it is not given.
    layer : str, optional
        Name of a layer, or of a file within a zip or folder without its ending. Without it, of several layers with
        polygons the one that is called after communes; which ones were passed over is in `attrs["other_layers"]`.

    Raises
    ------
    InputError
        If the file is missing, of another format, damaged, empty, has no polygons or no such layer, or has several and
        none or more than one of them is called after communes: they are named.
    """
    if not os.path.exists(path):  # also of names that no file can have
        raise InputError("units.missing_file", file=path.name)
    if path.is_dir():
        return _polygons(_folder(path, path.name, encoding, layer), path.name)
    try:
        refuse_special(path)
    except OSError as error:
        raise InputError("units.unreadable", file=path.name, detail=cause(error)) from error
    if path.suffix.lower() not in FORMATS:
        raise InputError("units.format", file=path.name, formats=", ".join(FORMATS))
    if path.stat().st_size == 0:
        raise InputError("units.empty", file=path.name)
    if path.suffix.lower() == ".zip":
        with scratch() as folder:
            extract(path, folder)
            return _polygons(_folder(folder, path.name, encoding, layer), path.name)
    return _polygons(_file(path, encoding, layer), path.name)


def _folder(folder: Path, shown: str, encoding: str | None, layer: str | None) -> gpd.GeoDataFrame:
    """The one layer in a folder, or one GeoJSON file per unit joined."""
    files = sorted(islice((p for p in folder.rglob("*") if _is_of_a_layer(p)), MAX_ENTRIES + 1))
    if len(files) > MAX_ENTRIES:
        raise InputError("units.zip_entries", file=shown, count=len(files), limit=MAX_ENTRIES)
    whole = [p for p in files if p.suffix.lower() in _WHOLE_FILES]
    if len(whole) > 1:
        chosen, others = _chosen([p.stem for p in whole], layer, shown)
        read = _file(next(p for p in whole if p.stem == chosen), encoding, None)
        read.attrs["other_layers"] = others
        return read
    if whole:
        own = layer if whole[0].suffix.lower() == ".gpkg" or layer != whole[0].stem else None
        return _file(whole[0], encoding, own)
    if layer is not None:
        raise InputError("units.no_layer", file=shown, layer=layer, names="–")
    texts = [p for p in files if p.suffix.lower() in _FEATURE_FILES]
    features = [p for p in texts if is_geojson(p)]
    if not features:
        raise InputError("units.format", file=shown, formats=", ".join(FORMATS))
    frames = [_file(p, encoding, None) for p in features]
    if len({str(frame.crs) for frame in frames}) > 1:
        frames = [frame.to_crs(4326) for frame in frames]
    whole_frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=frames[0].crs)
    if passed := [p.name for p in texts if p not in features]:
        whole_frame.attrs["passed_over"] = passed
    return whole_frame


def _is_of_a_layer(path: Path) -> bool:
    return not path.name.startswith((".", "__")) and os.path.isfile(path)


def _file(path: Path, encoding: str | None, layer: str | None) -> gpd.GeoDataFrame:
    suffix = path.suffix.lower()
    if layer is not None and suffix != ".gpkg":
        raise InputError("units.no_layer", file=path.name, layer=layer, names=path.stem)
    readers: dict[str, Callable[[], gpd.GeoDataFrame]] = {
        ".parquet": lambda: gpd.read_parquet(path),
        ".shp": lambda: _shapefile(path, encoding),
        ".gpkg": lambda: _geopackage(path, layer),
        "": lambda: _read(path),
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = readers.get(suffix, readers[""])()
    except InputError:
        raise
    except Exception as error:  # a damaged file makes GDAL, Arrow and pandas raise anything
        raise InputError("units.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error
    if not isinstance(found, gpd.GeoDataFrame):
        raise InputError("units.no_polygons", file=path.name)
    return found


def _geopackage(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    views = views_of(path)
    with plain_path(path) as plain:
        listed = [(str(name), kind) for name, kind in pyogrio.list_layers(plain) if str(name).lower() not in views]
    layers = [name for name, kind in listed if kind and "Polygon" in kind]
    if not layers:
        raise InputError("units.no_polygons", file=path.name)
    chosen, others = _chosen(layers, layer, path.name)
    read = _read(path, layer=chosen)
    read.attrs["other_layers"] = others
    return read


_COMMUNES = frozenset(["commune", "communes", "unit", "units", "xa", "phuong", "dvhc"])
"""Words in the name of a layer that hold communes."""


def _chosen(layers: list[str], wanted: str | None, shown: str) -> tuple[str, list[str]]:
    """The layer to read, and the others."""
    if wanted is not None:
        if wanted not in layers:
            raise InputError("units.no_layer", file=shown, layer=wanted, names=", ".join(layers[:10]))
        return wanted, []
    called = [name for name in layers if _COMMUNES & set(_WORD.findall(fold(name)))] if len(layers) > 1 else layers
    if len(called) != 1:
        raise InputError("units.several_layers", file=shown, names=", ".join(layers[:10]), first=layers[0])
    return called[0], [name for name in layers if name != called[0]]


_WORD = re.compile(r"[a-z]+")


def _read(path: Path, **options: Any) -> gpd.GeoDataFrame:
    with plain_path(path) as plain:
        return gpd.read_file(plain, on_invalid="fix", **options)  # rings that are not closed


def _shapefile(path: Path, encoding: str | None) -> gpd.GeoDataFrame:
    table_path = next((p for p in path.parent.glob(f"{path.stem}.*") if p.suffix.lower() == ".dbf"), None)
    if table_path is None:
        raise InputError("units.shapefile_part", file=path.name, part=".dbf")
    if not any(p.suffix.lower() == ".shx" for p in path.parent.glob(f"{path.stem}.*")):
        raise InputError("units.shapefile_part", file=path.name, part=".shx")
    shapes = _read(path, columns=[])
    table = read_dbf(table_path, encoding=encoding)
    if len(shapes) != len(table):
        raise InputError("units.unreadable", file=path.name, detail=f"{len(shapes)} ≠ {len(table)}")
    return gpd.GeoDataFrame(table, geometry=shapes.geometry.to_numpy(), crs=shapes.crs)


def _polygons(frame: gpd.GeoDataFrame, shown: str) -> gpd.GeoDataFrame:
    notes = dict(frame.attrs)
    frame, _ = in_unicode(frame)
    frame = frame[~(frame.geometry.isna() | frame.geometry.is_empty)].reset_index(drop=True)
    frame.attrs.update(notes)
    if frame.empty:
        raise InputError("units.empty", file=shown)
    other = ~np.isin(frame.geom_type, list(_POLYGONS))
    if other.any():
        raise InputError("units.not_polygons", file=shown, count=int(other.sum()), kind=frame.geom_type[other].iloc[0])
    return frame
