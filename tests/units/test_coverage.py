"""Cleaning and simplifying: what is wrong is named, what comes out meets without gaps."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.units.boundaries import default_units
from geo.units.coverage import clean_coverage, clean_polygons, rounded, simplify

STEP = 0.01


def layer(*shapes, codes=None) -> gpd.GeoDataFrame:
    codes = codes or [f"0000{i}" for i in range(len(shapes))]
    return gpd.GeoDataFrame(
        {"code": codes, "name": [f"Xã {c}" for c in codes], "kind": "xã"}, geometry=list(shapes), crs=4326
    )


def square(x, y, width=STEP, height=STEP):
    return shapely.box(105 + x, 10 + y, 105 + x + width, 10 + y + height)


def test_a_good_layer_has_nothing_to_report():
    units, report = clean_coverage(layer(square(0, 0), square(STEP, 0)))
    assert report.clean
    assert shapely.coverage_is_valid(units.geometry.to_numpy())


def test_an_overlap_is_named_measured_and_given_to_one_unit():
    units, report = clean_coverage(layer(square(0, 0), square(STEP - 0.0001, 0)))
    (issue,) = report.of("overlap")
    assert issue.names == ("Xã 00000", "Xã 00001")
    assert issue.area_m2 == pytest.approx(0.0001 * STEP * 109_600 * 110_600, rel=0.02)
    assert shapely.intersection(*units.geometry).area < 1e-15


def test_a_narrow_gap_is_named_and_closed():
    right = shapely.Polygon([(105.01, 10), (105.02, 10), (105.02, 10.01), (105.01, 10.01), (105.0102, 10.005)])
    units, report = clean_coverage(layer(square(0, 0), right))
    assert report.of("gap")[0].units == ("00000", "00001")
    assert shapely.coverage_is_valid(units.geometry.to_numpy())
    assert not list(units.geometry.union_all().interiors)


def test_a_lake_between_units_stays():
    ring = [square(0, 0, 3 * STEP), square(0, STEP), square(2 * STEP, STEP), square(0, 2 * STEP, 3 * STEP)]
    units, report = clean_coverage(layer(*ring))
    assert report.of("gap")[0].units == ("00000", "00001", "00002", "00003")
    assert units.geometry.union_all().area == pytest.approx(8 * STEP**2, rel=1e-4)


def test_an_invalid_shape_is_named_and_repaired():
    bow = shapely.Polygon([(105, 10), (105.01, 10.01), (105.01, 10), (105, 10.01)])
    units, report = clean_coverage(layer(bow, square(0.02, 0)))
    assert report.of("invalid")[0].units == ("00000",)
    assert units.geometry.is_valid.all()


def test_unknown_and_missing_units_are_named():
    _, report = clean_coverage(layer(square(0, 0), square(STEP, 0)), expected={"00000": "A", "77777": "Óc Eo"})
    assert report.of("unknown")[0].units == ("00001",)
    assert report.of("missing")[0].names == ("Óc Eo",)


def test_the_seven_units_that_do_not_meet_are_found_and_joined(prepared):
    names = {issue.names[0] for issue in prepared.report.of("edge")}
    assert names == {"Vĩnh Tế", "Châu Phú", "Bình Mỹ", "Thới Sơn", "Cần Đăng", "Vĩnh An", "Vĩnh Hanh"}
    assert {issue.kind for issue in prepared.report.issues} == {"edge", "overlap", "gap"}
    assert shapely.coverage_is_valid(prepared.units.to_crs(32648).geometry.to_numpy(), gap_width=1)


def test_cleaning_moves_nothing_that_was_right(prepared, real_units):
    before, after = (u.to_crs(32648).set_index("code").geometry for u in (real_units, prepared.units))
    assert (before.symmetric_difference(after).area < 1_000).all()


def test_simplified_units_still_meet_and_keep_their_place(prepared):
    simple, full = (u.to_crs(32648).set_index("code").geometry for u in (prepared.simple, prepared.units))
    shapes = prepared.simple.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert 8_000 < shapely.get_num_coordinates(shapes).sum() < 15_000
    assert (simple.area / full.area).between(0.95, 1.05).all()


def test_simplified_coordinates_have_six_decimals(prepared):
    coordinates = shapely.get_coordinates(prepared.simple.geometry.to_numpy())
    assert np.abs(coordinates - np.round(coordinates, 6)).max() < 1e-9


@pytest.mark.parametrize("tolerance_m", [10, 200, 1000])
def test_any_tolerance_gives_a_valid_coverage(prepared, tolerance_m):
    shapes = simplify(prepared.units, tolerance_m).geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert not shapely.is_empty(shapes).any()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=9, max_size=9))
@example([(0.0, 0.0), (0.0, 0.0), (2.2250738585072014e-308, 0.0), *[(0.0, 0.0)] * 6])
def test_shaken_vertices_are_brought_together(shifts):
    """Nine squares drawn apart, each moved by up to 3 m, come back as a coverage of the same size."""
    squares = [
        shapely.box(*np.array([i * 1000, j * 1000, (i + 1) * 1000, (j + 1) * 1000]) + np.tile(shifts[3 * i + j], 2))
        for i in range(3)
        for j in range(3)
    ]
    cleaned = clean_polygons(np.array(squares, object), gap_m=30)
    assert shapely.coverage_is_valid(cleaned)
    assert shapely.area(cleaned).sum() == pytest.approx(9e6, rel=0.01)


def test_rounding_a_coverage_keeps_it_one():
    shapes = default_units().geometry.to_numpy()
    for grid in (1e-6, 1e-5, 1e-4):
        found = rounded(shapes, grid)
        assert shapely.is_valid(found).all()
        assert shapely.coverage_is_valid(found)
