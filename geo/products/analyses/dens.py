"""Dens cleared with their places: those of a month, the one nearest to a click, and the months worth looking at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo import crs
from geo.analysis import change
from geo.schema import Measure, Query, add_months, month_end
from geo.store import Snapshot

PICK_M = 3_000
"""How far from a click a den may lie and still be the one that is meant."""

_MANY, _NOTABLE = 10, 2.0
"""Dens of one commune in one month, and their score against its usual month, that make a campaign."""


@dataclass(frozen=True)
class Den:
    """A den cleared, with its place."""

    key: str
    day: date
    kind: str
    unit: str
    lon: float
    lat: float


def dens_of(snapshot: Snapshot, month_key: str) -> list[Den]:
    """Dens of a month that have a place, by day."""
    first = date.fromisoformat(f"{month_key}-01")
    found = snapshot.points(Query(Measure.DEN_CLEARED, first, month_end(first)))
    order = np.lexsort((found.lat, found.lon, found.day))
    dens: list[Den] = []
    for i in order:
        if found.unit[i] >= len(found.units):
            continue
        when = date.fromordinal(int(found.day[i]))
        n = sum(den.day == when for den in dens) + 1
        kind, unit = found.kinds[found.kind[i]], found.units[found.unit[i]]
        dens.append(Den(f"{when:%Y%m%d}n{n}", when, kind, unit, float(found.lon[i]), float(found.lat[i])))
    return dens


def den_at(snapshot: Snapshot, month_key: str, lon: float, lat: float) -> tuple[Den, float] | None:
    """The den of a month nearest to a place, and how far it lies, metres; None if farther than `PICK_M`."""
    dens = dens_of(snapshot, month_key)
    if not dens:
        return None
    metric = crs.utm_of(lon)
    (x,), (y,) = crs.project([lon], [lat], crs.WGS84, metric)
    gap = np.hypot(*(_metres(dens, metric) - (x, y)).T)
    nearest = int(np.argmin(gap))
    return (dens[nearest], float(gap[nearest])) if gap[nearest] <= PICK_M else None


def amid_most(dens: list[Den], radius_m: float) -> Den:
    """The den with most others of its month within a radius, the first of them where several have."""
    xy = _metres(dens, crs.utm_of(dens[0].lon))
    near = cKDTree(xy).query_ball_point(xy, radius_m, return_length=True)
    return dens[int(np.argmax(near))]


def _metres(dens: list[Den], metric: str) -> NDArray[np.float64]:
    return np.column_stack(crs.project([d.lon for d in dens], [d.lat for d in dens], crs.WGS84, metric))


def clearing_months(snapshot: Snapshot, days: int) -> pd.Series:
    """Dens cleared by month, where both periods of `days` around the month are on record; index YYYY-MM."""
    cube = snapshot.cube(Measure.DEN_CLEARED)
    cases = snapshot.cube(Measure.CASE)
    last = snapshot.today - timedelta(days=days)
    first = cases.first + timedelta(days=days)
    if last < first:
        return pd.Series(dtype=float)
    series = cube.series(first, last)
    whole = [count > 0 and stamp.date() >= first and month_end(stamp.date()) <= last for stamp, count in series.items()]
    found = series[whole]
    return pd.Series(found.to_numpy(), [f"{stamp:%Y-%m}" for stamp in found.index])


def campaign_month(snapshot: Snapshot, days: int) -> str:
    """The latest of `clearing_months` in which one commune saw a campaign; else that with most dens; else nothing.

    A campaign is ten dens and clearly more than the commune's usual month. Cases have no say in it.
    """
    months = clearing_months(snapshot, days)
    for month in reversed(months.index.tolist()):
        score, now = more_than_usual(snapshot, month)
        if ((now >= _MANY) & (score >= _NOTABLE)).any():
            return str(month)
    return str(months.idxmax()) if len(months) else ""


def campaigned(snapshot: Snapshot, month_key: str, most: int) -> tuple[str, ...]:
    """The communes with clearly more dens in a month than usual, at most so many; at least the first of them."""
    score, _ = more_than_usual(snapshot, month_key)
    order = score.sort_values(ascending=False, kind="stable")
    notable = max(1, int((order >= _NOTABLE).sum()))
    return tuple(sorted(str(code) for code in order.index[: min(most, notable)]))


def more_than_usual(snapshot: Snapshot, month_key: str) -> tuple[pd.Series, pd.Series]:
    """Poisson score of each commune's dens in a month against its mean of the two years before, and the dens.

    Only communes in which any was cleared.
    """
    first = date.fromisoformat(f"{month_key}-01")
    cube = snapshot.cube(Measure.DEN_CLEARED)
    table = cube.table(max(cube.first, add_months(first, -24)), month_end(first))
    now = table.iloc[-1].astype(float)
    usual = table.iloc[:-1].mean() if len(table) > 1 else now * 0.0
    score = pd.Series(change.poisson_z(usual, now), table.columns)
    return score[now > 0], now[now > 0]
