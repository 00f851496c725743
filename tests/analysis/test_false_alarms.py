"""On data without any structure each method cries wolf as often as it says it does: 200 seeds each.

Of 200 maps at a level of 5 %, ten alarms are due; 20 or more come in one run of a thousand (binomial). A method that
never alarms would hide what it should find, so most have a lower limit too. Knox and the spatial scan have their own such test in their files.
"""

import warnings

import numpy as np
import pytest
from libpysal.weights import lat2W

from geo.analysis.change import poisson_e_test, weighted_displacement
from geo.analysis.emerging import against_own_share
from geo.analysis.hotspots import gi_star, gi_star_exact, local_moran
from geo.analysis.space_time import space_time_scan
from geo.analysis.trends import mann_kendall

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from libpysal.graph import Graph

SEEDS = range(200)
LATTICE = lat2W(8, 8, rook=False)


def _noise(seed: int, size: int | tuple[int, ...] = 64) -> np.ndarray:
    return np.random.default_rng(seed).poisson(40.0, size).astype(float)


def test_gi_star_with_its_false_discovery_rate():
    assert sum((gi_star(_noise(seed), LATTICE)["label"] != "none").any() for seed in SEEDS) <= 20


@pytest.mark.parametrize("statistic", [gi_star_exact, local_moran])
def test_local_statistics_by_permutation(statistic):
    maps = [statistic(_noise(seed), LATTICE) for seed in SEEDS]
    assert sum((found["label"] != "none").any() for found in maps) <= 20
    rate = np.mean([(found["p"] <= 0.05).mean() for found in maps])
    assert rate == pytest.approx(0.05, abs=0.01)


def test_the_space_time_scan():
    alarms = 0
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        x, y = rng.uniform(0, 100_000, (2, 25))
        people = rng.integers(20_000, 90_000, 25).astype(float)
        # Months differ in level: a season of the whole province must not count as a cluster.
        cases = rng.poisson(np.outer([20, 25, 60, 40, 20, 15], people / people.sum())).astype(float)
        alarms += space_time_scan(x, y, cases, permutations=99, seed=seed)[0].p <= 0.05
    assert 2 <= alarms <= 20


def test_the_e_test():
    alarms = sum(poisson_e_test(*np.random.default_rng(seed).poisson(12, 2)) <= 0.05 for seed in SEEDS)
    assert 2 <= alarms <= 20


def test_the_weighted_displacement_difference():
    alarms = 0
    for seed in SEEDS:
        draws = np.random.default_rng(seed).poisson([30, 30, 30, 30, 20, 20, 20, 20])
        pairs = draws.reshape(4, 2)
        found = weighted_displacement(
            treated=tuple(pairs[0]), control=tuple(pairs[1]), displacement_treated=tuple(pairs[2]),
            displacement_control=tuple(pairs[3]),
        )  # fmt: skip
        alarms += not found.low <= 0 <= found.high
    assert 2 <= alarms <= 20


def test_mann_kendall():
    table = np.column_stack([_noise(seed, 24) for seed in SEEDS])
    assert 2 <= (mann_kendall(table).p <= 0.05).sum() <= 20


def test_emerging_hot_spots():
    """Rates that never change, unlike from place to place: neither a level nor a change is found in more than 5 %."""
    graph = Graph.from_W(LATTICE)
    people = np.random.default_rng(0).lognormal(9, 0.6, 64)
    found = [against_own_share(_drawn(seed, people), 12, people, graph) for seed in SEEDS[:60]]
    assert sum((table.category != "no pattern").any() for table in found) <= 6


def _drawn(seed: int, people: np.ndarray) -> np.ndarray:
    return (
        np.random.default_rng(seed).poisson(np.outer(np.linspace(1, 2, 60), people / people.mean() * 3)).astype(float)
    )


def test_on_skewed_values_the_normal_p_alarms_and_the_exact_one_does_not():
    """Counts of communes are skewed: a few towns hold most. Dealt out anew they have no structure."""
    level = np.round(np.random.default_rng(0).lognormal(1.5, 1.3, 64))
    maps = [np.random.default_rng(seed).permutation(level) for seed in SEEDS]
    normal, exact = (
        sum((found(m, LATTICE)["label"] != "none").any() for m in maps) for found in (gi_star, gi_star_exact)
    )
    assert exact <= 18
    assert normal > 2 * exact
