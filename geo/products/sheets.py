"""A table that is no map, as a file: what it says, then its rows, then where it comes from."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from geo.cartography.spec import Stamp, Table
from geo.errors import InputError
from geo.views import Context

SHEETS = ("xlsx", "csv")
"""Kinds of file a table can be had as."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """A table with its words: title, the one sentence, marks, and the colophon.

    Attributes
    ----------
    tints : tuple of rows of str
        Colours of the cells after the first column, as far as it goes; empty for none.
    key : tuple of (colour, words)
        What the colours mean.
    """

    title: str
    sentence: str
    marks: tuple[str, ...]
    stamps: tuple[Stamp, ...]
    table: Table
    tints: tuple[tuple[str, ...], ...] = ()
    key: tuple[tuple[str, str], ...] = ()


def marks_of(context: Context, demo_mark: str) -> tuple[str, ...]:
    """Classification and demo mark, as far as they apply."""
    return tuple(mark for mark in (context.marking, demo_mark if context.demo else "") if mark)


def sheet_file(sheet: Sheet, kind: str) -> bytes:
    """A table as a file.

    Parameters
    ----------
    sheet : Sheet
    kind : {"xlsx", "csv"}
        CSV is UTF-8 with a byte order mark and semicolons, as offices here open it.

    Raises
    ------
    InputError
        If the kind is not known.
    """
    if kind not in SHEETS:
        raise InputError("static.kind_unknown", kind=kind, known=", ".join(SHEETS))
    return _workbook(sheet) if kind == "xlsx" else _text(sheet)


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _head(sheet: Sheet) -> list[str]:
    return [*sheet.marks, sheet.title, sheet.sentence]


def _text(sheet: Sheet) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([_safe(line)] for line in _head(sheet))
    writer.writerow([])
    writer.writerow([_safe(column.label) for column in sheet.table.columns])
    writer.writerows([_safe(text) for text in row.texts] for row in sheet.table.rows)
    writer.writerow([])
    writer.writerows([_safe(stamp.caption), _safe(stamp.text)] for stamp in sheet.stamps)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _paint(cell: Any, tint: str) -> None:
    if tint:
        cell.fill = PatternFill("solid", fgColor=tint.lstrip("#"))


def _workbook(sheet: Sheet) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    for text in _head(sheet):
        page.append([_safe(text)])
    for line in range(1, page.max_row + 1):
        page.cell(line, 1).font = Font(bold=True)
    page.append([])
    page.append([_safe(column.label) for column in sheet.table.columns])
    top = page.max_row
    for cell in page[top]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for row in sheet.table.rows:
        page.append([text if value is None else value for value, text in zip(row.values, map(_safe, row.texts))])
    for n, column in enumerate(sheet.table.columns, 1):
        if column.numeric:
            for line in range(top + 1, page.max_row + 1):
                page.cell(line, n).number_format = f"#,##0.{'0' * column.digits}" if column.digits else "#,##0"
        page.column_dimensions[page.cell(top, n).column_letter].width = 22
    for line, tints in enumerate(sheet.tints, top + 1):
        for n, tint in enumerate(tints, 2):
            _paint(page.cell(line, n), tint)
    page.append([])
    for tint, words in sheet.key:
        page.append(["", _safe(words)])
        _paint(page.cell(page.max_row, 1), tint)
    for stamp in sheet.stamps:
        page.append([_safe(stamp.caption), _safe(stamp.text)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
