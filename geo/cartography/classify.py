"""From numbers to a few classes: natural breaks, quantiles or fixed limits, with limits a person can say aloud."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import mapclassify
import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.schema import Scheme

# Its exact algorithm is fast enough on some hundred units without a compiler.
warnings.filterwarnings("ignore", message="Numba not installed", category=UserWarning)

NO_DATA = -1
MASKED = -2
ZERO = -3
OUTSIDE = -4


@dataclass(frozen=True)
class Classes:
    """Class limits over the positive values, and each value's class.

    Attributes
    ----------
    upper : ndarray, shape (k,)
        Upper limit of each class, ascending; a value belongs to the first class whose limit is not below it.
    lower : ndarray, shape (k,)
        The limit below each class: the smallest value for the first, the one before for the others.
    index : ndarray of int, shape (n,)
        0 to k - 1, or `ZERO`, `NO_DATA`, `MASKED`.
    """

    upper: NDArray[np.float64]
    lower: NDArray[np.float64]
    index: NDArray[np.int64]


def classify(
    values: ArrayLike,
    *,
    scheme: Scheme = Scheme.NATURAL,
    k: int = 5,
    masked: ArrayLike | None = None,
    limits: ArrayLike | None = None,
    among: ArrayLike | None = None,
) -> Classes:
    """Sort values into at most `k` classes, zero and missing values apart.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        NaN means no data.
    scheme : Scheme
        Natural breaks (Fisher's exact algorithm, doi:10.1080/01621459.1958.10501479), quantiles, or `limits`.
    k : int, 2 to 7
        Number of classes wanted; fewer come back where there are fewer distinct values.
    masked : array_like of bool, shape (n,), optional
        Values that must not be read: they get the class `MASKED` and take no part in finding limits.
    limits : array_like of float, optional
        Upper limits for `Scheme.FIXED`; a last class is added for values above them.
    among : array_like of float, optional
        What limits are found from where it is more than `values`, which it holds: maps of several months share a scale.

    Returns
    -------
    Classes
    """
    data = np.asarray(values, float)
    hidden = np.zeros(len(data), bool) if masked is None else np.asarray(masked, bool)
    readable = np.isfinite(data) & (data > 0) & ~hidden
    positive = data[readable]
    whole = positive if among is None else _thinned(np.asarray(among, float))
    upper = _limits(whole, scheme, k, limits)
    index = np.full(len(data), NO_DATA, np.int64)
    index[np.isfinite(data) & (data == 0)] = ZERO
    index[readable] = np.searchsorted(upper, positive, side="left")
    index[hidden] = MASKED
    lowest = whole.min() if len(whole) else 0.0
    lower = np.concatenate([[min(lowest, upper[0])], upper[:-1]]) if len(upper) else upper
    return Classes(upper, lower, index)


_MOST = 300
"""Values that limits are found from: natural breaks take time with their square."""


def _thinned(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The positive values, of very many some that stand for all: evenly spaced in their order, both ends among them."""
    positive = np.sort(values[np.isfinite(values) & (values > 0)])
    if len(positive) <= _MOST:
        return positive
    return np.asarray(positive[np.linspace(0, len(positive) - 1, _MOST).round().astype(int)])


def _limits(positive: NDArray[np.float64], scheme: Scheme, k: int, limits: ArrayLike | None) -> NDArray[np.float64]:
    if not len(positive):
        return np.array([])
    top = positive.max()
    if scheme is Scheme.FIXED and limits is not None:
        fixed = np.unique(np.asarray(limits, float))
        kept = fixed[fixed < top]
        return np.append(kept, fixed[len(kept)] if len(kept) < len(fixed) else top)
    distinct = np.unique(positive)
    if len(distinct) <= k:
        return distinct
    if scheme is Scheme.QUANTILES:
        raw = np.quantile(positive, np.arange(1, k) / k)
    else:
        raw = mapclassify.FisherJenks(positive, k=k).bins[:-1]
    rounded = [_round_between(distinct, limit) for limit in raw]
    return np.unique(np.append(rounded, top))


def _round_between(distinct: NDArray[np.float64], limit: float) -> float:
    """The roundest number that parts the values exactly where `limit` does."""
    below = distinct[distinct <= limit]
    above = distinct[distinct > limit]
    if not len(below) or not len(above):
        return float(limit)
    low, high = float(below[-1]), float(above[0])
    step = 10.0 ** math.floor(math.log10(max(high, 1e-12)))
    for size in (step * 5, step * 2, step, step / 2, step / 5, step / 10, step / 20, step / 50, step / 100):
        candidate = math.ceil(round(low / size, 9)) * size
        if low <= candidate < high:
            return round(candidate, 10)
    return low
