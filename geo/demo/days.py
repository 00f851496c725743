"""How likely each day is: a slow trend, the week, and the lunar new year."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

__all__ = ["day_weights", "days_of", "near_tet"]

_WEEK = np.array([1.0, 0.97, 0.97, 0.98, 1.04, 1.1, 1.06])
"""Monday to Sunday; mild."""


def days_of(term: tuple[date, date]) -> NDArray[np.int64]:
    """Ordinals of every day of a closed period."""
    return np.arange(term[0].toordinal(), term[1].toordinal() + 1)


def near_tet(days: NDArray[np.int64], first_days: tuple[date, ...]) -> NDArray[np.bool_]:
    """Days from 20 before to 25 after a first day of the lunar year."""
    tet = np.array([day.toordinal() for day in first_days])
    offset = days[:, None] - tet[None, :]
    return np.asarray(((offset >= -20) & (offset <= 25)).any(axis=1))


def day_weights(
    days: NDArray[np.int64], *, trend: tuple[float, float], tet: NDArray[np.bool_] | None = None, lift: float = 1.0
) -> NDArray[np.float64]:
    """Probability of each day; `trend` is the level at the first and last day, `lift` multiplies the days in `tet`."""
    weight = np.linspace(*trend, len(days)) * _WEEK[(days + 6) % 7]  # ordinal 1 was a Monday
    if tet is not None:
        weight = np.where(tet, weight * lift, weight)
    return np.asarray(weight / weight.sum())
