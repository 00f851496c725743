"""Rows of monthly counts, one measure per row or one per column, and of people by year."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.cells import EARLIEST, Work, codes_of, counts_of, read_days, units_of
from geo.ingest.recognising.codes import code_list
from geo.ingest.recognising.days import Read, read_month
from geo.ingest.recognising.split_dates import BETWEEN
from geo.ingest.source import Note
from geo.schema import MONTHLY_COLUMNS, Measure
from geo.text import fold

__all__ = ["monthly_rows", "population_rows"]


def monthly_rows(work: Work) -> pd.DataFrame:
    months = _months(work)
    system, code = units_of(work, months, np.ones(len(work.rows), bool))
    base = pd.DataFrame({"month": months, "unit_system": system, "unit_code": code}, index=work.rows.index)
    if not work.mapping.measures:
        measure = codes_of(work, "measure", code_list("measure"), required=True)
        long = base.assign(measure=measure, value=counts_of(work, "value", required=True))
    else:
        parts = [
            base.assign(measure=measure, value=counts_of(work, measure, column=column))
            for measure, column in work.mapping.measures.items()
        ]
        long = pd.concat(parts).sort_index(kind="stable")
        nothing = ~work.rows.index.isin(long.index[long["value"].notna()]) & ~work.bad
        first = work.rows[next(iter(work.mapping.measures.values()))]
        work.refuse("nothing_reported", nothing, first)
    _useful_tips(work, long)
    good = long[~pd.Series(work.bad, index=work.rows.index).reindex(long.index).to_numpy(bool)]
    return good[good["value"].notna().to_numpy(bool)].astype({"value": "int64"})[list(MONTHLY_COLUMNS)]


def _months(work: Work) -> NDArray[np.datetime64]:
    text, years = work.text("month"), work.text("year")
    assert text is not None
    since_1904 = work.table.since_1904
    if years is None:
        return read_days(work, text, lambda cell: read_month(cell, since_1904=since_1904))
    joined = text.str.cat(years, sep=BETWEEN).rename(f"{text.name} + {years.name}")
    work.notes.append(Note.of("ingest.note_split_date", columns=joined.name))

    def read(cell: str) -> Read:
        month, _, year = cell.partition(BETWEEN)
        found = re.fullmatch(r"(?:nam\s*)?(\d{4}|\d{2})(?:\.0+)?", fold(year))
        whole = None if found is None else int(found[1]) + (2000 if len(found[1]) == 2 else 0)
        return read_month(month, whole, since_1904=since_1904)

    return read_days(work, joined, read)


def _useful_tips(work: Work, long: pd.DataFrame) -> None:
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


def population_rows(work: Work) -> pd.DataFrame:
    years = counts_of(work, "year", required=True)
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
    system, code = units_of(work, days, np.ones(len(work.rows), bool))
    people = counts_of(work, "people", required=True)
    rows = pd.DataFrame(
        {"unit_system": system, "unit_code": code, "year": years, "people": people}, index=work.rows.index
    )
    return rows[~work.bad].astype({"year": "int64", "people": "int64"})
