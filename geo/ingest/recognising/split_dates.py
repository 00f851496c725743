"""Dates spread over several columns: day, month and year of events, month and year of monthly counts."""

from __future__ import annotations

import re

import pandas as pd

from geo.ingest.recognising.days import Read, read_day
from geo.ingest.recognising.fields import FIELDS, header_key
from geo.ingest.source import RawTable
from geo.schema import Dataset
from geo.text import fold

__all__ = ["BETWEEN", "PARTS", "read_split_day", "split_date"]

PARTS: dict[Dataset, tuple[str, ...]] = {
    Dataset.CASES: ("day", "month", "year"),
    Dataset.DENS: ("day", "month", "year"),
    Dataset.MONTHLY: ("month", "year"),
}
"""Fields that a date may be spread over."""

BETWEEN = " / "
"""Between the cells of a row when they are put together."""

_WORDS = {field.name: field.words for field in FIELDS[Dataset.CASES] if field.name in PARTS[Dataset.CASES]}
_RANGES = {"day": (1, 31), "month": (1, 12), "year": (1990, 2100)}
_PART = re.compile(r"(?:ngay|thang|nam|t|day|month|year)?[\s.]*(\d{1,2}|\d{4})(?:\.0+)?")
_LOOKED_AT = 2000
_FITTING = 0.7


def split_date(table: RawTable, dataset: Dataset) -> dict[str, str]:
    """Columns that together are the date, by field: Ngày, Tháng, Năm, also below one heading ("Ngày xảy ra: ngày").

    Both the headings and the cells must say so; empty where there are none.
    """
    parts = PARTS.get(dataset, ())
    groups: dict[str, dict[str, str]] = {}
    for column in table.header:
        key = header_key(column)
        for part in parts:
            word = next((w for w in _WORDS[part] if key == w or key.endswith(f" {w}")), None)
            if word is not None and _fits(table.rows[column], part):
                groups.setdefault(key[: len(key) - len(word)].strip(" :,-"), {}).setdefault(part, column)
    return next((found for found in groups.values() if parts and len(found) == len(parts)), {})


def _fits(cells: pd.Series, part: str) -> bool:
    """Most cells are numbers that the part may have."""
    texts = [text for cell in cells.iloc[:_LOOKED_AT] if (text := cell.strip())]
    low, high = _RANGES[part]
    numbers = [number for text in texts if (number := _number(text, part)) is not None]
    return bool(texts) and sum(low <= number <= high for number in numbers) >= _FITTING * len(texts)


def _number(text: str, part: str) -> int | None:
    found = _PART.fullmatch(fold(text))
    if found is None:
        return None
    number = int(found[1])
    return number + 2000 if part == "year" and len(found[1]) <= 2 else number


def read_split_day(text: str) -> Read:
    """The day of three cells put together with `BETWEEN`: day, month, year."""
    cells = text.split(BETWEEN)
    if not any(cells):
        return Read(None, "date_empty")
    if not all(cells):
        return Read(None, "date_part_empty")
    day, month, year = (_number(cell, part) for cell, part in zip(cells, PARTS[Dataset.CASES]))
    if day is None or month is None or year is None:
        return Read(None, "date_unreadable")
    return read_day(f"{day}/{month}/{year:04}")
