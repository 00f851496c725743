"""The table of a shapefile, read byte for byte.

GDAL recodes the text before anyone can say in which encoding it is, drops characters of cp1258 field names, and knows
no TCVN3. dBASE III is simple enough to be read here (layout: ESRI shapefile technical description, 1998, and dBASE).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geo.errors import InputError
from geo.units.vietnamese import decode_text, detect_encoding, known_encoding

__all__ = ["read_dbf"]

_HEADER, _FIELD = 32, 32
_MAX_FIELDS = 256
_NOT_VIETNAMESE = {"iso8859-1", "iso8859-15", "cp1252", "ascii"}  # written by programs as a default, whatever is inside


@dataclass(frozen=True)
class _Field:
    name: bytes
    kind: str
    start: int
    stop: int


def read_dbf(path: Path, *, encoding: str | None = None) -> pd.DataFrame:
    """All columns as text, one row per record that is not deleted; `attrs["encoding"]` names the encoding.

    Parameters
    ----------
    path : Path
        The `.dbf` file.
    encoding : str, optional
        "tcvn3", "vni" or a Python codec. Without it a `.cpg` file beside decides, and without that the text itself.

    Raises
    ------
    InputError
        If the file is not a dBASE table, or the encoding is unknown.
    """
    data = path.read_bytes()
    fields, records = _layout(data, path)
    names = [field.name for field in fields]
    columns = [[record[field.start : field.stop].strip(b" \x00") for record in records] for field in fields]
    texts = [column for field, column in zip(fields, columns) if field.kind == "C"]
    chosen = _encoding(path, encoding) or detect_encoding([*names, *(value for column in texts for value in column)])
    table = pd.DataFrame({decode_text(n, chosen): [decode_text(v, chosen) for v in c] for n, c in zip(names, columns)})
    table.attrs["encoding"] = chosen
    return table


def _encoding(path: Path, given: str | None) -> str | None:
    if given is None:
        cpg = next((p for p in path.parent.glob(f"{path.stem}.*") if p.suffix.lower() == ".cpg"), None)
        told = known_encoding(cpg.read_text("ascii", errors="ignore")) if cpg else None
        return None if told in _NOT_VIETNAMESE else told
    if (known := known_encoding(given)) is None:
        raise InputError("units.encoding_unknown", encoding=given)
    return known


def _layout(data: bytes, path: Path) -> tuple[list[_Field], list[bytes]]:
    try:
        count, head, width = struct.unpack_from("<IHH", data, 4)
        fields: list[_Field] = []
        offset, start = _HEADER, 1
        while data[offset] != 0x0D and len(fields) < _MAX_FIELDS:
            size = data[offset + 16]
            name = data[offset : offset + 11].split(b"\x00")[0]
            fields.append(_Field(name, chr(data[offset + 11]), start, start + size))
            offset, start = offset + _FIELD, start + size
    except (struct.error, IndexError) as error:
        raise InputError("units.unreadable", file=path.name, detail="dbf") from error
    if not fields or start > width or head + count * width > len(data) + 1:
        raise InputError("units.unreadable", file=path.name, detail="dbf")
    records = [data[head + i * width : head + (i + 1) * width] for i in range(count)]
    return fields, [record for record in records if record[:1] != b"*"]
