"""What is usual for the period of a query, judged from the months before it: for every commune, the total, and a chart.

Band, tile, sentence, card, control chart, table and class of change all come from here, through one model
(`geo.analysis.usual`). It is monthly; a period that is not whole months is held against blocks of as many days before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from geo.analysis import season
from geo.analysis.dispersion import LOOK_BACK
from geo.analysis.hotspots import benjamini_hochberg
from geo.analysis.usual import LEVEL, Usual, predict
from geo.schema import EVENT_MEASURES, MASKED_MEASURES, Measure, Query, UnitSystem, add_months, month_end, month_start
from geo.store import Snapshot, remembered
from geo.store.cube import Cube, months_since_1970

Floats = NDArray[np.float64]
Edges = tuple[date, ...]

_CERTAIN = 0.05

_MONTHS_BACK = LOOK_BACK + 12
"""Months that are read, so that with some unreported there are still enough."""


@dataclass(frozen=True, eq=False)
class Judged:
    """A period held against what is usual for it; each answer is worked out when it is asked for."""

    _snapshot: Snapshot
    _query: Query
    _areas: Cube | None = None

    @cached_property
    def _edges(self) -> tuple[Edges, Edges]:
        return blocks(self._query, self._cube)

    @property
    def _cube(self) -> Cube:
        return self._areas or self._snapshot.cube(self._query.measure, self._query.system)

    @cached_property
    def _counted(self) -> Floats:
        past, period = self._edges
        return _table(self._snapshot, self._cube, self._query, (*past, *period[1:]))

    def _predicted(self, values: Floats, due: Floats) -> Usual:
        """Of series in rows, the part of the period held against the part before."""
        past, period = self._edges
        n, effect = len(past) - 1, _tet(self._snapshot, self._query)
        before, then = (1.0 + effect * season.tet_share(edges) for edges in (past, period))
        days = (period[1] - period[0]).days
        reference = None if _whole(self._query) else max(1, round(365 / max(1, days)))
        return predict(
            values[..., :n], values[..., n:], season=before * due[:n], target_season=then * due[n:], reference=reference
        )

    @cached_property
    def model(self) -> Usual:
        """Of the units, in order of the cube's; of a masked measure by quarters where the period is made of these."""
        if self._query.measure in MASKED_MEASURES and (quarters := _quarters(self._query)):
            past, period = quarters
            table = _table(self._snapshot, self._cube, self._query, (*past, *period[1:])).T
            return predict(table[:, : len(past) - 1], table[:, len(past) - 1 :])
        return self._predicted(self._counted.T, np.ones(len(self._counted)))

    @cached_property
    def score(self) -> pd.Series:
        """How rare the count of each unit is, as a normal deviate with the sign of the change, index code.

        2.58 is a probability of 0.5 %. NaN where nothing is known of it or of what came before.
        """
        values = _score(self.model.total_p_up, self.model.total_p_down)
        return pd.Series(values, index=pd.Index(self._cube.units, name="code"))

    @cached_property
    def scope(self) -> Usual:
        """Of the count of the whole scope."""
        past, period = self._edges
        return self._predicted(*_scope(self._cube, self._query, self._counted, (*past, *period[1:])))

    @property
    def total(self) -> float:
        """As `score`, of the whole scope."""
        return float(_score(self.scope.total_p_up, self.scope.total_p_down))

    @property
    def months(self) -> int:
        """How many blocks the period has; 1 where it is not whole months."""
        return len(self._edges[1]) - 1

    @cached_property
    def odd(self) -> tuple[date, ...]:
        """Months of the period in which the scope's count is not usual, each by itself; of several months."""
        level = self.scope.level
        outside = (self.scope.p_up <= level) | (self.scope.p_down <= level)
        return tuple(day for day, out in zip(self._edges[1], outside) if out and self.months > 1)

    @property
    def phi(self) -> Floats:
        """How much more the counts of each unit vary than Poisson counts, in order of the cube's units."""
        return self.model.phi

    @property
    def total_phi(self) -> float:
        """The same of the scope's count."""
        return float(self.scope.phi)

    def certain(self, codes: Sequence[str]) -> tuple[str, ...]:
        """Of these units the unusual ones that stay so when all of them are allowed for, the surest first.

        Benjamini and Hochberg's false discovery rate of 5 % over two-sided p.
        """
        p = np.minimum(1.0, 2.0 * np.minimum(self.model.total_p_up, self.model.total_p_down))
        asked = pd.Series(p, self.score.index).reindex(list(codes)).dropna()
        sure = asked[(benjamini_hochberg(asked) <= _CERTAIN) & (asked <= 2.0 * LEVEL)]
        return tuple(str(code) for code in sure.sort_values(kind="stable").index)

    def by_chance(self, codes: list[str]) -> float:
        """How many of these units would be called unusual if nothing had changed."""
        inside = self.score.index.isin(codes) & self.score.notna().to_numpy()
        return float(np.nansum(self.model.by_chance[inside]))


@remembered(64)
def judged(snapshot: Snapshot, query: Query, areas: Cube | None = None) -> Judged:
    """The period of a query held against what is usual for it.

    Parameters
    ----------
    snapshot : Snapshot
    query : Query
        Of a masked measure a period that is published, as `counts` takes it.
    areas : Cube, optional
        Counts by areas other than communes, of the same days.
    """
    return Judged(snapshot, query, areas)


def _score(up: Floats, down: Floats) -> Floats:
    """The rarer side as a normal deviate with its sign."""
    up, down = np.asarray(up), np.asarray(down)
    return np.asarray(np.where(up < down, norm.isf(np.clip(up, 1e-300, 0.5)), -norm.isf(np.clip(down, 1e-300, 0.5))))


@remembered(64)
def months(snapshot: Snapshot, query: Query, first: date, areas: Cube | None = None) -> pd.DataFrame:
    """The months of a scope from `first` to the end of a query, with what is usual for each; `areas` as of `judged`.

    Months of the query are held against those before it, all by one fit, as its total is; earlier ones each against
    those before itself.

    Returns
    -------
    DataFrame[count, mean, low, high], index month
        NaN where there is no report, or where the count is hidden.
    """
    cube = areas or snapshot.cube(query.measure, query.system)
    last = month_start(min(query.end, month_end(cube.last)))
    begin = query.start if _whole(query) and query.start <= last else add_months(last, 1)
    edges = _month_edges(add_months(min(first, begin), -_MONTHS_BACK), add_months(last, 1))
    values, due = _scope(cube, query, _table(snapshot, cube, query, edges), edges)
    factors = due * (1.0 + _tet(snapshot, query) * season.tet_share(edges))
    shown, own = edges.index(first), edges.index(begin)
    band = _band(_rolling(values, factors))
    if own < len(values):
        fixed = _band(judged(snapshot, query, areas).scope)[: len(values) - own]  # the very fit its total is judged by
        if not np.isnan(fixed).all():  # else nothing is on record before the period
            band[own - _MONTHS_BACK :] = fixed
    found = pd.DataFrame(band, pd.DatetimeIndex(edges[_MONTHS_BACK:-1], name="month"), ["mean", "low", "high"])
    found.insert(0, "count", values[_MONTHS_BACK:])
    return found.iloc[shown - _MONTHS_BACK :]


def _rolling(values: Floats, factors: Floats) -> Usual:
    """Each month from the first that has `_MONTHS_BACK` before it, against those."""
    before, due = (np.lib.stride_tricks.sliding_window_view(v[:-1], _MONTHS_BACK) for v in (values, factors))
    return predict(before, values[_MONTHS_BACK:, None], season=due, target_season=factors[_MONTHS_BACK:, None])


def _band(found: Usual) -> Floats:
    """Expected, lowest and highest of each month, a row each."""
    return np.column_stack([part.reshape(-1) for part in (found.expected, found.low, found.high)])


def _whole(query: Query) -> bool:
    """The period begins and ends with a month."""
    return query.start == month_start(query.start) and query.end == month_end(query.end)


def _month_edges(first: date, end: date) -> Edges:
    """First days of months, from the one of `first` up to `end`."""
    count = (end.year - first.year) * 12 + end.month - first.month
    return tuple(add_months(month_start(first), n) for n in range(count + 1))


def blocks(query: Query, cube: Cube) -> tuple[Edges, Edges]:
    """Edges of the blocks before the period, and of the period's own: months, or as many days as it has."""
    if _whole(query):
        after = add_months(month_start(query.end), 1)
        return _month_edges(add_months(query.start, -_MONTHS_BACK), query.start), _month_edges(query.start, after)
    days = timedelta(days=(query.end - query.start).days + 1)
    most = min(_MONTHS_BACK, max(1, (query.start - cube.first) // days))
    return tuple(query.start - days * n for n in range(most, -1, -1)), (query.start, query.end + timedelta(days=1))


def _quarters(query: Query) -> tuple[Edges, Edges] | None:
    """First days of the quarters before the period and of its own; None where it is not made of quarters."""
    after = add_months(month_start(query.end), 1)
    if not _whole(query) or query.start.month % 3 != 1 or after.month % 3 != 1:
        return None
    past, period = _month_edges(add_months(query.start, -_MONTHS_BACK), query.start), _month_edges(query.start, after)
    return past[::3], period[::3]


def _table(snapshot: Snapshot, cube: Cube, query: Query, edges: Edges) -> Floats:
    """Counts by block and unit, NaN where there is no report and where a count is hidden."""
    table = np.where(cube.reported_between(edges), cube.between(edges, query.kinds)[:, :-1], np.nan)
    if query.measure in MASKED_MEASURES:
        known = snapshot.publication(query.measure)
        months = [months_since_1970(day) for day in edges]
        return np.stack([known.counts(start, end - 1)[0][:-1] for start, end in pairwise(months)])
    return table


def _scope(cube: Cube, query: Query, table: Floats, edges: Edges) -> tuple[Floats, Floats]:
    """The scope's count of each block, and what part of it is due from the units that reported.

    The whole province includes what no unit holds, and hidden counts, which its total does not give away. How much is
    due from whom is reckoned from the counts that may be shown alone: the band would else hold the hidden ones.
    """
    inside = np.isin(cube.units, query.units) if query.units else np.ones(len(cube.units), bool)
    reported = cube.reported_between(edges)[:, inside]
    every = cube.between(edges, query.kinds).astype(float)
    values = every.sum(1) if not query.units else np.where(reported, table[:, inside], 0.0).sum(1)
    values = np.where(reported.any(1), values, np.nan)
    shown = ~np.isnan(table[:, inside])
    weights = np.where(shown, table[:, inside], 0.0).sum(0) / np.maximum(shown.sum(0), 1)
    whole = weights.sum()
    due = (reported @ weights) / whole if whole > 0 else np.ones(len(values))
    return values, np.where(due > 0, due, 1.0)


@remembered(32)
def _tet(snapshot: Snapshot, query: Query) -> float:
    """How much more of the measure and its kinds is recorded around Tết in the whole province, before the period."""
    if query.measure not in EVENT_MEASURES:
        return 0.0
    return _tet_before(snapshot, query.measure, query.system, query.kinds, month_start(query.start))


@remembered(32)
def _tet_before(
    snapshot: Snapshot, measure: Measure, system: UnitSystem, kinds: tuple[str, ...], until: date
) -> float:  # fmt: skip
    cube = snapshot.cube(measure, system)
    first = max(month_start(cube.first), add_months(until, -_MONTHS_BACK))
    if first >= until:
        return 0.0
    edges = _month_edges(first, until)
    return season.tet_effect(cube.between(edges, kinds).sum(1), season.tet_share(edges))
