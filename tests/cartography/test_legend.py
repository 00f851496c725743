import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.cartography import legend
from geo.cartography.classify import classify


def test_whole_numbers_leave_no_gap_and_no_overlap():
    classes = classify([1, 2, 3, 8, 9, 20, 22, 50], k=4)
    labels = legend.class_labels(classes, "vi", digits=legend.digits_for(classes))
    edges = [tuple(map(int, label.split("–"))) if "–" in label else (int(label),) * 2 for label in labels]
    for (_, high), (low, _) in zip(edges, edges[1:]):  # noqa: RUF007
        assert low == high + 1
    assert edges[0][0] == 1
    assert edges[-1][1] == 50


def test_rates_are_written_with_the_decimals_that_tell_them_apart():
    classes = classify([0.11, 0.12, 0.31, 0.36, 0.92], k=3)
    labels = legend.class_labels(classes, "vi", digits=legend.digits_for(classes))
    assert len(set(labels)) == len(labels)
    assert all("," in label for label in labels)


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_the_area_of_a_symbol_is_proportional_to_its_count(a, b):
    top = max(a, b)
    ra, rb = legend.radius(a, top), legend.radius(b, top)
    if min(ra, rb) > legend.MIN_RADIUS:
        assert (ra / rb) ** 2 == pytest.approx(a / b, rel=1e-6)
    assert max(ra, rb) == pytest.approx(legend.MAX_RADIUS)


@given(st.floats(1, 1e7))
def test_legend_sizes_are_round_and_within_the_data(top):
    sizes = legend.circle_sizes(top)
    assert 1 <= len(sizes) <= 3
    assert sizes == sorted(sizes, reverse=True)
    for size in sizes:
        assert size <= top
        assert size / 10 ** math.floor(math.log10(size)) in (1, 2, 5)
