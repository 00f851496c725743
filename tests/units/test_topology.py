"""TopoJSON: there and back, canonical, small, each border once."""

import gzip
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.units.boundaries import default_units
from geo.units.topology import decode, encode, label_points


@pytest.fixture(scope="module")
def grid_of_units():
    squares = [shapely.box(105 + i, 10 + j, 106 + i, 11 + j) for i in range(3) for j in range(3)]
    return gpd.GeoDataFrame(
        {"code": [f"{i:05}" for i in range(9)], "name": "A", "kind": "xã"}, geometry=squares, crs=4326
    )


def test_each_border_is_one_arc(grid_of_units):
    topology = json.loads(encode(grid_of_units))
    used = [abs(n) if n >= 0 else ~n for n in _numbers(topology["objects"]["units"])]
    assert len(topology["arcs"]) == 12 + 8
    inner = [n for n in set(used) if used.count(n) == 2]
    assert len(inner) == 12


def _numbers(node):
    if isinstance(node, dict):
        return [n for geometry in node["geometries"] for n in _numbers(geometry["arcs"])]
    return [n for child in node for n in (_numbers(child) if isinstance(child, list) else [child])]


def test_real_units_come_back_within_a_step(prepared):
    found = decode(prepared.topology)
    assert list(found.code) == list(prepared.simple.code)
    assert shapely.is_valid(found.geometry).all()
    west, south, east, north = prepared.simple.total_bounds
    step = np.hypot((east - west) / 1e5, (north - south) / 1e5)
    distance = shapely.hausdorff_distance(found.geometry.to_numpy(), prepared.simple.geometry.to_numpy())
    assert distance.max() <= step


def test_real_units_still_meet(prepared):
    assert shapely.coverage_is_valid(decode(prepared.topology).geometry.to_numpy())


def test_size_of_the_real_layer(prepared):
    assert len(encode(prepared.simple)) < 112_000
    assert len(prepared.topology) < 140_000
    assert len(gzip.compress(prepared.topology)) < 50_000


def test_bytes_do_not_depend_on_the_order_of_rows():
    units = default_units()
    assert encode(units) == encode(units.iloc[::-1]) == encode(units.sample(frac=1, random_state=1))


def test_properties_are_what_a_browser_needs(prepared):
    found = decode(prepared.topology).set_index("code")
    assert set(found.columns) == {"name", "kind", "area_km2", "label", "rank", "bbox", "geometry"}
    assert found.name["30688"] == "Óc Eo"
    assert found["rank"].sort_values().tolist() == list(range(1, 103))
    assert found.area_km2[found["rank"] == 1].iloc[0] == found.area_km2.max()
    for row in found.itertuples():
        assert shapely.box(*row.bbox).buffer(1e-4).covers(row.geometry)


def test_labels_lie_inside_their_units(prepared):
    points = label_points(prepared.simple)
    inside = shapely.contains_xy(prepared.simple.geometry.to_numpy(), points[:, 0], points[:, 1])
    assert inside.all()


def test_surroundings_go_along(prepared):
    found = decode(prepared.topology, "surroundings")
    assert set(found.kind) == {"land", "national_border"}
    border = found[found.kind == "national_border"].geometry.iloc[0]
    assert "Line" in border.geom_type
    assert shapely.is_valid(found.geometry).all()


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_grid_of_units_comes_back(data):
    """Cells of a random grid, merged at random into units that may be ragged, split or have holes."""
    size = data.draw(st.integers(2, 5))
    owner = data.draw(st.lists(st.integers(0, 4), min_size=size**2, max_size=size**2))
    cells = {}
    for number, unit in enumerate(owner):
        x, y = divmod(number, size)
        cells.setdefault(unit, []).append(shapely.box(105 + x / 10, 10 + y / 10, 105.1 + x / 10, 10.1 + y / 10))
    shapes = [shapely.union_all(shapely.set_precision(c, 1e-6)) for _, c in sorted(cells.items())]
    codes = [f"{unit:05}" for unit in sorted(cells)]
    units = gpd.GeoDataFrame({"code": codes, "name": codes, "kind": "xã"}, geometry=shapes, crs=4326)
    found = decode(encode(units))
    assert shapely.hausdorff_distance(found.geometry.to_numpy(), units.geometry.to_numpy()).max() < 2 * size * 1e-6
    assert np.allclose(found.area_km2, units.to_crs(32648).area / 1e6, atol=0.01)
