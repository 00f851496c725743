import numpy as np
import pandas as pd
import pymannkendall
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from geo.analysis.trends import expected_band, mann_kendall
from geo.analysis.usual import predict


def test_the_band_is_the_model_of_usual_over_the_window():
    counts = np.random.default_rng(3).poisson(16, 30).astype(float)
    band = expected_band(counts, window=8, z=3)
    assert band.iloc[:8].isna().all().all()
    model = predict(counts[21:29], [0.0], level=norm.sf(3))
    assert band.iloc[29].tolist() == [model.expected[0], model.low[0], model.high[0]]


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=40), st.integers(1, 12))
def test_the_band_holds_its_mean_and_never_goes_below_zero(counts, window):
    band = expected_band(counts, window=window).dropna()
    assert (band["low"] <= np.ceil(band["mean"])).all()
    assert (np.floor(band["mean"]) <= band["high"]).all()
    assert (band["low"] >= 0).all()


def test_few_poisson_counts_fall_outside():
    counts = np.random.default_rng(4).poisson(60, 4_000)
    band = expected_band(counts, window=60, z=2.5758)
    outside = (counts > band["high"]) | (counts < band["low"])
    assert 0.0005 < outside[60:].mean() < 0.01


def test_the_index_is_kept():
    months = pd.date_range("2024-01-01", periods=10, freq="MS")
    assert expected_band(pd.Series(range(10), months)).index.equals(months)


def test_a_window_of_nothing_is_refused():
    with pytest.raises(ValueError, match="window"):
        expected_band([1, 2], window=0)


@pytest.mark.parametrize("seed", range(6))
def test_mann_kendall_equals_pymannkendall(seed):
    rng = np.random.default_rng(seed)
    series = rng.poisson(9 + np.arange(30) * 0.1 * (seed - 2)).astype(float)  # with ties
    theirs = pymannkendall.original_test(series)
    ours = mann_kendall(series)
    assert (ours.s[0], ours.z[0], ours.p[0]) == pytest.approx((theirs.s, theirs.z, theirs.p), rel=1e-9)


def test_many_series_at_once_and_too_short_ones():
    table = np.random.default_rng(1).poisson(9, (24, 7))
    together = mann_kendall(table)
    assert together.z == pytest.approx([mann_kendall(column).z[0] for column in table.T])
    assert mann_kendall(np.ones(10)).p.tolist() == [1.0]
    with pytest.raises(ValueError, match="three"):
        mann_kendall([1, 2])
