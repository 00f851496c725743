"""Kulldorff's permutation scan in space and time: neighbouring units over some months with more than their own share.

What is expected is reckoned from the cases alone, by each unit's and each month's total: units whose rates differ all
the time make no cluster, which a scan by population would call one on nearly every map.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.positions import positions
from geo.analysis.scan import check_values, windows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_WORKERS = 2


@dataclass(frozen=True, eq=False)
class Cylinder:
    """Units over some months with more events than expected.

    Attributes
    ----------
    members : ndarray of int
        Positions of its units, nearest to its centre first.
    first, last : int
        Positions of its first and last month, both in it.
    observed, expected : float
    relative_risk : float
        Observed over expected inside, over the same outside.
    llr : float
        Log likelihood ratio.
    p : float
        Share of simulated tables whose best cylinder is at least as unlikely, this one among them.
    """

    members: Ints
    first: int
    last: int
    observed: float
    expected: float
    relative_risk: float
    llr: float
    p: float


def space_time_scan(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    *,
    max_share: float = 0.5,
    max_months: int | None = None,
    since: int = 0,
    permutations: int = 499,
    seed: int = 0,
) -> list[Cylinder]:
    """Cylinders around every unit over runs of months, permutation model, Monte Carlo p.

    What a unit is expected to hold in a month is its share of all cases times the month's: neither a busy unit nor a
    rise or a season that all share makes a cluster.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Centres of the units, metres.
    cases : array_like of int, shape (months, n)
    max_share : float
        A cylinder's units hold at most this share of all cases.
    max_months : int, optional
        Longest run of months; half of those asked about where not given.
    since : int
        The first month asked about. Those before it belong to a unit's own share, but no cylinder lies in them.
    permutations, seed : int
        Each deals the months out anew over the cases, so that units and months keep their totals.

    Returns
    -------
    list of Cylinder
        The most likely first, then those that share no unit with one before.

    Raises
    ------
    ValueError
        If sizes differ, no month is asked about, or a value is negative, missing or no whole number.

    References
    ----------
    Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005), doi:10.1371/journal.pmed.0020059.
    """
    points = positions(x, y)
    table = np.asarray(cases, float)
    if table.ndim != 2:
        raise ValueError("cases must be a table of months by units")
    if not np.isfinite(table).all() or (table != np.floor(table)).any():
        raise ValueError("cases must be whole and finite")
    if table.sum() == 0 and table.shape[1] == len(points) and 0 < max_share <= 1:
        return []
    if not 0 <= since < len(table):
        raise ValueError("there must be months to ask about")
    check_values(points, table, table.sum(axis=0), max_share)
    asked = len(table) - since
    longest = max(1, asked // 2) if max_months is None else max(1, min(max_months, asked))
    return _Scan(points, table, max_share, longest, since).found(permutations, seed)


class _Scan:
    """All cylinders of one table: circles that differ in their members, by runs of months."""

    def __init__(self, points: Floats, table: Floats, max_share: float, longest: int, since: int) -> None:
        held = table.sum(axis=0)
        order, allowed = windows(points, held, max_share)
        used = np.flatnonzero(allowed.any(axis=0))
        reach = int(used[-1]) + 1 if len(used) else 1
        self.order, allowed = order[:, :reach], allowed[:, :reach]
        self.circle = _once(self.order, allowed)
        self.table, share_of_unit = table, held / held.sum()
        self.since = since
        start, end = np.triu_indices(len(table) - since)
        short = end - start < longest
        self.start, self.end = start[short], end[short] + 1
        monthly = np.concatenate([[0.0], np.cumsum(table[since:].sum(axis=1))])
        self.total = float(table.sum())
        share = np.cumsum(share_of_unit[self.order], axis=1).ravel()[self.circle]
        self.expected = np.outer(monthly[self.end] - monthly[self.start], share)
        product = self.expected * (self.total - self.expected)
        self.weight = np.divide(self.total, product, out=np.zeros_like(product), where=product > 0)
        whole = np.arange(int(self.total) + 1, dtype=float)
        self.entropy = whole * np.log(np.maximum(whole, 1.0))

    def counted(self, table: Floats) -> Floats:
        """Cases in every cylinder, shape (runs, circles)."""
        running = np.concatenate([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])
        circles = np.cumsum(running[:, self.order], axis=2).reshape(len(running), -1)[:, self.circle]
        return np.asarray(circles[self.end] - circles[self.start])

    def llr(self, inside: Floats, where: Ints) -> Floats:
        """Log likelihood ratio of some cylinders, by their place in the flat table; zero with no more than expected."""
        count, due = inside.ravel()[where], self.expected.ravel()[where]
        c = count.astype(np.int64)
        out = int(self.total) - c
        with np.errstate(divide="ignore", invalid="ignore"):
            score = self.entropy[c] - c * np.log(due) + self.entropy[out]
            score -= np.where(out > 0, out * np.log(self.total - due), 0.0)
        return np.where((count > due) & (due > 0), score, 0.0)

    def simulated(self, permutations: int, seed: int) -> Floats:
        """The best score of each simulated table."""
        months, units = self.table.shape
        times = self.table.astype(np.int64).ravel()
        month, unit = (np.repeat(place.ravel(), times) for place in np.indices((months, units)))

        def best_of(job: tuple[int, np.random.SeedSequence]) -> list[float]:
            rng, found = np.random.default_rng(job[1]), []
            for _ in range(job[0]):
                cells = np.bincount(rng.permutation(month) * units + unit, minlength=months * units)
                found.append(self.best(self.counted(cells.reshape(months, units)[self.since :].astype(float))))
            return found

        seeds = np.random.SeedSequence(seed).spawn(_WORKERS)
        shares = [permutations // _WORKERS + (n < permutations % _WORKERS) for n in range(_WORKERS)]
        with ThreadPoolExecutor(_WORKERS) as pool:
            return np.array([score for part in pool.map(best_of, zip(shares, seeds)) for score in part])

    def best(self, inside: Floats) -> float:
        """The largest ratio of one table.

        With m expected of C, a ratio is at most (c - m)^2 C / (m (C - m)), as a Kullback-Leibler divergence is at most
        the chi-squared one; whatever lies below the ratio of the most promising cylinder needs no logarithm.
        """
        excess = inside - self.expected
        np.maximum(excess, 0.0, out=excess)
        bound = np.multiply(excess, excess, out=excess)
        bound *= self.weight
        least = self.llr(inside, np.array([bound.argmax()]))[0]
        return float(self.llr(inside, np.flatnonzero(bound >= least)).max())

    def found(self, permutations: int, seed: int) -> list[Cylinder]:
        """Cylinders by likelihood, none sharing a unit with one before."""
        inside = self.counted(self.table[self.since :])
        score = self.llr(inside, np.arange(inside.size)).reshape(inside.shape)
        simulated = self.simulated(permutations, seed)
        clusters: list[Cylinder] = []
        centre, size = np.divmod(self.circle, self.order.shape[1])
        best, run = score.max(axis=0), score.argmax(axis=0)
        holds = np.zeros((len(self.circle), len(self.order)), bool)
        for circle, (i, last) in enumerate(zip(centre, size)):
            holds[circle, self.order[i, : last + 1]] = True
        while (circle := int(best.argmax())) >= 0 and best[circle] > 0:
            members = self.order[centre[circle], : size[circle] + 1]
            clusters.append(self._cylinder(members, inside, score, (int(run[circle]), circle), simulated))
            best[holds[:, members].any(axis=1)] = 0.0
        return clusters

    def _cylinder(
        self, members: Ints, inside: Floats, score: Floats, place: tuple[int, int], simulated: Floats
    ) -> Cylinder:
        seen, due, llr = float(inside[place]), float(self.expected[place]), float(score[place])
        outside = (self.total - seen) / (self.total - due) if self.total > due else np.nan
        risk = seen / due / outside if outside else np.inf
        p = float(((simulated >= llr - 1e-9).sum() + 1) / (len(simulated) + 1))
        first, last = (self.since + int(edge) for edge in (self.start[place[0]], self.end[place[0]] - 1))
        return Cylinder(members.copy(), first, last, seen, due, float(risk), llr, p)


def _once(order: Ints, allowed: NDArray[np.bool_]) -> Ints:
    """Positions, in `order` laid out flat, of circles that are allowed and hold a set of units not seen before."""
    mark = np.random.default_rng(0).integers(0, 2**63, len(order), dtype=np.uint64)
    held = np.cumsum(mark[order], axis=1, dtype=np.uint64).ravel()
    places = np.flatnonzero(allowed.ravel())
    _, first = np.unique(held[places], return_index=True)
    return np.asarray(places[np.sort(first)])
