"""Rows of the programme: counts of a year, targets of the second term, and community models."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.cells import Check, codes_of, counts_of, read_days, units_of
from geo.ingest.checking.counts import days_of_years, years_of
from geo.ingest.checking.zones import names_of
from geo.ingest.recognising.codes import code_list
from geo.ingest.recognising.days import Read, read_day
from geo.ingest.source import Note
from geo.schema import (
    CURRENT_SINCE,
    MODEL_COLUMNS,
    SAFE_MEASURES,
    TARGET_COLUMNS,
    TARGET_MEASURES,
    TARGET_YEARS,
    YEARLY_COLUMNS,
    YEARLY_KINDS,
    Measure,
)

__all__ = ["model_rows", "target_rows", "yearly_rows"]

_YEAR = re.compile(r"(?:19|20)\d\d")


def yearly_rows(check: Check) -> pd.DataFrame:
    """Counts of a year by measure and, where it comes by kind, kind."""
    years = years_of(check)
    system, code = units_of(check, days_of_years(check, years), np.ones(len(check.rows), bool))
    measure = codes_of(check, "measure", code_list("yearly_measure"), required=True)
    kind = codes_of(check, "kind", code_list("yearly_kind")).fillna("")
    shown = check.text("kind")
    shown = pd.Series("", check.rows.index, name=check.mapping.columns["measure"]) if shown is None else shown
    takes = [YEARLY_KINDS[Measure(m)] if isinstance(m, str) else (k,) for m, k in zip(measure, kind)]
    wrong = np.array([k not in kinds for k, kinds in zip(kind, takes)], bool) & ~check.bad
    lang = check.reference.lang
    hints = [", ".join(code_list("yearly_kind").label(one, lang) for one in kinds if one) for kinds in takes]
    check.problems.add(
        "kind_of_measure", check.rows.index[wrong], str(shown.name), shown[wrong],
        hints=[hint for hint, is_wrong in zip(hints, wrong) if is_wrong],
    )  # fmt: skip
    check.bad |= wrong
    value = counts_of(check, "value", required=True)
    columns = {
        "year": years,
        "unit_system": system,
        "unit_code": code,
        "measure": measure,
        "kind": kind,
        "value": value,
    }
    rows = pd.DataFrame(columns, index=check.rows.index)
    _in_order(check, rows)
    return rows[~check.bad].astype({"year": "int64", "value": "int64"})[list(YEARLY_COLUMNS)]


def _in_order(check: Check, rows: pd.DataFrame) -> None:
    """Of one unit, year and kind no more can be recognised than are registered, and so on."""
    keys = ["year", "unit_system", "unit_code", "kind"]
    good = rows[~check.bad]
    safe = good[good["measure"].isin(SAFE_MEASURES)].drop_duplicates([*keys, "measure"])
    if safe.empty:
        return
    least = np.full(len(safe), np.inf)
    stage = safe["measure"].map({str(measure): n for n, measure in enumerate(SAFE_MEASURES)}).to_numpy(int)
    for n, measure in enumerate(SAFE_MEASURES):
        of_stage = safe[safe["measure"] == measure].set_index(keys)["value"]
        known = of_stage.reindex(pd.MultiIndex.from_frame(safe[keys])).to_numpy(float, na_value=np.inf)
        least = np.where(stage > n, np.minimum(least, known), least)
    wrong = safe[safe["value"].to_numpy(float) > least]
    hints = [str(int(limit)) for limit in least[safe["value"].to_numpy(float) > least]]
    heading = check.mapping.columns["value"]
    check.problems.add("more_than_stage_before", wrong.index, heading, wrong["value"].astype("str"), hints=hints)
    check.bad |= check.rows.index.isin(wrong.index)


def target_rows(check: Check) -> pd.DataFrame:
    """Targets of present communes, or of the province where no commune is named."""
    years = years_of(check, TARGET_YEARS)
    unit = check.text("unit")
    code: NDArray[np.object_] = np.full(len(check.rows), "", object)
    if unit is not None:
        named = (unit != "").to_numpy(bool)
        today = np.full(len(check.rows), np.datetime64(check.reference.today, "D"))
        _, code[named] = units_of(check, today, named)
    measure = codes_of(check, "measure", code_list("measure"), required=True)
    shown = check.text("measure")
    assert shown is not None
    other = (measure.notna() & ~measure.isin(TARGET_MEASURES)).to_numpy(bool)
    check.refuse("no_target_of_measure", other, shown)
    value = counts_of(check, "value", required=True)
    columns = {"year": years, "unit_code": code, "measure": measure, "value": value}
    rows = pd.DataFrame(columns, index=check.rows.index)[~check.bad]
    rows = rows.astype({"year": "int64", "value": "int64"})[list(TARGET_COLUMNS)]
    torn = _torn(check, rows)
    return rows[~torn]


def _torn(check: Check, rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Rows that give one target several values: which of them holds, the file does not say."""
    keys = list(TARGET_COLUMNS[:-1])
    torn = np.asarray(rows.groupby(keys, sort=False)["value"].transform("nunique") > 1)
    if torn.any():
        numbered = rows.assign(row=rows.index).groupby(keys, sort=False)["row"]
        first, last = numbered.transform("first")[torn], numbered.transform("last")[torn]
        others = np.where(first == first.index, last, first)
        hints = [check.table.where(int(row), check.reference.lang) for row in others]
        values = rows.loc[torn, "value"].astype("str")
        check.problems.add("conflict_in_file", values.index, check.mapping.columns["value"], values, hints=hints)
    return torn


def model_rows(check: Check) -> pd.DataFrame:
    """Community models: what they are called, of which kind, where, since when, and how many members they have."""
    names = names_of(check)
    kind = codes_of(check, "kind", code_list("model_kind"), required=True)
    since = _days(check, "since")
    until = _days(check, "until")
    text = check.text("until")
    if text is not None:
        check.refuse("until_before", np.asarray(until < since), text)
    system, code = units_of(check, _of_the_register(check), np.ones(len(check.rows), bool))
    members = counts_of(check, "members")
    columns = {
        "name": names, "kind": kind, "unit_system": system, "unit_code": code, "since": since, "until": until,
        "members": members,
    }  # fmt: skip
    return pd.DataFrame(columns, index=check.rows.index)[~check.bad][list(MODEL_COLUMNS)]


def _of_the_register(check: Check) -> NDArray[np.datetime64]:
    """By which day the communes of a register are told: it names those of today, former ones with their district."""
    days = np.full(len(check.rows), np.datetime64(check.reference.today, "D"))
    if (district := check.text("district")) is not None:
        days[(district != "").to_numpy(bool)] = np.datetime64(CURRENT_SINCE, "D") - 1
    return days


def _days(check: Check, name: str) -> NDArray[np.datetime64]:
    """Days, of which a bare year is its first; empty where none need be."""
    text = check.text(name)
    if text is None:
        return np.full(len(check.rows), np.datetime64("NaT", "D"))
    if (years := text.str.fullmatch(_YEAR.pattern).to_numpy(bool)).any():
        check.notes.append(Note.of("ingest.note_first_of_year", count=int(years.sum()), column=str(text.name)))

    def read(cell: str) -> Read:
        if not cell and name == "until":
            return Read(None)
        if _YEAR.fullmatch(cell):
            return Read(date(int(cell), 1, 1))
        return read_day(cell, since_1904=check.table.since_1904)

    return read_days(check, text, read)
