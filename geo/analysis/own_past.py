"""Is a place busier than its own past, beside how the whole area changed? Each unit with the units around it.

What a unit holds is set against what it held before, not against other units: a place that is always busy is not
news, and the skew of counts over units, which makes map-wide tests alarm, plays no part. The whole area's counts
stand for whatever changed everywhere, the season included.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array, eye_array, vstack
from scipy.stats import norm

from geo.analysis.hotspots import benjamini_hochberg
from geo.analysis.usual import predict

__all__ = ["ChangedPlaces", "OwnPast", "changed_places"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_MOST_APART = 0.25
"""Part of the units at most that the change of the whole area is reckoned without."""

_WORKERS, _MANY = 2, 400
"""Threads that share so many series, or more."""

_MOST_FITS = 4
"""How often at most the change of the whole area is reckoned, each time without what was found."""


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


@dataclass(frozen=True, eq=False)
class ChangedPlaces:
    """Units that hold more or less than their past, alone or together with those around them.

    Attributes
    ----------
    alone : OwnPast
        Each unit by itself, in the period that shows its change most clearly.
    together : OwnPast
        Each with the units around it, but for those that changed by themselves, in the same period.
    by_itself : ndarray of bool, shape (units,)
        What speaks more clearly is the unit alone.
    period : ndarray of int, shape (units,)
        Which of the periods that were asked about shows it most clearly.
    p : ndarray, shape (units,)
        Benjamini and Hochberg's adjusted p of it, over everything asked of all units; NaN where nothing is known.
    z : ndarray, shape (units,)
        Its normal deviate, positive for more.
    """

    alone: OwnPast
    together: OwnPast
    by_itself: Flags
    period: NDArray[np.int64]
    p: Floats
    z: Floats

    def side(self, alpha: float = 0.05) -> NDArray[np.int64]:
        """1 for more than the past, -1 for less, 0 for neither, shape (units,)."""
        return np.where(self.p <= alpha, np.sign(self.z), 0.0).astype(np.int64)


def changed_places(
    counts: ArrayLike,
    pasts: Sequence[int],
    links: Any,
    *,
    reference: int | None = None,
    alpha: float = 0.05,
    judged: Flags | None = None,
) -> ChangedPlaces:
    """Which units changed, each alone and with its neighbours, and not merely beside one that did.

    A unit that changed by itself is left out of its neighbours' windows: it would make all of them seem to change. What
    is left of a window speaks for a unit only where the unit's own count goes the same way.

    Parameters
    ----------
    counts : array_like, shape (blocks, units)
        By block of time and unit, the past first; NaN where there is no report.
    pasts : sequence of int
        How many of the blocks are before the period; several ask about several periods, which all end with the last
        block.
    links : sparse array, shape (units, units)
        Not zero where two units are neighbours.
    reference : int, optional
        How many blocks before the period it is held against; see `geo.analysis.usual.predict`.
    alpha : float
        Level at which a unit has changed, false discoveries controlled.
    judged : array_like of bool, shape (units,), optional
        Which units are asked about; all where not given.

    Raises
    ------
    ValueError
        If no block is before a period, or none in it.
    """
    table = np.asarray(counts, float)
    if not all(0 < past < len(table) for past in pasts):
        raise ValueError("blocks are needed before the period and in it")
    units = table.shape[1]
    one, around = csr_array(eye_array(units)), _around(links)
    asked = np.tile(np.ones(units, bool) if judged is None else judged, 2 * len(pasts))
    ordinary, apart = [np.ones(units, bool)] * len(pasts), np.zeros(units, bool)
    for _ in range(_MOST_FITS):
        rest = csr_array(around.multiply(np.where(apart, 0.0, 1.0)[None, :]))
        windows = csr_array(vstack([one, rest]))
        found = [_held(table, past, windows, left, reference) for past, left in zip(pasts, ordinary)]
        adjusted = _adjusted(np.concatenate([each.p for each in found]), asked).reshape(len(pasts), 2, units)
        by_itself = apart | (np.nan_to_num(adjusted[:, 0], nan=1.0) <= alpha).any(axis=0)
        left = [_without(each, windows, alpha) for each in found]
        if (by_itself == apart).all() and all((a == b).all() for a, b in zip(left, ordinary)):
            break
        apart, ordinary = by_itself, left
    return _clearest(found, adjusted, apart)


def _around(links: Any) -> csr_array:
    """Each unit with its neighbours, as ones."""
    around = csr_array(csr_array(links) != 0).astype(float).tolil()
    around.setdiag(1.0)
    return csr_array(around)


def _clearest(found: list[OwnPast], adjusted: Floats, apart: Flags) -> ChangedPlaces:
    """Of each unit the period, and whether alone or together, that shows its change most clearly."""
    units = len(apart)
    alone, together = ([_part(each, rows) for each in found] for rows in (slice(units), slice(units, None)))
    agrees = [(t.observed - t.expected) * (a.observed - a.expected) > 0 for a, t in zip(alone, together)]
    p = adjusted.copy()
    p[:, 1] = np.where(np.stack(agrees) & ~apart, p[:, 1], np.nan)
    raw = np.stack([[a.p, t.p] for a, t in zip(alone, together)])
    rank = np.where(np.isnan(p), np.inf, p + raw * 1e-6)  # the p themselves tell apart what adjusting made equal
    best = rank.reshape(-1, units).argmin(axis=0)
    period, by_itself = best // 2, best % 2 == 0
    every = np.arange(units)
    z = np.stack([[a.z, t.z] for a, t in zip(alone, together)])
    return ChangedPlaces(
        _of_periods(alone, period), _of_periods(together, period), by_itself, period,
        p.reshape(-1, units)[best, every], z.reshape(-1, units)[best, every],
    )  # fmt: skip


def _of_periods(found: list[OwnPast], period: NDArray[np.int64]) -> OwnPast:
    every = np.arange(len(period))
    fields = ("observed", "expected", "p_up", "p_down")
    return OwnPast(*(np.stack([getattr(each, name) for each in found])[period, every] for name in fields))


def _adjusted(p: Floats, asked: Flags) -> Floats:
    among = asked & ~np.isnan(p)
    found = np.full(len(p), np.nan)
    if among.any():
        found[among] = benjamini_hochberg(p[among])
    return found


def _part(found: OwnPast, rows: slice) -> OwnPast:
    return OwnPast(found.observed[rows], found.expected[rows], found.p_up[rows], found.p_down[rows])


def _without(found: OwnPast, windows: Any, alpha: float) -> Flags:
    """The units of no window that was found; the clearest first, for where one rises much, all others seem to fall."""
    members = csr_array(windows)
    ordinary = np.ones(members.shape[1], bool)
    adjusted = _adjusted(found.p, np.ones(len(found.p), bool))
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
    held = np.where(known, sums, 0.0)
    some_past, some_now = known[:past].any(axis=0), known[past:].any(axis=0)
    observed = np.where(some_now, held[past:].sum(axis=0), np.nan)
    # What never held anything cannot have changed, and most small cells never did.
    expected = np.where(some_past & some_now, 0.0, np.nan)
    up, down = (np.where(some_past & some_now, 1.0, np.nan) for _ in range(2))
    alive = held.any(axis=0)
    if alive.any():
        series, factors = np.where(known, sums, np.nan)[:, alive].T, np.where(known, exposure, 1.0)[:, alive].T
        with ThreadPoolExecutor(_WORKERS) as pool:
            parts = np.array_split(np.arange(len(series)), _WORKERS if len(series) >= _MANY else 1)
            told = [*pool.map(lambda rows: _tails(series[rows], factors[rows], past, reference), parts)]
        expected[alive], up[alive], down[alive] = np.concatenate(told, axis=1)
    return OwnPast(observed, expected, up, down)


def _tails(series: Floats, factors: Floats, past: int, reference: int | None) -> Floats:
    """What was expected of each series, and the probabilities of as much and as little, shape (3, series)."""
    found = predict(
        series[:, :past], series[:, past:], season=factors[:, :past], target_season=factors[:, past:],
        reference=reference,
    )  # fmt: skip
    return np.stack([found.total_expected, found.total_p_up, found.total_p_down])
