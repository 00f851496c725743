"""What the steps of one check share: the table, its problems, and the kinds of cell all datasets have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.problems import Problems
from geo.ingest.checking.reference import Reference
from geo.ingest.checking.unit_names import read_units
from geo.ingest.recognising.codes import CodeList
from geo.ingest.recognising.days import Read, has_offset
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.source import Note, RawTable

__all__ = ["EARLIEST", "Check", "codes_of", "counts_of", "read_days", "read_number", "units_of"]

EARLIEST = date(1990, 1, 1)
"""First day a record may have."""

_LARGEST = 2_000_000_000
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0 ]\d{3})+")
_PARTED = re.compile(r"(?P<whole>\d{1,3}(?:\.\d{3})+),(?P<rest>\d+)|(?P<other>\d{1,3}(?:,\d{3})+)\.(?P<tail>\d+)")
_MARKS = re.compile(r"[.,\u00a0 ]")
_NUMBER = re.compile(r"[-+]?[\d.]+(?:e[+-]?\d+)?", re.IGNORECASE)
_EMPTY_COUNTS = {"", "-", "–", "—", "x", "."}


@dataclass(eq=False)
class Check:
    """What the steps of one check share."""

    table: RawTable
    rows: pd.DataFrame
    mapping: Mapping
    reference: Reference
    problems: Problems
    notes: list[Note] = field(default_factory=list)
    bad: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    crs_used: bool = False
    together: pd.Series | None = None
    """By row, what its counts are a part of: they come in together or not at all. "" for nothing."""

    warnings: Problems = field(init=False)

    def __post_init__(self) -> None:
        self.bad = np.zeros(len(self.rows), bool)
        self.warnings = Problems(self.reference.lang)

    def text(self, name: str) -> pd.Series | None:
        """The column of a field, cells stripped; None where no column is it."""
        column = self.mapping.columns.get(name)
        return None if column is None else self.rows[column].str.strip()

    def refuse(self, key: str, wrong: NDArray[np.bool_], values: pd.Series, **params: str | int) -> None:
        """Mark rows as bad and say why."""
        self.problems.where(key, wrong, values, **params)
        self.bad |= wrong


def read_days(check: Check, text: pd.Series, read: Callable[[str], Read]) -> NDArray[np.datetime64]:
    """Days of a column; each distinct text is read once."""
    codes, unique = pd.factorize(text)
    found = [read(cell) for cell in unique]
    if moved := np.isin(codes, [n for n, cell in enumerate(unique) if has_offset(cell)]).sum():
        check.notes.append(Note.of("ingest.note_offset", count=int(moved), column=text.name))
    latest = check.reference.today
    keys = [f.problem or _of_time(f.day, latest) for f in found]
    problem = np.array(keys, object)[codes]
    days = np.array([f.day or "NaT" for f in found], "datetime64[D]")[codes]
    for key in sorted({key for key in keys if key}):
        check.refuse(key, problem == key, text, today=latest.strftime("%d/%m/%Y"), earliest=EARLIEST.year)
    return np.asarray(days, "datetime64[D]")


def _of_time(day: date | None, latest: date) -> str:
    """What is wrong with a day that can be read."""
    if day is not None and day > latest:
        return "date_future"
    return "date_early" if day is not None and day < EARLIEST else ""


def units_of(
    check: Check, days: NDArray[np.datetime64], asked: NDArray[np.bool_]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    named = {
        name: check.mapping.columns[name] for name in ("unit", "district", "province") if name in check.mapping.columns
    }
    given = check.rows.loc[asked, list(named.values())].set_axis(list(named), axis=1)
    system, code = read_units(given, days[asked], check.reference.ground, check.problems, named["unit"])
    check.bad[np.flatnonzero(asked)[code == ""]] = True
    return system, code


def codes_of(check: Check, name: str, known: CodeList, *, required: bool = False) -> pd.Series:
    """Codes of a column's words; unknown words are refused with the nearest known one."""
    text = check.text(name)
    if text is None:
        return pd.Series(pd.NA, index=check.rows.index, dtype="str")
    numbers, unique = pd.factorize(text)
    codes = [known.code(word) if word else None for word in unique]
    empty = np.array([not word for word in unique], bool)[numbers]
    unknown = np.array([bool(word) and code is None for word, code in zip(unique, codes)], bool)[numbers]
    if required:
        check.refuse("kind_empty", empty, text)
    if unknown.any():
        lang = check.reference.lang
        hint = {
            word: known.suggestion(word, lang) or ", ".join(known.labels(lang))
            for word, c in zip(unique, codes)
            if c is None
        }
        wrong = text[unknown]
        check.problems.add("code_unknown", wrong.index, str(text.name), wrong, hints=[hint[word] for word in wrong])
        check.bad |= unknown
    return pd.Series(pd.array(codes, dtype="str").take(numbers), index=text.index)


def counts_of(check: Check, name: str, *, column: str | None = None, required: bool = False) -> pd.Series:
    """Whole numbers from 0 up; empty cells are NA."""
    text = check.rows[column].str.strip() if column else check.text(name)
    if text is None:
        return pd.Series(pd.NA, index=check.rows.index, dtype="Int64")
    numbers, unique = pd.factorize(text)
    values = [_count(cell) for cell in unique]
    problem = np.array([key for _, key in values], object)[numbers]
    for key in ("count_negative", "count_not_whole", "count_unreadable", "count_too_large"):
        check.refuse(key, problem == key, text)
    if required:
        check.refuse("count_empty", problem == "empty", text)
    return pd.Series(pd.array([value for value, _ in values], dtype="Int64").take(numbers), index=text.index)


def read_number(cell: str) -> float:
    """A number as offices write it, marks between thousands allowed; NaN where it is none.

    A mark before exactly three digits parts thousands: "1.000" is a thousand, "1.5" one and a half, "1.250,5" both.
    """
    text = cell.strip().replace("\u2212", "-")
    if _GROUPED.fullmatch(text):
        return float(_MARKS.sub("", text))
    if parted := _PARTED.fullmatch(text):
        whole, rest = (parted["whole"], parted["rest"]) if parted["whole"] else (parted["other"], parted["tail"])
        return float(f"{_MARKS.sub('', whole)}.{rest}")
    plain = text.replace(",", ".")
    try:
        return float(plain) if _NUMBER.fullmatch(plain) else float("nan")
    except ValueError:
        return float("nan")


def _count(cell: str) -> tuple[int | None, str]:
    """A count, or what is wrong with it; marks between thousands are allowed."""
    if cell.lower() in _EMPTY_COUNTS:
        return None, "empty"
    number = read_number(cell)
    if not np.isfinite(number):
        return None, "count_unreadable"
    if number < 0:
        return None, "count_negative"
    if number != int(number):
        return None, "count_not_whole"
    return (int(number), "") if number <= _LARGEST else (None, "count_too_large")
