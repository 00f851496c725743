import numpy as np
import pytest

from geo.analysis.scan import spatial_scan


def _map(seed: int, n: int = 102):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 100_000, n), rng.uniform(0, 100_000, n), rng.integers(20_000, 90_000, n).astype(float), rng


def _best_by_hand(x, y, cases, people, max_share):
    """Every circle around every unit, written out."""
    best, total = (0.0, None), cases.sum()
    for i in range(len(x)):
        distance = np.hypot(x - x[i], y - y[i])
        for radius in np.unique(distance):
            inside = distance <= radius
            if people[inside].sum() > max_share * people.sum():
                break
            seen, due = cases[inside].sum(), total * people[inside].sum() / people.sum()
            if seen > due:
                llr = seen * np.log(seen / due)
                if total > seen:
                    llr += (total - seen) * np.log((total - seen) / (total - due))
                if llr > best[0] + 1e-12:
                    best = (llr, set(np.flatnonzero(inside)))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_the_best_circle_is_the_best_of_all(seed):
    x, y, people, rng = _map(seed, 40)
    cases = rng.poisson(people / 1_000).astype(float)
    found = spatial_scan(x, y, cases, people, permutations=9)[0]
    llr, members = _best_by_hand(x, y, cases, people, 0.5)
    assert found.llr == pytest.approx(llr)
    assert set(found.members) == members
    assert found.observed == cases[found.members].sum()
    assert found.expected == pytest.approx(cases.sum() * people[found.members].sum() / people.sum())


def test_a_planted_cluster_is_found_with_its_risk():
    x, y, people, rng = _map(11)
    inside = np.hypot(x - x[7], y - y[7]) < 15_000
    cases = rng.poisson(people / 2_000 * np.where(inside, 2.5, 1.0)).astype(float)
    first = spatial_scan(x, y, cases, people)[0]
    assert first.p == 0.001
    assert len(set(first.members) ^ set(np.flatnonzero(inside))) <= 2
    assert 1.9 < first.relative_risk < 3.2


def test_without_structure_alarms_stay_at_their_level():
    alarms = 0
    for seed in range(200):
        x, y, people, rng = _map(seed, 30)
        cases = rng.multinomial(300, people / people.sum()).astype(float)
        alarms += spatial_scan(x, y, cases, people, permutations=99, seed=seed)[0].p <= 0.05
    assert 2 <= alarms <= 20


def test_later_clusters_share_no_unit_with_earlier_ones():
    x, y, people, rng = _map(3)
    found = spatial_scan(x, y, rng.poisson(people / 3_000).astype(float), people, permutations=9)
    members = np.concatenate([cluster.members for cluster in found])
    assert len(members) == len(set(members))
    assert [c.llr for c in found] == sorted((c.llr for c in found), reverse=True)


def test_a_window_never_holds_more_than_its_share_of_people():
    x, y, people, rng = _map(4)
    for cluster in spatial_scan(x, y, rng.poisson(people / 500).astype(float), people, max_share=0.1, permutations=9):
        assert people[cluster.members].sum() <= 0.1 * people.sum() + 1e-6


def test_no_cases_no_clusters_and_bad_input_is_refused():
    assert spatial_scan([0, 1], [0, 1], [0, 0], [5, 5]) == []
    with pytest.raises(ValueError, match="somebody"):
        spatial_scan([0, 1], [0, 1], [1, 1], [0, 0])
    with pytest.raises(ValueError, match="as many"):
        spatial_scan([0, 1], [0, 1], [1], [5, 5])
