"""Counts of a period and the one before, with small counts of protected measures masked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from geo.analysis import suppression
from geo.errors import InputError
from geo.schema import MASKED_MEASURES, MONTHLY_MEASURES, Measure, Query, UnitSystem, add_months, month_end, month_start
from geo.store import Snapshot, remembered
from geo.store.cube import Cube


def whole_months(query: Query) -> Query:
    """The query itself, or widened to whole months where its measure is reported by month."""
    if query.measure not in MONTHLY_MEASURES:
        return query
    return replace(query, start=month_start(query.start), end=month_end(query.end), kinds=())


def may_be_shown(measure: Measure, system: UnitSystem) -> bool:
    """Masked measures are shown on present units only: set against former ones, hidden counts could be worked out."""
    return system is UnitSystem.CURRENT or measure not in MASKED_MEASURES


@dataclass(frozen=True)
class Counts:
    """Counts of a period and the one before, masked.

    Attributes
    ----------
    now, before : Series of float, index code
        NaN where hidden or not reported.
    hidden : Series of bool
    total, total_before : float
        Of the scope; NaN where it would give a hidden count away, or nothing is on record.
    unattributed : int
    """

    now: pd.Series
    before: pd.Series
    hidden: pd.Series
    total: float
    total_before: float
    unattributed: int


@remembered(256)
def counts(snapshot: Snapshot, query: Query, *, min_count: int) -> Counts:
    """Counts per unit of a query and of the period before, small ones of protected measures masked.

    Raises
    ------
    InputError
        If masked counts are asked for on former units: set against those of the present units they would give hidden
        ones away.
    """
    if not may_be_shown(query.measure, query.system):
        raise InputError("map.masked_on_former_units")
    cube = snapshot.cube(query.measure, query.system)
    earlier = query.previous()
    # A year that is not over yet is not set against a whole one.
    unfinished = query.measure in MASKED_MEASURES and query.end > month_end(cube.last)
    known_before = earlier.start >= cube.first and not unfinished
    now, aside = _per_unit(snapshot, cube, query)
    before, _ = _per_unit(snapshot, cube, earlier)
    if not known_before:
        before[:] = np.nan
    hidden = pd.Series(False, index=now.index)
    if query.measure in MASKED_MEASURES:
        hidden = _hidden(snapshot, query, now, min_count)
        if known_before:
            hidden |= _hidden(snapshot, earlier, before, min_count)
        now, before = now.mask(hidden), before.mask(hidden)
    scope = list(query.units) or list(now.index)
    leaks = bool(query.units) and bool(hidden[scope].any())
    total = _total(cube, query) if not leaks else float("nan")
    total_before = _total(cube, earlier) if known_before and not leaks else float("nan")
    aside = 0 if query.units else aside
    return Counts(now, before, hidden, total, total_before, aside)


def _per_unit(snapshot: Snapshot, cube: Cube, query: Query) -> tuple[pd.Series, int]:
    """Counts by unit, NaN where a unit sent no report at all, and what cannot be attributed."""
    values = cube.counts(query.start, query.end, query.kinds)
    counts = pd.Series(values[:-1].astype(float), index=pd.Index(cube.units, name="code"))
    if query.measure in MONTHLY_MEASURES:
        counts = counts.where(snapshot.reported(query.start, query.end, query.system))
    return counts, int(values[-1])


def _total(cube: Cube, query: Query) -> float:
    return float(cube.series(query.start, query.end, kinds=query.kinds, units=query.units).sum())


def _hidden(snapshot: Snapshot, query: Query, values: pd.Series, min_count: int) -> pd.Series:
    """Which counts of a published period may not be read.

    One month and one year are masked together with all others of their kind; several years hide a unit where any of
    them does, so that no difference of two periods gives a hidden count.
    """
    if month_start(query.start) == month_start(query.end):
        year = masked_year(snapshot, query.measure, query.start.year, min_count)
        flags = year.loc[pd.Timestamp(month_start(query.start))]
    else:
        flags = masked_years(snapshot, query.measure, min_count).loc[query.start.year : query.end.year].any()
    return flags.reindex(values.index, fill_value=False).astype(bool)


@remembered(16)
def masked_years(snapshot: Snapshot, measure: Measure, min_count: int) -> pd.DataFrame:
    """Years by units, True where the count of the year is hidden."""
    cube = snapshot.cube(measure)
    if cube.last < cube.first:
        return pd.DataFrame(columns=list(cube.units), dtype=bool)
    months = cube.table(cube.first, month_end(cube.last))
    years = months.groupby(months.index.year).sum().astype(float)
    return suppression.mask(years, min_count=min_count, totals="rows").isna()


@remembered(64)
def masked_year(snapshot: Snapshot, measure: Measure, year: int, min_count: int) -> pd.DataFrame:
    """Months by units of one year, True where hidden.

    Months and units share totals, so they are masked together; where the total of a unit's year is hidden, so are its
    months, or they would add up to it.
    """
    table = snapshot.cube(measure).table(date(year, 1, 1), date(year, 12, 31)).astype(float)
    years = masked_years(snapshot, measure, min_count)
    total_hidden = years.loc[year] if year in years.index else pd.Series(False, index=table.columns)
    also = (table > 0) & total_hidden.reindex(table.columns, fill_value=False).to_numpy()
    return suppression.mask(table, min_count=min_count, totals="both", also=also).isna()


def published(query: Query) -> Query:
    """The period for which counts by commune are shown: the one asked for, in whole months for monthly measures.

    Of a masked measure only single months and whole calendar years are shown, since the difference of two freely
    chosen periods would give a hidden month away: the year a period of up to twelve months ends in, or all the years a
    longer one touches.
    """
    query = whole_months(query)
    if query.measure not in MASKED_MEASURES or month_start(query.start) == month_start(query.end):
        return query
    within_a_year = query.start > add_months(month_start(query.end), -12)
    first = query.end.year if within_a_year else query.start.year
    return replace(query, start=date(first, 1, 1), end=date(query.end.year, 12, 31))
