"""Pairs some at a time are the pairs all at once, kept or found anew, in bounded memory."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from geo.analysis import near_repeat, pairs
from geo.analysis.near_repeat import knox
from geo.analysis.pairs import ClosePairs

BREAKS = np.array([50.0, 200.0])


def places(kind, n=6_000):
    rng = np.random.default_rng(3)
    if kind == "one place":
        return np.zeros((1_500, 2))
    if kind == "one street":
        return np.column_stack([np.zeros(n), rng.uniform(0, 20_000, n)])
    return rng.normal(0, 2_000, (n, 2)).round()


@pytest.mark.parametrize("norm", [1, 2])
@pytest.mark.parametrize("kind", ["town", "one street", "one place"])
@pytest.mark.parametrize("held", [0, 10**9])
def test_every_pair_comes_once(kind, norm, held):
    points = places(kind)
    found = ClosePairs(points, BREAKS, norm=norm, held=held)
    whole = cKDTree(points).query_pairs(BREAKS[-1], p=norm, output_type="ndarray")
    gap = np.abs(points[whole[:, 0]] - points[whole[:, 1]])
    distance = gap.sum(axis=1) if norm == 1 else np.hypot(*gap.T)
    whole = whole[distance < BREAKS[-1]]
    for _ in range(2):
        parts = list(found)
        left, right = (np.concatenate([p[k] for p in parts]) for k in (0, 1))
        mine = np.sort(np.column_stack([left, right]), axis=1)
        assert len(mine) == len(whole) == found.by_band.sum()
        np.testing.assert_array_equal(
            mine[np.lexsort(mine.T)], np.sort(whole, axis=1)[np.lexsort(np.sort(whole, axis=1).T)]
        )
        assert max(len(p.left) for p in parts) <= pairs._TOGETHER


def test_none_where_nothing_lies_close():
    assert list(ClosePairs(np.zeros((0, 2)), BREAKS)) == []
    assert ClosePairs(np.array([[0.0, 0], [1e6, 0]]), BREAKS).by_band.tolist() == [0, 0]


def test_knox_is_the_same_however_many_pairs_are_kept_and_dates_dealt_at_once(monkeypatch):
    points, rng = places("town", 3_000), np.random.default_rng(4)
    asked = {"distance_breaks_m": BREAKS, "day_breaks": [7, 30], "permutations": 40}
    for days in (rng.integers(0, 400, 3_000), rng.uniform(0, 400, 3_000)):
        plain = knox(*points.T, days, **asked)
        with monkeypatch.context() as tight:
            tight.setattr(near_repeat, "ClosePairs", lambda *given, **more: ClosePairs(*given, **more, held=0))
            tight.setattr(near_repeat, "_DEALT_BYTES", 3_000 * 8 * 3)
            tight.setattr(near_repeat, "_FEW", 0)
            other = knox(*points.T, days, **asked)
        for name in ("observed", "expected", "p", "p_adjusted"):
            np.testing.assert_array_equal(getattr(plain, name), getattr(other, name))


def test_knox_says_how_far_it_is():
    told = []
    points = places("town", 500)
    asked = {"distance_breaks_m": BREAKS, "day_breaks": [7], "permutations": 5}
    knox(*points.T, np.arange(500), **asked, progress=lambda *said: told.append(said))
    shares = [share for share, _ in told]
    assert shares[-1] == pytest.approx(1)
    assert all(0 <= share <= 1 for share in shares)
