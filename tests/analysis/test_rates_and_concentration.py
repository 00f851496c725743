import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.concentration import gini, pareto
from geo.analysis.rates import empirical_bayes, standardised

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from esda.smoothing import Empirical_Bayes


@pytest.mark.parametrize("seed", range(5))
def test_empirical_bayes_equals_esda(seed):
    rng = np.random.default_rng(seed)
    people = rng.integers(500, 80_000, 102)
    events = rng.poisson(people * rng.gamma(4, 0.0005, 102))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = np.asarray(Empirical_Bayes(events, people).r).ravel()
    assert empirical_bayes(events, people) == pytest.approx(theirs, rel=1e-9)


def test_small_units_are_drawn_to_the_middle_and_large_ones_are_not():
    people = np.array([100.0, *[50_000.0] * 20])
    events = np.array([4.0, *np.random.default_rng(1).poisson(100, 20) * np.linspace(0.5, 1.5, 20)])
    smooth, raw, overall = empirical_bayes(events, people), events / people, events.sum() / people.sum()
    assert abs(smooth[0] - overall) < 0.2 * abs(raw[0] - overall)
    assert np.abs(smooth[1:] - raw[1:]).max() < 0.2 * np.abs(raw[1:] - overall).max()


def test_units_without_people_get_the_overall_rate():
    assert empirical_bayes([0, 5], [0, 100])[0] == pytest.approx(0.05)
    with pytest.raises(ValueError, match="somebody"):
        empirical_bayes([0], [0])


def test_gini_on_worked_values():
    assert gini([1, 1, 1, 1]) == pytest.approx(0.0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)


@given(st.lists(st.integers(0, 900), min_size=1, max_size=50).filter(any))
def test_the_curve_rises_to_one_and_bends_the_right_way(values):
    curve = pareto(values)
    events = curve["cumulative_share_events"].to_numpy()
    assert events[-1] == pytest.approx(1.0)
    assert (np.diff(events, prepend=0) >= -1e-12).all()
    assert (np.diff(np.diff(events, prepend=0)) <= 1e-12).all()
    assert (events >= curve["cumulative_share_units"].to_numpy() - 1e-12).all()
    area = 2 * (np.concatenate([[0], events[:-1]]) + events).sum() / (2 * len(values)) - 1
    assert area == pytest.approx(gini(values), abs=1e-9)


def test_units_keep_their_names_in_order_of_size():
    assert pareto(pd.Series([2, 9, 5], ["a", "b", "c"])).index.tolist() == ["b", "c", "a"]


@pytest.mark.parametrize("values", [[], [0, 0], [-1, 2], [np.nan, 1]])
def test_nothing_to_share_out_is_refused(values):
    for measure in (pareto, gini):
        with pytest.raises(ValueError, match="counts"):
            measure(values)


def test_standardised_rates_are_as_even_in_small_places_as_in_large_ones():
    rng = np.random.default_rng(4)
    people = np.concatenate([np.full(60, 2_000.0), np.full(60, 200_000.0)])
    z = np.concatenate([standardised(rng.poisson(people / 1_000), people)[None] for _ in range(200)])
    small, large = z[:, :60].std(), z[:, 60:].std()
    assert small == pytest.approx(large, rel=0.15)
    raw = np.concatenate([(rng.poisson(people / 1_000) / people)[None] for _ in range(200)])
    assert raw[:, :60].std() > 5 * raw[:, 60:].std()


def test_standardised_rates_by_hand_and_their_refusals():
    z = standardised([2, 2, 8], [1_000, 1_000, 1_000])
    raw, overall = np.array([2, 2, 8]) / 1_000, 4 / 1_000
    between = ((raw - overall) ** 2).mean() - overall / 1_000
    assert z == pytest.approx((raw - overall) / np.sqrt(between + overall / 1_000))
    assert standardised([0, 0], [5, 5]).tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="every unit"):
        standardised([1, 1], [0, 5])
