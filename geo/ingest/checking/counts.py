"""Rows of monthly counts, one measure per row or one per column, and of people by year."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.cells import EARLIEST, Check, codes_of, counts_of, read_days, units_of
from geo.ingest.checking.parts import come_in_parts, said_of_sessions
from geo.ingest.recognising.codes import code_list
from geo.ingest.recognising.days import Read, read_month
from geo.ingest.recognising.split_dates import BETWEEN
from geo.ingest.source import Note
from geo.schema import MONTHLY_COLUMNS, PART_COLUMNS, Measure
from geo.text import fold

__all__ = ["days_of_years", "monthly_rows", "population_rows", "years_of"]


def monthly_rows(check: Check) -> pd.DataFrame:
    months = _months(check)
    system, code = units_of(check, months, np.ones(len(check.rows), bool))
    base = pd.DataFrame({"month": months, "unit_system": system, "unit_code": code}, index=check.rows.index)
    if not check.mapping.measures:
        measure = codes_of(check, "measure", code_list("measure"), required=True)
        long = base.assign(measure=measure, value=counts_of(check, "value", required=True))
    else:
        parts = [
            base.assign(measure=measure, value=counts_of(check, measure, column=column))
            for measure, column in check.mapping.measures.items()
        ]
        long = pd.concat(parts).sort_index(kind="stable")
        nothing = ~check.rows.index.isin(long.index[long["value"].notna()]) & ~check.bad
        first = check.rows[next(iter(check.mapping.measures.values()))]
        check.refuse("nothing_reported", nothing, first)
    if come_in_parts(check):
        long = said_of_sessions(check, long)
    _useful_tips(check, long)
    good = long[~pd.Series(check.bad, index=check.rows.index).reindex(long.index).to_numpy(bool)]
    columns = [*MONTHLY_COLUMNS, *(name for name in PART_COLUMNS if name in good)]
    return good[good["value"].notna().to_numpy(bool)].astype({"value": "int64"})[columns]


def _months(check: Check) -> NDArray[np.datetime64]:
    text, years = check.text("month"), check.text("year")
    assert text is not None
    since_1904 = check.table.since_1904
    if years is None:
        return read_days(check, text, lambda cell: read_month(cell, since_1904=since_1904))
    joined = text.str.cat(years, sep=BETWEEN).rename(f"{text.name} + {years.name}")
    check.notes.append(Note.of("ingest.note_split_date", columns=joined.name))

    def read(cell: str) -> Read:
        month, _, year = cell.partition(BETWEEN)
        found = re.fullmatch(r"(?:nam\s*)?(\d{4}|\d{2})(?:\.0+)?", fold(year))
        whole = None if found is None else int(found[1]) + (2000 if len(found[1]) == 2 else 0)
        return read_month(month, whole, since_1904=since_1904)

    return read_days(check, joined, read)


def _useful_tips(check: Check, long: pd.DataFrame) -> None:
    """Of one unit and month no more tips can be useful than there are."""
    keys = ["month", "unit_system", "unit_code"]
    tips = long[(long["measure"] == Measure.TIP) & long["value"].notna()]
    useful = long[(long["measure"] == Measure.USEFUL_TIP) & long["value"].notna()]
    if tips.empty or useful.empty:
        return
    known = tips.drop_duplicates(keys).set_index(keys)["value"]
    total = known.reindex(pd.MultiIndex.from_frame(useful[keys])).to_numpy(np.float64, na_value=np.inf)
    wrong = useful[useful["value"].to_numpy(np.float64) > total]
    heading = check.mapping.measures.get(Measure.USEFUL_TIP.value) or check.mapping.columns.get("value", "")
    hints = [str(int(value)) for value in total[useful["value"].to_numpy(np.float64) > total]]
    check.problems.add("more_useful_tips", wrong.index, heading, wrong["value"].astype("str"), hints=hints)
    check.bad |= check.rows.index.isin(wrong.index)


def years_of(check: Check, allowed: range | None = None) -> pd.Series:
    """Years of a column, those refused missing; from the earliest a record may have to this one where not given."""
    allowed = range(EARLIEST.year, check.reference.today.year + 1) if allowed is None else allowed
    years = counts_of(check, "year", required=True)
    text = check.text("year")
    assert text is not None
    wrong = ~years.fillna(allowed[0]).between(allowed[0], allowed[-1]).to_numpy(bool)
    check.refuse("year_impossible", wrong, text)
    return years.where(~wrong)


def days_of_years(check: Check, years: pd.Series) -> NDArray[np.datetime64]:
    """The last day of each year, by which its units are told: 2025 ends on present ones."""
    filled = years.fillna(check.reference.today.year).astype("int64").to_numpy()
    return np.asarray((filled - 1969).astype("datetime64[Y]").astype("datetime64[D]") - 1)


def population_rows(check: Check) -> pd.DataFrame:
    years = years_of(check)
    system, code = units_of(check, days_of_years(check, years), np.ones(len(check.rows), bool))
    people = counts_of(check, "people", required=True)
    rows = pd.DataFrame(
        {"unit_system": system, "unit_code": code, "year": years, "people": people}, index=check.rows.index
    )
    return rows[~check.bad].astype({"year": "int64", "people": "int64"})
