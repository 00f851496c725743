"""Which names fit on the map, and where: in the order of the spec, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from geo.render.static import lettering
from geo.render.static.canvas import Rect
from geo.render.static.ground import Unit
from geo.render.static.view import View

__all__ = ["place_names"]

_ALWAYS = 10
"""The first names try even where they are wider than their commune."""

_WIDER = 1.35
"""How much wider than its commune any other name may be."""


def place_names(
    order: Sequence[str],
    units: Mapping[str, Unit],
    view: View,
    radii: Mapping[str, float],
    *,
    size: float,
    taken: Sequence[Rect],
) -> list[tuple[str, float, float]]:
    """Names with the middle of their baselines, px.

    Parameters
    ----------
    order : sequence of str
        Unit codes; earlier ones claim room first.
    radii : mapping of str to float
        Size of the symbol at a unit's label point, which its name keeps clear of, px.
    size : float
        Type size, px.
    taken : sequence of Rect
        Room that is not free.
    """
    claimed, placed = list(taken), []
    for rank, code in enumerate(order):
        if code not in units:
            continue
        unit = units[code]
        name = lettering.clean(unit.name)
        wide = lettering.width(name, size, "medium")
        if rank >= _ALWAYS and wide > (unit.box[2] - unit.box[0]) * view.scale * _WIDER:
            continue
        for x, y in _places(unit, view, radii.get(code, 0.0), wide, size):
            box = Rect(x - wide / 2 - 3, y - size * 0.62, x + wide / 2 + 3, y + size * 0.62)
            if view.rect.holds(box) and not any(box.meets(other) for other in claimed):
                claimed.append(box)
                placed.append((name, x, y + size * 0.35))
                break
    return placed


def _places(unit: Unit, view: View, radius: float, wide: float, size: float) -> Iterator[tuple[float, float]]:
    """Middles a name may take: on its point, or, where a symbol stands there, below, above, right and left of it."""
    x, y = view.place.transform(unit.at)
    if not radius:
        yield x, y
        return
    away, aside = radius + size * 0.75, radius + wide / 2 + size * 0.3
    yield from ((x, y + away), (x, y - away), (x + aside, y), (x - aside, y))
