"""How much more monthly counts vary than Poisson counts would, learned from a series that may hold odd months.

It is learned from differences of successive months, which a slow rise or fall leaves alone; months that stand far out
are not learned from; a series that drifts gets the wider of two estimates.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

__all__ = ["LOOK_BACK", "learned"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LOOK_BACK = 60
"""Months at most that the dispersion is learned from."""

_CUT = 6.635  # the 99 % point of a chi-squared variable with one degree of freedom
_SHRINK = chi2.cdf(_CUT, 3) + _CUT * chi2.sf(_CUT, 1)  # mean of one that is cut there
_ODD = 3.5
_ENOUGH = 24


def learned(counts: Floats, due: Floats) -> tuple[Floats, Floats, Flags]:
    """The dispersion of each series, how well it is known, and the months it was learned from.

    Parameters
    ----------
    counts : ndarray, shape (k, n)
        Monthly counts in order, NaN where there is no report; n at least 3.
    due : ndarray, shape (k, n)
        How much is due in each month, as a factor.

    Returns
    -------
    phi : ndarray, shape (k,)
        1 for Poisson counts.
    known : ndarray, shape (k,)
        Degrees of freedom of the estimate; 0 where there is nothing to learn from.
    kept : ndarray of bool, shape (k, n)

    References
    ----------
    Huber (1964), doi:10.1214/aoms/1177703732, for the cut squares.
    """
    reported = ~np.isnan(counts)
    reported &= np.cumsum(reported[:, ::-1], axis=1)[:, ::-1] <= LOOK_BACK
    rate = np.where(reported, counts / due, 0.0)
    phi, kept = _robust(rate, reported)
    number = kept.sum(1)
    pairs = _pairs(rate, kept)[1].sum(1)
    mean = np.where(number > 0, np.where(kept, rate, 0.0).sum(1) / np.maximum(number, 1), 0.0)
    phi = np.maximum(phi, _drift(counts, due, kept, reported.sum(1) >= _ENOUGH))
    known = (2.0 / 3.0) * pairs / (1.0 + 3.0 * np.maximum(phi - 1.0, 0.0) / np.maximum(mean, 0.3))
    return phi, known, kept


def _pairs(rate: Floats, kept: Flags) -> tuple[Floats, Flags]:
    """(a - b)² / (a + b) of successive kept months, also over one that is not kept; and which pairs there are."""
    next_one = kept[:, :-1] & kept[:, 1:]
    over_one = kept[:, :-2] & kept[:, 2:] & ~kept[:, 1:-1]
    a = np.concatenate([rate[:, :-1], rate[:, :-2]], axis=1)
    b = np.concatenate([rate[:, 1:], rate[:, 2:]], axis=1)
    there = np.concatenate([next_one, over_one], axis=1) & (a + b > 0)
    return np.where(there, (a - b) ** 2 / np.where(a + b > 0, a + b, 1.0), 0.0), there


def _spread(squares: Floats, there: Flags) -> Floats:
    """Mean of squares that should be chi-squared with one degree of freedom times phi, large ones cut."""
    number = np.maximum(there.sum(1), 1)
    phi = np.where(there, squares, 0.0).sum(1) / number
    for _ in range(6):
        cut = np.minimum(squares, _CUT * np.maximum(phi, 1.0)[:, None])
        phi = np.where(there, cut, 0.0).sum(1) / number / _SHRINK
    return np.asarray(phi)


def _robust(rate: Floats, reported: Flags) -> tuple[Floats, Flags]:
    """Dispersion, and the months it was learned from: not those far from the months around them."""
    kept = reported
    few = reported.sum(1) < _ENOUGH
    most = np.maximum(1, reported.sum(1) // 8)
    for middle in (_middle_of_near, _mean_of_near):
        squares, there = _pairs(rate, kept)
        phi = _spread(squares, there)
        phi = np.where(few, np.minimum(phi, np.maximum(1.0, _median(squares, there) / 0.455)), phi)
        score = _oddness(rate, reported, *middle(rate, kept), phi)
        ranked = np.sort(np.where(score > _ODD, score, -np.inf), axis=1)[:, ::-1]
        least = np.take_along_axis(ranked, np.minimum(most, ranked.shape[1])[:, None] - 1, axis=1)
        kept = reported & ~((score > _ODD) & (score >= least))
    return _spread(*_pairs(rate, kept)), kept


def _median(values: Floats, there: Flags) -> Floats:
    """Of each row, of what is there; 1 where nothing is."""
    ordered = np.sort(np.where(there, values, np.inf), axis=1)
    number = there.sum(1)
    low, high = (np.maximum(number - 1, 0) // 2, np.maximum(number, 1) // 2)
    middle = sum(np.take_along_axis(ordered, at[:, None], axis=1)[:, 0] for at in (low, high)) / 2.0
    return np.where(number > 0, middle, 1.0)


_NEAR = 6
"""Months before and after that a month is held against."""


def _middle_of_near(rate: Floats, kept: Flags) -> tuple[Floats, Floats]:
    """The median of the months kept around each, and how many they are: one of them far out moves it little."""
    padded = np.pad(np.where(kept, rate, np.nan), ((0, 0), (_NEAR, _NEAR)), constant_values=np.nan)
    n = rate.shape[1]
    shifts = [shift for shift in range(2 * _NEAR + 1) if shift != _NEAR]
    around = np.sort(np.stack([padded[:, shift : shift + n] for shift in shifts]), axis=0)
    number = (~np.isnan(around)).sum(axis=0)
    low, high = np.maximum(number - 1, 0) // 2, number // 2
    either = [np.take_along_axis(around, at[None], axis=0)[0] for at in (low, np.minimum(high, len(shifts) - 1))]
    return np.nan_to_num((either[0] + either[1]) / 2.0), number.astype(float)


def _mean_of_near(rate: Floats, kept: Flags) -> tuple[Floats, Floats]:
    """The mean of the months kept around each, and how many they are."""
    n = rate.shape[1]
    near = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) <= _NEAR
    np.fill_diagonal(near, val=False)
    number = kept.astype(float) @ near
    return np.where(kept, rate, 0.0) @ near / np.maximum(number, 1.0), number


def _oddness(rate: Floats, reported: Flags, level: Floats, number: Floats, phi: Floats) -> Floats:
    """How far each reported month lies from those kept within half a year of it, in standard deviations."""
    gap = 2.0 * np.abs(np.sqrt(rate + 0.375) - np.sqrt(level + 0.375))
    score = gap / np.sqrt(np.maximum(phi, 1.0)[:, None] * (1.0 + 1.0 / np.maximum(number, 1.0)))
    return np.asarray(np.where(reported & (number >= 4), score, 0.0))


def _drift(counts: Floats, due: Floats, kept: Flags, enough: Flags) -> Floats:
    """Dispersion of each month against the twelve before it: larger where a series wanders."""
    y, s = np.where(kept, counts, 0.0), np.where(kept, due, 0.0)
    sums = [np.concatenate([np.zeros((len(v), 1)), np.cumsum(v, axis=1)], axis=1) for v in (y, s)]
    n = counts.shape[1]
    if n <= 12:
        return np.ones(len(counts))
    before, exposure = (total[:, 12:n] - total[:, : n - 12] for total in sums)
    now, factor = y[:, 12:], s[:, 12:]
    there = kept[:, 12:] & (exposure > 0) & (before + now > 0) & enough[:, None]
    whole = before + now
    share = factor / np.where(exposure + factor > 0, exposure + factor, 1.0)
    variance = whole * share * (1.0 - share)
    squares = np.where(there, (now - whole * share) ** 2 / np.where(variance > 0, variance, 1.0), 0.0)
    return np.where(there.any(1), _spread(squares, there), 1.0)
