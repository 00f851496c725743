"""The boundaries a store starts with: the product's own approximate layers of both sets of units."""

from __future__ import annotations

from dataclasses import asdict
from threading import Lock

from geo.errors import NotFoundError
from geo.schema import SINCE, UnitSystem
from geo.settings import load
from geo.store.store import Store
from geo.units import boundaries
from geo.units.frames import frames

__all__ = ["add_default_boundaries"]

_SOURCE = "vietnamadminunits (PyPI), Natural Earth"
_LICENCE = "MIT; public domain"


def add_default_boundaries(store: Store) -> list[int]:
    """Add the approximate layer of each set of units that has none yet; gives the numbers of the versions added.

    None is added where the product brings no layer of the province that is set.
    """
    if load().province not in boundaries.reference_provinces():
        return []
    with _adding:
        return _added(store)


_adding = Lock()


def _added(store: Store) -> list[int]:
    added = []
    for system, since in SINCE.items():
        if _has_boundaries(store, system):
            continue
        is_current = system is UnitSystem.CURRENT
        layer = boundaries.default_units() if is_current else boundaries.default_legacy_units()
        name = f"{len(layer)} đơn vị, {since:%d/%m/%Y}"
        ready = boundaries.prepare(
            layer, province=load().province, valid_from=since, system=system, name=name, approximate=True
        )
        added.append(
            store.add_boundaries(
                ready.units,
                system=system,
                name=name,
                valid_from=since,
                source=_SOURCE,
                licence=_LICENCE,
                topology=ready.topology,
                frames=[asdict(frame) for frame in frames(ready.units)],
                approximate=True,
            )
        )
    return added


def _has_boundaries(store: Store, system: UnitSystem) -> bool:
    try:
        store.active_boundaries(system)
    except NotFoundError:
        return False
    return True
