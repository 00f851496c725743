import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from geo.analysis.suppression import mask, narrow

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=12)
TABLES = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=6)
)


def _safe(counts: np.ndarray, hidden: np.ndarray, least: int) -> bool:
    """A line is safe when nothing is hidden, when all is hidden, or when what is hidden is several and adds up."""
    return not hidden.any() or hidden.all() or (hidden.sum() >= 2 and counts[hidden].sum() >= least)


@given(COUNTS, st.integers(2, 8))
def test_no_small_count_can_be_read_or_worked_out_from_the_total(counts, least):
    series = pd.Series(counts, dtype=float)
    masked = mask(series, min_count=least)
    hidden = masked.isna().to_numpy()
    small = (series > 0) & (series < least)
    assert hidden[small].all()
    assert _safe(series.to_numpy(), hidden, least)
    assert (masked[~hidden] == series[~hidden]).all()


@given(TABLES)
def test_rows_and_columns_are_both_safe(rows):
    table = pd.DataFrame(rows, dtype=float)
    hidden = mask(table, totals="both").isna().to_numpy()
    counts = table.to_numpy()
    assert all(_safe(counts[i], hidden[i], 5) for i in range(len(counts)))
    assert all(_safe(counts[:, j], hidden[:, j], 5) for j in range(counts.shape[1]))


@given(COUNTS)
def test_nothing_is_hidden_where_nothing_is_small(counts):
    series = pd.Series([0 if c < 5 else c for c in counts], dtype=float)
    pd.testing.assert_series_equal(mask(series), series)


def test_two_ones_are_not_left_alone_under_their_total():
    assert mask(pd.Series([1.0, 1.0, 9.0, 30.0])).isna().tolist() == [True, True, True, False]


def test_without_totals_only_small_counts_go():
    assert mask(pd.Series([1.0, 9.0, 30.0]), totals="none").isna().tolist() == [True, False, False]


def test_missing_values_stay_missing_and_take_no_part():
    masked = mask(pd.Series([np.nan, 3.0, 8.0]))
    assert masked.isna().tolist() == [True, True, True]


def test_the_input_is_not_changed():
    table = pd.DataFrame([[1.0, 9.0], [8.0, 7.0]])
    before = table.copy()
    mask(table)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize("least", [5, 10])
def test_zero_is_not_a_small_count(least):
    assert not mask(pd.Series([0.0, 0.0, 20.0, 40.0]), min_count=least).isna().any()


def _bounds(counts: np.ndarray, hidden: np.ndarray, cell: tuple[int, int]) -> tuple[float, float]:
    """The least and the most a hidden cell may hold, given all totals and all open cells."""
    places = np.argwhere(hidden)
    sums = [(places[:, 0] == i, counts[i][hidden[i]].sum()) for i in range(counts.shape[0])]
    sums += [(places[:, 1] == j, counts[:, j][hidden[:, j]].sum()) for j in range(counts.shape[1])]
    totals = {"A_eq": np.array([row for row, _ in sums], float), "b_eq": [total for _, total in sums]}
    cost = (places == cell).all(axis=1).astype(float)
    return linprog(cost, **totals).fun, -linprog(-cost, **totals).fun


def test_all_totals_together_do_not_fix_a_small_count():
    """Every line holds two hidden cells and more, and yet they would follow from one another."""
    table = np.array([[12, 4, 0, 8, 0], [4, 8, 4, 0, 9], [3, 0, 0, 5, 6], [5, 6, 8, 0, 5], [0, 5, 12, 5, 5]], float)
    hidden = mask(pd.DataFrame(table)).isna().to_numpy()
    low, high = _bounds(table, hidden, (2, 0))
    assert high - low >= 2


@pytest.mark.parametrize("seed", range(60))
def test_a_hidden_count_has_three_candidates_by_rows_and_columns_together(seed):
    """And which have not is known exactly, where whole lines hold too little to hide anything."""
    rng = np.random.default_rng(seed)
    table = rng.poisson(rng.choice([1, 3, 6, 15]), rng.integers(2, 8, 2))
    table = (table * (rng.random(table.shape) < 0.8)).astype(float)
    hidden = mask(pd.DataFrame(table), min_count=int(rng.integers(4, 7))).isna().to_numpy()
    few = narrow(table, hidden)
    assert not few.any() or hidden.all()
    for cell in np.argwhere(hidden):
        low, high = _bounds(table, hidden, tuple(cell))
        assert (round(high) - round(low) < 2) == few[tuple(cell)]


def test_what_is_no_table_of_counts_is_refused():
    with pytest.raises(TypeError, match="Series or DataFrame"):
        mask(np.array([[1, 2]]))
    with pytest.raises(ValueError, match="negative"):
        mask(pd.Series([-1.0, 8.0]))
    assert mask(pd.DataFrame()).empty
    assert mask(pd.Series(dtype=float)).empty
