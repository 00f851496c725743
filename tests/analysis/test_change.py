import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from geo.analysis.change import poisson_e_test, poisson_z, verdict, weighted_displacement


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


@pytest.mark.parametrize(
    ("before", "after", "n1", "n2"), [(8, 15, 1, 1), (15, 8, 1, 1), (0, 3, 1, 1), (40, 9, 2, 1), (3, 30, 1, 4)]
)
def test_a_verdict_without_dispersion_is_the_exact_conditional_test(before, after, n1, n2):
    share = n2 / (n1 + n2)
    more = after * n1 >= before * n2
    exact = binom.sf(after - 1, before + after, share) if more else binom.cdf(after, before + after, share)
    if before:
        assert verdict(before, after, n1=n1, n2=n2)["p"][0] == pytest.approx(exact)


def test_verdicts_on_worked_values():
    found = verdict([0, 8, 100, 8, 10, 10, float("nan")], [3, 15, 180, 0, 25, 45, 3])
    assert found["p"][0] == pytest.approx(0.125)
    assert found["p"][3] == pytest.approx(0.5**8)
    assert found["label"][:6].tolist() == ["usual", "usual", "strongly_up", "down", "usual", "strongly_up"]
    assert found.iloc[6].isna().all()


@given(st.integers(0, 2_000), st.integers(0, 2_000), st.floats(1, 30))
def test_more_dispersion_never_makes_a_change_surer(before, after, phi):
    tame, varied = verdict(before, after)["p"][0], verdict(before, after, dispersion=phi)["p"][0]
    assert 0 <= tame <= 1
    if (2 * (after**0.5 - before**0.5)) ** 2 > 9:
        assert varied >= tame * 0.98


@pytest.mark.parametrize("bad", [{"before": -1}, {"n1": 0}, {"n2": -2}, {"dispersion": 0.5}])
def test_a_verdict_of_nonsense_is_refused(bad):
    given_ = {"before": 3, "after": 4, **bad}
    with pytest.raises(ValueError, match="must"):
        verdict(given_.pop("before"), given_.pop("after"), **given_)


def test_a_verdict_keeps_the_index():
    counts = pd.Series([1, 2], ["a", "b"])
    assert verdict(counts, counts + 1).index.tolist() == ["a", "b"]


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
