"""A table that is no map, as a workbook or as CSV: what it says, then its rows, then where it comes from."""

from __future__ import annotations

import csv
import io
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from geo.cartography.sheet import Grid, Sheet

__all__ = ["csv_file", "workbook"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _head(sheet: Sheet) -> list[str]:
    return [*sheet.marks, sheet.title, sheet.sentence]


def csv_file(sheet: Sheet) -> bytes:
    """CSV in UTF-8 with a byte order mark and semicolons, as offices here open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([_safe(line)] for line in _head(sheet))
    writer.writerow([])
    writer.writerow([_safe(column.label) for column in sheet.table.columns])
    writer.writerows([_safe(text) for text in row.texts] for row in sheet.table.rows)
    writer.writerow([])
    writer.writerows([_safe(stamp.caption), _safe(stamp.text)] for stamp in sheet.stamps)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _tint(page: Any, grid: Grid, top: int) -> None:
    """The tints of a grid in the first figures of the rows below `top`, and what they mean."""
    for line, tiles in enumerate(grid.tiles, top + 1):
        for n, tile in enumerate(tiles, 2):
            _paint(page.cell(line, n), tile.tint)
    page.append([])
    for tint, words in grid.key:
        page.append(["", _safe(words)])
        _paint(page.cell(page.max_row, 1), tint)


def _paint(cell: Any, tint: str) -> None:
    if tint:
        cell.fill = PatternFill("solid", fgColor=tint.lstrip("#"))


def workbook(sheet: Sheet) -> bytes:
    """XLSX; numbers as numbers, the tints of a grid in its cells."""
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
    if isinstance(sheet.shown, Grid):
        _tint(page, sheet.shown, top)
    page.append([])
    for stamp in sheet.stamps:
        page.append([_safe(stamp.caption), _safe(stamp.text)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
