"""Windows against their own past: quiet where nothing changed, however skewed, seasonal or gappy; loud where it did."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from libpysal.weights import lat2W
from scipy.sparse import csr_array

from geo.analysis.own_past import changed_places

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    LINKS = csr_array(lat2W(10, 10, rook=False).sparse)


def _table(seed: int, *, months: int = 72, lift: np.ndarray | None = None) -> np.ndarray:
    """Skewed levels, a season of the whole area, and a slow rise of it."""
    rng = np.random.default_rng(seed)
    level = np.random.default_rng(99).lognormal(0.3, 1.2, 100)
    everywhere = (1.0 + 0.8 * (np.arange(months) % 12 == 1)) * np.linspace(0.7, 1.4, months)
    return rng.poisson(np.outer(everywhere, level) * (1.0 if lift is None else lift)).astype(float)


def test_constant_shares_are_called_unusual_in_few_maps():
    alarms = sum(changed_places(_table(s), [60], LINKS).side().any() for s in range(100))
    assert alarms <= 9


def test_months_without_a_report_raise_no_alarm():
    alarms = 0
    for seed in range(60):
        table = _table(seed)
        table[np.random.default_rng(seed).random(table.shape) < 0.25] = np.nan
        alarms += changed_places(table, [60], LINKS).side().any()
    assert alarms <= 6


@pytest.mark.parametrize(("factor", "way"), [(3.0, 1), (0.2, -1)])
def test_a_planted_change_is_found_where_it_is_and_nowhere_far_from_it(factor, way):
    near = np.zeros((10, 10), bool)
    near[4:7, 4:7] = True
    lift = np.ones((72, 100))
    lift[60:, near.ravel()] = factor
    far = np.ones((10, 10), bool)
    far[2:9, 2:9] = False
    found = [changed_places(_table(seed, lift=lift), [60], LINKS).side() for seed in range(20)]
    assert sum(way in side[near.ravel()] for side in found) >= 19
    wrong, every = (sum((side[where] != 0).sum() for side in found) for where in (far.ravel(), slice(None)))
    assert wrong <= 0.05 * every


def test_a_quiet_unit_beside_one_that_changed_is_not_called_changed():
    lift = np.ones((72, 100))
    lift[60:, 55] = 8.0
    named = np.zeros(100, int)
    for seed in range(20):
        table = np.random.default_rng(seed).poisson(3.0 * lift).astype(float)
        named += changed_places(table, [60], LINKS).side() != 0
    assert named[55] == 20
    assert np.delete(named, 55).sum() <= 2


def test_of_several_periods_the_one_that_shows_the_change_is_told():
    lift = np.ones((72, 100))
    lift[66:, 55] = 6.0
    found = changed_places(np.random.default_rng(3).poisson(3.0 * lift).astype(float), [69, 66, 60], LINKS)
    assert found.side()[55] == 1
    assert found.period[55] == 1
    assert found.alone.expected[55] == pytest.approx(18, rel=0.25)


def test_what_was_never_reported_is_not_judged_and_observed_is_the_sum_of_the_period():
    table = _table(1)
    table[:, 0] = np.nan
    found = changed_places(table, [60], LINKS)
    assert np.isnan(found.alone.p[0])
    assert found.alone.observed[1:] == pytest.approx(table[60:, 1:].sum(axis=0))


def test_a_unit_that_never_held_anything_has_not_changed():
    table = _table(1)
    table[:, 7] = 0
    alone = changed_places(table, [60], csr_array((100, 100))).alone
    assert (alone.p[7], alone.expected[7]) == (1, 0)


@pytest.mark.parametrize("past", [0, 72])
def test_blocks_are_needed_on_both_sides(past):
    with pytest.raises(ValueError, match="blocks"):
        changed_places(_table(0), [past], LINKS)
