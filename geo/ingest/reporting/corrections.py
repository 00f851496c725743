"""The rows that were refused, with the reasons beside them: to be corrected and imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from geo.errors import InputError
from geo.files import scratch, write_whole
from geo.ingest.pipeline import Preview
from geo.personal.masking import masked_frame
from geo.text import Lang, t

__all__ = ["REASON_COLUMNS", "errors_file"]

REASON_COLUMNS = ("errors_row", "errors_reason", "errors_advice")
"""Columns behind those of the file; the row's number names its sheet where several were joined."""

_FORMULA = ("=", "+", "-", "@")
_XLSX_ROWS = 100_000


def errors_file(preview: Preview, path: Path | str, *, lang: Lang = "vi") -> int:
    """Write the refused rows as they stand in the file; gives their number.

    Columns of persons are left out; what identifies a person in a cell of another column is masked.

    Parameters
    ----------
    path : Path or str
        `.xlsx` (up to 100,000 rows) or `.csv` (UTF-8 with mark, so that spreadsheets open it right).

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError("ingest.format", file=path.name, formats=".xlsx, .csv")
    if path.suffix.lower() == ".xlsx" and preview.rejected > _XLSX_ROWS:
        raise InputError("ingest.too_many_rows", file=path.name, limit=_XLSX_ROWS)
    header = [*preview.table.header, *(t(f"ingest.{name}", lang) for name in REASON_COLUMNS)]
    with scratch() as folder:
        made = folder / f"errors{path.suffix.lower()}"
        _write(made, header, _lines(preview, lang), preview)
        write_whole(path, made.read_bytes())
    return preview.rejected


def _write(target: Path, header: list[str], lines: Iterator[list[str]], preview: Preview) -> None:
    if target.suffix.lower() == ".xlsx":
        _workbook(target, header, lines, preview.table.name)
        return
    with target.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([_safe(cell) for cell in header])
        writer.writerows([_safe(cell) for cell in line] for line in lines)


def _lines(preview: Preview, lang: Lang) -> Iterator[list[str]]:
    """Cells of a refused row, its number, and all that is wrong with it."""
    problems = preview.checked.problems
    where = problems["column"]
    joined = problems.assign(said=where.where(where == "", where + ": ") + problems["problem"])
    reasons = joined.groupby("at")["said"].agg("; ".join)
    advice = problems.groupby("at")["advice"].agg(lambda texts: "; ".join(dict.fromkeys(texts)))
    mapping = preview.mapping
    fields = {column: name for name, column in mapping.columns.items()}
    fields |= dict.fromkeys(mapping.measures.values(), "value")
    for row in masked_frame(preview.checked.rejected, fields).itertuples():
        number, *cells = row
        yield [
            *map(str, cells),
            preview.table.where(int(number), lang),
            reasons.get(number, ""),
            advice.get(number, ""),
        ]


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers may keep their sign."""
    if not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return f"'{cell}"
    return cell


def _workbook(target: Path, header: list[str], lines: Iterator[list[str]], name: str) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(c for c in name if c not in r"[]:*?/\'")[:31] or "errors")
    sheet.freeze_panes = "A2"
    first = []
    for n, text in enumerate(header):
        cell = _text_cell(sheet, text)
        cell.font = Font(bold=True)
        if n >= len(header) - len(REASON_COLUMNS):
            cell.fill = PatternFill("solid", fgColor="FFF2CC")
        first.append(cell)
    sheet.append(first)
    for line in lines:
        sheet.append([_text_cell(sheet, cell) for cell in line])
    book.save(target)


def _text_cell(sheet: object, text: str) -> WriteOnlyCell:
    """A cell of text, never a formula."""
    clean = "".join(c for c in text if c >= " " or c in "\t\n")[:32_000]
    cell = WriteOnlyCell(sheet, clean)
    cell.data_type = "s"
    return cell
