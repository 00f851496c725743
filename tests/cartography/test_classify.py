import mapclassify
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cartography.classify import MASKED, NO_DATA, ZERO, Scheme, classify

VALUES = st.lists(st.one_of(st.just(float("nan")), st.integers(0, 400).map(float), st.floats(0.001, 900)), max_size=60)


@given(VALUES, st.sampled_from([Scheme.NATURAL, Scheme.QUANTILES]), st.integers(3, 7))
def test_every_value_lies_in_the_class_it_was_given(values, scheme, k):
    classes = classify(values, scheme=scheme, k=k)
    assert len(classes.upper) <= k
    assert (np.diff(classes.upper) > 0).all()
    for value, index in zip(values, classes.index):
        if np.isnan(value):
            assert index == NO_DATA
        elif value == 0:
            assert index == ZERO
        else:
            assert value <= classes.upper[index]
            assert index == 0 or value > classes.upper[index - 1]


def test_natural_breaks_part_the_values_as_fisher_does():
    values = np.random.default_rng(1).gamma(2.0, 30.0, 102).round(1)
    ours = classify(values, k=5)
    reference = mapclassify.FisherJenks(values, k=5)
    assert ours.index.tolist() == reference.yb.tolist()


def test_limits_are_round_where_that_parts_the_values_the_same_way():
    assert classify([1.03, 2.2, 2.9, 7.7, 8.4, 9.1], k=2).upper.tolist() == [5.0, 9.1]


def test_masked_values_take_no_part():
    values = [3.0, 10.0, 20.0, 4.0]
    classes = classify(values, k=3, masked=[True, False, False, True])
    assert classes.index.tolist() == [MASKED, 0, 1, MASKED]
    assert classes.lower[0] == 10.0


def test_fixed_limits_get_a_last_class_for_what_lies_above():
    classes = classify([1, 5, 6, 80], scheme=Scheme.FIXED, limits=[5, 10, 50])
    assert classes.upper.tolist() == [5, 10, 50, 80]
    assert classes.index.tolist() == [0, 0, 1, 3]


@pytest.mark.parametrize("values", [[], [0.0, 0.0], [float("nan")]])
def test_nothing_to_classify_gives_no_classes(values):
    assert len(classify(values).upper) == 0


def test_months_share_the_limits_of_all_of_them():
    months = np.random.default_rng(3).gamma(0.6, 20.0, (120, 102))
    found = [classify(month, among=months.ravel()) for month in months[:6]]
    for classes in found[1:]:
        assert classes.upper.tolist() == found[0].upper.tolist()
        assert classes.lower.tolist() == found[0].lower.tolist()
    assert found[0].upper[-1] == months.max()
    for classes, month in zip(found, months):
        assert (month <= classes.upper[classes.index]).all()
