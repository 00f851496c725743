"""Kulldorff's spatial scan: circles that hold more events than their people would lead one to expect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.positions import positions

Floats = NDArray[np.float64]
_CELLS = 2_000_000
"""Numbers of a simulation's circles held in memory at a time."""


@dataclass(frozen=True, eq=False)
class ScanCluster:
    """A circle with more events than expected.

    Attributes
    ----------
    members : ndarray of int
        Positions of its units, nearest to its centre first.
    observed, expected : float
    relative_risk : float
        Rate inside over rate outside.
    llr : float
        Log likelihood ratio.
    p : float
        Share of simulated maps whose best circle is at least as unlikely, this one among them.
    """

    members: NDArray[np.int64]
    observed: float
    expected: float
    relative_risk: float
    llr: float
    p: float


def spatial_scan(
    x: ArrayLike,
    y: ArrayLike,
    cases: ArrayLike,
    population: ArrayLike,
    *,
    max_share: float = 0.5,
    permutations: int = 999,
    seed: int = 0,
) -> list[ScanCluster]:
    """Circular windows around every unit, Poisson model, Monte Carlo p.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Centres of the units, metres.
    cases, population : array_like, shape (n,)
    max_share : float
        A window holds at most this share of all people.
    permutations, seed : int

    Returns
    -------
    list of ScanCluster
        The most likely first, then those that share no unit with one before.

    Raises
    ------
    ValueError
        If sizes differ, a value is negative or missing, or nobody lives anywhere.

    References
    ----------
    Kulldorff (1997), A spatial scan statistic, doi:10.1080/03610929708831995.
    """
    points = positions(x, y)
    count, people = np.asarray(cases, float), np.asarray(population, float)
    check_values(points, count, people, max_share)
    total = float(count.sum())
    if total == 0:
        return []
    order, allowed = windows(points, people, max_share)
    share = np.cumsum(people[order], axis=1) / people.sum()
    inside = np.cumsum(count[order], axis=1)
    score = np.where(allowed, _llr(inside, share * total, total), 0.0)
    best = _simulated(order, allowed, share, people, round(total), permutations, seed)
    return _without_overlap(order, inside, share * total, score, best, total)


def check_values(points: Floats, cases: Floats, people: Floats, max_share: float) -> None:
    """Refuse what cannot be scanned; `cases` has a unit in its last axis, months before it where there are any.

    Raises
    ------
    ValueError
        If sizes differ, a value is negative or missing, nobody lives anywhere, or the share is none.
    """
    if not 0 < max_share <= 1:
        raise ValueError("max_share must lie above 0 and be at most 1")
    if people.ndim != 1 or not len(points) == cases.shape[-1] == len(people):
        raise ValueError("centres, cases and population must be as many")
    if not (np.isfinite(cases).all() and np.isfinite(people).all()):
        raise ValueError("values must be finite")
    if (cases < 0).any() or (people < 0).any() or people.sum() <= 0:
        raise ValueError("cases and population must not be negative, and somebody must live somewhere")


def windows(points: Floats, people: Floats, max_share: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """For each centre the units by distance, and which of the growing circles are allowed.

    Units at the same distance enter together: a circle that would part them is not one.
    """
    gap = points[:, None, :] - points[None, :, :]
    distance = np.hypot(gap[..., 0], gap[..., 1])
    order = np.argsort(distance, axis=1, kind="stable")
    sorted_distance = np.take_along_axis(distance, order, axis=1)
    share = np.cumsum(people[order], axis=1) / people.sum()
    whole = np.ones_like(share, bool)
    whole[:, :-1] = sorted_distance[:, 1:] > sorted_distance[:, :-1]
    return order, whole & (share <= max_share + 1e-12)


def _llr(inside: Floats, expected: Floats, total: float) -> Floats:
    """Log likelihood ratio of windows with more than expected; zero for the others."""
    outside, rest = total - inside, total - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(inside > 0, inside * np.log(inside / expected), 0.0)
        second = np.where(outside > 0, outside * np.log(outside / rest), 0.0)
    return np.asarray(np.where((inside > expected) & (expected > 0), first + second, 0.0))


def _simulated(
    order: NDArray[np.int64],
    allowed: NDArray[np.bool_],
    share: Floats,
    people: Floats,
    total: int,
    permutations: int,
    seed: int,
) -> Floats:
    """The best score of each simulated map."""
    rng = np.random.default_rng(seed)
    probability = people / people.sum()
    used = np.flatnonzero(allowed.any(axis=0))
    reach = int(used[-1]) + 1 if len(used) else 1
    order, allowed, expected = order[:, :reach], allowed[:, :reach], share[:, :reach] * total
    best = []
    chunk = max(1, min(64, _CELLS // order.size))
    for start in range(0, permutations, chunk):
        maps = rng.multinomial(total, probability, size=min(chunk, permutations - start)).astype(np.float64)
        inside = np.cumsum(maps[:, order], axis=2)
        best.append(np.where(allowed, _llr(inside, expected, float(total)), 0.0).max(axis=(1, 2)))
    return np.concatenate(best) if best else np.empty(0)


def _without_overlap(
    order: NDArray[np.int64], inside: Floats, expected: Floats, score: Floats, best: Floats, total: float
) -> list[ScanCluster]:
    found: list[ScanCluster] = []
    taken = np.zeros(len(order), bool)
    for flat in np.argsort(-score, axis=None, kind="stable"):
        centre, last = np.unravel_index(flat, score.shape)
        if score[centre, last] <= 0:
            break
        members = order[centre, : last + 1]
        if taken[members].any():
            continue
        taken[members] = True
        seen, due = float(inside[centre, last]), float(expected[centre, last])
        outside = (total - seen) / (total - due) if total > due else np.nan
        risk = (seen / due) / outside if outside else np.inf
        llr = float(score[centre, last])
        p = float(((best >= llr - 1e-12).sum() + 1) / (len(best) + 1))
        found.append(ScanCluster(members.copy(), seen, due, float(risk), llr, p))
    return found
