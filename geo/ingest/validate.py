"""From text to records of the store, and what is wrong with the rest: every row is in exactly one of the two."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.codes import CodeList, code_list
from geo.ingest.context import Context
from geo.ingest.days import Read, is_month_first, read_day, read_month
from geo.ingest.duplicates import check_duplicates, derived_ids
from geo.ingest.mapping import Mapping
from geo.ingest.places import Places, read_places
from geo.ingest.privacy import is_personal_number
from geo.ingest.problems import Problems
from geo.ingest.source import Note, RawTable
from geo.ingest.unit_names import read_units
from geo.schema import EVENT_COLUMNS, MONTHLY_COLUMNS, Dataset, Measure, UnitSystem

__all__ = ["Checked", "validate"]

EARLIEST = date(1990, 1, 1)
_LARGEST = 2_000_000_000
_RECORD_ID = re.compile(r"(?=.*\d)[\w./()#: -]{1,40}")
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0 ]\d{3})+")
_EMPTY_COUNTS = {"", "-", "–", "—", "x", "."}


@dataclass(frozen=True, eq=False)
class Checked:
    """The outcome of a check.

    Attributes
    ----------
    rows : DataFrame
        Good records: the columns the store takes, indexed by row number.
    problems : DataFrame[row, column, value, problem, advice, key]
        One line per problem.
    rejected : DataFrame of str
        The rows with problems as they stand in the file.
    total : int
        Rows looked at.
    duplicates : int
        Rejected rows whose only problem is that the record is there already, with the same content.
    notes : tuple of Note
        What was recognised on the way.
    """

    rows: pd.DataFrame
    problems: pd.DataFrame
    rejected: pd.DataFrame
    total: int
    duplicates: int = 0
    notes: tuple[Note, ...] = ()


@dataclass(eq=False)
class _Work:
    """What the steps of one check share."""

    table: RawTable
    rows: pd.DataFrame
    mapping: Mapping
    context: Context
    problems: Problems
    notes: list[Note] = field(default_factory=list)
    bad: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))

    def __post_init__(self) -> None:
        self.bad = np.zeros(len(self.rows), bool)

    def text(self, name: str) -> pd.Series | None:
        """The column of a field, cells stripped; None where no column is it."""
        column = self.mapping.columns.get(name)
        return None if column is None else self.rows[column].str.strip()

    def refuse(self, key: str, wrong: NDArray[np.bool_], values: pd.Series, **params: object) -> None:
        """Mark rows as bad and say why."""
        self.problems.where(key, wrong, values, **params)
        self.bad |= wrong


def validate(table: RawTable, mapping: Mapping, context: Context) -> Checked:
    """Check a table row by row.

    Parameters
    ----------
    table : RawTable
        Without the columns that identify persons.
    mapping : Mapping
    context : Context

    Raises
    ------
    InputError
        If the mapping does not fit the table, or metric coordinates come without a system.
    """
    mapping.check(table.header)
    work = _Work(table, table.rows, mapping, context, Problems(context.lang), list(table.notes))
    match mapping.dataset:
        case Dataset.MONTHLY:
            rows = _monthly(work)
        case Dataset.POPULATION:
            rows = _population(work)
        case _:
            rows = _events(work)
    for number, text in table.ragged.items():
        work.problems.add("ragged", pd.Index([number]), "", text, count=len(table.header))
    return _outcome(work, rows)


def _outcome(work: _Work, good: pd.DataFrame) -> Checked:
    """Good rows without duplicates; the other rows as they stand in the file."""
    known = work.context.known(work.mapping.dataset, good) if len(good) else pd.DataFrame()
    heading = work.mapping.columns.get("record_id", "")
    double = check_duplicates(good, work.mapping.dataset, known, work.problems, heading=heading)
    problems = work.problems.frame()
    refused = pd.unique(problems["row"])
    if double.any():
        good = good[~double]
    if work.mapping.measures and len(refused):  # a wide row counts as one: all of its measures or none
        good = good[~good.index.isin(refused)]
    rejected = work.rows[work.rows.index.isin(refused)]
    if work.table.ragged:
        lines = pd.DataFrame(
            {work.table.header[0]: pd.Series(work.table.ragged, dtype="str")}, columns=list(work.table.header)
        ).fillna("")
        rejected = pd.concat([rejected, lines]).sort_index()
    same = problems["key"].isin(["duplicate_in_store", "duplicate_in_file"])
    duplicates = len(set(problems["row"][same]) - set(problems["row"][~same]))
    total = len(work.rows) + len(work.table.ragged)
    return Checked(good, problems, rejected, total, duplicates, tuple(work.notes))


def _events(work: _Work) -> pd.DataFrame:
    dataset, context = work.mapping.dataset, work.context
    days = _days(work)
    units_text = work.text("unit")
    n = len(work.rows)
    system, code = np.full(n, "", object), np.full(n, "", object)
    if units_text is not None:
        asked = (units_text != "").to_numpy(bool) if work.mapping.has_place else np.ones(n, bool)
        system[asked], code[asked] = _units(work, days, asked)
    places = _places(work, pd.Series(code, index=work.rows.index, dtype=object))
    if places is None:
        lon = lat = np.full(n, np.nan)
    else:
        lon, lat = places.lon, places.lat
        _units_from_places(work, places, system, code, days, units_text)
    is_dens = dataset is Dataset.DENS
    kind = _codes(work, "kind", code_list("game_type" if is_dens else "case_category"), required=True)
    none = pd.Series(pd.NA, index=work.rows.index, dtype="str")
    status = none if is_dens else _codes(work, "status", code_list("case_status"))
    suspects = pd.Series(pd.NA, index=work.rows.index, dtype="Int64") if is_dens else _counts(work, "suspects")
    columns = {
        "record_id": _record_ids(work),
        "date": pd.Series(days, index=work.rows.index),
        "unit_system": pd.Categorical(system),
        "unit_code": pd.Categorical(code),
        "kind": kind,
        "status": status,
        "suspects": suspects,
        "lon": lon,
        "lat": lat,
    }
    del context
    return _with_ids(pd.DataFrame(columns, index=work.rows.index)[list(EVENT_COLUMNS)][~work.bad])


def _with_ids(rows: pd.DataFrame) -> pd.DataFrame:
    lacking = (rows["record_id"] == "").to_numpy(bool)
    if lacking.any():
        rows = rows.copy()
        rows.loc[lacking, "record_id"] = derived_ids(rows[lacking])
    return rows


def _record_ids(work: _Work) -> pd.Series:
    text = work.text("record_id")
    if text is None:
        return pd.Series("", index=work.rows.index, dtype="str")
    filled = (text != "").to_numpy(bool)
    fits = text.str.fullmatch(_RECORD_ID.pattern).to_numpy(bool)
    work.refuse("record_id", filled & ~fits, text)
    suspicious = text.str.fullmatch(r"[+()]*[\d\s.-]{9,16}|.*@.*").to_numpy(bool) & filled & fits
    if suspicious.any():
        personal = np.zeros(len(text), bool)
        personal[suspicious] = [is_personal_number(cell) for cell in text[suspicious]]
        hidden = pd.Series("•••", index=text.index, name=text.name, dtype="str")
        work.refuse("personal_number", personal, hidden)
    return text


def _days(work: _Work) -> NDArray[np.datetime64]:
    text = work.text("date")
    assert text is not None
    month_first = is_month_first(pd.unique(text))
    if month_first:
        work.notes.append(Note.of("ingest.note_month_first", column=text.name))
    since_1904 = work.table.since_1904
    return _read_days(work, text, lambda cell: read_day(cell, month_first=month_first, since_1904=since_1904))


def _read_days(work: _Work, text: pd.Series, read: Callable[[str], Read]) -> NDArray[np.datetime64]:
    """Days of a column; each distinct text is read once."""
    codes, unique = pd.factorize(text)
    found = [read(cell) for cell in unique]
    latest = work.context.today
    keys = [
        f.problem or ("date_future" if f.day > latest else "date_early" if f.day < EARLIEST else "")
        for f in found
        if f.day is not None or f.problem
    ]
    problem = np.array(keys, object)[codes]
    days = np.array([f.day or "NaT" for f in found], "datetime64[D]")[codes]
    for key in sorted({key for key in keys if key}):
        work.refuse(key, problem == key, text, today=latest.strftime("%d/%m/%Y"), earliest=EARLIEST.year)
    return days


def _units(work: _Work, days: NDArray[np.datetime64], asked: NDArray[np.bool_]) -> tuple[NDArray[np.object_], NDArray[np.object_]]:  # fmt: skip
    named = {
        name: work.mapping.columns[name] for name in ("unit", "district", "province") if name in work.mapping.columns
    }
    given = work.rows.loc[asked, list(named.values())].set_axis(list(named), axis=1)
    system, code = read_units(given, days[asked], work.context.ground, work.problems, named["unit"])
    work.bad[np.flatnonzero(asked)[code == ""]] = True
    return system, code


def _places(work: _Work, codes: pd.Series) -> Places | None:
    places = read_places(
        work.rows, work.mapping, crs=work.context.crs, codes=codes, centres=work.context.ground.centres,
        file=work.table.name,
    )  # fmt: skip
    if places is None:
        return None
    work.notes += places.notes
    shown = places.texts.rename(places.column)
    work.refuse("place_half", places.half, shown)
    work.refuse("place_unreadable", places.unreadable, shown)
    there = np.isfinite(places.lon)
    outside = there & ~work.context.ground.inside(places.lon, places.lat)
    work.refuse("place_outside", outside, shown)
    return places


def _units_from_places(
    work: _Work, places: Places, system: NDArray[np.object_], code: NDArray[np.object_], days: NDArray[np.datetime64],
    units_text: pd.Series | None,
) -> None:  # fmt: skip
    """Rows that name no unit belong to the present one their point lies in."""
    lacking = code == "" if units_text is None else (units_text == "").to_numpy(bool)
    if not lacking.any():
        return
    there = lacking & np.isfinite(places.lon)
    found = work.context.ground.unit_at(places.lon[there], places.lat[there])
    code[there], system[there] = found, UnitSystem.CURRENT.value
    if count := int((found != "").sum()):
        key = "ingest.note_units_approximate" if work.context.ground.approximate else "ingest.note_units_by_point"
        work.notes.append(Note.of(key, count=count))
    nowhere = lacking & (code == "") & ~work.bad
    heading = places.column if units_text is None else str(units_text.name)
    work.refuse("unit_or_place", nowhere, pd.Series("", index=work.rows.index, name=heading, dtype="str"))
    del days


def _codes(work: _Work, name: str, known: CodeList, *, required: bool = False) -> pd.Series:
    """Codes of a column's words; unknown words are refused with the nearest known one."""
    text = work.text(name)
    if text is None:
        return pd.Series(pd.NA, index=work.rows.index, dtype="str")
    numbers, unique = pd.factorize(text)
    codes = [known.code(word) if word else None for word in unique]
    empty = np.array([not word for word in unique], bool)[numbers]
    unknown = np.array([bool(word) and code is None for word, code in zip(unique, codes)], bool)[numbers]
    if required:
        work.refuse("kind_empty", empty, text)
    if unknown.any():
        lang = work.context.lang
        hint = {
            word: known.suggestion(word, lang) or ", ".join(known.labels(lang))
            for word, c in zip(unique, codes)
            if c is None
        }
        wrong = text[unknown]
        work.problems.add("code_unknown", wrong.index, str(text.name), wrong, hints=[hint[word] for word in wrong])
        work.bad |= unknown
    return pd.Series(pd.array(codes, dtype="str").take(numbers), index=text.index)


def _counts(work: _Work, name: str, *, column: str | None = None, required: bool = False) -> pd.Series:
    """Whole numbers from 0 up; empty cells are NA."""
    text = work.rows[column].str.strip() if column else work.text(name)
    if text is None:
        return pd.Series(pd.NA, index=work.rows.index, dtype="Int64")
    numbers, unique = pd.factorize(text)
    values = [_count(cell) for cell in unique]
    problem = np.array([key for _, key in values], object)[numbers]
    for key in ("count_negative", "count_not_whole", "count_unreadable", "count_too_large"):
        work.refuse(key, problem == key, text)
    if required:
        work.refuse("count_empty", problem == "empty", text)
    return pd.Series(pd.array([value for value, _ in values], dtype="Int64").take(numbers), index=text.index)


def _count(cell: str) -> tuple[int | None, str]:
    """A count, or what is wrong with it; marks between thousands are allowed."""
    if cell.lower() in _EMPTY_COUNTS:
        return None, "empty"
    plain = (
        re.sub(r"[.,\u00a0 ]", "", cell) if _GROUPED.fullmatch(cell) else cell.replace(",", ".").replace("\u2212", "-")
    )
    try:
        number = float(plain)
    except ValueError:
        return None, "count_unreadable"
    if not np.isfinite(number) or not re.fullmatch(r"[-+]?[\d.]+(?:e[+-]?\d+)?", plain, re.IGNORECASE):
        return None, "count_unreadable"
    if number < 0:
        return None, "count_negative"
    if number != int(number):
        return None, "count_not_whole"
    return (int(number), "") if number <= _LARGEST else (None, "count_too_large")


def _months(work: _Work) -> NDArray[np.datetime64]:
    text, years = work.text("month"), work.text("year")
    assert text is not None
    since_1904 = work.table.since_1904
    if years is None:
        return _read_days(work, text, lambda cell: read_month(cell, since_1904=since_1904))
    joined = (text + "\t" + years).rename(text.name)

    def read(cell: str) -> Read:
        month, _, year = cell.partition("\t")
        return read_month(month, int(year) if re.fullmatch(r"\d{4}", year) else None, since_1904=since_1904)

    return _read_days(work, joined, read)


def _monthly(work: _Work) -> pd.DataFrame:
    months = _months(work)
    system, code = _units(work, months, np.ones(len(work.rows), bool))
    base = pd.DataFrame({"month": months, "unit_system": system, "unit_code": code}, index=work.rows.index)
    if not work.mapping.measures:
        measure = _codes(work, "measure", code_list("measure"), required=True)
        long = base.assign(measure=measure, value=_counts(work, "value", required=True))
    else:
        parts = [
            base.assign(measure=measure, value=_counts(work, measure, column=column))
            for measure, column in work.mapping.measures.items()
        ]
        long = pd.concat(parts).sort_index(kind="stable")
        nothing = ~work.rows.index.isin(long.index[long["value"].notna()]) & ~work.bad
        first = work.rows[next(iter(work.mapping.measures.values()))]
        work.refuse("nothing_reported", nothing, first)
    _useful_tips(work, long)
    good = long[~pd.Series(work.bad, index=work.rows.index).reindex(long.index).to_numpy(bool)]
    return good[good["value"].notna().to_numpy(bool)].astype({"value": "int64"})[list(MONTHLY_COLUMNS)]


def _useful_tips(work: _Work, long: pd.DataFrame) -> None:
    """Of one unit and month no more tips can be useful than there are."""
    keys = ["month", "unit_system", "unit_code"]
    tips = long[(long["measure"] == Measure.TIP) & long["value"].notna()]
    useful = long[(long["measure"] == Measure.USEFUL_TIP) & long["value"].notna()]
    if tips.empty or useful.empty:
        return
    known = tips.drop_duplicates(keys).set_index(keys)["value"]
    total = known.reindex(pd.MultiIndex.from_frame(useful[keys])).to_numpy(np.float64, na_value=np.inf)
    wrong = useful[useful["value"].to_numpy(np.float64) > total]
    heading = work.mapping.measures.get(Measure.USEFUL_TIP.value) or work.mapping.columns.get("value", "")
    hints = [str(int(value)) for value in total[useful["value"].to_numpy(np.float64) > total]]
    work.problems.add("more_useful_tips", wrong.index, heading, wrong["value"].astype("str"), hints=hints)
    work.bad |= work.rows.index.isin(wrong.index)


def _population(work: _Work) -> pd.DataFrame:
    years = _counts(work, "year", required=True)
    text = work.text("year")
    assert text is not None
    wrong = (years < EARLIEST.year).fillna(False).to_numpy(bool) | (years > work.context.today.year).fillna(
        False
    ).to_numpy(bool)
    work.refuse("year_impossible", wrong, text)
    filled = years.where(~wrong).fillna(work.context.today.year).astype("int64").to_numpy()
    days = (filled - 1969).astype("datetime64[Y]").astype(
        "datetime64[D]"
    ) - 1  # the last day: 2025 ends on present units
    system, code = _units(work, days, np.ones(len(work.rows), bool))
    people = _counts(work, "people", required=True)
    rows = pd.DataFrame(
        {"unit_system": system, "unit_code": code, "year": years, "people": people}, index=work.rows.index
    )
    return rows[~work.bad].astype({"year": "int64", "people": "int64"})
