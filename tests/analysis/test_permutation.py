"""Exact permutation p is the share of all deals, on whole and broken numbers, with ties, zeros and far-out values."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.permutation import STEPS, window_p


def _by_hand(values: np.ndarray, window: np.ndarray) -> tuple[float, float]:
    size = int(window.sum())
    sums = np.array([values[list(chosen)].sum() for chosen in combinations(range(len(values)), size)])
    observed, slack = window @ values, 1e-9 * max(1.0, np.abs(values).max())
    return float((sums >= observed - slack).mean()), float((sums <= observed + slack).mean())


@settings(deadline=None, max_examples=60)
@given(data=st.data(), n=st.integers(3, 9))
def test_whole_numbers_are_counted_exactly(data, n):
    values = np.array(data.draw(st.lists(st.sampled_from([0, 0, 0, 1, 2, 3, 7, 400]), min_size=n, max_size=n)), float)
    windows = np.array(
        data.draw(st.lists(st.lists(st.sampled_from([0, 1]), min_size=n, max_size=n), min_size=4, max_size=4))
    )
    up, down = window_p(values, windows, windows.sum(axis=1))
    for window, one, other in zip(windows, up, down):
        assert (one, other) == pytest.approx(_by_hand(values, window))


def test_negative_and_shifted_values_give_the_same_p():
    rng = np.random.default_rng(5)
    values, windows = rng.integers(0, 30, 40).astype(float), (rng.random((40, 40)) < 0.15).astype(float)
    size = windows.sum(axis=1)
    for moved in (values - 1_000, values + 7):
        assert np.allclose(window_p(values, windows, size), window_p(moved, windows, size))


def test_broken_numbers_on_the_lattice_are_near_those_of_many_deals():
    rng = np.random.default_rng(2)
    values = rng.lognormal(0.0, 1.5, 60)
    windows = (rng.random((30, 60)) < 0.1).astype(float)
    up, down = window_p(values, windows, windows.sum(axis=1))
    deals = np.stack([windows @ rng.permutation(values) for _ in range(20_000)])
    assert np.abs(up - (deals >= windows @ values - 1e-9).mean(axis=0)).max() < 0.02
    assert np.abs(down - (deals <= windows @ values + 1e-9).mean(axis=0)).max() < 0.02


def test_a_lone_busy_unit_is_never_rarer_than_the_share_of_windows_that_hold_it():
    values = np.zeros(50)
    values[7] = 1e6
    window = np.zeros((1, 50))
    window[0, 5:9] = 1
    up, _ = window_p(values, window, [4])
    assert up[0] == pytest.approx(4 / 50)


def test_an_empty_window_and_equal_values_say_nothing():
    up, down = window_p(np.full(10, 3.0), np.eye(10)[:2] * [[0.0], [1.0]], [0, 1])
    assert up.tolist() == down.tolist() == [1.0, 1.0]


def test_large_whole_numbers_are_laid_on_the_lattice():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 10 * STEPS, 30).astype(float)
    windows = (rng.random((10, 30)) < 0.2).astype(float)
    up, down = window_p(values, windows, windows.sum(axis=1))
    assert ((up > 0) & (up <= 1) & (down > 0) & (down <= 1)).all()
    assert (up + down >= 1.0 - 1e-9).all()
