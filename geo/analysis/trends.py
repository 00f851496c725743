"""What a series would be expected to do, judging by the periods just before."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


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
    mean = series.rolling(window).mean().shift(1)
    root = np.sqrt(mean)
    low = np.maximum(root - z / 2, 0.0) ** 2
    return pd.DataFrame({"mean": mean, "low": low, "high": (root + z / 2) ** 2})
