"""Windows against their own past: quiet where nothing changed, however skewed, seasonal or gappy; loud where it did."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from libpysal.weights import lat2W
from scipy.sparse import csr_array, eye_array

from geo.analysis.own_past import held_against_own_past

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    WINDOWS = csr_array(csr_array(lat2W(10, 10, rook=False).sparse) + eye_array(100))


def _table(seed: int, *, months: int = 72, lift: np.ndarray | None = None) -> np.ndarray:
    """Skewed levels, a season of the whole area, and a slow rise of it."""
    rng = np.random.default_rng(seed)
    level = np.random.default_rng(99).lognormal(0.3, 1.2, 100)
    everywhere = (1.0 + 0.8 * (np.arange(months) % 12 == 1)) * np.linspace(0.7, 1.4, months)
    return rng.poisson(np.outer(everywhere, level) * (1.0 if lift is None else lift)).astype(float)


def test_constant_shares_are_called_unusual_in_few_maps():
    alarms = sum((held_against_own_past(_table(s), 60, WINDOWS).adjusted() <= 0.05).any() for s in range(100))
    assert alarms <= 9


def test_months_without_a_report_raise_no_alarm():
    alarms = 0
    for seed in range(60):
        table = _table(seed)
        table[np.random.default_rng(seed).random(table.shape) < 0.25] = np.nan
        alarms += (held_against_own_past(table, 60, WINDOWS).adjusted() <= 0.05).any()
    assert alarms <= 6


@pytest.mark.parametrize(("factor", "way"), [(3.0, 1), (0.2, -1)])
def test_a_planted_change_is_found_where_it_is_and_nowhere_far_from_it(factor, way):
    near = np.zeros((10, 10), bool)
    near[4:7, 4:7] = True
    lift = np.ones((72, 100))
    lift[60:, near.ravel()] = factor
    far = np.ones((10, 10), bool)
    far[2:9, 2:9] = False
    found = [held_against_own_past(_table(seed, lift=lift), 60, WINDOWS, refits=3) for seed in range(20)]
    assert sum(bool(f.adjusted()[55] <= 0.05) and way * f.z[55] > 0 for f in found) >= 19
    wrong, every = (sum((f.adjusted()[where] <= 0.05).sum() for f in found) for where in (far.ravel(), slice(None)))
    assert wrong <= 0.05 * every


def test_what_was_never_reported_is_not_judged_and_observed_is_the_sum_of_the_period():
    table = _table(1)
    table[:, 0] = np.nan
    alone = csr_array(eye_array(100))
    found = held_against_own_past(table, 60, alone)
    assert np.isnan(found.p[0])
    assert np.isnan(found.adjusted()[0])
    assert found.observed[1:] == pytest.approx(table[60:, 1:].sum(axis=0))


@pytest.mark.parametrize("past", [0, 72])
def test_blocks_are_needed_on_both_sides(past):
    with pytest.raises(ValueError, match="blocks"):
        held_against_own_past(_table(0), past, WINDOWS)
