"""Tables in workbooks: XLSX, XLSM, XLSB, XLS and ODS.

Formulas count by the value last calculated; macros are not run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from geo.errors import InputError, cause
from geo.ingest.reading.grid import SEARCHED_ROWS, column_names, find_header, is_numbering, is_total
from geo.ingest.reading.package import Package, inspect
from geo.ingest.source import Limits, Note, RawTable, Source, font_note, is_known
from geo.personal.titles import masked_title
from geo.units.fonts import from_fonts

__all__ = ["read_workbook"]

_UNREADABLE = (CalamineError, XmlError, ZipError, OSError, ValueError)
_PANIC = "PanicException"
_NAMED = 5


def read_workbook(path: Path, *, sheet: str | None, limits: Limits, vocabulary: frozenset[str]) -> Source:
    """The tables of a workbook, one per sheet that has one.

    Parameters
    ----------
    sheet : str, optional
        Read this sheet only, hidden or not.

    Raises
    ------
    InputError
        If it is no workbook, damaged, locked by a password, over a limit, or has no such sheet or no table.
    """
    package = inspect(path, limits)
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as book:
            book_sheets = [about for about in book.sheets_metadata if about.typ == SheetTypeEnum.WorkSheet]
            away = [] if sheet else [s.name for s in book_sheets if s.visible != SheetVisibleEnum.Visible]
            hidden = [
                name
                for name in away
                if (table := _table(book.get_sheet_by_name(name), package, path, limits, vocabulary)) is not None
                and len(table.rows)
                and is_known(table)
            ]
            tables = [
                table
                for name in _sheets(book, sheet, path)
                if (table := _table(book.get_sheet_by_name(name), package, path, limits, vocabulary)) is not None
            ]
    except PasswordError as error:
        raise InputError("ingest.password", file=path.name) from error
    except _UNREADABLE as error:
        raise InputError("ingest.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:  # what the reader throws on some damaged files; not an Exception
            raise
        raise InputError("ingest.unreadable", file=path.name, detail=cause(error, otherwise="content")) from error
    filled = tuple(table for table in tables if len(table.rows))
    if hidden and not any(is_known(table) for table in tables):
        raise InputError("ingest.all_hidden", file=path.name, sheets=", ".join(hidden), first=hidden[0])
    if not filled or (len(filled) < len(tables) and not any(is_known(table) for table in filled)):
        raise InputError("ingest.empty", file=path.name)  # of an empty template only its instructions are filled
    notes = [Note.of("ingest.note_macros")] if package.has_macros else []
    if package.since_1904:
        notes.append(Note.of("ingest.note_1904"))
    if hidden:
        notes.append(Note.of("ingest.note_hidden_sheets", sheets=", ".join(hidden), first=hidden[0]))
    if package.is_binary:
        notes.append(Note.of("ingest.note_xlsb"))
    if package.uncalculated:
        notes.append(Note.of("ingest.note_uncalculated"))
    return Source(path.name, filled, notes=tuple(notes))


def _sheets(book: CalamineWorkbook, wanted: str | None, path: Path) -> list[str]:
    if wanted is not None:
        if wanted not in book.sheet_names:
            raise InputError("ingest.no_sheet", file=path.name, sheet=wanted, found=", ".join(book.sheet_names))
        return [wanted]
    return [
        about.name
        for about in book.sheets_metadata
        if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet
    ]


def _table(
    sheet: CalamineSheet, package: Package, path: Path, limits: Limits, vocabulary: frozenset[str]
) -> RawTable | None:
    if sheet.start is None or sheet.end is None:
        return None
    height, width = sheet.end[0] + 1, sheet.end[1] + 1
    if height > limits.rows or height * width > limits.cells:
        raise InputError("ingest.too_many_cells", file=path.name, sheet=sheet.name, count=height * width)
    left = [""] * sheet.start[1]
    grid = [[*left, *map(cell_text, row)] for row in sheet.iter_rows()]
    for (row, column), shown in package.errors.get(sheet.name, {}).items():
        if row <= len(grid) and column <= len(grid[row - 1]):
            grid[row - 1][column - 1] = shown
    typed = from_fonts(cell for row in grid for cell in row)
    if typed:
        grid = [[typed.get(cell, cell) for cell in row] for row in grid]
    width = max((n + 1 for row in grid for n, cell in enumerate(row) if cell), default=0)
    if not width:
        return None
    if width > limits.columns:
        raise InputError("ingest.too_many_columns", file=path.name, count=width, limit=limits.columns)
    merged = sheet.merged_cell_ranges or []
    span = find_header(grid[:SEARCHED_ROWS], merged, vocabulary)
    names = column_names(grid, merged, span, width)
    _fill_merged(grid, merged, span.stop)
    body = [(n + 1, row[:width]) for n, row in enumerate(grid) if n >= span.stop and any(row)]
    if body and is_numbering(body[0][1]):
        body = body[1:]
    totals = sum(is_total(row) for _, row in body)
    rows = [(n, row) for n, row in body if not is_total(row)]
    if not rows:
        bare = RawTable(sheet.name, names, pd.DataFrame(columns=list(names), dtype="str"), span.stop + 1)
        return bare if is_known(bare) else None
    notes = [Note.of("ingest.note_totals", count=totals)] if totals else []
    if typed:
        notes.append(font_note(typed))
    if hidden := len(package.hidden_rows.get(sheet.name, frozenset()) & {n for n, _ in rows}):
        notes.append(Note.of("ingest.note_hidden_rows", sheet=sheet.name, count=hidden))
    unseen = package.hidden_columns.get(sheet.name, frozenset())
    if hidden_names := [name for n, name in enumerate(names, 1) if n in unseen and any(row[n - 1] for _, row in rows)]:
        listed = ", ".join(masked_title(name) for name in hidden_names[:_NAMED])
        notes.append(Note.of("ingest.note_hidden_columns", sheet=sheet.name, count=len(hidden_names), names=listed))
    return RawTable(sheet.name, names, _frame(rows, names), rows[0][0], package.since_1904, notes=tuple(notes))


def _fill_merged(grid: list[list[str]], merged: Sequence[tuple[Cell, Cell]], below: int) -> None:
    """Cells merged over several rows count for each of them, in place: a commune or a day beside its records.

    A number does not: three communes beside one count may share it or not, and that is asked for.
    """
    for (top, left), (bottom, _) in merged:
        if bottom == top or top < below or top >= len(grid) or left >= len(grid[top]):
            continue
        text = grid[top][left]
        if not text or _COUNT.fullmatch(text):
            continue
        for row in grid[top + 1 : bottom + 1]:
            if left < len(row) and not row[left] and any(row):
                row[left] = text


Cell = tuple[int, int]
"""Row and column, from 0."""

_COUNT = re.compile(r"[-+]?[\d.,\u00a0 ]+%?")


def _frame(rows: Sequence[tuple[int, Sequence[str]]], names: Sequence[str]) -> pd.DataFrame:
    index = pd.Index([n for n, _ in rows], name="row")
    cells = list(zip(*(row for _, row in rows)))
    return pd.DataFrame({name: pd.Series(cells[k], index=index, dtype="str") for k, name in enumerate(names)})


def cell_text(value: Any) -> str:
    """A cell as text: days in ISO form, whole numbers without a point.

    A number with exactly three decimals gets a fourth: "1.234" typed as text means a thousand and more, the number does
    not.
    """
    match value:
        case str():
            return value.strip()
        case bool():
            return "1" if value else "0"
        case int():
            return str(value)
        case float():
            return _number_text(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case timedelta():
            return str(value.total_seconds() / 86_400)
        case None:
            return ""
        case _:
            return str(value)


def _number_text(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text
