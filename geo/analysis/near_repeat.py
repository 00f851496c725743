"""Do events come again close by and soon after? Knox's test over bands of distance and time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.analysis.pairs import ClosePairs
from geo.analysis.positions import positions

Metric = Literal["euclidean", "manhattan"]
_WORKERS = 2

_FEW = 20_000
"""Pairs that one thread counts as fast as two."""

_DEALT_BYTES = 128 << 20
"""Of dates dealt out at once by each worker."""


def _nothing(_share: float) -> None:
    """Nobody wants to know how far it is."""


@dataclass(frozen=True, eq=False)
class Knox:
    """Pairs by band of distance (rows) and of days (columns).

    Attributes
    ----------
    observed : DataFrame of int
        Every unordered pair counted once.
    expected : DataFrame of float
        The mean over all ways of dealing the dates out to the places.
    ratio : DataFrame of float
        Observed over expected.
    p : DataFrame of float
        Share of permutations with at least as many pairs, the observed one among them.
    p_adjusted : DataFrame of float
        Share of permutations any band of which is as unlikely as this one: at most 5 % of patterns without interaction
        have a band at 5 % or less, however many bands are looked at.
    """

    observed: pd.DataFrame
    expected: pd.DataFrame
    ratio: pd.DataFrame
    p: pd.DataFrame
    p_adjusted: pd.DataFrame


def knox(
    x: ArrayLike,
    y: ArrayLike,
    days: ArrayLike,
    *,
    distance_breaks_m: ArrayLike,
    day_breaks: ArrayLike,
    metric: Metric = "euclidean",
    areas: ArrayLike | None = None,
    permutations: int = 999,
    seed: int = 0,
    progress: Callable[[float, str], None] | None = None,
) -> Knox:
    """Knox's test of space-time interaction.

    Pairs within the largest distance are found once, or, where they are too many to be kept, some at a time; each
    permutation deals the dates out anew over the same pairs.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Metres.
    days : array_like, shape (n,)
        Day of each event: numbers, or dates.
    distance_breaks_m, day_breaks : array_like
        Upper edges b1 < b2 < ... of left-closed bands [0, b1), [b1, b2) ...
    metric : {"euclidean", "manhattan"}
    areas : array_like, shape (n,), optional
        The area of each event: dates are dealt out within areas, so that areas whose numbers rise and fall unlike each
        other do not pass for near repeats. What is expected is then the mean of the permutations.
    permutations, seed : int
    progress : callable, optional
        Called with the share done, 0 to 1, and a message key.

    Returns
    -------
    Knox
        Bands are labelled `[0, 200)` and so on.

    Raises
    ------
    ValueError
        If breaks do not rise from above zero, sizes differ or a value is missing.

    References
    ----------
    Knox (1964), doi:10.2307/2985220; Mantel (1967) for permuting dates, PMID 6018555; Westfall and Young (1993),
    Resampling-based multiple testing, ISBN 978-0-471-55761-6, for p_adjusted.
    """
    if metric not in get_args(Metric):
        raise ValueError(f"metric must be one of {', '.join(get_args(Metric))}")
    if permutations < 1:
        raise ValueError("at least one permutation is needed")
    points, day = positions(x, y), _day_numbers(days)
    space, time = _breaks(distance_breaks_m), _breaks(day_breaks)
    if day.shape != (len(points),) or not np.isfinite(day).all():
        raise ValueError("days must be finite, and as many as places")
    group = None if areas is None else _groups(areas, len(points))
    pairs = ClosePairs(points, space, norm=1 if metric == "manhattan" else 2)
    shape = (len(space), len(time))
    counter = _Counter(pairs, day, time)
    observed = counter.count(day[np.newaxis])[0]
    told = (lambda share: progress(share, "analysis.step_permute")) if progress else _nothing
    dealt = counter.dealt(group, permutations, seed, told)
    expected: NDArray[np.float64] = dealt.mean(axis=0)
    if group is None:
        expected = np.outer(pairs.by_band, _time_pairs(day, time)) / max(1, _choose2(len(day)))
    rows, columns = _labels(space), _labels(time)
    ratio = np.divide(observed, expected, out=np.full(shape, np.nan), where=expected > 0)
    p, adjusted = _levels(observed, dealt)
    tables = (observed, expected, ratio, p, adjusted)
    return Knox(*(pd.DataFrame(table, index=rows, columns=columns) for table in tables))


def _levels(observed: NDArray[np.int64], dealt: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The p of each band, and the same for the least likely of all bands, from the same permutations."""
    every = np.concatenate([observed[None], dealt]).reshape(1 + len(dealt), -1)
    # Of each dealing-out and band, how many of all hold at least as many pairs.
    least = np.sort(every, axis=0)
    reached = [len(every) - np.searchsorted(least[:, i], every[:, i]) for i in range(every.shape[1])]
    p = np.stack(reached, axis=1) / len(every)
    rarest = np.sort(p.min(axis=1))
    adjusted = np.searchsorted(rarest, p[0], side="right") / len(every)
    return p[0].reshape(observed.shape), adjusted.reshape(observed.shape)


def _groups(areas: ArrayLike, n: int) -> NDArray[np.int64]:
    given = np.asarray(areas)
    if given.shape != (n,):
        raise ValueError("areas must be as many as places")
    return np.asarray(np.unique(given, return_inverse=True)[1], np.int64)


class _Counter:
    """Counts pairs by bands for any dealing-out of the dates."""

    def __init__(self, pairs: ClosePairs, day: NDArray[np.float64], breaks: NDArray[np.float64]) -> None:
        self.pairs, self.day, self.breaks = pairs, day, breaks
        self.shape = (len(pairs.by_band), len(breaks))
        # Whole days look their band up in a table; one more band holds what is too far apart in time.
        whole = bool((day == np.floor(day)).all()) and np.ptp(day) < 10_000_000 if len(day) else False
        self.table = None
        if whole:
            self.table = np.searchsorted(breaks, np.arange(int(np.ptp(day)) + 1), side="right").astype(np.int16)

    def count(self, dealt: NDArray[np.float64], told: Callable[[float], None] = _nothing) -> NDArray[np.int64]:
        """Pairs by band of distance and of days of each dealing-out, shape (dealings, distances, days)."""
        days = np.ascontiguousarray(dealt, np.int32) if self.table is not None else dealt
        cells = self.shape[0] * (self.shape[1] + 1)
        found = np.zeros((len(days), cells), np.int64)
        seen, total = 0, max(1, int(self.pairs.by_band.sum()))
        for left, right, band in self.pairs:
            offset = band.astype(np.int16) * np.int16(self.shape[1] + 1)
            for n, day in enumerate(days):
                gap = np.abs(day[left] - day[right])
                apart = self.table[gap] if self.table is not None else np.searchsorted(self.breaks, gap, side="right")
                found[n] += np.bincount(offset + apart, minlength=cells)
                told((seen + len(left) * (n + 1) / len(days)) / total)
            seen += len(left)
        return found.reshape(-1, self.shape[0], self.shape[1] + 1)[:, :, : self.shape[1]]

    def dealt(
        self, group: NDArray[np.int64] | None, permutations: int, seed: int, told: Callable[[float], None]
    ) -> NDArray[np.int64]:
        """Pairs by bands of each dealing-out of the dates, shape (permutations, distances, days)."""
        seeds = np.random.SeedSequence(seed).spawn(_WORKERS)
        shares = [permutations // _WORKERS + (n < permutations % _WORKERS) for n in range(_WORKERS)]
        done = [0.0] * _WORKERS

        def deal(n: int) -> NDArray[np.int64]:
            def tell(share: float) -> None:
                done[n] = share
                told(sum(done) / _WORKERS)

            return self._dealt(group, shares[n], np.random.default_rng(seeds[n]), tell)

        if self.pairs.by_band.sum() < _FEW:  # threads would wait for each other
            return np.concatenate([*map(deal, range(_WORKERS))])
        with ThreadPoolExecutor(_WORKERS) as pool:
            return np.concatenate([*pool.map(deal, range(_WORKERS))])

    def _dealt(
        self,
        group: NDArray[np.int64] | None,
        permutations: int,
        rng: np.random.Generator,
        told: Callable[[float], None],
    ) -> NDArray[np.int64]:
        together = np.arange(len(self.day)) if group is None else np.argsort(group, kind="stable")
        parts = [np.zeros((0, *self.shape), np.int64)]
        at_once = max(1, _DEALT_BYTES // max(1, 8 * len(self.day)))
        for first in range(0, permutations, at_once):
            size = min(at_once, permutations - first)
            days = np.empty((size, len(self.day)))
            for day in days:
                if group is None:
                    day[:] = rng.permutation(self.day)
                else:
                    day[together] = self.day[np.argsort(group + rng.random(len(group)))]
            parts.append(self.count(days, partial(_part_of, told, first, size, permutations)))
        return np.concatenate(parts)


def _part_of(told: Callable[[float], None], first: int, size: int, whole: int, share: float) -> None:
    told((first + size * share) / whole)


def _day_numbers(days: ArrayLike) -> NDArray[np.float64]:
    """Days from the first event; dates count whole and broken days."""
    given = np.asarray(days)
    if given.dtype == object and len(given) and isinstance(given.flat[0], date):
        given = given.astype("datetime64[us]")
    if given.dtype.kind == "M":
        given = (given - given.min()) / np.timedelta64(1, "D") if len(given) else given.astype(float)
    day = np.asarray(given, float)
    # Large numbers, such as seconds since 1970 taken for days, would not fit the table of whole days.
    return day - day.min() if len(day) and bool((day == np.floor(day)).all()) else day


def _breaks(values: ArrayLike) -> NDArray[np.float64]:
    breaks = np.atleast_1d(np.asarray(values, float))
    if not len(breaks) or breaks[0] <= 0 or not (np.diff(breaks) > 0).all() or not np.isfinite(breaks).all():
        raise ValueError("breaks must rise from above zero")
    return breaks


def _labels(breaks: NDArray[np.float64]) -> list[str]:
    edges = [0.0, *breaks]
    return [f"[{low:g}, {high:g})" for low, high in pairwise(edges)]


def _time_pairs(day: NDArray[np.float64], breaks: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many of all pairs lie in each band of days."""
    values, count = np.unique(day, return_counts=True)
    upto = np.concatenate([[0], np.cumsum(count)])
    within = [0]
    for limit in breaks:
        last = _last_within(values, limit)
        later = upto[last + 1] - upto[1:]
        within.append(int((count * (count - 1) // 2 + count * later).sum()))
    return np.diff(within)


def _last_within(values: NDArray[np.float64], limit: float) -> NDArray[np.int64]:
    """Position of the last of rising values that is less than `limit` after each, told by the difference itself.

    A sum may be rounded over the limit where the difference, by which pairs are counted, is not.
    """
    last = np.searchsorted(values, values + limit, side="left") - 1
    following = np.minimum(last + 1, len(values) - 1)
    last = np.where((following > last) & (values[following] - values < limit), following, last)
    return np.where(values[last] - values < limit, last, last - 1).astype(np.int64)


def _choose2(n: int) -> int:
    return n * (n - 1) // 2
