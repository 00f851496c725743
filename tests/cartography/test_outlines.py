"""Badges of clusters keep apart, and what is said of clusters says of what they are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cartography.legend import MAX_NAMED_CLUSTERS, cluster_group
from geo.cartography.outlines import badge_places, cluster_layer
from geo.schema import Measure

FRAME = (104.3, 9.4, 105.6, 10.9)
WIDEST = 2 * 0.82 * 24 / 620
"""A badge on a projector over the height of the land it shows."""


def _ring(lon: float, lat: float, size: float):
    corners = [(lon + size * math.cos(a), lat + size * math.sin(a)) for a in (0.1, 1.3, 2.2, 3.5, 5.0)]
    return (*corners, corners[0])


PLACES = st.tuples(st.floats(104.4, 105.5), st.floats(9.5, 10.8), st.floats(0.005, 0.2))


@settings(max_examples=60, deadline=None)
@given(st.lists(PLACES, max_size=20))
def test_no_badge_touches_another(places):
    rings = [_ring(*place) for place in places]
    placed = badge_places(rings, FRAME)
    squeeze = math.cos(math.radians(10.15))
    apart = [
        math.dist((a[0] * squeeze, a[1]), (b[0] * squeeze, b[1])) for i, a in enumerate(placed) for b in placed[i + 1 :]
    ]
    assert len(placed) == len(rings)
    assert all(d > WIDEST * 1.5 for d in apart)


def test_a_badge_alone_stands_on_top_of_its_outline():
    ring = _ring(105.0, 10.0, 0.1)
    assert badge_places([ring], FRAME)[0] == pytest.approx(max(ring, key=lambda corner: corner[1]), abs=1e-4)


def test_two_clusters_side_by_side_keep_their_badges_on_their_lines():
    rings = [_ring(105.0, 10.0, 0.08), _ring(105.05, 10.0, 0.08)]
    for place, ring in zip(badge_places(rings, FRAME), rings):
        assert min(math.dist(place, corner) for corner in ring) < 1e-3


@pytest.mark.parametrize(("lang", "more"), [("vi", "và 3 cụm khác"), ("en", "and 3 more clusters")])
def test_the_legend_ends_with_how_many_clusters_it_does_not_name(lang, more):
    sizes = [(100 - n, 0.1) for n in range(MAX_NAMED_CLUSTERS + 3)]
    layer = cluster_layer([_ring(105, 10, 0.1)] * len(sizes), sizes, Measure.CASE, FRAME, lang)
    assert cluster_group(layer, sizes, 5, Measure.CASE, lang).entries[-1].label == more
    few = sizes[:MAX_NAMED_CLUSTERS]
    assert cluster_group(layer, few, 5, Measure.CASE, lang).entries[-1].text == str(MAX_NAMED_CLUSTERS)


def test_one_more_cluster_is_one_cluster():
    sizes = [(100, 0.1)] * (MAX_NAMED_CLUSTERS + 1)
    layer = cluster_layer([_ring(105, 10, 0.1)] * len(sizes), sizes, Measure.CASE, FRAME, "en")
    assert cluster_group(layer, sizes, 5, Measure.CASE, "en").entries[-1].label == "and 1 more cluster"


@pytest.mark.parametrize(
    ("measure", "lang", "line", "label"),
    [
        (Measure.CASE, "vi", "Cụm vụ việc số 1: 12 vụ, 50,0\u202f% số có tọa độ", "Cụm vụ việc"),
        (Measure.CASE, "en", "Cluster 1 of cases: 12 cases, 50.0% of those with a place", "Clusters of cases"),
        (Measure.SUSPECT, "vi", "Cụm đối tượng trong các vụ số 1: 12 đối tượng, 50,0\u202f% số có tọa độ",
         "Cụm đối tượng trong các vụ"),
    ],
)  # fmt: skip
def test_a_cluster_says_of_what_it_is(measure, lang, line, label):
    layer = cluster_layer([_ring(105, 10, 0.1)], [(12, 0.5)], measure, FRAME, lang)
    assert layer.outlines[0].lines == (line,)
    assert layer.label == label
