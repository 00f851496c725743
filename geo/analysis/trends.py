"""What a series would be expected to do, judging by the periods just before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm


def expected_band(counts: ArrayLike, *, window: int = 8, z: float = 3.0) -> pd.DataFrame:
    """The band in which each count would lie if nothing but chance had changed.

    The mean of the `window` counts before each period, with square-root limits: `(sqrt(mean) - z/2)^2` to
    `(sqrt(mean) + z/2)^2`, the lower one never below zero.

    Parameters
    ----------
    counts : array_like of counts, shape (n,)
        In order of time; the index of a Series is kept.
    window : int
        Number of periods before that make the expectation.
    z : float
        Half-width of the band in standard deviations.

    Returns
    -------
    DataFrame[mean, low, high], n rows
        NaN in the first `window` rows.

    References
    ----------
    Anscombe (1948), doi:10.1093/biomet/35.3-4.246; Wheeler (2016), Tables and graphs for monitoring temporal crime
    trends, doi:10.1177/1461355716642781.
    """
    if window < 1:
        raise ValueError("window must be at least 1")
    series = pd.Series(counts, dtype=float)
    if (series < 0).any():
        raise ValueError("counts must not be negative")
    mean = series.rolling(window).mean().shift(1)
    root = np.sqrt(mean)
    low = np.maximum(root - z / 2, 0.0) ** 2
    return pd.DataFrame({"mean": mean, "low": low, "high": (root + z / 2) ** 2})


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
