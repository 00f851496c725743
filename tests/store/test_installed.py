from __future__ import annotations

import pytest

from geo import settings
from geo.errors import StoreError
from geo.schema import UnitSystem
from geo.store import open_store
from geo.store.default_boundaries import add_default_boundaries
from geo.store.installed import installed_store
from tests.homes import home_in
from tests.young import province, young_store_in


def test_a_store_is_served_as_its_own_province_only(tmp_path):
    with home_in(tmp_path):
        with province("92"):
            store = young_store_in(tmp_path)
            assert installed_store() is store
        for other in ("91", "96"):
            with province(other), pytest.raises(StoreError) as caught:
                installed_store()
            assert caught.value.key == "store.other_province"
            assert "Cần Thơ (92)" in caught.value.message("vi")


def test_a_store_without_boundaries_may_be_of_any_province(tmp_path):
    with home_in(tmp_path), province("92"):
        assert installed_store().url == settings.load().url


def test_the_products_own_boundaries_are_brought_to_their_province_alone(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'antt.sqlite'}")
    with province("92"):
        assert add_default_boundaries(store) == []
    assert not store.snapshot().has_units(UnitSystem.CURRENT)
