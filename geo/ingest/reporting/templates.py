"""Workbooks to fill in, one per dataset: drop-downs from the code lists, units by name, instructions beside them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from geo.errors import InputError
from geo.files import write_whole
from geo.ingest.recognising.codes import code_list
from geo.ingest.recognising.fields import FIELDS, WORDS_OF, said, title_of
from geo.schema import MONTHLY_MEASURES, PART_COLUMNS, Dataset, Measure
from geo.settings import load
from geo.text import Lang, t
from geo.units.boundaries import default_units, reference_provinces

__all__ = ["TEMPLATES", "template", "template_bytes"]

TEMPLATES = tuple(FIELDS)
"""Datasets that have a template."""

_ROWS = 2000
_STAMP = (2026, 1, 1, 0, 0, 0)
_WIDTH = 22
_DATE_FORMAT, _MONTH_FORMAT, _TEXT_FORMAT = "DD/MM/YYYY", "MM/YYYY", "@"
_LEFT_OUT = ("x", "y", "place", "province")
_LEFT_OUT_OF = {
    Dataset.CASES: ("day", "month", "year"),
    Dataset.DENS: ("day", "month", "year"),
    Dataset.MONTHLY: ("year", "measure", "value"),
    Dataset.ZONES: ("district", "key"),
}


@dataclass(frozen=True)
class _Column:
    name: str
    title: str
    required: bool
    choices: str = ""
    """Name of the list of allowed values."""


def template(
    dataset: Dataset,
    path: Path | str,
    *,
    lang: Lang = "vi",
    units: pd.DataFrame | None = None,
    areas: Sequence[str] = (),
) -> None:
    """Write the template of a dataset as XLSX; the same bytes for the same code lists. The rest as of `template_bytes`.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        raise InputError("ingest.format", file=path.name, formats=".xlsx")
    write_whole(path, template_bytes(dataset, lang=lang, units=units, areas=areas))


def template_bytes(
    dataset: Dataset,
    *,
    lang: Lang = "vi",
    units: pd.DataFrame | None = None,
    areas: Sequence[str] = (),
    filled: Sequence[Sequence[object]] = (),
) -> bytes:
    """The template as bytes, for a download.

    Parameters
    ----------
    units : DataFrame[kind, name], optional
        Communes to choose from; those the product lists of the province that is set where not given.
    areas : sequence of str
        Names of priority areas to choose from.
    filled : sequence of rows
        What stands in it already, in order of its columns.
    """
    book = Workbook()
    columns = _columns(dataset, lang)
    lists = _lists(dataset, lang, _listed() if units is None else units, areas)
    _data_sheet(book.active, dataset, columns, lists, lang)
    for n, row in enumerate(filled, 2):
        for column, value in enumerate(row, 1):
            book.active.cell(n, column, value if value != "" else None)
    _help_sheet(book.create_sheet(t("ingest.sheet_help", lang)), dataset, columns, lang)
    _list_sheet(book.create_sheet("DanhMuc"), lists)
    book.properties.creator = "Bản đồ ANTT"
    book.properties.created = book.properties.modified = datetime(*_STAMP)
    raw = BytesIO()
    book.save(raw)
    return _repeatable(raw.getvalue())


def _columns(dataset: Dataset, lang: Lang) -> list[_Column]:
    columns: list[_Column] = []
    for field in FIELDS[dataset]:
        if field.name in (*_LEFT_OUT, *_LEFT_OUT_OF.get(dataset, ())):
            continue
        listed = field.name == "area" or (dataset, field.name) in WORDS_OF
        choices = "units" if field.name == "unit" else field.name if listed else ""
        columns.append(_Column(field.name, title_of(field.name, dataset, lang), field.required, choices))
    if dataset is Dataset.MONTHLY:
        names = code_list("measure")
        columns += [_Column(m, names.label(m, lang), False) for m in names.names if Measure(m) in MONTHLY_MEASURES]
        return [one for one in columns if one.name not in PART_COLUMNS] + [
            one for one in columns if one.name in PART_COLUMNS
        ]
    return columns


def _listed() -> pd.DataFrame:
    """The communes that the product lists of the province that is set, if any."""
    listed = default_units()
    return listed if load().province in reference_provinces() else listed.iloc[:0]


def _lists(dataset: Dataset, lang: Lang, units: pd.DataFrame, areas: Sequence[str]) -> dict[str, list[str]]:
    """Allowed values by list."""
    lists = {"units": [f"{kind.capitalize()} {name}" for kind, name in zip(units["kind"], units["name"])]}
    if dataset is Dataset.MONTHLY:
        lists["area"] = list(areas)
    for (of, field), words in WORDS_OF.items():
        if of is dataset:
            lists[field] = code_list(words).labels(lang)
    return lists


def _data_sheet(
    sheet: Worksheet, dataset: Dataset, columns: list[_Column], lists: dict[str, list[str]], lang: Lang
) -> None:
    sheet.title = t(f"ingest.sheet_{dataset}", lang)
    sheet.freeze_panes = "A2"
    for n, column in enumerate(columns, 1):
        letter = get_column_letter(n)
        cell = sheet.cell(1, n, f"{column.title} *" if column.required else column.title)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.fill = PatternFill("solid", fgColor="FFE699" if column.required else "DDEBF7")
        cell.comment = Comment(_hint(column, dataset, lang), "ANTT", height=90, width=260)
        sheet.column_dimensions[letter].width = _WIDTH
        if (form := _number_format(column.name)) is not None:
            sheet.column_dimensions[letter].number_format = form
            for row in range(2, 202):
                sheet.cell(row, n).number_format = form
        validation = _validation(column, dataset, lists, lang)
        if validation is not None:
            validation.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(validation)


def _number_format(name: str) -> str | None:
    return {
        "date": _DATE_FORMAT,
        "since": _DATE_FORMAT,
        "until": _DATE_FORMAT,
        "month": _MONTH_FORMAT,
        "record_id": _TEXT_FORMAT,
    }.get(name)


def _hint(column: _Column, dataset: Dataset, lang: Lang) -> str:
    key = column.name if column.name not in frozenset(MONTHLY_MEASURES) else "value"
    return said(f"help_{key}", dataset, lang)


def _validation(column: _Column, dataset: Dataset, lists: dict[str, list[str]], lang: Lang) -> DataValidation | None:
    if column.choices and not lists[column.choices]:
        return None
    if column.choices:
        number = list(lists).index(column.choices) + 1
        letter, count = get_column_letter(number), len(lists[column.choices])
        found = DataValidation(type="list", formula1=f"=DanhMuc!${letter}$2:${letter}${count + 1}", allow_blank=True)
        # Former units may be written too, and keys of areas.
        found.errorStyle = "warning" if column.choices in ("units", "area") else "stop"
    elif column.name in ("date", "month", "since", "until"):
        first = (date(1990, 1, 1) - date(1899, 12, 30)).days
        found = DataValidation(
            type="date", operator="between", formula1=str(first), formula2="TODAY()", allow_blank=True
        )
    elif column.name in ("lon", "lat"):
        low, high = ("101", "118") if column.name == "lon" else ("6", "24")
        found = DataValidation(type="decimal", operator="between", formula1=low, formula2=high, allow_blank=True)
    elif column.name == "radius":
        found = DataValidation(type="decimal", operator="between", formula1="1", formula2="50000", allow_blank=True)
    elif column.name in {"suspects", "people", "members", "year", "value", *MONTHLY_MEASURES}:
        found = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    else:
        return None
    found.showErrorMessage = True
    found.errorTitle, found.error = column.title[:30], _hint(column, dataset, lang)[:220]
    return found


def _help_sheet(sheet: Worksheet, dataset: Dataset, columns: list[_Column], lang: Lang) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 34, 100
    lines: list[Sequence[str]] = [
        (t(f"ingest.sheet_{dataset}", lang), ""),
        ("", t("ingest.help_general", lang)),
        ("", t("ingest.help_personal", lang)),
        ("", t("ingest.help_units", lang)),
    ]
    if dataset is Dataset.ZONES:
        lines[-1:] = [("", t(f"ingest.help_{name}", lang)) for name in ("zone_area", "zone_context")]
    lines += [(f"{column.title}{' *' if column.required else ''}", _hint(column, dataset, lang)) for column in columns]
    for line in lines:
        sheet.append(list(line))
    for row in sheet.iter_rows(min_row=1, max_row=len(lines)):
        row[0].font = Font(bold=True)
        row[1].alignment = Alignment(wrap_text=True, vertical="top")


def _list_sheet(sheet: Worksheet, lists: dict[str, list[str]]) -> None:
    for n, (name, values) in enumerate(lists.items(), 1):
        sheet.cell(1, n, name)
        for row, value in enumerate(values, 2):
            sheet.cell(row, n, value)
    sheet.sheet_state = "hidden"


def _repeatable(content: bytes) -> bytes:
    """The same package with fixed times, in the same order."""
    out = BytesIO()
    stamp = datetime(*_STAMP).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _fixed_times(data, stamp)
            target.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _fixed_times(core: bytes, stamp: bytes) -> bytes:
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, core)
