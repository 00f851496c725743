"""The committed approximate layer, measured against the real boundaries."""

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.settings import REFERENCE
from geo.text import fold
from geo.units.boundaries import default_legacy_units, default_units, legacy_units, read_surroundings
from geo.units.crosswalk import links
from geo.units.names import syllables

METRIC = "EPSG:32648"


@pytest.fixture(scope="module")
def layers(real_units):
    return default_units().set_index("code").to_crs(METRIC), real_units.set_index("code").to_crs(METRIC)


def neighbours(units: gpd.GeoDataFrame) -> set[tuple[str, str]]:
    near = units.geometry.buffer(30).to_numpy()
    first, second = shapely.STRtree(near).query(near, predicate="intersects")
    return {(units.index[a], units.index[b]) for a, b in zip(first, second) if a < b}


def test_has_the_units_there_are(layers):
    ours, real = layers
    assert list(ours.index) == list(real.index)
    assert (ours.kind == real.kind).all()
    assert ours.kind.value_counts().to_dict() == {"xã": 85, "phường": 14, "đặc khu": 3}
    assert [syllables(name) for name in ours.name] == [syllables(name) for name in real.name]


def test_overlaps_the_real_polygons(layers):
    ours, real = layers
    overlap = ours.intersection(real).area / ours.union(real).area
    assert overlap.mean() >= 0.65


def test_touches_the_same_neighbours(layers):
    ours, real = map(neighbours, layers)
    assert 2 * len(ours & real) / (len(ours) + len(real)) >= 0.90


def test_is_a_valid_coverage_of_modest_size():
    shapes = default_units().geometry
    assert shapes.is_valid.all()
    assert shapely.coverage_is_valid(shapes.to_numpy())
    assert (REFERENCE / "units.geojson").stat().st_size < 400_000


def test_former_units_fill_the_present_ones(boundaries):
    former, present = (u.to_crs(METRIC).set_index("code").geometry for u in (default_legacy_units(), default_units()))
    assert list(former.index) == list(legacy_units().code)
    assert shapely.coverage_is_valid(default_legacy_units().geometry.to_numpy())
    assert former.area.min() > 100_000
    table = links()
    whole = table[table.mapping == "whole"]
    for old, new in zip(whole.legacy_code, whole.new_code):
        assert former[old].difference(present[new]).area < 0.01 * former[old].area
    real = gpd.read_file(boundaries / "an_giang_legacy.gpkg").set_index("legacy_code").to_crs(METRIC).geometry
    real = real.reindex(former.index)
    assert (former.intersection(real).area / former.union(real).area).mean() > 0.55


def test_no_unit_crosses_the_land_border():
    units, land = default_units().to_crs(METRIC), read_surroundings().to_crs(METRIC)
    abroad = land[(land.kind == "land") & (land.name != "Vietnam")].union_all()
    assert units.geometry.intersection(abroad).area.max() < 20_000  # m2: straight in metres is not straight in degrees


def test_surroundings_show_land_and_border():
    found = read_surroundings()
    assert set(found.kind) == {"land", "national_border"}
    assert {"Vietnam", "Cambodia"} <= set(found.name)
    assert found.geometry.is_valid.all()


def test_links_are_those_of_the_real_crosswalk(boundaries):
    real = pd.read_csv(boundaries / "crosswalk_2025.csv", dtype=str)
    ours = links()
    assert set(zip(ours.legacy_code, ours.new_code, ours.mapping)) == set(
        zip(real.legacy_code, real.new_code, real.mapping)
    )
    assert (ours.valid_from == "2025-07-01").all()


def test_legacy_units_are_the_real_ones(boundaries):
    real = gpd.read_file(boundaries / "an_giang_legacy.gpkg").set_index("legacy_code")
    ours = legacy_units().set_index("code")
    assert set(ours.index) == set(real.index)
    full = ours.kind.str.capitalize() + " " + ours.name
    assert full.map(fold).to_dict() == real.commune.map(fold).to_dict()
    assert ours.district.to_dict() == real.district.to_dict()


def test_corrections_say_why():
    for entry in json.loads((REFERENCE / "corrections.json").read_text("utf-8")).values():
        assert entry["why"]
