"""Any file an office may send, as tables of text."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

from geo.errors import InputError, cause
from geo.ingest.reading.delimited import read_delimited
from geo.ingest.reading.features import read_features
from geo.ingest.reading.workbook import read_workbook
from geo.ingest.recognising.fields import VOCABULARY
from geo.ingest.source import Limits, Note, Source
from geo.text import INVISIBLE

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
        GeoJSON, KML, KMZ). What is
        in it decides; of text and map files the ending of the name.
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
    if not os.path.isfile(path):  # also of names that no file can have
        raise InputError("ingest.missing_file", file=path.name)
    if suffix not in FORMATS:
        raise InputError("ingest.format", file=path.name, formats=", ".join(FORMATS))
    if (size := path.stat().st_size) == 0:
        raise InputError("ingest.empty", file=path.name)
    if size > limits.file_bytes:
        raise InputError("ingest.too_big", file=path.name, size=size // 1_000_000, limit=limits.file_bytes // 1_000_000)
    told, suffix = suffix, _kind(path, suffix)
    _refuse_idle(path, suffix, sheet=sheet, encoding=encoding, separator=separator)
    if separator is not None and not (len(separator) == 1 and separator.isascii() and separator != "\0"):
        raise InputError("ingest.separator", separator=separator)
    try:
        source = _read(path, suffix, sheet, encoding, separator, limits)
    except (OSError, UnicodeError) as error:  # no right to read, or not in the encoding asked for
        raise InputError("ingest.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error
    if not any(len(table.rows) or table.ragged for table in source.tables):
        raise InputError("ingest.empty", file=path.name)
    if told != suffix:
        source = replace(source, notes=(Note.of("ingest.note_format", told=told, found=suffix), *source.notes))
    return source if suffix in _TEXT and not _may_hide(path) else _visible(source)


def _kind(path: Path, suffix: str) -> str:
    """What a file is by its first bytes, as an ending; of text and map files what its name says."""
    with path.open("rb") as file:
        head = file.read(1 << 10)
    if suffix in _TEXT + _BOOKS and head.startswith(b"PK") and (inside := _inside(path)):
        return inside if suffix not in (".xlsx", ".xlsm", ".xlsb", ".ods") else suffix
    if suffix in _TEXT and head.startswith(b"\xd0\xcf\x11\xe0"):
        return ".xls"
    if suffix in _TEXT + _BOOKS and head.startswith(b"SQLite format 3\0"):
        return ".gpkg"
    if suffix in _BOOKS and not head.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
        if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"<head", b"<style", b"<div")):
            raise InputError("ingest.page_called_book", file=path.name)
        if head and not set(head) & _NO_TEXT:
            return ".csv"
    return suffix


_NO_TEXT = frozenset(range(9)) | frozenset(range(14, 32))
"""Bytes that text has not."""


def _inside(path: Path) -> str:
    """Which workbook a zip is; empty where it is none, or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return ""
    if "xl/workbook.bin" in names:
        return ".xlsb"
    return ".xlsx" if "xl/workbook.xml" in names else ".ods" if "content.xml" in names else ""


_ETH = str.maketrans("Ðð", "Đđ")
_LEADS = (
    b"\xe2\x80", b"\xe2\x81", b"\xef\xbb\xbf", b"\xc2\xad", b"\xd8\x9c", b"\xe1\xa0\x8e", b"\xc3\x90", b"\xc3\xb0",
    b"\xfe\xff", b"\xff\xfe",
)  # fmt: skip
"""How such characters begin in UTF-8, and how a file in UTF-16 does."""


def _may_hide(path: Path) -> bool:
    """Whether a text file may hold such characters; told from its bytes, for most hold none and columns are long."""
    with path.open("rb") as file:
        if file.read(3) == b"\xef\xbb\xbf":
            file.seek(3)
        else:
            file.seek(0)
        last = b""
        while chunk := file.read(_CHUNK):
            if any(lead in last + chunk for lead in _LEADS):
                return True
            last = chunk[-2:]
    return False


_CHUNK = 1 << 22


def _visible(source: Source) -> Source:
    """Cells without characters that nobody sees, and with Đ where a keyboard had the Icelandic Ð.

    A commune with one in its name looks right and is not found.
    """
    tables = []
    for table in source.tables:
        held = (name for name in table.header if table.rows[name].str.contains(f"{INVISIBLE}|[Ðð]", regex=True).any())
        clean = {
            name: table.rows[name].str.replace(INVISIBLE, "", regex=True).str.translate(_ETH).str.strip()
            for name in held
        }
        tables.append(replace(table, rows=table.rows.assign(**clean)) if clean else table)
    return replace(source, tables=tuple(tables))


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
