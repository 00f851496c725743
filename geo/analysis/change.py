"""Is a change more than the usual variation of counts?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, poisson

from geo.analysis.usual import LEVEL, STRONG_LEVEL, tail_down, tail_up

USUAL, STRONG = float(norm.isf(LEVEL)), float(norm.isf(STRONG_LEVEL))
"""The levels of `usual` as scores: within the first is usual variation, beyond the second is strong."""


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
    counts = np.asarray(before, float), np.asarray(after, float)
    if any((values < 0).any() for values in counts):
        raise ValueError("counts must not be negative")
    z = 2.0 * (np.sqrt(counts[1]) - np.sqrt(counts[0]))
    return float(z) if z.ndim == 0 else z


def verdict(
    before: ArrayLike, after: ArrayLike, *, n1: ArrayLike = 1.0, n2: ArrayLike = 1.0, dispersion: ArrayLike = 1.0
) -> pd.DataFrame:
    """Is the second of two counts more, or less, than chance lets one expect after the first?

    With a dispersion of 1 it is the exact conditional test: of both counts together, the second is binomial with the
    share of its exposure. With more it is the predictive distribution of `usual` with that dispersion known.

    Parameters
    ----------
    before, after : array_like of counts
    n1, n2 : array_like
        Exposures: lengths of the periods, people.
    dispersion : array_like
        At least 1: how much more the counts vary than Poisson counts.

    Returns
    -------
    DataFrame[p, label]
        p is one-sided, toward the change. "up" and "down" at p <= 0.5 %, "strongly_up" and "strongly_down" at
        p <= 0.01 %, else "usual"; both missing where a count is.

    Raises
    ------
    ValueError
        If a count is negative, an exposure not positive, or a dispersion below 1.

    References
    ----------
    Przyborowski and Wilenski (1940), doi:10.1093/biomet/31.3-4.313.
    """
    values = (before, after, n1, n2, dispersion)
    index = next((v.index for v in values if isinstance(v, pd.Series)), None)
    arrays = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in values))
    first, second, length, length_then, phi = (np.asarray(v, float).ravel() for v in arrays)
    if (first < 0).any() or (second < 0).any():
        raise ValueError("counts must not be negative")
    if not ((length > 0) & (length_then > 0)).all():
        raise ValueError("exposures must be positive")
    if not (phi >= 1).all():
        raise ValueError("the dispersion must be at least 1")
    rise = second * length >= first * length_then
    ratio = length_then / length
    p = np.where(rise, tail_up(second, first, ratio, phi), tail_down(second, first, ratio, phi))
    known = ~(np.isnan(first) | np.isnan(second))
    words = np.where(p > LEVEL, "usual", np.where(p > STRONG_LEVEL, "", "strongly_"))
    way = np.where(rise, "up", "down").astype(object)
    label = pd.Series(np.where(words == "usual", "usual", words.astype(object) + way), index, dtype=object)
    return pd.DataFrame({"p": pd.Series(p, index), "label": label}).where(pd.Series(known, index), np.nan)


def poisson_e_test(k1: int, k2: int, *, n1: float = 1.0, n2: float = 1.0) -> float:
    """Two-sided p of two counts having one Poisson rate, exact under the pooled rate.

    Every pair of counts at least as far apart, on the scale of its own standard error, as the one observed is weighed
    by its probability. For a given first count those second counts lie outside the two roots of a quadratic, so one
    sum over the first count is enough, whatever the size of the counts.

    Parameters
    ----------
    k1, k2 : int
        Counts.
    n1, n2 : float
        Exposures (length of the periods, population).

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If a count is negative or not whole, or an exposure not positive.

    References
    ----------
    Krishnamoorthy and Thomson (2004), A more powerful test for comparing two Poisson means,
    doi:10.1016/S0378-3758(02)00408-1.
    """
    if not (0 <= k1 < np.inf and 0 <= k2 < np.inf and k1 % 1 == k2 % 1 == 0):
        raise ValueError("counts must be whole numbers and not negative")
    if not (0 < n1 < np.inf and 0 < n2 < np.inf):
        raise ValueError("exposures must be positive")
    spread = k1 / n1**2 + k2 / n2**2
    squared = (k1 / n1 - k2 / n2) ** 2 / spread if spread else 0.0
    if squared == 0.0:
        return 1.0
    pooled = (k1 + k2) / (n1 + n2)
    first = _likely(n1 * pooled)
    low, high = _second_counts(first / n1, squared, n1, n2)
    tails = poisson.cdf(low, n2 * pooled) + poisson.sf(high - 1, n2 * pooled)
    return float(min(1.0, (poisson.pmf(first, n1 * pooled) * tails).sum()))


def _likely(mean: float) -> NDArray[np.float64]:
    """Counts that carry all but 1e-14 of a Poisson distribution."""
    return np.arange(poisson.ppf(1e-15, mean), poisson.isf(1e-15, mean) + 1)


def _second_counts(
    rate: NDArray[np.float64], squared: float, n1: float, n2: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Largest count below, and smallest above, from which on the second is as far from `rate` as was observed."""
    half = rate + squared / (2 * n2)
    root = np.sqrt(np.maximum(half**2 - rate**2 + squared * rate / n1, 0.0))
    low = np.floor((half - root) * n2 + 1e-9)
    high = np.ceil((half + root) * n2 - 1e-9)
    both_zero = (rate == 0) & (high == 0)  # no counts at all differ from nothing
    return np.where(rate == 0, -1.0, low), np.where(both_zero, 1.0, high)


Pair = tuple[float, float]
"""Counts before and after."""


@dataclass(frozen=True)
class Estimate:
    """An estimated change in counts with its standard error, z, and 95 % interval."""

    value: float
    se: float
    z: float
    low: float
    high: float


def weighted_displacement(
    *, treated: Pair, control: Pair, displacement_treated: Pair | None = None, displacement_control: Pair | None = None
) -> Estimate:
    """Did counts fall where something was done, net of what happened elsewhere and of what may have moved next door?

    The change in the treated area minus that in the control area, plus the same difference for the areas into which
    events may have moved. Its variance is the sum of all counts, as each is Poisson. It is not proof: areas that were
    not alike before make it wrong.

    Parameters
    ----------
    treated, control : (before, after)
    displacement_treated, displacement_control : (before, after), optional
        Both or neither.

    Returns
    -------
    Estimate
        Negative: fewer events than the control would lead one to expect.

    Raises
    ------
    ValueError
        If a count is negative or missing, an area is no pair, or only one displacement area is given.

    References
    ----------
    Wheeler and Ratcliffe (2018), A simple weighted displacement difference test, doi:10.1186/s40163-018-0085-5.
    """
    if (displacement_treated is None) != (displacement_control is None):
        raise ValueError("give both displacement areas or neither")
    added = [_pair(pair) for pair in (treated, displacement_treated) if pair is not None]
    taken = [_pair(pair) for pair in (control, displacement_control) if pair is not None]
    value = sum(after - before for before, after in added) - sum(after - before for before, after in taken)
    se = float(np.sqrt(sum(sum(pair) for pair in added + taken)))
    z = value / se if se else 0.0
    return Estimate(float(value), se, z, value - 1.959964 * se, value + 1.959964 * se)


def _pair(counts: Pair) -> Pair:
    """The counts before and after as plain numbers, whatever row of two they came in."""
    pair = np.asarray(counts, float)
    if pair.shape != (2,) or not np.isfinite(pair).all() or (pair < 0).any():
        raise ValueError("each area needs two counts, before and after, known and not negative")
    return float(pair[0]), float(pair[1])
