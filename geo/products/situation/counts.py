"""Counts of a period and the one before, with small counts of protected measures masked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from geo.analysis import suppression
from geo.errors import InputError
from geo.schema import (
    MASKED_MEASURES,
    MONTHLY_MEASURES,
    Measure,
    Query,
    UnitSystem,
    add_months,
    month_end,
    month_start,
    months_between,
)
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
    reports : Series of int, index code, optional
        In how many months of the period the unit reported the measure; None for events, which are recorded as they
        happen.
    months : int
        Months of the period in which a report was due.
    """

    now: pd.Series
    before: pd.Series
    hidden: pd.Series
    total: float
    total_before: float
    unattributed: int
    reports: pd.Series | None = None
    months: int = 1

    @property
    def readable(self) -> pd.Series:
        """Units whose count may be read and is known: of no other is a verdict given."""
        return ~self.hidden & self.now.notna()

    def reporting(self, units: tuple[str, ...]) -> tuple[int, int, int] | None:
        """Of a scope: units, those that reported at all, those that reported every month; None for events."""
        if self.reports is None:
            return None
        sent = self.reports if not units else self.reports.reindex(list(units), fill_value=0)
        return len(sent), int((sent > 0).sum()), int((sent >= self.months).sum())


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
    whole = query.measure not in MASKED_MEASURES or _is_one_month(query) or (query.end.month, query.end.day) == (12, 31)
    known_before = earlier.start >= cube.first and whole
    now, aside = _per_unit(cube, query)
    before, _ = _per_unit(cube, earlier)
    if not known_before:
        before[:] = np.nan
    hidden = hidden_before = pd.Series(False, index=now.index)
    if query.measure in MASKED_MEASURES:
        hidden = _hidden(snapshot, query, now, min_count)
        if known_before:
            hidden_before = _hidden(snapshot, earlier, before, min_count)
        now, before = now.mask(hidden), before.mask(hidden | hidden_before)
    scope = list(query.units) or list(now.index)
    leaks, leaked = (bool(query.units) and bool(flags[scope].any()) for flags in (hidden, hidden_before))
    total = _total(cube, query) if not leaks else float("nan")
    total_before = _total(cube, earlier) if known_before and not leaks and not leaked else float("nan")
    aside = 0 if query.units else aside
    reports, months = _reports(snapshot, cube, query)
    return Counts(now, before, hidden, total, total_before, aside, reports, months)


def counts_of(cube: Cube, query: Query) -> pd.Series:
    """Counts of a period by unit, index code; NaN where a monthly measure was not reported in any of its months.

    Of masked measures they are bare: `counts` masks them.
    """
    return _per_unit(cube, query)[0]


def _per_unit(cube: Cube, query: Query) -> tuple[pd.Series, int]:
    """Counts by unit, NaN where a unit did not report the measure, and what cannot be attributed."""
    values = cube.counts(query.start, query.end, query.kinds)
    counts = pd.Series(values[:-1].astype(float), index=pd.Index(cube.units, name="code"))
    return counts.where(cube.reported(query.start, query.end)), int(values[-1])


def _total(cube: Cube, query: Query) -> float:
    """Of the scope; NaN where none of its units reported and nothing came in without a unit."""
    total = float(cube.series(query.start, query.end, kinds=query.kinds, units=query.units).sum())
    reported = cube.reported(query.start, query.end)
    inside = reported[np.isin(cube.units, query.units)] if query.units else reported
    return total if total or inside.any() else float("nan")


def _reports(snapshot: Snapshot, cube: Cube, query: Query) -> tuple[pd.Series | None, int]:
    """How many months of the period each unit reported, and how many of them have been."""
    if cube.reports is None:
        return None, 1
    last = min(month_start(query.end), month_start(snapshot.today))
    edges = [add_months(month_start(query.start), n) for n in range(months_between(query.start, last) + 1)]
    sent = cube.reported_between(edges).sum(axis=0) if len(edges) > 1 else np.zeros(len(cube.units), int)
    return pd.Series(sent, index=pd.Index(cube.units, name="code")), max(1, len(edges) - 1)


def _hidden(snapshot: Snapshot, query: Query, values: pd.Series, min_count: int) -> pd.Series:
    """Which counts of a published period may not be read.

    One month and one year are masked together with all others of their kind; several years hide a unit where any of
    them does, so that no difference of two periods gives a hidden count.
    """
    if _is_one_month(query):
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


def _is_one_month(query: Query) -> bool:
    return month_start(query.start) == month_start(query.end)


def published(snapshot: Snapshot, query: Query) -> Query:
    """The period for which counts by commune are shown: the one asked for, in whole months for monthly measures.

    Of a masked measure only single months and whole calendar years are shown, since the difference of two freely
    chosen periods would give a hidden month away: the year a period of up to twelve months ends in, or all the years a
    longer one touches; of a year that is not over, the months there are.
    """
    query = whole_months(query)
    if query.measure not in MASKED_MEASURES or _is_one_month(query):
        return query
    within_a_year = query.start > add_months(month_start(query.end), -12)
    first = date(query.end.year if within_a_year else query.start.year, 1, 1)
    last = month_end(snapshot.cube(query.measure).last)
    end = date(query.end.year, 12, 31)
    return replace(query, start=first, end=last if first <= last < end else end)
