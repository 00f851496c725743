"""Sums over a few units when the values are dealt out anew over all of them: the exact distribution, without dealing.

With binary weights what chance may give a unit depends on nothing but how many units its window holds, so that one
table serves all units and no seed is needed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

__all__ = ["STEPS", "window_p"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STEPS = 20_000
"""Values that are not small whole numbers are laid on a lattice: so many steps up to the largest sum."""


def window_p(values: ArrayLike, windows: ArrayLike, members: ArrayLike) -> tuple[Floats, Floats]:
    """Probability of a sum as large, and as small, as that of each window, where every deal is as likely.

    Parameters
    ----------
    values : array_like, shape (n,)
        Finite. Whole numbers of moderate size are summed exactly, others on a lattice of `STEPS`.
    windows : scipy sparse array or array_like, shape (k, n)
        Ones where a unit belongs to a window.
    members : array_like of int, shape (k,)
        How many units each window holds, at most n.

    Returns
    -------
    up, down : ndarray, shape (k,)
        One-sided probabilities, the observed sum included in each; 1 for an empty window.

    References
    ----------
    Pagano and Tritchler (1983), On obtaining permutation distributions in polynomial time, doi:10.2307/2288653.
    """
    size = np.asarray(members, np.int64)
    most = int(size.max(initial=0))
    steps = _lattice(np.asarray(values, float), most)
    observed = np.asarray(windows @ steps.astype(float)).round().astype(np.int64)
    table = _distribution(steps, most)
    upto = np.cumsum(table, axis=1)
    down = upto[size, observed]
    from_top = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    up = from_top[size, observed]
    return np.minimum(up, 1.0), np.minimum(down, 1.0)


def _lattice(values: Floats, most: int) -> Ints:
    """The values above their smallest as whole steps."""
    above = values - values.min()
    largest = float(np.sort(above)[::-1][: max(1, most)].sum())
    if bool((values == np.floor(values)).all()) and largest <= STEPS:
        return np.asarray(above, np.int64)
    return np.asarray(np.rint(above * (STEPS / largest if largest > 0 else 0.0)), np.int64)


def _distribution(steps: Ints, most: int) -> Floats:
    """Probability of each sum of d of all values, shape (most + 1, largest sum + 1), d from none to `most`.

    Values enter from the smallest on, equal ones together: of d units that are chosen from k old ones and m equal new
    ones, j are new with the hypergeometric probability.
    """
    ordered, count = np.unique(steps, return_counts=True)
    reach = int(np.sort(steps)[::-1][:most].sum()) if most else 0
    table = np.zeros((most + 1, reach + 1))
    table[0, 0] = 1.0
    seen = top = 0
    taken: list[int] = []
    for value, new in zip(ordered.tolist(), count.tolist()):
        taken = ([value] * min(new, most) + taken)[:most]  # the largest so far
        top = sum(taken)
        table = _joined(table, value, new, seen, top)
        seen += new
    return table


def _joined(table: Floats, value: int, new: int, seen: int, top: int) -> Floats:
    """The table once `new` units with the same value have joined the `seen` ones."""
    most = len(table) - 1
    joined = np.zeros_like(table)
    for j in range(min(new, most) + 1):
        shift = j * value
        if shift > top:
            break
        share = np.array([_hypergeometric(j, d, new, seen) for d in range(j, most + 1)])
        rows = np.flatnonzero(share)
        if len(rows):
            width = top + 1 - shift
            joined[rows + j, shift : top + 1] += share[rows, None] * table[rows, :width]
    return joined


def _hypergeometric(j: int, d: int, new: int, seen: int) -> float:
    """Probability that of d units chosen from `new` + `seen`, j are new."""
    if j > new or d - j > seen or d > new + seen:
        return 0.0
    return float(np.exp(_log_choose(new, j) + _log_choose(seen, d - j) - _log_choose(new + seen, d)))


def _log_choose(n: int, k: int) -> float:
    return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
