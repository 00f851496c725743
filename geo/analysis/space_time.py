"""Kulldorff's scan in space and time: cylinders of neighbouring units over some months with more than expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.positions import positions
from geo.analysis.scan import check_values, windows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
    population: ArrayLike,
    *,
    max_share: float = 0.5,
    max_months: int | None = None,
    permutations: int = 499,
    seed: int = 0,
) -> list[Cylinder]:
    """Cylinders around every unit over runs of months, Poisson model, Monte Carlo p.

    What a unit is expected to hold in a month is its share of the people times all cases of that month: a rise or a
    season that the whole province shares makes no cluster.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Centres of the units, metres.
    cases : array_like of int, shape (months, n)
    population : array_like, shape (n,)
    max_share : float
        A cylinder holds at most this share of all people.
    max_months : int, optional
        Longest run of months; half of all where not given.
    permutations, seed : int
        Simulations keep each month's total.

    Returns
    -------
    list of Cylinder
        The most likely first, then those that share no unit with one before.

    Raises
    ------
    ValueError
        If sizes differ, a value is negative or missing, or nobody lives anywhere.

    References
    ----------
    Kulldorff, Athas, Feurer, Miller and Key (1998), doi:10.2105/AJPH.88.9.1377; Kulldorff (2001), for the adjustment
    by month, doi:10.1111/1467-985X.00186.
    """
    points = positions(x, y)
    table, people = np.asarray(cases, float), np.asarray(population, float)
    if table.ndim != 2:
        raise ValueError("cases must be a table of months by units")
    check_values(points, table, people, max_share)
    longest = max(1, len(table) // 2) if max_months is None else max(1, min(max_months, len(table)))
    if table.sum() == 0:
        return []
    return _Scan(points, table, people, max_share, longest).found(permutations, seed)


class _Scan:
    """All cylinders of one table: circles that differ in their members, by runs of months."""

    def __init__(self, points: Floats, table: Floats, people: Floats, max_share: float, longest: int) -> None:
        order, allowed = windows(points, people, max_share)
        used = np.flatnonzero(allowed.any(axis=0))
        reach = int(used[-1]) + 1 if len(used) else 1
        self.order, allowed = order[:, :reach], allowed[:, :reach]
        self.circle = _once(self.order, allowed)
        self.table, self.chance = table, people / people.sum()
        months = len(table)
        start, end = np.triu_indices(months)
        short = end - start < longest
        self.start, self.end = start[short], end[short] + 1
        monthly = np.concatenate([[0.0], np.cumsum(table.sum(axis=1))])
        self.total = float(monthly[-1])
        share = np.cumsum(self.chance[self.order], axis=1).ravel()[self.circle]
        self.expected = np.outer(share, monthly[self.end] - monthly[self.start])
        with np.errstate(divide="ignore", invalid="ignore"):
            product = self.expected * (self.total - self.expected)
            self.weight = np.where(product > 0, self.total / product, 0.0)
            self.log_in = np.log(self.expected)
            self.log_out = np.log(np.maximum(self.total - self.expected, 1e-300))
        whole = np.arange(int(self.total) + 1, dtype=float)
        self.entropy = whole * np.log(np.maximum(whole, 1.0))

    def counted(self, table: Floats) -> Ints:
        """Cases in every cylinder, shape (circles, runs)."""
        running = np.concatenate([np.zeros((1, table.shape[1])), np.cumsum(table, axis=0)])
        circles = np.cumsum(running[:, self.order], axis=2).reshape(len(running), -1)[:, self.circle].T
        return np.asarray((circles[:, self.end] - circles[:, self.start]).astype(np.int64))

    def llr(self, inside: Ints, where: NDArray[np.bool_]) -> Floats:
        """Log likelihood ratio of the cylinders `where` asks for; zero for those with no more than expected."""
        score = np.zeros(inside.shape)
        rich = where & (inside > self.expected) & (self.expected > 0)
        c = inside[rich]
        out = int(self.total) - c
        score[rich] = self.entropy[c] - c * self.log_in[rich] + self.entropy[out] - out * self.log_out[rich]
        return score

    def simulated(self, permutations: int, seed: int) -> Floats:
        """The best score of each simulated table."""
        rng = np.random.default_rng(seed)
        monthly = self.table.sum(axis=1).astype(np.int64)
        maps = (rng.multinomial(monthly, self.chance).astype(float) for _ in range(permutations))
        return np.array([self.best(self.counted(table)) for table in maps])

    def best(self, inside: Ints) -> float:
        """The largest ratio of one table.

        With m expected of C, a ratio is at most (c - m)^2 C / (m (C - m)), as a Kullback-Leibler divergence is at most
        the chi-squared one; whatever lies below the ratio of the most promising cylinder needs no logarithm.
        """
        excess = np.maximum(inside - self.expected, 0.0)
        bound = excess * excess * self.weight
        promising = np.zeros(inside.shape, bool)
        promising.flat[int(bound.argmax())] = True
        least = float(self.llr(inside, promising).max())
        return float(self.llr(inside, bound >= least).max())

    def found(self, permutations: int, seed: int) -> list[Cylinder]:
        """Cylinders by likelihood, none sharing a unit with one before."""
        inside = self.counted(self.table)
        score = self.llr(inside, np.ones(inside.shape, bool))
        simulated = self.simulated(permutations, seed)
        clusters: list[Cylinder] = []
        taken = np.zeros(len(self.order), bool)
        for flat in np.argsort(-score, axis=None, kind="stable"):
            circle, run = np.unravel_index(flat, score.shape)
            if score[circle, run] <= 0 or taken.all():
                break
            centre, size = np.divmod(self.circle[circle], self.order.shape[1])
            members = self.order[centre, : size + 1]
            if taken[members].any():
                continue
            taken[members] = True
            clusters.append(self._cylinder(members, inside, score, (int(circle), int(run)), simulated))
        return clusters

    def _cylinder(
        self, members: Ints, inside: Ints, score: Floats, place: tuple[int, int], simulated: Floats
    ) -> Cylinder:
        seen, due, llr = float(inside[place]), float(self.expected[place]), float(score[place])
        outside = (self.total - seen) / (self.total - due) if self.total > due else np.nan
        risk = seen / due / outside if outside else np.inf
        p = float(((simulated >= llr - 1e-9).sum() + 1) / (len(simulated) + 1))
        first, last = int(self.start[place[1]]), int(self.end[place[1]]) - 1
        return Cylinder(members.copy(), first, last, seen, due, float(risk), llr, p)


def _once(order: Ints, allowed: NDArray[np.bool_]) -> Ints:
    """Positions, in `order` laid out flat, of circles that are allowed and hold a set of units not seen before."""
    mark = np.random.default_rng(0).integers(0, 2**63, len(order), dtype=np.uint64)
    held = np.cumsum(mark[order], axis=1, dtype=np.uint64).ravel()
    places = np.flatnonzero(allowed.ravel())
    _, first = np.unique(held[places], return_index=True)
    return np.asarray(places[np.sort(first)])
