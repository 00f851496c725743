"""The table behind a map as CSV and XLSX."""

from __future__ import annotations

import csv
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from geo.cartography.spec import Column, MapSpec
from geo.export.about import about
from geo.files import repeatable_zip
from geo.text import printable, t

__all__ = ["csv_file", "workbook"]

_HEAD = PatternFill("solid", fgColor="0B5D57")


def csv_file(spec: MapSpec) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads it; the colophon stands on top in lines that begin with `#`.

    Numbers are written with a decimal point; what is hidden or missing is written as on the map.
    """
    target = StringIO(newline="")
    for caption, text in about(spec):
        target.write("# " + " ".join(f"{caption}: {text}".strip(": ").split()) + "\r\n")
    writer = csv.writer(target)
    writer.writerow([_text(column.label) for column in spec.table.columns])
    for row in spec.table.rows:
        writer.writerow([_value(c, row.values[i], row.texts[i]) for i, c in enumerate(spec.table.columns)])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _value(column: Column, value: float | None, text: str) -> str | int | float:
    if not column.numeric or value is None:
        return _text(text)
    return int(value) if column.digits == 0 and float(value).is_integer() else round(float(value), 6)


def _text(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") else text


def workbook(spec: MapSpec) -> bytes:
    """Two sheets: the numbers, and what they are (query, period, method, suppression, fingerprint)."""
    book = Workbook(write_only=True)
    _numbers(book.create_sheet(t("export.sheet_numbers", spec.lang)), spec)
    _provenance(book.create_sheet(t("export.sheet_about", spec.lang)), spec)
    last = spec.recipe.question.reading.end.isoformat()
    book.properties.creator, book.properties.title = "", printable(spec.title)
    book.properties.created = book.properties.modified = datetime.fromisoformat(last)
    target = BytesIO()
    book.save(target)
    return repeatable_zip(target.getvalue(), stamped=True)


def _numbers(sheet: Any, spec: MapSpec) -> None:
    columns, rows = spec.table.columns, spec.table.rows
    sheet.freeze_panes = "B2"
    for i, column in enumerate(columns, 1):
        longest = max([len(column.label), *(len(row.texts[i - 1]) for row in rows)])
        sheet.column_dimensions[get_column_letter(i)].width = min(48, longest + 4)
    sheet.append([_cell(sheet, column.label, head=True) for column in columns])
    for row in rows:
        sheet.append(
            [_number(sheet, c, row.values[i], row.texts[i]) for i, c in enumerate(columns)]
        )  # fmt: skip
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"


def _number(sheet: Any, column: Column, value: float | None, text: str) -> Any:
    if not column.numeric or value is None:
        made = _cell(sheet, text)
        made.alignment = Alignment(horizontal="right" if column.numeric else "left")
        return made
    made = WriteOnlyCell(sheet, value=float(value) if column.digits else int(value) if value.is_integer() else value)
    made.number_format = "#,##0" + ("." + "0" * column.digits if column.digits else "")
    return made


def _cell(sheet: Any, text: str, *, head: bool = False) -> Any:
    """A cell that holds this very text, never a formula."""
    made = WriteOnlyCell(sheet, value=printable(text))
    made.data_type = "s"
    made.font = Font(name="Be Vietnam Pro", bold=head, color="FFFFFF" if head else "20262D")
    if head:
        made.fill = _HEAD
    return made


def _provenance(sheet: Any, spec: MapSpec) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 110
    for caption, text in [*about(spec), (t("export.recipe", spec.lang), spec.recipe.to_json())]:
        cells = [_cell(sheet, caption), _cell(sheet, text)]
        cells[1].alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)
