"""Hot and cold spots over time, in the seventeen standard categories.

`classify` gives them from a score for each step, as the field's tools do. Scores of steps that share neighbours and
months go together, and a trend test of them alarms on most maps of rates that never changed; `against_own_share` asks
two questions whose levels hold instead: is the place high or low over the whole time, and have its last months left its
own share of everything?
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import ArrayLike, NDArray

from geo.analysis import rates
from geo.analysis.hotspots import benjamini_hochberg, gi_star_exact
from geo.analysis.own_past import ChangedPlaces, changed_places

Ints = NDArray[np.int64]

__all__ = ["CATEGORIES", "against_own_share", "classify", "lengths"]

CATEGORIES = (
    *(f"{kind} {side} spot" for side in ("hot", "cold") for kind in (
        "new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical",
    )),
    "no pattern",
)  # fmt: skip
"""The names `classify` gives."""

_MOSTLY = 0.9


def classify(
    hot: ArrayLike, cold: ArrayLike, trend_p: ArrayLike, trend_sign: ArrayLike, *, alpha: float = 0.05
) -> list[str]:
    """The category of each unit.

    Of hot spots, and of cold ones likewise: **new**, in the last step for the first time; **consecutive**, an unbroken
    run of at least two steps up to the last and never before, in less than 90 % of all; of those in the last step and
    in at least 90 % of all, **intensifying**, **persistent** or **diminishing** by the trend of their score;
    **historical**, in at least 90 % of all but not in the last; of the others in the last step, **oscillating** where
    they were once of the opposite kind, **sporadic** where they never were.

    Parameters
    ----------
    hot, cold : array_like of bool, shape (n, steps)
        Significant hot or cold, in order of time.
    trend_p, trend_sign : array_like, shape (n,)
        Of the Mann-Kendall trend of each unit's score.
    alpha : float
        Level at which a trend counts.

    Returns
    -------
    list of str, n entries
        From `CATEGORIES`.

    Raises
    ------
    ValueError
        If shapes differ, a flag is missing, or a step is both hot and cold.

    References
    ----------
    Harris, Goldberg, Harrison and Ogneva-Himmelberger (2017), Emerging hot spot analysis, doi:10.3390/ijerph14121482;
    the definitions are those of Esri's tool of that name.
    """
    is_hot, is_cold = _flags(hot), _flags(cold)
    p, sign = np.atleast_1d(np.asarray(trend_p, float)), np.atleast_1d(np.asarray(trend_sign, float))
    if is_hot.shape != is_cold.shape or len(p) != len(is_hot) or len(sign) != len(is_hot):
        raise ValueError("hot, cold and trend must be for the same units and steps")
    if (is_hot & is_cold).any():
        raise ValueError("no step can be hot and cold at once")
    rising = np.where(p <= alpha, np.sign(sign), 0.0)
    return [_category(h, c, r) for h, c, r in zip(is_hot, is_cold, rising)]


def _flags(values: ArrayLike) -> NDArray[np.bool_]:
    """Units by steps; one row is one unit, nothing is no unit."""
    given = np.asarray(values)
    if pd.isna(given).any():
        raise ValueError("hot and cold must be known in every step")
    flags = given.astype(bool)
    return flags.reshape(0, 0) if not flags.size and flags.ndim < 2 else np.atleast_2d(flags)


def _category(hot: NDArray[np.bool_], cold: NDArray[np.bool_], rising: float) -> str:
    if kind := _kind(hot, cold, rising):
        return f"{kind} hot spot"
    # A cold spot intensifies while its score falls.
    if kind := _kind(cold, hot, -rising):
        return f"{kind} cold spot"
    return "no pattern"


def _kind(spot: NDArray[np.bool_], opposite: NDArray[np.bool_], rising: float) -> str:
    """The kind of spot, or nothing."""
    steps, share = len(spot), float(spot.mean()) if len(spot) else 0.0
    if not steps or not spot.any():
        return ""
    if not spot[-1]:
        return "historical" if share >= _MOSTLY else ""
    run = steps if spot.all() else int(np.argmin(spot[::-1]))
    only_run = int(spot.sum()) == run
    if only_run and run == 1 and steps > 1:
        return "new"
    if only_run and run >= 2 and share < _MOSTLY:
        return "consecutive"
    if share >= _MOSTLY:
        return {1.0: "intensifying", -1.0: "diminishing"}.get(rising, "persistent")
    return "oscillating" if opposite.any() else "sporadic"


_LEVEL = 0.05
_REFERENCE = 36
"""Months before the last ones a place is held against at least, where there are as many; places hold few events."""

_LEAST_JUDGED = 10
"""Units with neighbours and people at least, for a level among them to mean anything."""


def lengths(months: int) -> tuple[int, int]:
    """How many of the last months of a period are set against those before: a quarter of them, and half; at least 3."""
    return max(3, months // 4), max(3, months // 2)


def against_own_share(
    counts: ArrayLike, months: int, population: ArrayLike, neighbours: Graph, *, level: float = _LEVEL
) -> pd.DataFrame:
    """Which units are high or low over a period, and whose last months differ from their own share before.

    The level is that of rates which allow for how few people they rest on, with the unit's neighbours, by exact
    permutation. The change is that of the last months, of the unit alone or with its neighbours, beside how the whole
    area changed; a unit whose own count goes the other way is not called by its neighbours' change. Both are at a
    false discovery rate of `level` over all units.

    Parameters
    ----------
    counts : array_like, shape (n, units)
        By month and unit, in order; NaN where there is no report. Months before the period tell how much the counts
        vary, and serve as the past where the period is short.
    months : int
        How many of the last rows are the period.
    population : array_like, shape (units,)
        NaN or 0 where it is not known; such a unit has no level.
    neighbours : Graph
        Binary.

    Returns
    -------
    DataFrame
        One row for each unit: level and change (1, 0 or -1); judged, whether it has a level; last, how many of the
        last months show its change most clearly, observed and expected in them (NaN where nothing is known), and
        by_itself, whether the unit shows it alone; category, from `CATEGORIES`.

    Raises
    ------
    ValueError
        If there are not more months than the last ones, or shapes differ.
    """
    table, people = np.asarray(counts, float), np.asarray(population, float)
    if table.ndim != 2 or people.shape != table.shape[1:] or neighbours.n != len(people):
        raise ValueError("counts, population and neighbours must be of the same units")
    if not lengths(months)[0] < months <= len(table):
        raise ValueError("the period needs months before its last ones")
    z, judged = _levels(table[len(table) - months :], people, neighbours, level)
    changes, last = _changes(table, months, neighbours, level)
    side = changes.side(level)
    beyond = _beyond(table[-lengths(months)[0] :], people, z)
    return pd.DataFrame(
        {
            "level": z,
            "change": side,
            "judged": judged,
            "last": last,
            "observed": changes.alone.observed,
            "expected": changes.alone.expected,
            "by_itself": changes.by_itself,
            "category": [_told(*told) for told in zip(z, side, beyond)],
        }
    )


def _levels(
    period: NDArray[np.float64], people: NDArray[np.float64], neighbours: Graph, level: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """High or low over the whole period, and which units this was asked of."""
    reported = ~np.isnan(period)
    exposure = np.nan_to_num(people) * reported.mean(axis=0)
    known = np.flatnonzero(exposure > 0)
    found, judged = np.zeros(len(people), np.int64), np.zeros(len(people), bool)
    if len(known) < _LEAST_JUDGED:
        return found, judged
    graph = neighbours if len(known) == neighbours.n else neighbours.subgraph(neighbours.unique_ids[known].tolist())
    linked = np.asarray(graph.sparse.sum(axis=1)).ravel() > 0
    if linked.sum() < _LEAST_JUDGED:
        return found, judged
    score = rates.standardised(np.nansum(period, axis=0)[known], exposure[known])
    local = gi_star_exact(score, graph)
    sure = benjamini_hochberg(local["p"].to_numpy()[linked]) <= level
    found[known[linked]] = np.where(sure, np.sign(local["z"].to_numpy()[linked]), 0).astype(np.int64)
    judged[known[linked]] = True
    return found, judged


def _changes(table: NDArray[np.float64], months: int, neighbours: Graph, level: float) -> tuple[ChangedPlaces, Ints]:
    """Changes in the last quarter or half of the period, and how many months those that show each most clearly are."""
    last = np.unique(lengths(months))
    pasts = len(table) - last
    reference = min(int(pasts.min()), max(_REFERENCE, months - int(last[0])))
    found = changed_places(table, pasts.tolist(), neighbours.sparse, reference=reference, alpha=level)
    return found, last[found.period]


def _beyond(recent: NDArray[np.float64], people: NDArray[np.float64], level: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a unit's rate still is on the side of its level in the last months, beside that of the whole area."""
    exposure = np.where(np.isnan(recent), 0.0, np.nan_to_num(people)).sum(axis=0)
    held = np.nansum(recent, axis=0)
    overall = held[exposure > 0].sum() / max(exposure.sum(), 1e-300)
    return np.asarray((held - overall * exposure) * level > 0)


def _told(level: int, change: int, beyond: bool) -> str:
    """The category of a level and a change."""
    side = "hot" if (level or change) > 0 else "cold"
    if not level:
        return f"new {side} spot" if change else "no pattern"
    if not change:
        return f"persistent {side} spot"
    if change == level:
        return f"intensifying {side} spot"
    return f"{'diminishing' if beyond else 'historical'} {side} spot"
