import numpy as np
import pytest

from geo.analysis.density import kde


def _exact(x, y, surface, bandwidth):
    rows, columns = surface.values.shape
    gx = surface.x0 + (np.arange(columns) + 0.5) * surface.cell_m
    gy = surface.y0 + (np.arange(rows) + 0.5) * surface.cell_m
    kx = np.exp(-((gx[:, None] - x) ** 2) / (2 * bandwidth**2))
    ky = np.exp(-((gy[:, None] - y) ** 2) / (2 * bandwidth**2))
    return ky @ kx.T / (2 * np.pi * bandwidth**2) * 1e6


@pytest.mark.parametrize(
    ("n", "cell", "bandwidth"), [(1, 100, 200), (40, 100, 300), (2_000, 250, 1_000), (500, 50, 400)]
)
def test_it_equals_the_exact_sum_to_one_percent_of_the_peak(n, cell, bandwidth):
    rng = np.random.default_rng(n)
    x, y = rng.normal(0, 2_000, n), rng.normal(0, 2_000, n)
    surface = kde(x, y, cell_m=cell, bandwidth_m=bandwidth)
    exact = _exact(x, y, surface, bandwidth)
    assert np.abs(surface.values - exact).max() <= 0.01 * exact.max()


def test_the_surface_holds_all_events():
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0, 5_000, (2, 300))
    surface = kde(x, y, cell_m=100, bandwidth_m=400, extent=(-3_000, -3_000, 8_000, 8_000))
    assert surface.values.sum() * (surface.cell_m / 1_000) ** 2 == pytest.approx(300, rel=1e-3)


def test_events_just_outside_the_extent_count_inside_it():
    inside = kde([-50.0], [500.0], cell_m=100, bandwidth_m=300, extent=(0, 0, 1_000, 1_000))
    assert inside.values[4:6, 0].min() > 0


def test_north_is_up_the_rows():
    surface = kde([900.0], [100.0], cell_m=100, bandwidth_m=100, extent=(0, 0, 1_000, 1_000))
    assert (
        np.unravel_index(surface.values.argmax(), surface.values.shape) == (0, 8)
        or surface.values[0:2, 8:10].max() == surface.values.max()
    )


@pytest.mark.parametrize(("cell", "bandwidth"), [(0, 100), (200, 100), (-1, 5)])
def test_bad_lengths_are_refused(cell, bandwidth):
    with pytest.raises(ValueError, match="cells"):
        kde([0.0], [0.0], cell_m=cell, bandwidth_m=bandwidth)


def test_nothing_over_an_extent_is_zero():
    assert (
        kde([], [], cell_m=100, bandwidth_m=200, extent=(0, 0, 1_000, 500)).values.tolist()
        == np.zeros((5, 10)).tolist()
    )
