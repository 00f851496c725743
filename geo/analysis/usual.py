"""What is usual for a series of monthly counts, judging by the months before: one model for every claim about change.

Counts are Poisson with a rate of their own and vary more than that by a dispersion phi, which is learned from the
series itself and never known for certain. What a month, or a run of months, may then be is a negative binomial averaged
over what phi may be. With phi = 1 it is the exact conditional test of two Poisson counts, so the limits of a month and
the comparison of two periods are one formula.

How the dispersion is learned stands in `geo.analysis.dispersion`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, gammaincinv

from geo.analysis.dispersion import learned

__all__ = ["LEVEL", "STRONG_LEVEL", "Usual", "predict", "tail_down", "tail_up"]

Floats = NDArray[np.float64]

LEVEL = 0.005
"""The level of one side: what is as rare as that, or rarer, is not usual."""

STRONG_LEVEL = 0.0001
"""What is as rare as that, or rarer, is called strong."""


_PRIOR, _PRIOR_DF = 1.25, 1.2
"""The dispersion before anything is learned, and the months that is worth. With 1.5 and 2 a short history without a
spike was believed too much: few events that come in spikes alarmed in 2.2 % of months, now 1.8 %, at the same power."""
_EDGES = np.concatenate([[0.0], np.geomspace(1e-6, 0.3, 18), np.linspace(0.3, 1.0, 8)[1:]])
_WEIGHTS = np.diff(_EDGES)
_NODES = np.where(
    _EDGES[1:] <= 0.3 + 1e-12,
    np.sqrt(np.maximum(_EDGES[:-1], 1e-7) * _EDGES[1:]),
    (_EDGES[:-1] + _EDGES[1:]) / 2,
)


@dataclass(frozen=True)
class Usual:
    """What was to be expected of each target month and of all together; each answer is worked out when it is asked for.

    Attributes
    ----------
    level : float
        Of one side, for the limits.
    """

    level: float
    _model: _Predictive
    _months: Floats
    _exposure: Floats
    _total: Floats
    _total_exposure: Floats

    @property
    def phi(self) -> Floats:
        """The estimate of the dispersion, at its prior where there is nothing to learn from, shape (…)."""
        return self._model.phi

    @cached_property
    def expected(self) -> Floats:
        """The mean of what was to be expected of each month, shape (…, m)."""
        return self._model.mean(self._exposure)

    @cached_property
    def p_up(self) -> Floats:
        """Probability of as much or more, shape (…, m); NaN where the month, or all before it, is missing."""
        return self._model.up(self._months, self._exposure)

    @cached_property
    def p_down(self) -> Floats:
        """Probability of as much or less, shape (…, m); NaN where the month, or all before it, is missing."""
        return self._model.down(self._months, self._exposure)

    @cached_property
    def total_expected(self) -> Floats:
        """The mean of what was to be expected of the sum of the months that are reported, shape (…)."""
        return self._model.mean(self._total_exposure[..., None])[..., 0]

    @cached_property
    def total_p_up(self) -> Floats:
        """Probability of such a sum or a larger one, shape (…)."""
        return self._model.up(self._total[..., None], self._total_exposure[..., None])[..., 0]

    @cached_property
    def total_p_down(self) -> Floats:
        """Probability of such a sum or a smaller one, shape (…)."""
        return self._model.down(self._total[..., None], self._total_exposure[..., None])[..., 0]

    @cached_property
    def low(self) -> Floats:
        """Smallest count of each month that is usual, shape (…, m)."""
        return self._model.lowest(self._exposure, self.level)

    @cached_property
    def high(self) -> Floats:
        """Largest count of each month that is usual, shape (…, m)."""
        return self._model.highest(self._exposure, self.level)

    @cached_property
    def total_low(self) -> Floats:
        """Smallest sum that is usual, shape (…)."""
        return self._model.lowest(self._total_exposure[..., None], self.level)[..., 0]

    @cached_property
    def total_high(self) -> Floats:
        """Largest sum that is usual, shape (…)."""
        return self._model.highest(self._total_exposure[..., None], self.level)[..., 0]

    @cached_property
    def by_chance(self) -> Floats:
        """Probability that the sum is not usual though nothing has changed, shape (…)."""
        exposure = self._total_exposure[..., None]
        above = self._model.up(self.total_high[..., None] + 1, exposure)
        below = np.where(self.total_low[..., None] > 0, self._model.down(self.total_low[..., None] - 1, exposure), 0.0)
        return np.asarray((above + below)[..., 0])


def predict(
    history: ArrayLike,
    target: ArrayLike,
    *,
    level: float = LEVEL,
    season: ArrayLike | None = None,
    target_season: ArrayLike | None = None,
    reference: int | None = None,
) -> Usual:
    """What was to be expected of the target months, and how rare what came is.

    Parameters
    ----------
    history : array_like of counts, shape (…, n)
        Months in order, up to the one before the target; NaN where there is no report.
    target : array_like of counts, shape (…, m)
        The months that follow; NaN where there is no report.
    level : float
        Of one side, for the limits.
    season, target_season : array_like, shape (n,) and (m,), or as the counts
        How much is due in each month, as a factor; 1 where not given.
    reference : int, optional
        How many of the last months the target is held against; 12 where not given, or 24 or 36 for a target of more
        than 12 or 24 months.

    Returns
    -------
    Usual
        NaN where nothing was reported in the months the target is held against.

    Raises
    ------
    ValueError
        If a count is negative, a factor not positive, the level not between 0 and one half, or shapes do not fit.

    References
    ----------
    Farrington and others (1996), doi:10.2307/2983331, for months that are not learned from; Przyborowski and Wilenski
    (1940), doi:10.1093/biomet/31.3-4.313, for the exact test it becomes; Huber (1964), doi:10.1214/aoms/1177703732, for
    the cut squares.
    """
    past, months = _counts(history), _counts(target)
    if past.shape[:-1] != months.shape[:-1]:
        raise ValueError("history and target must be of the same series")
    if not 0 < level < 0.5:
        raise ValueError("the level must lie between 0 and one half")
    due, due_then = _factors(season, past.shape), _factors(target_season, months.shape)
    lead = past.shape[:-1]
    if (missing := 3 - past.shape[-1]) > 0:  # successive months, and one apart
        gap = [(0, 0)] * (past.ndim - 1) + [(missing, 0)]
        past, due = np.pad(past, gap, constant_values=np.nan), np.pad(due, gap, constant_values=1.0)
    past, due = past.reshape(-1, past.shape[-1]), due.reshape(-1, past.shape[-1])
    months, due_then = months.reshape(-1, months.shape[-1]), due_then.reshape(-1, months.shape[-1])
    model = _learned(past, due, reference or _reference(months.shape[-1]))
    here = ~np.isnan(months)
    total = np.where(here.any(-1), np.where(here, months, 0.0).sum(-1), np.nan)
    exposure, total_exposure = due_then, np.where(here, due_then, 0.0).sum(-1)

    def shaped(values: Floats) -> Floats:
        return values.reshape((*lead, *values.shape[1:]))

    return Usual(level, model.shaped(lead), shaped(months), shaped(exposure), shaped(total), shaped(total_exposure))


def _counts(values: ArrayLike) -> Floats:
    counts = np.asarray(values, float)
    if counts.ndim == 0 or counts.shape[-1] == 0:
        raise ValueError("at least one month is needed")
    if (counts < 0).any() or np.isinf(counts).any():
        raise ValueError("counts must not be negative")
    return counts


def _factors(values: ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    factors = np.ones(shape) if values is None else np.broadcast_to(np.asarray(values, float), shape)
    if not (factors > 0).all():
        raise ValueError("season factors must be positive")
    return np.ascontiguousarray(factors)


def _reference(months: int) -> int:
    """How many months a target of so many is held against."""
    return 12 if months <= 12 else 24 if months <= 24 else 36


def tail_up(count: ArrayLike, seen: ArrayLike, ratio: ArrayLike, phi: ArrayLike) -> Floats:
    """Probability of `count` or more where `seen` came before and the exposure is `ratio` times that of before."""
    x, s, rho, spread = np.broadcast_arrays(*(np.asarray(v, float) for v in (count, seen, ratio, phi)))
    return np.where(x <= 0, 1.0, _beta(np.maximum(x, 1e-9), (s + spread) * rho, spread * (1 + rho)))


def tail_down(count: ArrayLike, seen: ArrayLike, ratio: ArrayLike, phi: ArrayLike) -> Floats:
    """Probability of `count` or less; see `tail_up`."""
    x, s, rho, spread = np.broadcast_arrays(*(np.asarray(v, float) for v in (count, seen, ratio, phi)))
    return np.where(s <= 0, 1.0, 1.0 - _beta(np.maximum(x, 0.0) + 1, s * rho, spread * (1 + rho)))


def _beta(x: Floats, mu: Floats, inflation: Floats) -> Floats:
    """P(X >= x) of a negative binomial with mean `mu` and variance `mu * inflation`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        size = mu / (inflation - 1.0)
        return np.where(mu > 0, betainc(x, size, mu / (mu + size)), 0.0)


@dataclass(frozen=True)
class _Predictive:
    """Of each series: counts and exposure of the months it is held against, and the dispersion at each node."""

    seen: Floats
    exposure: Floats
    phi: Floats
    nodes: Floats

    def shaped(self, lead: tuple[int, ...]) -> _Predictive:
        """With the leading axes of the series as they came."""
        return _Predictive(
            self.seen.reshape(lead),
            self.exposure.reshape(lead),
            self.phi.reshape(lead),
            self.nodes.reshape((*lead, -1)),
        )

    def _ratio(self, exposure: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.exposure[..., None] > 0, exposure / self.exposure[..., None], np.nan)

    def mean(self, exposure: Floats) -> Floats:
        """What is to be expected."""
        return self.seen[..., None] * self._ratio(exposure)

    def up(self, count: Floats, exposure: Floats) -> Floats:
        """P of as much or more."""
        return self._mixed(tail_up, count, exposure)

    def down(self, count: Floats, exposure: Floats) -> Floats:
        """P of as much or less."""
        return self._mixed(tail_down, count, exposure)

    def _mixed(self, tail: Callable[..., Floats], count: Floats, exposure: Floats) -> Floats:
        ratio = self._ratio(exposure)
        each = tail(count[..., None], self.seen[..., None, None], ratio[..., None], self.nodes[..., None, :])
        return np.where(np.isnan(count) | np.isnan(ratio), np.nan, np.minimum(each @ _WEIGHTS, 1.0))

    def highest(self, exposure: Floats, level: float) -> Floats:
        """The largest count with P(X >= count) above the level."""
        low, high = np.zeros_like(exposure), np.ceil(2 * self.mean(exposure) + 20)
        known = ~np.isnan(high)
        high = np.where(known, high, 1.0)
        while (growing := known & (self.up(high, exposure) > level)).any():
            high = np.where(growing, high * 2, high)
        while (open_ := (high - low) > 1).any():
            middle = np.floor((low + high) / 2)
            inside = self.up(middle, exposure) > level
            low, high = np.where(open_ & inside, middle, low), np.where(open_ & ~inside, middle, high)
        return np.where(known, low, np.nan)

    def lowest(self, exposure: Floats, level: float) -> Floats:
        """The smallest count with P(X <= count) above the level."""
        mean = self.mean(exposure)
        known = ~np.isnan(mean)
        low, high = np.full_like(exposure, -1.0), np.where(known, np.ceil(mean), 0.0)
        while (open_ := (high - low) > 1).any():
            middle = np.floor((low + high) / 2)
            inside = self.down(middle, exposure) > level
            low, high = np.where(open_ & ~inside, middle, low), np.where(open_ & inside, middle, high)
        return np.where(known, high, np.nan)


def _learned(counts: Floats, due: Floats, reference: int) -> _Predictive:
    """The dispersion of each series as far as it is known, and what it is held against."""
    phi, known, kept = learned(counts, due)
    freedom = known + _PRIOR_DF
    middle = (known * phi + _PRIOR * _PRIOR_DF) / freedom
    nodes = np.maximum(1.0, middle[:, None] * freedom[:, None] / (2.0 * gammaincinv(freedom[:, None] / 2.0, _NODES)))
    held = kept & (np.arange(counts.shape[1]) >= counts.shape[1] - reference)
    return _Predictive(np.where(held, counts, 0.0).sum(1), np.where(held, due, 0.0).sum(1), middle, nodes)
