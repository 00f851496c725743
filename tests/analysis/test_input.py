"""Odd input of the analyses: a right answer, or an error that says what is wrong."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from libpysal.weights import lat2W

from geo.analysis import change, clusters, concentration, density, emerging, hotspots, near_repeat, rates, scan, trends
from geo.analysis.positions import positions
from geo.analysis.space_time import space_time_scan

QUEEN = lat2W(4, 5, rook=False)
KNOX = {"distance_breaks_m": [5.0], "day_breaks": [5.0], "permutations": 9}


def _knox(x, y, days=None):
    return near_repeat.knox(x, y, np.arange(len(x)) if days is None else days, **KNOX)


@pytest.mark.parametrize(
    "analysis",
    [
        clusters.dbscan,
        clusters.hdbscan,
        _knox,
        lambda x, y: density.kde(x, y, cell_m=1, bandwidth_m=2),
        lambda x, y: scan.spatial_scan(x, y, np.ones(len(x)), np.ones(len(x))),
        lambda x, y: space_time_scan(x, y, np.ones((6, len(x)))),
    ],
)
@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0], "as many"),
        (np.ones((3, 2)), np.ones((3, 2)), "one row"),
        ([1.0, np.nan], [1.0, 2.0], "position 1"),
        ([1.0, 2.0], [np.inf, 2.0], "position 0"),
    ],
)
def test_places_that_do_not_match_or_are_missing_are_refused(analysis, x, y, message):
    with pytest.raises(ValueError, match=message):
        analysis(x, y)


def test_places_take_integers_lists_and_series_of_any_index():
    expected = np.array([[1.0, 4.0], [2.0, 5.0]])
    assert (positions([1, 2], (4, 5)) == expected).all()
    assert (positions(pd.Series([1, 2], index=[7, 3]), pd.Series([4, 5], index=["a", "b"])) == expected).all()
    assert positions([], []).shape == (0, 2)


def test_input_that_must_not_be_written_to_is_not():
    values = np.arange(20.0)
    values.flags.writeable = False
    hotspots.gi_star(values, QUEEN)
    hotspots.local_moran(values, QUEEN)
    _knox(values, values, values)
    clusters.dbscan(values, values)
    density.kde(values, values, cell_m=1, bandwidth_m=2)
    scan.spatial_scan(values, values, values, values, permutations=9)
    assert concentration.gini(values) > 0
    assert len(trends.expected_band(values)) == 20


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-9, 7e12])
def test_equal_values_have_no_hot_spot_though_their_mean_is_rounded(value):
    same = np.full(20, value)
    assert (hotspots.gi_star(same, QUEEN)["z"] == 0).all()
    found = hotspots.local_moran(same, QUEEN)
    assert (found["i"] == 0).all()
    assert (found["label"] == "none").all()


@pytest.mark.parametrize("weights", [QUEEN, Graph.from_W(QUEEN)])
@pytest.mark.parametrize("statistic", [hotspots.gi_star, hotspots.gi_star_exact, hotspots.local_moran])
def test_a_series_in_another_order_than_the_weights_is_refused(statistic, weights):
    series = pd.Series(np.arange(20.0))
    statistic(series, weights)
    statistic(series.set_axis(range(100, 120)), weights)
    with pytest.raises(ValueError, match="another order"):
        statistic(series.sort_values(ascending=False), weights)


@pytest.mark.parametrize("weights", [np.eye(20), None, "queen"])
def test_what_is_no_weights_is_named(weights):
    with pytest.raises(TypeError, match="W or Graph"):
        hotspots.gi_star(np.arange(20.0), weights)


@pytest.mark.parametrize("radius", [-1.0, np.nan])
def test_a_radius_that_is_none_is_refused_even_without_events(radius):
    for places in ([], [1.0, 2.0]):
        with pytest.raises(ValueError, match="eps_m"):
            clusters.dbscan(places, places, eps_m=radius)


@pytest.mark.parametrize("extent", [(0, 0, 0, 10), (10, 0, 0, 10), (0, 0, np.nan, 10), (0, 9, 10, 1)])
def test_an_extent_of_nothing_is_refused(extent):
    with pytest.raises(ValueError, match="extent"):
        density.kde([1.0], [1.0], cell_m=1, bandwidth_m=2, extent=extent)


@pytest.mark.parametrize("ratio", [0.05, 0.3, 0.5, 0.51, 0.75, 1.0])
@pytest.mark.parametrize("extent", [None, (100.0, 130.0, 900.0, 870.0)])
def test_density_equals_the_exact_sum_for_any_cell_and_near_the_edge(ratio, extent):
    rng = np.random.default_rng(int(ratio * 100))
    x, y = rng.uniform(0, 1_000, (2, 30))
    bandwidth = 60.0
    surface = density.kde(x, y, cell_m=ratio * bandwidth, bandwidth_m=bandwidth, extent=extent)
    rows, columns = surface.values.shape
    gx = surface.x0 + (np.arange(columns) + 0.5) * surface.cell_m
    gy = surface.y0 + (np.arange(rows) + 0.5) * surface.cell_m
    kx, ky = (np.exp(-0.5 * ((g[:, None] - p) / bandwidth) ** 2) for g, p in ((gx, x), (gy, y)))
    exact = ky @ kx.T / (2 * np.pi * bandwidth**2) * 1e6
    assert np.abs(surface.values - exact).max() <= 0.01 * exact.max()


@pytest.mark.parametrize(
    "days",
    [
        pd.Series(pd.to_datetime(["2024-03-01", "2024-03-05", "2024-03-06"]), index=[9, 8, 7]),
        np.array(["2024-03-01", "2024-03-05", "2024-03-06"], "datetime64[D]"),
        [date(2024, 3, 1), date(2024, 3, 5), date(2024, 3, 6)],
        [738_946, 738_950, 738_951],
        np.array([5e9, 5e9 + 4, 5e9 + 5]),
    ],
)
def test_days_may_be_dates_or_numbers_of_any_size(days):
    found = near_repeat.knox([0, 0, 0], [0, 0, 0], days, distance_breaks_m=[1], day_breaks=[4, 5, 6], permutations=9)
    assert found.observed.to_numpy().tolist() == [[1, 1, 1]]
    assert found.expected.to_numpy().tolist() == [[1.0, 1.0, 1.0]]


def test_expected_pairs_at_broken_days_are_those_of_all_permutations():
    """Tenths are not exact in binary: a day plus a limit is rounded over it where their difference is not."""
    days = np.round(np.arange(40) * 0.1, 1)
    limits = np.round(np.arange(1, 20) * 0.1, 1)
    found = near_repeat.knox(np.zeros(40), np.zeros(40), days, distance_breaks_m=[1], day_breaks=limits, permutations=1)
    assert (found.expected == found.observed).all().all()


@pytest.mark.parametrize(("k1", "k2"), [(np.nan, 2), (2.5, 1), (-1, 3), (np.inf, 1)])
def test_e_test_takes_whole_counts_only(k1, k2):
    with pytest.raises(ValueError, match="whole"):
        change.poisson_e_test(k1, k2)
    assert change.poisson_e_test(np.int64(6), 2.0) == pytest.approx(0.175, abs=0.0005)


@pytest.mark.parametrize("exposure", [0, -1, np.nan, np.inf])
def test_e_test_needs_exposures(exposure):
    with pytest.raises(ValueError, match="exposures"):
        change.poisson_e_test(1, 2, n2=exposure)


@pytest.mark.parametrize("row", [np.array, pd.Series, list])
def test_weighted_displacement_takes_any_row_of_two(row):
    found = change.weighted_displacement(
        treated=row([207, 110]),
        control=row([308, 318]),
        displacement_treated=row([178, 157]),
        displacement_control=row([150, 140]),
    )
    assert (found.value, round(found.se**2), round(found.z, 2)) == (-118, 1568, -2.98)


@pytest.mark.parametrize("pair", [(1, 2, 3), (np.nan, 1), (-1, 1), 5])
def test_weighted_displacement_needs_two_known_counts_per_area(pair):
    with pytest.raises(ValueError, match="two counts"):
        change.weighted_displacement(treated=pair, control=(1, 2))


def test_trends_and_categories_without_data():
    assert trends.expected_band([]).shape == (0, 3)
    assert trends.expected_band(pd.Series(dtype=float)).columns.tolist() == ["mean", "low", "high"]
    for series in ([], [1, 2], [1, 2, np.nan, 4]):
        with pytest.raises(ValueError, match="at least three"):
            trends.mann_kendall(series)
    assert emerging.classify([], [], [], []) == []
    assert emerging.classify(np.zeros((0, 12)), np.zeros((0, 12)), [], []) == []
    with pytest.raises(ValueError, match="known"):
        emerging.classify([[np.nan, 1]], [[0, 0]], [0.5], [1])


@pytest.mark.parametrize("share", [0, -0.5, 1.1, np.nan])
def test_a_share_of_people_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="max_share"):
        scan.spatial_scan([1, 2], [1, 2], [1, 2], [10, 10], max_share=share)


def test_the_scan_of_one_unit_and_of_units_in_one_place():
    assert scan.spatial_scan([1], [1], [3], [10]) == []
    found = scan.spatial_scan([1, 1, 5, 9], [1, 1, 5, 9], [30, 20, 1, 1], [10, 10, 20, 20], permutations=99)
    assert [c.members.tolist() for c in found] == [[0, 1]]  # what lies in one place cannot be parted


@pytest.mark.parametrize("values", [[[1, 2], [3, 4]], [], [0, 0], [1, np.nan], [-1, 2]])
def test_concentration_of_what_cannot_be_shared_out_is_refused(values):
    for measure in (concentration.gini, concentration.pareto):
        with pytest.raises(ValueError, match="counts must be"):
            measure(values)


def test_one_unit_holds_everything_and_is_not_concentrated():
    assert concentration.gini([3]) == 0.0
    assert concentration.pareto([3]).to_numpy().tolist() == [[1.0, 1.0]]


def test_rates_of_tables_are_refused():
    with pytest.raises(ValueError, match="as many"):
        rates.empirical_bayes([[1, 2]], [[10, 20]])
