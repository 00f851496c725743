import numpy as np
import pytest

from geo.analysis.space_time import space_time_scan


def _scene(seed: int, n: int = 60):
    rng = np.random.default_rng(seed)
    people = rng.integers(20_000, 90_000, n).astype(float)
    return rng.uniform(0, 100_000, n), rng.uniform(0, 100_000, n), people, rng


def _best_by_hand(x, y, cases, max_share, longest):
    """Every circle around every unit in every run of months, written out."""
    best, total = (0.0, None), cases.sum()
    for i in range(len(x)):
        distance = np.hypot(x - x[i], y - y[i])
        for radius in np.unique(distance):
            inside = distance <= radius
            share = cases[:, inside].sum() / total
            if share > max_share:
                break
            for first in range(len(cases)):
                for last in range(first, min(len(cases), first + longest)):
                    seen = cases[first : last + 1, inside].sum()
                    due = share * cases[first : last + 1].sum()
                    if seen <= due:
                        continue
                    llr = seen * np.log(seen / due)
                    if total > seen:
                        llr += (total - seen) * np.log((total - seen) / (total - due))
                    if llr > best[0] + 1e-12:
                        best = (llr, (frozenset(np.flatnonzero(inside)), first, last))
    return best


@pytest.mark.parametrize("seed", range(3))
def test_the_best_cylinder_is_the_best_of_all(seed):
    x, y, people, rng = _scene(seed, 14)
    cases = rng.poisson(np.outer(rng.uniform(20, 60, 7), people / people.sum())).astype(float)
    found = space_time_scan(x, y, cases, max_months=3, permutations=9)[0]
    llr, (members, first, last) = _best_by_hand(x, y, cases, 0.5, 3)
    assert found.llr == pytest.approx(llr)
    assert (set(found.members), found.first, found.last) == (members, first, last)
    assert found.observed == cases[first : last + 1, list(members)].sum()


def test_a_planted_cylinder_is_found_in_place_and_time():
    x, y, people, rng = _scene(5)
    inside = np.hypot(x - x[7], y - y[7]) < 18_000
    risk = np.ones((12, 60))
    risk[4:8, inside] = 3.0
    cases = rng.poisson(risk * people / 4_000).astype(float)
    first = space_time_scan(x, y, cases, permutations=199)[0]
    assert first.p == 1 / 200
    assert cases[4:8, first.members].sum() == first.observed
    assert (first.first, first.last) == (4, 7)
    assert len(set(first.members) ^ set(np.flatnonzero(inside))) <= 1
    # A third of the months belongs to the units' own share, so less than the planted three times.
    assert 1.4 < first.relative_risk < 2.0


def test_months_before_belong_to_the_own_share_and_hold_no_cylinder():
    x, y, people, rng = _scene(5)
    inside = np.hypot(x - x[7], y - y[7]) < 18_000
    risk = np.ones((36, 60))
    risk[4:8] = np.where(inside, 5.0, 1.0)
    risk[28:34] = np.where(inside, 2.0, 1.0)
    cases = rng.poisson(risk * people / 4_000).astype(float)
    first = space_time_scan(x, y, cases, since=24, permutations=99)[0]
    assert (first.first, first.last, first.p) == (28, 33, 0.01)


def test_a_season_of_the_whole_province_is_no_cluster():
    x, y, people, rng = _scene(8)
    level = np.where(np.arange(12) == 3, 6.0, 1.0)
    cases = rng.poisson(np.outer(level, people / 4_000)).astype(float)
    assert space_time_scan(x, y, cases, permutations=99)[0].p > 0.05


def test_runs_and_circles_keep_their_limits():
    x, y, people, rng = _scene(3, 30)
    cases = rng.poisson(np.tile(people / 3_000, (10, 1))).astype(float)
    found = space_time_scan(x, y, cases, max_share=0.1, max_months=2, permutations=9)
    assert all(c.last - c.first < 2 for c in found)
    assert all(cases[:, c.members].sum() <= 0.1 * cases.sum() + 1e-6 for c in found)
    members = np.concatenate([c.members for c in found])
    assert len(members) == len(set(members))


def test_unlike_rates_that_never_change_are_no_clusters():
    """A scan by population calls one on nearly every such map."""
    alarms = 0
    for seed in range(40):
        x, y, people, rng = _scene(seed, 40)
        rate = np.random.default_rng(1).lognormal(0, 0.8, 40)
        cases = rng.poisson(np.tile(rate * people / 8_000, (12, 1)))
        alarms += space_time_scan(x, y, cases, permutations=99)[0].p <= 0.05
    assert alarms <= 6


def test_units_and_months_keep_their_totals_so_a_table_that_is_their_product_has_no_cylinder():
    cases = np.outer([2, 4, 6, 2], [1, 3, 5, 1])
    assert space_time_scan([0, 1, 2, 3], [0, 0, 0, 0], cases, permutations=9) == []


def test_no_cases_no_cylinders_and_bad_input_is_refused():
    assert space_time_scan([0, 1], [0, 1], np.zeros((3, 2))) == []
    with pytest.raises(ValueError, match="as many"):
        space_time_scan([0, 1], [0, 1], np.ones((3, 3)))
    with pytest.raises(ValueError, match="whole"):
        space_time_scan([0, 1], [0, 1], np.full((3, 2), np.nan))
    with pytest.raises(ValueError, match="whole"):
        space_time_scan([0, 1], [0, 1], np.full((3, 2), 0.5))
    with pytest.raises(ValueError, match="negative"):
        space_time_scan([0, 1], [0, 1], [[3, -1], [2, 2]])
