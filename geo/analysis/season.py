"""Tết in counts over time: it moves between January and February, so that no month of the year stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["DAYS_AFTER", "DAYS_BEFORE", "tet_effect", "tet_share"]

DAYS_BEFORE, DAYS_AFTER = 20, 25
"""The days around Tết in which more, or less, is recorded than at other times."""

_TET = (
    "2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 "
    "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 "
    "2030-02-02 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 "
    "2040-02-12"
)
_SEASONS = [
    (tet - timedelta(days=DAYS_BEFORE), tet + timedelta(days=DAYS_AFTER))
    for tet in map(date.fromisoformat, _TET.split())
]
_ENOUGH = 24


def tet_share(edges: Sequence[date]) -> NDArray[np.float64]:
    """The share of each block of days that lies around Tết.

    Parameters
    ----------
    edges : sequence of date, length n + 1
        First day of each block, and the day after the last.

    Returns
    -------
    ndarray, shape (n,)
        From 0 to 1; 0 in years whose Tết is not known here (before 2010, after 2040).
    """
    return _tet_share(tuple(edges))


@lru_cache(maxsize=256)
def _tet_share(edges: tuple[date, ...]) -> NDArray[np.float64]:
    return np.array(
        [
            sum(max(0, (min(end, last + timedelta(1)) - max(start, first)).days) for first, last in _SEASONS)
            / max(1, (end - start).days)
            for start, end in pairwise(edges)
        ]
    )


def tet_effect(counts: ArrayLike, share: ArrayLike) -> float:
    """How much more is recorded around Tết, as a part of what is usual; 0 where it cannot be told from nothing.

    The counts are set against a centred mean of thirteen months without that effect, eight times over; what is found is
    shrunk by how uncertain it is.

    Parameters
    ----------
    counts : array_like, shape (n,)
        By month, in order, NaN where there is no report.
    share : array_like, shape (n,)
        Of each month's days around Tết; see `tet_share`.

    Returns
    -------
    float
        b of 1 + b·share, above -0.9.
    """
    y, x = np.asarray(counts, float), np.asarray(share, float)
    known = ~np.isnan(y)
    if known.sum() < _ENOUGH or not (x[known] ** 2).any():
        return 0.0
    kernel = np.ones(13)
    weight = np.convolve(known.astype(float), kernel, mode="same")
    effect = error = 0.0
    for _ in range(8):
        level = np.convolve(np.where(known, y, 0.0) / (1.0 + effect * x), kernel, mode="same") / np.maximum(weight, 1.0)
        there = known & (level > 0) & (weight >= 7)
        if there.sum() < _ENOUGH:
            return 0.0
        ratio = y[there] / level[there] - 1.0
        scale = (x[there] ** 2).sum()
        effect = max(-0.9, float((x[there] * ratio).sum() / scale)) if scale else 0.0
        spread = ((ratio - effect * x[there]) ** 2).sum() / max(1, there.sum() - 1)
        error = float(np.sqrt(spread / scale)) if scale else 0.0
    return effect * max(0.0, 1.0 - (2.0 * error / effect) ** 2) if effect else 0.0
