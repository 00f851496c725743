"""Is a place busier than its own past, beside how the whole area changed? Each unit with the units around it.

What a unit holds is set against what it held before, not against other units: a place that is always busy is not
news, and the skew of counts over units, which makes map-wide tests alarm, plays no part. The whole area's counts
stand for whatever changed everywhere, the season included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.stats import norm

from geo.analysis.hotspots import benjamini_hochberg
from geo.analysis.usual import predict

__all__ = ["OwnPast", "held_against_own_past"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_MOST_APART = 0.25
"""Part of the units at most that the change of the whole area is reckoned without."""


@dataclass(frozen=True, eq=False)
class OwnPast:
    """The windows of a period held against their own past.

    Attributes
    ----------
    observed, expected : ndarray, shape (k,)
        Sums of the period.
    p_up, p_down : ndarray, shape (k,)
        One-sided probabilities of as much or more, as little or less; NaN where nothing is known.
    """

    observed: Floats
    expected: Floats
    p_up: Floats
    p_down: Floats

    @property
    def p(self) -> Floats:
        """Two-sided."""
        return np.minimum(1.0, 2.0 * np.minimum(self.p_up, self.p_down))

    @property
    def z(self) -> Floats:
        """The rarer side as a normal deviate, positive for more than the past."""
        up, down = (np.clip(tail, 1e-300, 0.5) for tail in (self.p_up, self.p_down))
        return np.asarray(np.where(self.p_up < self.p_down, norm.isf(up), -norm.isf(down)))

    def adjusted(self, judged: Flags | None = None) -> Floats:
        """Benjamini and Hochberg's adjusted p over the windows that are judged; NaN for the others."""
        among = ~np.isnan(self.p) if judged is None else judged & ~np.isnan(self.p)
        found = np.full(len(self.p), np.nan)
        if among.any():
            found[among] = benjamini_hochberg(self.p[among])
        return found


def held_against_own_past(
    counts: ArrayLike,
    past: int,
    windows: Any,
    *,
    reference: int | None = None,
    refits: int = 0,
    alpha: float = 0.05,
) -> OwnPast:
    """Hold windows of units over a period against the same windows before.

    Parameters
    ----------
    counts : array_like, shape (blocks, units)
        By block of time and unit, the past first; NaN where there is no report.
    past : int
        How many of the blocks are before the period.
    windows : sparse array or array_like, shape (k, units)
        Ones where a unit belongs to a window.
    reference : int, optional
        How many blocks before the period it is held against; see `geo.analysis.usual.predict`.
    refits : int
        How often at most the change of the whole area is reckoned anew without the windows that were found.
    alpha : float
        Level at which a window is found, false discoveries controlled.

    Raises
    ------
    ValueError
        If no block is before the period, or none in it.
    """
    table = np.asarray(counts, float)
    if not 0 < past < len(table):
        raise ValueError("blocks are needed before the period and in it")
    ordinary = np.ones(table.shape[1], bool)
    found = _held(table, past, windows, ordinary, reference)
    for _ in range(refits):
        left = _without(found, windows, alpha)
        if (left == ordinary).all():
            break
        ordinary = left
        found = _held(table, past, windows, ordinary, reference)
    return found


def _without(found: OwnPast, windows: Any, alpha: float) -> Flags:
    """The units of no window that was found; the clearest first, for where one rises much, all others seem to fall."""
    members = csr_array(windows)
    ordinary = np.ones(members.shape[1], bool)
    adjusted = found.adjusted()
    for place in np.argsort(np.where(adjusted <= alpha, found.p, np.inf), kind="stable"):
        if not adjusted[place] <= alpha or (~ordinary).mean() >= _MOST_APART:
            break
        ordinary[members.indices[members.indptr[place] : members.indptr[place + 1]]] = False
    return ordinary


def _held(table: Floats, past: int, windows: Any, ordinary: Flags, reference: int | None) -> OwnPast:
    """One fit, the change of the whole area reckoned from the `ordinary` units."""
    reported = ~np.isnan(table)
    values = np.where(reported, table, 0.0)
    level = values.sum(axis=0) / np.maximum(reported.sum(axis=0), 1)
    due_here = reported * level
    everywhere = due_here[:, ordinary].sum(axis=1)
    change = np.divide(values[:, ordinary].sum(axis=1), everywhere, out=np.zeros(len(table)), where=everywhere > 0)
    sums, due, some = (np.asarray((windows @ part.T).T) for part in (values, due_here, reported.astype(float)))
    whole = np.asarray(windows @ level)
    share = np.divide(due, whole, out=np.ones_like(due), where=whole > 0)
    exposure = change[:, None] * share
    known = (some > 0) & (exposure > 0)
    series, factors = np.where(known, sums, np.nan).T, np.where(known, exposure, 1.0).T
    found = predict(
        series[:, :past], series[:, past:], season=factors[:, :past], target_season=factors[:, past:],
        reference=reference,
    )  # fmt: skip
    observed = np.where(known[past:].any(axis=0), np.where(known, sums, 0.0)[past:].sum(axis=0), np.nan)
    return OwnPast(observed, found.total_expected, found.total_p_up, found.total_p_down)
