import numpy as np
import pytest
from scipy.stats import poisson

from geo.analysis.change import dispersion, poisson_e_test, poisson_z, weighted_displacement


def test_poisson_z_on_worked_values():
    assert poisson_z(16, 25) == pytest.approx(2.0)
    assert poisson_z(25, 16) == pytest.approx(-2.0)
    assert poisson_z(0, 9) == pytest.approx(6.0)
    assert np.isnan(poisson_z(float("nan"), 3))


def test_the_spread_does_not_depend_on_the_level():
    rng = np.random.default_rng(1)
    for mean in (20, 200, 2_000):
        z = poisson_z(rng.poisson(mean, 40_000), rng.poisson(mean, 40_000))
        assert z.std() == pytest.approx(np.sqrt(2), rel=0.03)


def test_poisson_months_have_dispersion_one_and_seasons_do_not_add_to_it():
    rng = np.random.default_rng(2)
    season = 1 + 0.5 * np.sin(np.arange(72) / 12 * 2 * np.pi)
    assert dispersion(rng.poisson(np.outer(season, np.full(300, 50.0)))).mean() == pytest.approx(1.15, abs=0.15)


@pytest.mark.parametrize("mean", [0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 20.0])
def test_rare_poisson_events_do_not_pass_for_more_varied(mean):
    found = dispersion(np.random.default_rng(4).poisson(mean, (72, 1_000)))
    assert (found > 1).mean() < 0.08
    assert found.mean() < 1.2


@pytest.mark.parametrize("mean", [1.5, 6.0, 40.0])
def test_counts_four_times_as_varied_are_seen_to_be(mean):
    rng = np.random.default_rng(5)
    counts = rng.negative_binomial(mean / 3, 0.25, (72, 400))
    assert counts.var() / counts.mean() == pytest.approx(4.0, rel=0.1)
    assert np.median(dispersion(counts)) == pytest.approx(4.0, rel=0.45)


def test_attendance_like_counts_are_seen_to_vary_more():
    rng = np.random.default_rng(3)
    months = rng.gamma(4.0, 250.0, 72)
    assert dispersion(months) > 20


def test_a_short_series_is_not_judged():
    assert dispersion(np.arange(23)) == 1.0
    assert dispersion(np.zeros((10, 3))).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("k1", "k2", "p"), [(0, 3, 0.088), (6, 2, 0.175)])
def test_e_test_on_published_values(k1, k2, p):
    """From the reference implementation of Wheeler's ptools."""
    assert poisson_e_test(k1, k2) == pytest.approx(p, abs=0.0005)


def _e_test_by_hand(k1, k2, n1, n2):
    pooled = (k1 + k2) / (n1 + n2)
    spread = k1 / n1**2 + k2 / n2**2
    observed = abs(k1 / n1 - k2 / n2) / np.sqrt(spread)
    total = 0.0
    for a in range(120):
        for b in range(120):
            s = a / n1**2 + b / n2**2
            t = abs(a / n1 - b / n2) / np.sqrt(s) if s else 0.0
            if t >= observed - 1e-9:
                total += poisson.pmf(a, n1 * pooled) * poisson.pmf(b, n2 * pooled)
    return total


@pytest.mark.parametrize(
    ("k1", "k2", "n1", "n2"), [(3, 9, 1, 1), (5, 9, 2, 1), (0, 4, 1, 3), (20, 11, 1.5, 0.7), (1, 0, 1, 1)]
)
def test_e_test_equals_the_sum_over_all_pairs(k1, k2, n1, n2):
    assert poisson_e_test(k1, k2, n1=n1, n2=n2) == pytest.approx(_e_test_by_hand(k1, k2, n1, n2), abs=1e-9)


def test_e_test_keeps_its_level_and_treats_both_sides_alike():
    rng = np.random.default_rng(7)
    rejected = np.mean([poisson_e_test(*rng.poisson(8, 2)) <= 0.05 for _ in range(2_000)])
    assert rejected <= 0.06
    assert poisson_e_test(4, 11) == pytest.approx(poisson_e_test(11, 4))
    assert poisson_e_test(5, 5) == poisson_e_test(0, 0) == 1.0
    assert poisson_e_test(1_000_000, 1_003_000) == pytest.approx(0.034, abs=0.001)


def test_weighted_displacement_on_the_published_example():
    """Wheeler and Ratcliffe (2018), table 3."""
    found = weighted_displacement(
        control=(308, 318), treated=(207, 110), displacement_control=(150, 140), displacement_treated=(178, 157)
    )
    assert found.value == -118
    assert found.se == pytest.approx(np.sqrt(1568))
    assert found.z == pytest.approx(-2.98, abs=0.005)
    assert (found.low, found.high) == pytest.approx((-118 - 1.959964 * found.se, -118 + 1.959964 * found.se))


def test_weighted_displacement_without_displacement_areas():
    found = weighted_displacement(treated=(10, 4), control=(10, 9))
    assert (found.value, found.se) == (-5, pytest.approx(np.sqrt(33)))
    with pytest.raises(ValueError, match="both"):
        weighted_displacement(treated=(1, 1), control=(1, 1), displacement_treated=(1, 1))
    with pytest.raises(ValueError, match="negative"):
        weighted_displacement(treated=(-1, 1), control=(1, 1))
    with pytest.raises(ValueError, match="negative"):
        poisson_e_test(-1, 2)
