"""Several sheets of one workbook with the same headings, taken as one table that still knows where each row stands."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from geo.errors import InputError
from geo.ingest.recognising.columns import propose
from geo.ingest.recognising.fields import header_key
from geo.ingest.source import Note, RawTable
from geo.schema import Dataset

__all__ = ["joined"]

_NAMED = 12


def joined(tables: tuple[RawTable, ...], main: RawTable) -> tuple[RawTable, list[Note]]:
    """The table to import where no sheet was named: the main one, with those that have its headings in any order.

    Sheets of the same headings that hold something else (dens beside cases) are not joined.

    Returns
    -------
    RawTable
        With `origin` where tables were joined.
    list of Note
        Which sheets were joined and how many rows each has; which were left out.
    """
    kind = _kind(main)
    parts = [
        table for table in tables if table is main or (_keys(table) == _keys(main) and kind and _kind(table) is kind)
    ]
    left = [table.name for table in tables if all(table is not part for part in parts)]
    notes = [Note.of("ingest.note_other_tables", names=", ".join(left[:_NAMED]))] if left else []
    if len(parts) == 1:
        return main, notes
    sheets = ", ".join(f"{part.name} ({len(part.rows)})" for part in parts[:_NAMED])
    more = ", …" if len(parts) > _NAMED else ""
    return _one(parts, main), [Note.of("ingest.note_joined", count=len(parts), sheets=sheets + more), *notes]


def _keys(table: RawTable) -> list[str]:
    return sorted(map(header_key, table.header))


def _kind(table: RawTable) -> Dataset | None:
    try:
        return propose(table).dataset
    except InputError:
        return None


def _one(parts: list[RawTable], main: RawTable) -> RawTable:
    frames = [_as_headed(part, main) for part in parts]
    origin = pd.concat(
        [pd.DataFrame({"sheet": part.name, "row": part.rows.index.to_numpy()}) for part in parts], ignore_index=True
    )
    number = pd.RangeIndex(1, len(origin) + 1, name="row")
    shapes = None
    if any(part.shapes is not None for part in parts):
        each = [pd.Series(None, part.rows.index, object) if part.shapes is None else part.shapes for part in parts]
        shapes = pd.Series([shape for one in each for shape in one], index=number, dtype=object)
    notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
    rows = pd.concat(frames, ignore_index=True).set_index(number)
    return replace(main, rows=rows, origin=origin.set_index(number), shapes=shapes, notes=notes, first_row=1)


def _as_headed(part: RawTable, main: RawTable) -> pd.DataFrame:
    """The rows under the main table's headings, in its order."""
    own = {header_key(column): column for column in part.header}
    return part.rows[[own[header_key(column)] for column in main.header]].set_axis(list(main.header), axis=1)
