"""What a workbook says of its cells and rows beside their values, where the reader passes it over: cells whose formula
failed look empty there, and rows that are hidden or filtered out like all others."""

from __future__ import annotations

import contextlib
import os
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import xlrd
from lxml import etree

__all__ = ["Marks", "marks_of_ods", "marks_of_xls"]

_MOST = 10_000
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SHEET, _ROW, _CELL, _COVERED = (
    f"{_TABLE}{name}" for name in ("table", "table-row", "table-cell", "covered-table-cell")
)


@dataclass(frozen=True)
class Marks:
    """Of a workbook.

    Attributes
    ----------
    errors : dict
        By sheet: what cells show whose formula failed, by row and column from 1; the first 10,000.
    hidden : dict
        By sheet: rows that are hidden or filtered out, from 1.
    """

    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=lambda: defaultdict(dict))
    hidden: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def marks_of_ods(archive: zipfile.ZipFile) -> Marks:
    """The marks of an ODS, whose parts are known to unpack to little and to declare no entities."""
    marks, sheet, row = Marks(), "", 0
    with archive.open("content.xml") as content:
        reading = etree.iterparse(
            content, events=("start", "end"), tag=(_SHEET, _ROW), resolve_entities=False, no_network=True
        )
        for event, element in reading:
            if element.tag == _SHEET:
                sheet, row = element.get(f"{_TABLE}name", ""), 0
            elif event == "end":
                times = _times(element, "rows")
                _look(element, marks, sheet, row + 1, times)
                row += times
                element.clear()
    return marks


def _look(element: etree._Element, marks: Marks, sheet: str, row: int, times: int) -> None:
    """Take what a row says; it stands for as many as it is repeated."""
    cells = [cell for cell in element if cell.tag in (_CELL, _COVERED)]
    if element.get(f"{_TABLE}visibility") in ("collapse", "filter") and times < _MOST:
        marks.hidden[sheet].update(range(row, row + times))
    column = 1
    for cell in cells:
        if cell.get(f"{_CALC}value-type") == "error" and len(marks.errors[sheet]) < _MOST:
            shown = "".join("".join(line.itertext()) for line in cell.iter(f"{_TEXT}p")) or "#"
            marks.errors[sheet][row, column] = shown
        column += _times(cell, "columns")


def _times(element: etree._Element, of: str) -> int:
    told = element.get(f"{_TABLE}number-{of}-repeated", "1")
    return int(told) if told.isdecimal() and len(told) < 9 else 1


def marks_of_xls(path: Path) -> Marks:
    """The marks of an XLS; none if it cannot be read, which is for its reader to say."""
    marks = Marks()
    with (
        contextlib.suppress(Exception),  # it raises anything
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        xlrd.open_workbook(path, logfile=nowhere, formatting_info=True, on_demand=True) as book,
    ):
        for name in book.sheet_names():
            sheet = book.sheet_by_name(name)
            marks.hidden[name].update(row + 1 for row, about in sheet.rowinfo_map.items() if about.hidden)
            for row in range(sheet.nrows):
                for column, kind in enumerate(sheet.row_types(row)):
                    if kind == xlrd.XL_CELL_ERROR and len(marks.errors[name]) < _MOST:
                        code = sheet.cell_value(row, column)
                        marks.errors[name][row + 1, column + 1] = xlrd.error_text_from_code.get(code, "#")
            book.unload_sheet(name)
    return marks
