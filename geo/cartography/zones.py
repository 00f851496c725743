"""What may stand beside the outline of a community: no figure and no place of an event that could be read as its."""

from __future__ import annotations

from collections.abc import Iterable

from geo.cartography.spec import Layer, OutlineLayer, PointLayer, ZoneLayer
from geo.schema import PROTECTED_ZONES

__all__ = ["beside_communities", "shows_communities"]


def shows_communities(layers: Iterable[Layer]) -> bool:
    """Whether outlines of ethnic-minority or religious areas are among the layers."""
    return any(isinstance(one, ZoneLayer) and one.kind in PROTECTED_ZONES and one.zones for one in layers)


def beside_communities(layers: Iterable[Layer]) -> list[Layer]:
    """The layers that may be in one file of data with such outlines: no single event and no cluster.

    On the map itself clusters stay, as one reads it; in a file they could be laid over the outlines and counted.
    """
    held = list(layers)
    if not shows_communities(held):
        return held
    return [layer for layer in held if not isinstance(layer, PointLayer | OutlineLayer)]
