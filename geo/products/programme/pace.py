"""How far a year's target was reached, and what the year comes to at the present pace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.usual import predict

__all__ = ["LEVEL", "REFERENCE", "Pace", "pace_of"]

Floats = NDArray[np.float64]

LEVEL = 0.05
"""Of one side: nine of ten years end within the range."""

REFERENCE = 12
"""Months whose mean is the present pace."""

_YEAR = 12


@dataclass(frozen=True, eq=False)
class Pace:
    """Where each series stands in a year, arrays of shape (n,).

    Attributes
    ----------
    target : ndarray of float
        NaN where none is set.
    done : ndarray of float
        In the months that were reported; NaN where none was.
    reported : ndarray of int
        Months of the year that were reported.
    plan : ndarray of float
        What an even year would have come to by now.
    expected, low, high : ndarray of float
        At the end of the year: what was done, and the mean of the last twelve months for each month that is not
        reported; the range by `geo.analysis.usual`. NaN without a report in those months.
    """

    target: Floats
    done: Floats
    reported: NDArray[np.int64]
    plan: Floats
    expected: Floats
    low: Floats
    high: Floats

    @property
    def owed(self) -> Floats:
        """What is left to do; 0 where the target is reached."""
        return np.asarray(np.maximum(self.target - np.nan_to_num(self.done), 0.0))


def pace_of(months: ArrayLike, target: ArrayLike, *, over: int) -> Pace:
    """Progress in a year.

    Parameters
    ----------
    months : array_like of counts, shape (n, m)
        Months in order up to the last one that is over, or the last of the year; NaN without a report. The last `over`
        of them are those of the year.
    target : array_like, shape (n,)
        For the whole year; NaN where none is set.
    over : int
        Months of the year that are over, 0 to 12.
    """
    past, wanted = np.asarray(months, float), np.asarray(target, float)
    of_year = past[:, past.shape[1] - over :]
    sent = ~np.isnan(of_year)
    reported = sent.sum(axis=1)
    done = np.where(reported > 0, np.nansum(of_year, axis=1), np.nan)
    mean = _mean(past[:, -REFERENCE:])
    missing = _YEAR - reported
    known = np.nan_to_num(done)
    expected, low, high = known + mean * missing, known.copy(), known.copy()
    for count in np.unique(missing[missing > 0]):
        these = np.flatnonzero(missing == count)
        found = predict(past[these], np.zeros((len(these), count)), level=LEVEL, reference=REFERENCE)
        low[these] += found.total_low
        high[these] += found.total_high
    nothing = np.isnan(mean) & (missing > 0)
    for values in (expected, low, high):
        values[nothing] = np.nan
    return Pace(wanted, done, reported, wanted * over / _YEAR, expected, low, high)


def _mean(months: Floats) -> Floats:
    """Of the months that were reported; NaN where none was."""
    sent = (~np.isnan(months)).sum(axis=1)
    return np.where(sent > 0, np.nansum(months, axis=1) / np.maximum(sent, 1), np.nan)
