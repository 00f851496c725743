"""What is usual: levels that hold, power, and one answer for months and their sum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, nbinom

from geo.analysis.season import tet_effect, tet_share
from geo.analysis.usual import LEVEL, predict, tail_down, tail_up
from geo.schema import add_months
from tests.asking import TODAY

MEANS = (0.3, 1.0, 5.0, 30.0, 300.0, 3_000.0)
DISPERSIONS = (1.0, 1.5, 4.0, 20.0)


def drawn(seed: int, mean: float, phi: float, shape: tuple[int, ...]) -> np.ndarray:
    rng = np.random.default_rng(seed)
    if phi == 1:
        return rng.poisson(mean, shape).astype(float)
    size = mean / (phi - 1)
    return rng.negative_binomial(size, size / (size + mean), shape).astype(float)


@pytest.mark.parametrize("months", [1, 12])
def test_false_alarms_keep_their_level(months):
    found = []
    for n, (mean, phi) in enumerate((mean, phi) for mean in MEANS for phi in DISPERSIONS):
        series = drawn(n, mean, phi, (2_000 if months == 1 else 800, 60 + months))
        model = predict(series[:, :60], series[:, 60:])
        found.append([100 * (p <= LEVEL).mean() for p in (model.total_p_up, model.total_p_down)])
    rates = np.array(found)
    assert (np.median(rates, axis=0) <= 0.5).all()
    assert (rates.max(axis=0) <= (2.3 if months == 1 else 4.0)).all()


def test_a_doubling_is_seen_and_one_odd_month_hides_it_from_few():
    history, target = drawn(1, 30, 1, (3_000, 60)), drawn(2, 60, 1, (3_000, 1))
    power = (predict(history, target).p_up <= LEVEL).mean()
    assert power >= 0.85
    history[:, 55] = 300
    assert (predict(history, target).p_up <= LEVEL).mean() >= power - 0.1


def test_with_no_dispersion_it_is_the_exact_conditional_test():
    for seen, now, ratio in ((8, 15, 1.0), (40, 12, 0.25), (100, 140, 1.0), (3, 9, 0.5)):
        share = ratio / (1 + ratio)
        assert tail_up(now, seen, ratio, 1) == pytest.approx(binom.sf(now - 1, seen + now, share))
        assert tail_down(now, seen, ratio, 1) == pytest.approx(binom.cdf(now, seen + now, share))
    assert tail_up(3, 0, 1, 1) == 0.125


def test_with_dispersion_it_is_the_negative_binomial():
    mu, inflation = (50 + 4) * 0.5, 4 * 1.5
    size = mu / (inflation - 1)
    assert tail_up(40, 50, 0.5, 4) == pytest.approx(nbinom.sf(39, size, size / (size + mu)))


SERIES = st.lists(st.one_of(st.none(), st.integers(0, 400)), min_size=1, max_size=80)


@settings(max_examples=60)
@given(SERIES, st.lists(st.one_of(st.none(), st.integers(0, 2_000)), min_size=1, max_size=14))
def test_limits_and_probabilities_say_the_same(history, target):
    past, now = (np.array([np.nan if v is None else v for v in values], float) for values in (history, target))
    model = predict(past, now)
    known = ~np.isnan(model.p_up)
    assert (known == (~np.isnan(now) & ~np.isnan(model.expected))).all()
    assert ((now > model.high) == (model.p_up <= LEVEL))[known].all()
    assert ((now < model.low) == (model.p_down <= LEVEL))[known].all()
    total = np.nansum(now)
    if not np.isnan(model.total_p_up):
        assert (total > model.total_high) == (model.total_p_up <= LEVEL)
        assert (total < model.total_low) == (model.total_p_down <= LEVEL)
    if known.sum() == 1:  # a period of one month equals its point in the chart
        assert model.total_p_up == pytest.approx(model.p_up[known][0])
        assert model.total_high == model.high[known][0]


@given(SERIES.filter(lambda v: any(x is not None for x in v[-12:])), st.integers(0, 500))
def test_series_side_by_side_are_judged_as_alone(history, now):
    past = np.array([np.nan if v is None else v for v in history], float)
    other = np.where(np.isnan(past), 3.0, past[::-1])
    both = predict(np.stack([past, other]), [[now], [now]])
    alone = predict(past, [now])
    assert both.p_up[0] == pytest.approx(alone.p_up, nan_ok=True)
    assert both.high[0] == pytest.approx(alone.high, nan_ok=True)


def test_months_without_a_report_are_absent_and_not_zero():
    past = drawn(5, 20, 1, (60,))
    gaps = past.copy()
    gaps[[3, 20, 50]] = np.nan
    model = predict(gaps, [20.0])
    assert model.expected[0] == pytest.approx(np.nanmean(gaps[-12:]), rel=0.2)
    assert model.low[0] > 3
    assert np.isnan(predict([np.nan] * 30, [4.0]).p_up).all()
    assert np.isnan(predict(past, [np.nan]).total_p_up)


def test_what_may_be_by_chance_is_the_mass_outside_the_limits():
    model = predict(drawn(6, 12, 1.5, (40, 60)), drawn(7, 12, 1.5, (40, 1)))
    assert (model.by_chance <= 2 * LEVEL).all()
    assert (model.by_chance >= 0).all()


@pytest.mark.parametrize("bad", [{"level": 0}, {"level": 0.6}, {"season": [0.0] * 5}, {"target_season": -1}])
def test_nonsense_is_refused(bad):
    with pytest.raises(ValueError, match="must"):
        predict([1, 2, 3, 4, 5], [3], **bad)
    with pytest.raises(ValueError, match="negative"):
        predict([1, -2], [3])


def test_tet_moves_and_its_effect_is_found():
    edges = [add_months(TODAY.replace(day=1), n - 72) for n in range(73)]
    share = tet_share(edges)
    assert share.max() > 0.9
    assert share[[i for i, d in enumerate(edges[:-1]) if d.month in (5, 6, 7, 8, 9, 10, 11)]].sum() == 0
    counts = np.random.default_rng(8).poisson(200 * (1 + 0.5 * share))
    assert tet_effect(counts, share) == pytest.approx(0.5, abs=0.12)
    flat = [tet_effect(np.random.default_rng(seed).poisson(200, 72), share) for seed in range(40)]
    assert np.abs(flat).max() < 0.2
    assert np.median(np.abs(flat)) == 0
    assert tet_effect(counts[:20], share[:20]) == 0


@pytest.mark.parametrize("times", [3, 10, 30])
@pytest.mark.parametrize("place", [59, 55, 30])
def test_one_month_far_out_hides_no_rise_wherever_it_lies(times, place):
    """Held against a mean that it lifts itself, a large one made its neighbours look odd and so was kept for good."""
    drawn = np.random.default_rng(7).poisson(30.0, (400, 61)).astype(float)
    drawn[:, 60] = np.random.default_rng(8).poisson(60.0, 400)
    clean = (predict(drawn[:, :60], drawn[:, 60:]).p_up <= LEVEL).mean()
    drawn[:, place] *= times
    assert (predict(drawn[:, :60], drawn[:, 60:]).p_up <= LEVEL).mean() >= clean - 0.1
