import json

import geopandas as gpd
import pytest
import shapely

from geo.schema import UnitSystem
from geo.store.default_boundaries import add_default_boundaries
from geo.units import boundaries, crosswalk


@pytest.fixture(scope="module")
def legacy() -> gpd.GeoDataFrame:
    return boundaries.default_legacy_units()


def test_every_former_unit_has_an_area(legacy):
    assert legacy["code"].tolist() == sorted(boundaries.legacy_units()["code"])
    assert (legacy.to_crs(32648).area > 10_000).all()
    assert shapely.is_valid(legacy.geometry.to_numpy()).all()


def test_former_units_fill_the_current_ones_and_nothing_else(legacy):
    current = boundaries.default_units().to_crs(32648)
    old = legacy.to_crs(32648)
    assert old.area.sum() == pytest.approx(current.area.sum(), rel=1e-4)
    whole = crosswalk.links().query("mapping == 'whole'").groupby("new_code")["legacy_code"].agg(list)
    shapes, new = old.set_index("code").geometry, current.set_index("code").geometry
    for code in ("30307", "31078", "31069"):
        merged = shapes[whole[code]].union_all()
        assert merged.symmetric_difference(new[code]).area < 0.001 * new[code].area


def test_default_layers_are_added_once_and_called_approximate(demo_store):
    assert add_default_boundaries(demo_store) == []
    for system, count in ((UnitSystem.CURRENT, 102), (UnitSystem.LEGACY, 298)):
        version = demo_store.active_boundaries(system)
        assert version.approximate
        assert len(demo_store.boundary_units(version.id)) == count
        assert sorted(code for frame in version.frames for code in frame["codes"]) == sorted(
            demo_store.boundary_units(version.id)["code"]
        )
        assert json.loads(demo_store.snapshot().topology(system))["type"] == "Topology"
