"""Hot and cold spots over time, in the seventeen standard categories."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

CATEGORIES = (
    *(f"{kind} {side} spot" for side in ("hot", "cold") for kind in (
        "new", "consecutive", "intensifying", "persistent", "diminishing", "sporadic", "oscillating", "historical",
    )),
    "no pattern",
)  # fmt: skip
"""The names `classify` gives."""

_MOSTLY = 0.9


def classify(
    hot: ArrayLike, cold: ArrayLike, trend_p: ArrayLike, trend_sign: ArrayLike, *, alpha: float = 0.05
) -> list[str]:
    """The category of each unit.

    Of hot spots, and of cold ones likewise: **new**, in the last step for the first time; **consecutive**, an unbroken
    run of at least two steps up to the last and never before, in less than 90 % of all; of those in the last step and
    in at least 90 % of all, **intensifying**, **persistent** or **diminishing** by the trend of their score;
    **historical**, in at least 90 % of all but not in the last; of the others in the last step, **oscillating** where
    they were once of the opposite kind, **sporadic** where they never were.

    Parameters
    ----------
    hot, cold : array_like of bool, shape (n, steps)
        Significant hot or cold, in order of time.
    trend_p, trend_sign : array_like, shape (n,)
        Of the Mann-Kendall trend of each unit's score.
    alpha : float
        Level at which a trend counts.

    Returns
    -------
    list of str, n entries
        From `CATEGORIES`.

    Raises
    ------
    ValueError
        If shapes differ, a flag is missing, or a step is both hot and cold.

    References
    ----------
    Harris, Goldberg, Harrison and Ogneva-Himmelberger (2017), Emerging hot spot analysis, doi:10.3390/ijerph14121482;
    the definitions are those of Esri's tool of that name.
    """
    is_hot, is_cold = _flags(hot), _flags(cold)
    p, sign = np.atleast_1d(np.asarray(trend_p, float)), np.atleast_1d(np.asarray(trend_sign, float))
    if is_hot.shape != is_cold.shape or len(p) != len(is_hot) or len(sign) != len(is_hot):
        raise ValueError("hot, cold and trend must be for the same units and steps")
    if (is_hot & is_cold).any():
        raise ValueError("no step can be hot and cold at once")
    rising = np.where(p <= alpha, np.sign(sign), 0.0)
    return [_category(h, c, r) for h, c, r in zip(is_hot, is_cold, rising)]


def _flags(values: ArrayLike) -> NDArray[np.bool_]:
    """Units by steps; one row is one unit, nothing is no unit."""
    given = np.asarray(values)
    if pd.isna(given).any():
        raise ValueError("hot and cold must be known in every step")
    flags = given.astype(bool)
    return flags.reshape(0, 0) if not flags.size and flags.ndim < 2 else np.atleast_2d(flags)


def _category(hot: NDArray[np.bool_], cold: NDArray[np.bool_], rising: float) -> str:
    if kind := _kind(hot, cold, rising):
        return f"{kind} hot spot"
    # A cold spot intensifies while its score falls.
    if kind := _kind(cold, hot, -rising):
        return f"{kind} cold spot"
    return "no pattern"


def _kind(spot: NDArray[np.bool_], opposite: NDArray[np.bool_], rising: float) -> str:
    """The kind of spot, or nothing."""
    steps, share = len(spot), float(spot.mean()) if len(spot) else 0.0
    if not steps or not spot.any():
        return ""
    if not spot[-1]:
        return "historical" if share >= _MOSTLY else ""
    run = steps if spot.all() else int(np.argmin(spot[::-1]))
    only_run = int(spot.sum()) == run
    if only_run and run == 1 and steps > 1:
        return "new"
    if only_run and run >= 2 and share < _MOSTLY:
        return "consecutive"
    if share >= _MOSTLY:
        return {1.0: "intensifying", -1.0: "diminishing"}.get(rising, "persistent")
    return "oscillating" if opposite.any() else "sporadic"
