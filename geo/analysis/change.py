"""Is a change more than the usual variation of counts?"""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

USUAL = 3.0
"""Changes within this many standard deviations are called usual variation."""

STRONG = 5.0
"""Beyond this many, a change is called strong."""


@overload
def poisson_z(before: float, after: float) -> float: ...
@overload
def poisson_z(before: ArrayLike, after: ArrayLike) -> float | NDArray[np.float64]: ...
def poisson_z(before: ArrayLike, after: ArrayLike) -> float | NDArray[np.float64]:
    """Change between two Poisson counts on a scale of equal spread: 2(sqrt(after) - sqrt(before)).

    The square root makes the variance of a Poisson count one quarter whatever its mean, so 2(sqrt(after) -
    sqrt(before)) has a spread that does not depend on the level; a fall from 10 to 4 and one from 1,000 to 940 get the
    weight they deserve where percentages do not.

    Parameters
    ----------
    before, after : array_like of counts
        Counts of two periods of equal length.

    Returns
    -------
    float or ndarray
        Positive for a rise; NaN where a count is missing.

    References
    ----------
    Anscombe (1948), The transformation of Poisson, binomial and negative-binomial data, doi:10.1093/biomet/35.3-4.246.
    """
    z = 2.0 * (np.sqrt(np.asarray(after, float)) - np.sqrt(np.asarray(before, float)))
    return float(z) if z.ndim == 0 else z


def dispersion(monthly: ArrayLike) -> float | NDArray[np.float64]:
    """How much more monthly counts vary than Poisson counts would: 1 for Poisson, more for reported attendance.

    Square roots of the counts are set against the same month a year before, so that a yearly season does not count as
    variation. The robust spread (median absolute deviation) keeps one odd month from hiding every later change.
    Dividing `poisson_z` by the square root of this gives a quasi-Poisson score.

    Parameters
    ----------
    monthly : array_like of counts, shape (n,) or (n, k)
        In order of time, no gaps; each column is a series.

    Returns
    -------
    float, or ndarray of shape (k,)
        At least 1. With fewer than 24 months there is nothing to judge by, and 1 is returned.
    """
    counts = np.asarray(monthly, float)
    table = counts.reshape(len(counts), -1)
    spread = np.ones(table.shape[1])
    if len(table) >= 24:
        roots = 2.0 * np.sqrt(table)
        yearly = roots[12:] - roots[:-12]
        deviation = np.median(np.abs(yearly - np.median(yearly, axis=0)), axis=0)
        spread = np.maximum(1.0, (1.4826 * deviation) ** 2 / 2.0)
    return float(spread[0]) if counts.ndim == 1 else spread
