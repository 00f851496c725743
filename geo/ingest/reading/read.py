"""Any file an office may send, as tables of text."""

from __future__ import annotations

from pathlib import Path

from geo.errors import InputError, cause
from geo.ingest.reading.delimited import read_delimited
from geo.ingest.reading.features import read_features
from geo.ingest.reading.workbook import read_workbook
from geo.ingest.recognising.fields import VOCABULARY
from geo.ingest.source import Limits, Source

__all__ = ["FORMATS", "read"]

_TEXT = (".csv", ".tsv", ".txt")
_BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_MAPS = (".gpkg", ".shp", ".zip", ".geojson", ".json", ".kml", ".kmz")

FORMATS = _BOOKS + _TEXT + _MAPS
"""Endings of the files that can be read."""


def read(
    path: Path | str,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    limits: Limits | None = None,
) -> Source:
    """Read a file of an office.

    Parameters
    ----------
    path : Path or str
        Workbook (XLSX, XLSM, XLSB, XLS, ODS), text (CSV, TSV, TXT) or map file (GeoPackage, shapefile or a zip of one,
        GeoJSON, KML, KMZ). The ending of the name decides.
    sheet : str, optional
        Only this sheet or layer.
    encoding : str, optional
        Of text files and shapefile tables ("tcvn3", "cp1258", "utf-8", "utf-16", …); found out where it is not given.
    separator : str, optional
        One character between the cells of a text file; found out where it is not given.
    limits : Limits, optional

    Raises
    ------
    InputError
        If nothing can be read from it, or an option has no effect on such a file: what is wrong, and what to do.
    """
    path, limits = Path(path), limits or Limits()
    suffix = path.suffix.lower()
    if not path.is_file():
        raise InputError("ingest.missing_file", file=path.name)
    if suffix not in FORMATS:
        raise InputError("ingest.format", file=path.name, formats=", ".join(FORMATS))
    if (size := path.stat().st_size) == 0:
        raise InputError("ingest.empty", file=path.name)
    if size > limits.file_bytes:
        raise InputError("ingest.too_big", file=path.name, size=size // 1_000_000, limit=limits.file_bytes // 1_000_000)
    _refuse_idle(path, suffix, sheet=sheet, encoding=encoding, separator=separator)
    if separator is not None and len(separator) != 1:
        raise InputError("ingest.separator", separator=separator)
    try:
        source = _read(path, suffix, sheet, encoding, separator, limits)
    except OSError as error:  # no room for a copy in UTF-8, no right to read
        raise InputError("ingest.unreadable", file=path.name, detail=cause(error)) from error
    if not any(len(table.rows) or table.ragged for table in source.tables):
        raise InputError("ingest.empty", file=path.name)
    return source


_TAKES = {"sheet": _BOOKS + _MAPS, "encoding": (*_TEXT, ".shp", ".zip"), "separator": _TEXT}
"""Endings of the files that each way of reading has an effect on."""


def _refuse_idle(path: Path, suffix: str, **given: str | None) -> None:
    """What was asked for and cannot have an effect is refused, not passed over."""
    for option, value in given.items():
        if value is not None and suffix not in _TAKES[option]:
            raise InputError(f"ingest.{option}_no_effect", file=path.name, value=value)


def _read(
    path: Path, suffix: str, sheet: str | None, encoding: str | None, separator: str | None, limits: Limits
) -> Source:
    if suffix in _TEXT:
        return read_delimited(path, encoding=encoding, separator=separator, limits=limits, vocabulary=VOCABULARY)
    if suffix in _BOOKS:
        return read_workbook(path, sheet=sheet, limits=limits, vocabulary=VOCABULARY)
    return read_features(path, layer=sheet, encoding=encoding, limits=limits)
