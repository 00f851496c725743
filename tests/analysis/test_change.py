import numpy as np
import pytest

from geo.analysis.change import dispersion, poisson_z


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


def test_attendance_like_counts_are_seen_to_vary_more():
    rng = np.random.default_rng(3)
    months = rng.gamma(4.0, 250.0, 72)
    assert dispersion(months) > 20


def test_a_short_series_is_not_judged():
    assert dispersion(np.arange(23)) == 1.0
    assert dispersion(np.zeros((10, 3))).tolist() == [1.0, 1.0, 1.0]
