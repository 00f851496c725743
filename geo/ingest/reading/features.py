"""Tables in map files: GeoPackage, shapefile, GeoJSON and KML.

The place of each feature becomes two more columns; lines and areas go along as shapes, under a column that names their
kind.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from geo.crs import WGS84
from geo.errors import InputError, cause
from geo.files import plain_path, scratch
from geo.ingest.reading.kml import Outline, outline
from geo.ingest.reading.package import refuse_entities
from geo.ingest.reading.workbook import cell_text
from geo.ingest.recognising.layer_kinds import layer_words, with_layer_kinds
from geo.ingest.source import Limits, Note, RawTable, Source, font_note
from geo.units.archive import extract, is_geojson
from geo.units.dbf import read_dbf
from geo.units.fonts import in_unicode
from geo.units.geopackage import views_of
from geo.units.georeference import VIETNAM, to_wgs84

__all__ = ["LAT", "LON", "SHAPE", "X", "Y", "read_features"]

LON, LAT = "lon (WGS 84)", "lat (WGS 84)"
"""Columns of the place where the file says in which system it is."""

X, Y = "x (m)", "y (m)"
"""Columns of the place where it does not."""

SHAPE = "shape (WKT)"
"""Column of the kind of shape; the shapes themselves are in `RawTable.shapes`."""

_INSIDE_ZIP = (".shp", ".gpkg", ".geojson", ".json", ".kml")
_KML_NAMES = "timestamp begin end altitudeMode tessellate extrude visibility drawOrder icon snippet"
_KML_OWN = frozenset(_KML_NAMES.split())
"""Columns that KML files have whether anything is in them or not."""


def read_features(path: Path, *, layer: str | None, encoding: str | None, limits: Limits) -> Source:
    """The layers of a map file, geometry as longitude and latitude (a point inside where it is a line or an area).

    Raises
    ------
    InputError
        If it is damaged, unsafe, over a limit, incomplete, or holds no features.
    """
    if path.suffix.lower() not in (".zip", ".kmz"):
        return _source(path, path, layer, encoding, limits)
    with scratch() as folder:
        extract(path, folder)
        files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _INSIDE_ZIP and p.is_file())
        files = [p for p in files if p.suffix.lower() != ".json" or is_geojson(p)] or files
        if len(files) != 1:
            found = ", ".join(p.name for p in files[:5]) or "–"
            raise InputError("ingest.zip_content", file=path.name, count=len(files), found=found)
        return _source(files[0], path, layer, encoding, limits)


def _source(file: Path, path: Path, layer: str | None, encoding: str | None, limits: Limits) -> Source:
    suffix = file.suffix.lower()
    if suffix == ".shp" and layer not in (None, file.stem):
        raise InputError("ingest.no_sheet", file=path.name, sheet=layer, found=file.stem)
    if suffix != ".shp" and encoding is not None:
        raise InputError("ingest.encoding_no_effect", file=path.name, value=encoding)
    told = Outline()
    if suffix == ".kml":
        refuse_entities(file)
        told = outline(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frames, used = _layers(file, suffix, layer, encoding, limits)
            with plain_path(file) as plain:
                names = [str(name) for name, _ in pyogrio.list_layers(plain)]
            views = sorted(views_of(file)) if suffix == ".gpkg" else []
    except InputError:
        raise
    except Exception as error:  # a damaged file makes GDAL raise anything
        raise InputError("ingest.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error
    tables = [
        _table(name, frame.rename(columns=told.headings), path, limits, from_dbf=suffix == ".shp")
        for name, frame in frames
        if len(frame)
    ]
    if not tables:
        raise InputError("ingest.empty", file=path.name)
    tables = with_layer_kinds(tables, layer_words(names, told.folders), aligned=suffix == ".kml")
    notes = (Note.of("ingest.note_views", names=", ".join(views)),) if views else ()
    return Source(path.name, tuple(tables), encoding=used, notes=notes)


def _layers(
    file: Path, suffix: str, layer: str | None, encoding: str | None, limits: Limits
) -> tuple[list[tuple[str, gpd.GeoDataFrame]], str]:
    if suffix == ".shp":
        frame, used = _shapefile(file, encoding)
        return [(file.stem, frame)], used
    views = views_of(file) if suffix == ".gpkg" else frozenset()
    with plain_path(file) as plain:
        return _features(file, plain, views, layer, limits), ""


def _features(
    file: Path, plain: Path, views: frozenset[str], layer: str | None, limits: Limits
) -> list[tuple[str, gpd.GeoDataFrame]]:
    every = [str(name) for name, _ in pyogrio.list_layers(plain)]
    names = [name for name in every if name.lower() not in views]
    if every and not names:
        raise InputError("ingest.only_views", file=file.name, names=", ".join(every))
    if layer is not None and layer not in names:
        raise InputError("ingest.no_sheet", file=file.name, sheet=layer, found=", ".join(names))
    frames = []
    for name in [layer] if layer else names:
        if pyogrio.read_info(plain, layer=name)["features"] > limits.rows:
            raise InputError("ingest.too_many_rows", file=file.name, limit=limits.rows)
        frames.append((name, pyogrio.read_dataframe(plain, layer=name, on_invalid="fix")))
    return frames


def _shapefile(file: Path, encoding: str | None) -> tuple[gpd.GeoDataFrame, str]:
    table_path = next((p for p in file.parent.glob(f"{file.stem}.*") if p.suffix.lower() == ".dbf"), None)
    if table_path is None:
        raise InputError("units.shapefile_part", file=file.name, part=".dbf")
    if not any(p.suffix.lower() == ".shx" for p in file.parent.glob(f"{file.stem}.*")):
        raise InputError("units.shapefile_part", file=file.name, part=".shx")
    with plain_path(file) as plain:
        shapes = pyogrio.read_dataframe(plain, columns=[], on_invalid="fix")
    table = read_dbf(table_path, encoding=encoding)
    if len(shapes) != len(table):
        raise InputError("ingest.unreadable", file=file.name, detail=f"{len(shapes)} ≠ {len(table)}")
    return gpd.GeoDataFrame(table, geometry=shapes.geometry.to_numpy(), crs=shapes.crs), table.attrs["encoding"]


def _table(name: str, frame: pd.DataFrame, path: Path, limits: Limits, *, from_dbf: bool) -> RawTable:
    if len(frame.columns) > limits.columns:
        raise InputError("ingest.too_many_columns", file=path.name, count=len(frame.columns), limit=limits.columns)
    index = pd.RangeIndex(1, len(frame) + 1, name="row")
    columns, notes = {}, []
    frame, typed = in_unicode(frame)
    if typed:
        notes.append(font_note(typed))
    for column in frame.columns:
        values = frame[column]
        if isinstance(values.dtype, gpd.array.GeometryDtype):
            continue
        texts = values.tolist() if from_dbf else [_text(value) for value in values.astype(object).tolist()]
        if column in _KML_OWN and not any(text not in ("", "-1", "0") for text in texts):
            continue
        columns[str(column)] = pd.Series(texts, index=index, dtype="str")
    shapes = None
    if isinstance(frame, gpd.GeoDataFrame) and frame.geometry.notna().any():
        place, shapes, note = _place(frame, path)
        if shapes is not None:
            shapes.index = index
            place[SHAPE] = [shape.geom_type if shape is not None else "" for shape in shapes]
        columns |= {key: pd.Series(values, index=index, dtype="str") for key, values in place.items()}
        notes.append(note)
    rows = pd.DataFrame(columns, index=index)
    return RawTable(name, tuple(rows.columns), rows, 1, notes=tuple(notes), shapes=shapes)


def _text(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    return cell_text(value.to_pydatetime() if isinstance(value, pd.Timestamp) else value)


_SEVERAL = "MultiPoint"
"""Stands where a place should, of a feature that has several: its row is refused, as for any place that is none."""

_SAME_PLACE = 0.0005
"""Degrees within which points are one place, some 50 m."""


def _apart(shapes: np.ndarray) -> np.ndarray:
    """Which shapes are points at several places, shape (n,)."""
    dots = (shapely.get_dimensions(shapes) == 0) & (shapely.get_num_geometries(shapes) > 1)
    west, south, east, north = shapely.bounds(shapes).T
    return np.asarray(dots & (np.maximum(east - west, north - south) > _SAME_PLACE))


def _placed(frame: gpd.GeoDataFrame, shown: str) -> gpd.GeoSeries:
    """Shapes in WGS 84. Where some lie in the country, the others are wrong by themselves and refused row by row."""
    known = pd.DataFrame({"lon": [], "lat": []})
    try:
        return to_wgs84(frame, codes=pd.Series(dtype=str), reference=known, shown=shown).geometry
    except InputError as error:
        if error.key != "units.not_in_vietnam":
            raise
        declared = frame if frame.crs is not None else frame.set_crs(WGS84)
        placed = declared.to_crs(WGS84).geometry
        west, south, east, north = placed.bounds.to_numpy().T
        inside = (west >= VIETNAM[0]) & (south >= VIETNAM[1]) & (east <= VIETNAM[2]) & (north <= VIETNAM[3])
        if not inside.any():
            raise
        there = frame[inside]
        placed[inside] = to_wgs84(there, codes=pd.Series(dtype=str), reference=known, shown=shown).geometry.to_numpy()
        return placed


def _place(frame: gpd.GeoDataFrame, path: Path) -> tuple[dict[str, list[str]], pd.Series | None, Note]:
    """One point per feature as text, the shapes where they are more than points, and what was done to get them."""
    shapes = frame.geometry
    there = (shapes.notna() & ~shapes.is_empty).to_numpy()
    in_degrees = np.abs(shapes.bounds.to_numpy()).max(axis=1) <= 180
    is_known = frame.crs is not None or bool(in_degrees[there].all())
    placed = _placed(frame[there], path.name) if is_known else shapes[there]
    flat = shapely.force_2d(placed.to_numpy())
    points = shapely.point_on_surface(flat)
    names = (LON, LAT) if is_known else (X, Y)
    columns = {}
    for name, values in zip(names, (shapely.get_x(points), shapely.get_y(points))):
        texts = np.full(len(frame), "", object)
        texts[there] = [f"{value:.7f}" for value in values]
        texts[np.flatnonzero(there)[_apart(flat)]] = _SEVERAL
        columns[name] = texts.tolist()
    crs = frame.crs.name if frame.crs is not None else "–"
    kept = None
    if (shapely.get_dimensions(flat) > 0).any():
        kept = pd.Series(np.full(len(frame), None, object), dtype=object)
        kept[there] = flat
    return columns, kept, Note.of("ingest.note_geometry", crs=crs, count=int(there.sum()))
