import hashlib

import pytest

from geo.errors import NotFoundError
from geo.schema import CURRENT_SINCE, UnitSystem
from geo.store import open_store


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
