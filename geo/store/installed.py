"""The store of this installation: the one that the settings name, if it is of the province they name."""

from __future__ import annotations

from functools import lru_cache

from geo.errors import NotFoundError, StoreError
from geo.schema import UnitSystem
from geo.settings import load
from geo.store.store import Store, open_store
from geo.units.provinces import name_of, province_of

__all__ = ["installed_store"]


def installed_store() -> Store:
    """The store that the settings name; see `open_store`.

    Raises
    ------
    StoreError
        If the present communes it holds are of another province than the one set: their records would be shown, and
        others added, as if they were of this one.
    """
    config = load()
    store = open_store(config.url)
    found = _province(store, store.version)
    if found not in ("", config.province):
        said = {
            "found": found,
            "found_name": name_of(found),
            "set": config.province,
            "set_name": name_of(config.province),
        }
        raise StoreError("store.other_province", url=config.url, **said)
    return store


@lru_cache(maxsize=8)
def _province(store: Store, version: int) -> str:
    """Of the present communes of a store at a data version; empty where it has none."""
    del version
    try:
        shown = store.active_boundaries(UnitSystem.CURRENT)
    except NotFoundError:
        return ""
    return province_of(store.boundary_units(shown.id)["code"])
