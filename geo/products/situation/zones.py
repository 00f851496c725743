"""Priority areas as layers of a map: outlines by kind, in the order of the kinds."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from geo.cartography import symbology
from geo.cartography.rings import rings_of
from geo.cartography.spec import Zone as ZoneShape
from geo.cartography.spec import ZoneLayer
from geo.schema import ZoneKind
from geo.store import Snapshot, remembered
from geo.text import Lang, t

__all__ = ["zone_layers"]

_TOLERANCE = 0.0003
"""How far the outline of a zone on a map may lie off, degrees: some 30 m."""


_SMALL = 0.03
"""Share of the province's width or height below which an area may be drawn too small to be seen."""


@remembered(32)
def zone_layers(snapshot: Snapshot, kinds: tuple[ZoneKind, ...], lang: Lang) -> tuple[ZoneLayer, ...]:
    """The areas of some kinds that are on record."""
    if not kinds:
        return ()
    layers = []
    for kind in ZoneKind:
        chosen = snapshot.zones[snapshot.zones.kind == kind]
        if kind not in kinds or chosen.empty:
            continue
        shapes = tuple(
            ZoneShape(row.name, rings_of(row.geometry, tolerance=_TOLERANCE)) for row in chosen.itertuples(index=False)
        )
        mark = symbology.zone_mark(kind) if _some_are_small(chosen, snapshot) else None
        layers.append(ZoneLayer(str(kind), t(f"map.zone_{kind}", lang), symbology.ZONE_STYLES[kind], shapes, mark))
    return tuple(layers)


def _some_are_small(zones: gpd.GeoDataFrame, snapshot: Snapshot) -> bool:
    x0, y0, x1, y1 = snapshot.layer().total_bounds
    boxes = zones.geometry.bounds
    widest = np.maximum(boxes["maxx"] - boxes["minx"], boxes["maxy"] - boxes["miny"])
    return bool((widest < _SMALL * max(x1 - x0, y1 - y0)).any())
