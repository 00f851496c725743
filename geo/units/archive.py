"""Opening a zip from outside without trusting it."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geo.errors import InputError, cause

__all__ = ["extract", "is_geojson"]

MAX_BYTES = 500_000_000
MAX_ENTRIES = 10_000
MAX_RATIO = 200
_RATIO_FROM = 10_000_000
_CHUNK = 1 << 20


def extract(path: Path, folder: Path) -> None:
    """Unpack `path` into `folder`, without what systems add on their own.

    Raises
    ------
    InputError
        If it is not a zip, an entry would land outside `folder` or is a link, there are too many entries, or they
        unpack to too much: more than 500 MB in all, or 200 times the packed size.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if not e.is_dir() and not _is_litter(e.filename)]
            _check(path, entries)
            budget = MAX_BYTES
            for entry in entries:
                budget -= _unpack(archive, entry, folder, budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise InputError("units.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error


def _is_litter(name: str) -> bool:
    """What a Mac, a Windows folder view or a code repository adds to what a person packed."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(
        part == "__MACOSX" or part.startswith("._") or part in (".DS_Store", "Thumbs.db", ".git") for part in parts
    )


def is_geojson(path: Path) -> bool:
    """Whether a JSON file holds features, as far as its beginning tells; one that is damaged may, too."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return (
        re.search(rb'"type"\s*:\s*"(?:Feature|Topology|Geometry|(?:Multi)?(?:Point|LineString|Polygon))', head)
        is not None
    )


_GEOJSON = re.compile(rb'"type"\s*:\s*"(?:Feature|Topology|Geometry|(?:Multi)?(?:Point|LineString|Polygon))')
_HEAD = 1 << 16


def _check(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise InputError("units.zip_entries", file=path.name, count=len(entries), limit=MAX_ENTRIES)
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        is_link = (entry.external_attr >> 28) == 0xA
        if name.is_absolute() or ".." in name.parts or ":" in name.parts[0] or is_link:
            raise InputError("units.zip_path", file=path.name, entry=entry.filename)
    total = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if total > MAX_BYTES or (total > _RATIO_FROM and total / packed > MAX_RATIO):
        raise InputError("units.zip_size", file=path.name, limit=MAX_BYTES // 1_000_000)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, budget: int) -> int:
    """Write one entry, counting what really comes out: the sizes in a zip's listing can lie."""
    target = folder.joinpath(*PurePosixPath(entry.filename.replace("\\", "/")).parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with archive.open(entry) as source, target.open("wb") as out:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > budget:
                raise InputError("units.zip_size", file=archive.filename, limit=MAX_BYTES // 1_000_000)
            out.write(chunk)
    return written
