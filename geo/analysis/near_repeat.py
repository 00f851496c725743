"""Do events come again close by and soon after? Knox's test over bands of distance and time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo.analysis.positions import positions

Metric = Literal["euclidean", "manhattan"]
_WORKERS = 2


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
) -> Knox:
    """Knox's test of space-time interaction.

    Pairs within the largest distance are found once; each permutation deals the dates out anew over the same pairs.

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
    pairs, band = _close_pairs(points, space, metric)
    shape = (len(space), len(time))
    counter = _Counter(pairs, band, day, time, shape)
    observed = counter.count(day)
    dealt = counter.dealt(group, permutations, seed)
    expected: NDArray[np.float64] = dealt.mean(axis=0)
    if group is None:
        expected = np.outer(np.bincount(band, minlength=shape[0]), _time_pairs(day, time)) / max(1, _choose2(len(day)))
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

    def __init__(
        self,
        pairs: NDArray[np.int64],
        band: NDArray[np.int64],
        day: NDArray[np.float64],
        breaks: NDArray[np.float64],
        shape: tuple[int, int],
    ) -> None:
        self.day = day
        self.left, self.right = (np.ascontiguousarray(column, np.int32) for column in pairs.T)
        self.shape, self.breaks = shape, breaks
        # Whole days look their band up in a table; one more band holds what is too far apart in time.
        whole = bool((day == np.floor(day)).all()) and np.ptp(day) < 10_000_000 if len(day) else False
        self.table = None
        if whole:
            self.table = np.searchsorted(breaks, np.arange(int(np.ptp(day)) + 1), side="right").astype(np.int16)
        self.offset = (band * (shape[1] + 1)).astype(np.int16)

    def count(self, day: NDArray[np.float64]) -> NDArray[np.int64]:
        """Pairs by band of distance and of days."""
        if self.table is not None:
            whole = day.astype(np.int32)
            apart = self.table[np.abs(whole[self.left] - whole[self.right])]
        else:
            apart = np.searchsorted(self.breaks, np.abs(day[self.left] - day[self.right]), side="right")
        cells = self.shape[0] * (self.shape[1] + 1)
        counted = np.bincount(self.offset + apart, minlength=cells)
        return counted.reshape(self.shape[0], -1)[:, : self.shape[1]]

    def dealt(self, group: NDArray[np.int64] | None, permutations: int, seed: int) -> NDArray[np.int64]:
        """Pairs by bands of each dealing-out of the dates, shape (permutations, distances, days)."""
        seeds = np.random.SeedSequence(seed).spawn(_WORKERS)
        shares = [permutations // _WORKERS + (n < permutations % _WORKERS) for n in range(_WORKERS)]
        with ThreadPoolExecutor(_WORKERS) as pool:
            return np.concatenate([*pool.map(lambda job: self._dealt(group, *job), zip(shares, seeds))])

    def _dealt(
        self, group: NDArray[np.int64] | None, permutations: int, seed: np.random.SeedSequence
    ) -> NDArray[np.int64]:
        rng = np.random.default_rng(seed)
        found = np.zeros((permutations, *self.shape), np.int64)
        together = None if group is None else np.argsort(group, kind="stable")
        for i in range(permutations):
            if group is None or together is None:
                found[i] = self.count(rng.permutation(self.day))
            else:
                day = np.empty_like(self.day)
                day[together] = self.day[np.argsort(group + rng.random(len(group)))]
                found[i] = self.count(day)
        return found


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


def _close_pairs(
    points: NDArray[np.float64], breaks: NDArray[np.float64], metric: Metric
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs nearer than the last break, and the band of each."""
    norm = 1 if metric == "manhattan" else 2
    pairs = cKDTree(points).query_pairs(breaks[-1], p=norm, output_type="ndarray")
    gap = np.abs(points[pairs[:, 0]] - points[pairs[:, 1]])
    distance = gap.sum(axis=1) if norm == 1 else np.hypot(gap[:, 0], gap[:, 1])
    near = distance < breaks[-1]
    return pairs[near], np.searchsorted(breaks, distance[near], side="right")


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
