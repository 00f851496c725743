"""Two chosen periods set against each other: the exact test of two counts, beside what is usual."""

from __future__ import annotations

import pandas as pd

from geo.analysis.change import verdict
from geo.products.situation.counts import counts_of
from geo.products.situation.usual import judged
from geo.schema import Query, add_months, month_start, months_between
from geo.store import Snapshot

__all__ = ["versus", "versus_total"]


def versus(snapshot: Snapshot, query: Query, earlier: Query, *, shown: pd.Series) -> pd.Series:
    """How the count of each unit stands to that of an earlier period: labels of `analysis.change.verdict`.

    Parameters
    ----------
    snapshot : Snapshot
    query, earlier : Query
    shown : Series of bool, index code
        Units of which both counts may be read.

    Returns
    -------
    Series of str, index code
        Missing where a count is, or may not be read.
    """
    now, before = counts_of(snapshot, query), counts_of(snapshot, earlier)
    known = shown.reindex(now.index, fill_value=False) & now.notna() & before.notna()
    phi = pd.Series(judged(snapshot, query).phi, now.index)
    lengths = [_length(snapshot, period)[known] for period in (earlier, query)]
    found = verdict(before[known], now[known], n1=lengths[0], n2=lengths[1], dispersion=phi[known].clip(lower=1.0))
    return found["label"].reindex(now.index)


def versus_total(snapshot: Snapshot, query: Query, earlier: Query, *, before: float, now: float) -> str:
    """The same of the whole scope; empty where a count is missing."""
    if pd.isna(before) or pd.isna(now):
        return ""
    codes = list(query.units) or list(snapshot.cube(query.measure, query.system).units)
    lengths = [max(1.0, float(_length(snapshot, period).reindex(codes).sum())) for period in (earlier, query)]
    phi = max(1.0, judged(snapshot, query).total_phi)
    found = verdict([before], [now], n1=lengths[0], n2=lengths[1], dispersion=phi)
    return str(found["label"].iloc[0])


def _length(snapshot: Snapshot, query: Query) -> pd.Series:
    """Days of the period, or of a monthly measure the months that each unit reported."""
    cube = snapshot.cube(query.measure, query.system)
    index = pd.Index(cube.units, name="code")
    if cube.reports is None:
        return pd.Series(float((query.end - query.start).days + 1), index)
    first = month_start(query.start)
    edges = [add_months(first, n) for n in range(months_between(query.start, query.end) + 1)]
    return pd.Series(cube.reported_between(edges).sum(axis=0).astype(float), index)
