from itertools import pairwise

import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.cartography.rings import polygons_of, rings_of

OUTER, HOLE, ISLET = shapely.box(0, 0, 9, 9), shapely.box(2, 2, 7, 7), shapely.box(4, 4, 5, 5)
NESTED = OUTER.difference(HOLE).union(ISLET)


def signed_area(ring):
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring)) / 2


def test_outer_rings_and_holes_run_in_opposite_directions():
    for shape in (NESTED, shapely.orient_polygons(NESTED, exterior_cw=True)):
        areas = sorted(signed_area(ring) for ring in rings_of(shape))
        assert areas == [-25, 1, 81]


def test_rings_are_the_area_again_whatever_their_order():
    rings = rings_of(NESTED)
    for order in (rings, rings[::-1], (rings[2], rings[0], rings[1])):
        assert polygons_of(order).equals(NESTED)


def test_a_simplified_ring_stays_one():
    jagged = shapely.Point(105, 10).buffer(0.1, quad_segs=64)
    (ring,) = rings_of(jagged, tolerance=0.001)
    assert 8 < len(ring) < len(jagged.exterior.coords) / 2
    assert ring[0] == ring[-1]


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(2, 6), st.booleans()), min_size=1, max_size=6
    )
)
def test_any_area_survives(boxes):
    shape = shapely.MultiPolygon()
    for x, y, side, has_hole in boxes:
        box = shapely.box(x, y, x + side, y + side)
        shape = shape.union(box.difference(shapely.box(x + 0.5, y + 0.5, x + 1, y + 1)) if has_hole else box)
    assert polygons_of(rings_of(shape)).symmetric_difference(shape).area < 1e-9
