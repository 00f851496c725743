import hashlib

import geopandas as gpd
import pytest
import shapely

from geo.errors import NotFoundError
from geo.schema import CURRENT_SINCE, Dataset, Provenance, UnitSystem
from geo.store import Batch, open_store
from tests.store.conftest import _units


def test_active_version_is_the_latest_added_until_another_is_chosen(store, add_units):
    first = store.active_boundaries(UnitSystem.CURRENT)
    second = add_units(store, name="surveyed")
    assert store.active_boundaries(UnitSystem.CURRENT).id == second
    store.activate_boundaries(first.id)
    again = store.active_boundaries(UnitSystem.CURRENT)
    assert again == first
    assert store.boundary_versions()["active"].tolist() == [False, True]


def test_version_carries_what_is_printed_on_maps(store):
    version = store.active_boundaries(UnitSystem.CURRENT)
    assert (version.name, version.valid_from, version.approximate) == ("squares", CURRENT_SINCE, True)
    assert store.snapshot().topology() == b"squares"
    assert version.sha256 == hashlib.sha256(b"squares").hexdigest()


def test_units_come_back_in_order_of_code(store):
    units = store.boundary_units(store.active_boundaries(UnitSystem.CURRENT).id)
    assert units["code"].tolist() == ["30337", "30346", "30352"]
    assert units.total_bounds.round(6).tolist() == [105.0, 10.0, 105.3, 10.1]
    assert units.crs.to_epsg() == 4326


def test_missing_versions_are_named(url):
    empty = open_store(url)
    with pytest.raises(NotFoundError, match="legacy"):
        empty.active_boundaries(UnitSystem.LEGACY)
    with pytest.raises(NotFoundError, match="legacy"):
        empty.snapshot().layer(UnitSystem.LEGACY)
    for ask in (empty.boundary_units, empty.activate_boundaries):
        with pytest.raises(NotFoundError, match="no boundary version 5"):
            ask(5)


def _areas(*shapes, kind="religious_area"):
    names = [f"Vùng {n}" for n in range(len(shapes))]
    frame = {"name": names, "kind": kind, "invented": True}
    rows = gpd.GeoDataFrame(frame, geometry=list(shapes), crs=4326)
    return Batch(Dataset.ZONES, rows, Provenance("a", "1", "t"))


def test_areas_that_a_new_layer_makes_communes_are_no_longer_handed_out(store):
    """Whatever was stored, and whenever: in pieces and in two batches too."""
    units = _units().geometry
    west, south, east, north = units[1].bounds
    halves = [shapely.box(west, a, east, b) for a, b in ((south, (south + north) / 2), ((south + north) / 2, north))]
    own = shapely.box(105.02, 10.02, 105.05, 10.05)
    store.append(_areas(units[0], own))
    store.append(_areas(halves[0]))
    store.append(_areas(units[2], kind="industrial_park"))
    assert store.snapshot().withheld == ("Vùng 0",)
    store.append(_areas(halves[1], kind="ethnic_minority_area"))
    snapshot = store.snapshot()
    assert snapshot.withheld == ("Vùng 0", "Vùng 0", "Vùng 0")
    assert snapshot.zones["kind"].tolist() == ["religious_area", "industrial_park"]
    assert snapshot.zones.geometry.iloc[0].equals(own)
    before = store.active_boundaries(UnitSystem.CURRENT).id
    _add_moved(store)
    assert store.snapshot().withheld == ()
    store.activate_boundaries(before)
    assert len(store.snapshot().withheld) == 3


def _add_moved(store):
    """The squares half a square to the north, so that no area is one of them."""
    units = _units()
    store.add_boundaries(
        units.set_geometry(units.translate(0, 0.05)), system=UnitSystem.CURRENT, name="moved", valid_from=CURRENT_SINCE,
        source="t", licence="t", topology=b"moved", frames=[], approximate=True,
    )  # fmt: skip
