"""What every map of an installation shares, and its units."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import pandas as pd

from geo import crs, settings
from geo.cartography import basemap
from geo.cartography.spec import Boundary, Frame
from geo.errors import NotFoundError
from geo.schema import (
    UnitSystem,
)
from geo.store.boundaries import BoundaryVersion
from geo.store.store import Store
from geo.text import Lang, day, t
from geo.views import Context


def context(store: Store, lang: Lang) -> Context:
    """What every map of this installation shares, at the present data version."""
    return context_at(store, lang, store.version, settings.load())


@lru_cache(maxsize=16)
def context_at(
    store: Store, lang: Lang, version: int, config: settings.Settings, system: UnitSystem = UnitSystem.CURRENT
) -> Context:
    active = store.active_boundaries(system)
    basemap.keep(store.topology(active.id))
    label = _boundary_label(store, active, lang)
    warning = t("map.approximate", lang) if active.approximate else ""
    boundary = Boundary(
        label=label,
        sha256=active.sha256,
        attribution=" · ".join(dict.fromkeys(part for part in (warning, label, active.source) if part)),
        warning=warning,
    )
    return Context(
        lang=lang,
        boundary=boundary,
        frames=_frames(store, active),
        data_date=data_date_at(store, version),
        data_version=version,
        organisation=config.organisation,
        marking=config.marking,
        min_count=config.min_count,
        demo=store.is_demo(),
        population_year=store.population_year(system),
    )


def _boundary_label(store: Store, version: BoundaryVersion, lang: Lang) -> str:
    """The name an office gave its layer; the product's own is called by its number of units and its day."""
    if not version.approximate:
        return version.name
    count = len(store.boundary_units(version.id))
    return t("map.boundary_label", lang, n=count, date=day(version.valid_from, lang))


def _frames(store: Store, version: BoundaryVersion) -> tuple[Frame, ...]:
    """The main window and the island insets, the latter named after their units."""
    names = store.boundary_units(version.id).set_index("code")["name"]
    labels = ["", *(", ".join(names.reindex(f["codes"]).dropna()[:2]) for f in version.frames[1:])]
    boxes = [tuple(float(edge) for edge in f["bounds"]) for f in version.frames]
    return tuple(Frame((b[0], b[1], b[2], b[3]), label) for b, label in zip(boxes, labels))


def data_date(store: Store) -> date:
    """The day of the newest event.

    Raises
    ------
    NotFoundError
        If there are no events yet.
    """
    return data_date_at(store, store.version)


@lru_cache(maxsize=8)
def data_date_at(store: Store, _version: int) -> date:
    recorded = store.period()
    if recorded is None:
        raise NotFoundError("ui.no_store")
    return recorded[1]


def has_former_units(store: Store) -> bool:
    """Whether there is a boundary layer of the units before July 2025."""
    try:
        store.active_boundaries(UnitSystem.LEGACY)
    except NotFoundError:
        return False
    return True


def units(store: Store, system: UnitSystem = UnitSystem.CURRENT) -> pd.DataFrame:
    """The units of a system: name, kind, area_km2, people, and their boxes in degrees, indexed by code."""
    return units_at(store, store.version, system)


@lru_cache(maxsize=4)
def units_at(store: Store, _version: int, system: UnitSystem = UnitSystem.CURRENT) -> pd.DataFrame:
    layer = store.boundary_units(store.active_boundaries(system).id).set_index("code")
    centre = float((layer.total_bounds[0] + layer.total_bounds[2]) / 2)
    frame = pd.DataFrame({"name": layer["name"], "kind": layer["kind"]})
    frame["area_km2"] = layer.to_crs(crs.utm_of(centre)).area / 1e6
    frame["people"] = store.population(system).reindex(frame.index)
    return frame.join(layer.bounds)
