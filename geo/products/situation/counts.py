"""Counts of a period and the one before; of masked measures what the snapshot publishes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

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
from geo.store.cube import Cube, months_since_1970


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
    unattributed : float
        What no unit holds; NaN where that may not be known.
    reports : Series of int, index code, optional
        In how many months of the period the unit reported the measure; None for events, which are recorded as they
        happen.
    months : int
        Months of the period in which a report was due.
    waiting : int
        Reports that the total does not hold yet, for it would give them away.
    """

    now: pd.Series
    before: pd.Series
    hidden: pd.Series
    total: float
    total_before: float
    unattributed: float
    reports: pd.Series | None = None
    months: int = 1
    waiting: int = 0

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
def counts(snapshot: Snapshot, query: Query) -> Counts:
    """Counts per unit of a query and of the period before; of a masked measure what may be known of them.

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
    # A masked period that is not over is not set against a longer one.
    whole = query.measure not in MASKED_MEASURES or _months(earlier) == _months(query)
    known_before = earlier.start >= cube.first and whole
    now, hidden, aside = _per_unit(snapshot, query)
    before, hidden_before, _ = _per_unit(snapshot, earlier)
    if not known_before:
        before[:] = np.nan
        hidden_before[:] = False
    before = before.mask(hidden)
    scope = list(query.units)
    leaks, leaked = (bool(query.units) and bool(flags[scope].any()) for flags in (hidden, hidden_before))
    total = _total(snapshot, query) if not leaks else float("nan")
    total_before = _total(snapshot, earlier) if known_before and not leaks and not leaked else float("nan")
    aside = 0.0 if query.units else aside
    reports, months = reports_in(snapshot, cube, query)
    return Counts(now, before, hidden, total, total_before, aside, reports, months, _waiting(snapshot, query))


def counts_of(snapshot: Snapshot, query: Query) -> pd.Series:
    """Counts of a period by unit, index code; NaN where hidden, or a monthly measure was not reported in any month."""
    return _per_unit(snapshot, query)[0]


def _per_unit(snapshot: Snapshot, query: Query) -> tuple[pd.Series, pd.Series, float]:
    """Counts by unit, NaN where hidden or not reported; which are hidden; and what no unit holds, NaN if hidden."""
    cube = snapshot.cube(query.measure, query.system)
    index = pd.Index(cube.units, name="code")
    if query.measure in MASKED_MEASURES:
        known, hidden = snapshot.publication(query.measure).counts(*map(months_since_1970, (query.start, query.end)))
        aside = known[-1] if hidden[-1] else np.nan_to_num(known[-1])
        return pd.Series(known[:-1], index), pd.Series(hidden[:-1], index), float(aside)
    aside = float(cube.counts(query.start, query.end, query.kinds)[-1])
    return counts_in(cube, query), pd.Series(False, index), aside


def counts_in(cube: Cube, query: Query) -> pd.Series:
    """Counts of a period by unit of a cube, index code; NaN where a monthly measure was not reported in any month."""
    values = cube.counts(query.start, query.end, query.kinds)[:-1].astype(float)
    return pd.Series(values, pd.Index(cube.units, name="code")).where(cube.reported(query.start, query.end))


def _total(snapshot: Snapshot, query: Query) -> float:
    """Of the scope; NaN where none of its units reported and nothing came in without a unit, or it may not be known."""
    cube = snapshot.cube(query.measure, query.system)
    reported = cube.reported(query.start, query.end)
    if query.measure in MASKED_MEASURES and query.units:  # what is open of a quarter need not be open in its months
        return float(counts_of(snapshot, query)[list(query.units)].sum(min_count=1))
    total = float(cube.series(query.start, query.end, kinds=query.kinds, units=query.units).sum())
    inside = reported[np.isin(cube.units, query.units)] if query.units else reported
    return total if total or (inside.any() and not _waiting(snapshot, query)) else float("nan")


def _waiting(snapshot: Snapshot, query: Query) -> int:
    """Reports of a masked measure that the total of the whole province does not hold yet."""
    if query.measure not in MASKED_MEASURES or query.units:
        return 0
    found = snapshot.publication(query.measure)
    low, high = (max(0, months_since_1970(day) - found.first) for day in (query.start, query.end))
    return int(found.waiting[low : high + 1].sum())


def _months(query: Query) -> int:
    return months_between(query.start, query.end)


def reports_in(snapshot: Snapshot, cube: Cube, query: Query) -> tuple[pd.Series | None, int]:
    """How many months of the period each unit reported, and how many of them have been."""
    if cube.reports is None:
        return None, 1
    last = min(month_start(query.end), month_start(snapshot.today))
    edges = [add_months(month_start(query.start), n) for n in range(months_between(query.start, last) + 1)]
    sent = cube.reported_between(edges).sum(axis=0) if len(edges) > 1 else np.zeros(len(cube.units), int)
    return pd.Series(sent, index=pd.Index(cube.units, name="code")), max(1, len(edges) - 1)


def _is_one_month(query: Query) -> bool:
    return month_start(query.start) == month_start(query.end)


def published(snapshot: Snapshot, query: Query) -> Query:
    """The period for which counts by commune are shown: the one asked for, in whole months for monthly measures.

    Of a masked measure small counts of months are hidden, and those of quarters and years are decided when these are
    over. So more than a month is shown by whole quarters that are over: of a period of up to twelve months those of the
    year it ends in, or that whole year before where none is; of a longer one those of all the years it touches.
    """
    query = whole_months(query)
    if query.measure not in MASKED_MEASURES or _is_one_month(query):
        return query
    last = snapshot.cube(query.measure).last
    after = add_months(last, 1)
    over = add_months(after, -((after.month - 1) % 3))  # the day after the last quarter that is over
    within_a_year = query.start > add_months(month_start(query.end), -12)
    end = min(date(query.end.year + 1, 1, 1), over)
    first = date(query.end.year if within_a_year else query.start.year, 1, 1)
    if within_a_year and first >= end:
        first = date(first.year - 1, 1, 1)
    return replace(query, start=first, end=add_months(end, 0) - timedelta(days=1) if first < end else query.end)
