"""What a series would be expected to do, judging by the periods just before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from geo.analysis import usual


def expected_band(counts: ArrayLike, *, window: int = 8, z: float = 3.0) -> pd.DataFrame:
    """The band in which each count is usual, judging by those just before: limits of the predictive distribution.

    Parameters
    ----------
    counts : array_like of counts, shape (n,)
        In order of time, NaN where there is no report; the index of a Series is kept.
    window : int
        Number of periods before that make the expectation.
    z : float
        The two-sided level, as the half-width of a normal band: each side leaves out what a normal variable leaves
        beyond so many standard deviations, 0.135 % for 3.

    Returns
    -------
    DataFrame[mean, low, high], n rows
        What was to be expected, and the smallest and largest count that is usual; NaN in the first `window` rows, and
        where nothing was reported in the window.

    References
    ----------
    See `geo.analysis.usual`.
    """
    if window < 1:
        raise ValueError("window must be at least 1")
    series = pd.Series(counts, dtype=float)
    if (series < 0).any():
        raise ValueError("counts must not be negative")
    values = series.to_numpy()
    band = np.full((3, len(values)), np.nan)
    if len(values) > window:
        history = np.lib.stride_tricks.sliding_window_view(values, window)[:-1]
        found = usual.predict(history, np.zeros((len(history), 1)), level=float(norm.sf(z)))
        band[:, window:] = found.expected[:, 0], found.low[:, 0], found.high[:, 0]
    return pd.DataFrame(dict(zip(("mean", "low", "high"), band)), index=series.index)


@dataclass(frozen=True)
class MannKendall:
    """Trend of each series: the statistic S, its z with correction for ties and continuity, and the two-sided p."""

    s: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]


def mann_kendall(series: ArrayLike) -> MannKendall:
    """Is there a steady rise or fall, whatever its shape?

    Parameters
    ----------
    series : array_like, shape (n,) or (n, k)
        In order of time; each column is a series. No missing values.

    Returns
    -------
    MannKendall
        Arrays of shape (k,); k = 1 for a single series.

    Raises
    ------
    ValueError
        With fewer than three values, or a missing one.

    References
    ----------
    Mann (1945), doi:10.2307/1907187; Kendall (1975), Rank Correlation Methods.
    """
    values = np.asarray(series, float)
    n = len(values)
    if n < 3 or np.isnan(values).any():
        raise ValueError("a trend needs at least three values, none missing")
    table = values.reshape(n, -1)
    later, earlier = np.triu_indices(n, 1)[::-1]
    s = np.sign(table[later] - table[earlier]).sum(axis=0)
    variance = np.array([_tied_variance(column) for column in table.T])
    z = np.where(s == 0, 0.0, (s - np.sign(s)) / np.sqrt(np.where(variance > 0, variance, 1.0)))
    return MannKendall(s, z, 2.0 * norm.sf(np.abs(z)))


def _tied_variance(column: NDArray[np.float64]) -> float:
    n = len(column)
    _, ties = np.unique(column, return_counts=True)
    return float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18.0
