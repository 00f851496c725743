"""How much of all events few units hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def pareto(values: ArrayLike) -> pd.DataFrame:
    """The curve of cumulative shares, largest units first.

    Parameters
    ----------
    values : array_like of counts, shape (n,)

    Returns
    -------
    DataFrame[cumulative_share_units, cumulative_share_events], n rows
        On the values' own index, in order of size.

    Raises
    ------
    ValueError
        If a value is negative or missing, or all are zero.
    """
    counts = _checked(values)
    index = values.index if isinstance(values, pd.Series) else pd.RangeIndex(len(counts))
    order = np.argsort(-counts, kind="stable")
    shares = {
        "cumulative_share_units": np.arange(1, len(counts) + 1) / len(counts),
        "cumulative_share_events": np.cumsum(counts[order]) / counts.sum(),
    }
    return pd.DataFrame(shares, index=index[order])


def gini(values: ArrayLike) -> float:
    """Gini's coefficient: 0 where all units hold the same, near 1 where one holds everything.

    Raises
    ------
    ValueError
        If a value is negative or missing, or all are zero.

    References
    ----------
    Bernasco and Steenbeek (2017), More places than crimes, doi:10.1007/s10940-016-9324-7.
    """
    counts = np.sort(_checked(values))
    n = len(counts)
    return float(2.0 * (np.arange(1, n + 1) * counts).sum() / (n * counts.sum()) - (n + 1) / n)


def _checked(values: ArrayLike) -> NDArray[np.float64]:
    counts = np.asarray(values, float)
    if counts.ndim != 1 or not len(counts) or not np.isfinite(counts).all() or (counts < 0).any() or counts.sum() <= 0:
        raise ValueError("counts must be one row, finite, not negative, and not all zero")
    return counts
