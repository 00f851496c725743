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
    symbols = {code: _around(units[code], view, r) for code, r in radii.items() if code in units and r > size * 0.6}
    for rank, code in enumerate(order):
        unit = units[code]
        name = lettering.clean(unit.name)
        wide = lettering.width(name, size, "medium")
        if rank >= _ALWAYS and wide > (unit.box[2] - unit.box[0]) * view.scale * _WIDER:
            continue
        boxes = [
            _box(x, y, wide, size)
            for x, y in _places(unit, view, radii.get(code) or _islet(unit, view, size), wide, size)
        ]
        free = [b for b in boxes if view.rect.holds(b) and not any(b.meets(other) for other in claimed)]
        best = [b for b in free if not any(b.meets(s) for other, s in symbols.items() if other != code)]
        if chosen := best[:1] or (free[:1] if rank < _ALWAYS else []):
            claimed.append(chosen[0])
            placed.append((name, (chosen[0].x0 + chosen[0].x1) / 2, (chosen[0].y0 + chosen[0].y1) / 2 + size * 0.35))
    return placed


def _box(x: float, y: float, wide: float, size: float) -> Rect:
    return Rect(x - wide / 2 - 3, y - size * 0.62, x + wide / 2 + 3, y + size * 0.62)


def _around(unit: Unit, view: View, radius: float) -> Rect:
    """The core of a symbol: a name may touch its edge, not its middle."""
    x, y = view.place.transform(unit.at)
    return Rect(x, y, x, y).inset(-radius * 0.8)


def _islet(unit: Unit, view: View, size: float) -> float:
    """Half the size of a commune that its own name would cover, else 0."""
    reach = max(unit.box[2] - unit.box[0], unit.box[3] - unit.box[1]) * view.scale
    return reach / 2 if reach < size * 2 else 0.0


def _places(unit: Unit, view: View, radius: float, wide: float, size: float) -> Iterator[tuple[float, float]]:
    """Middles a name may take: on its point, or, where a symbol stands there, below, above, right and left of it."""
    x, y = view.place.transform(unit.at)
    if not radius:
        yield x, y
        return
    away, aside = radius + size * 0.75, radius + wide / 2 + size * 0.3
    yield from ((x, y + away), (x, y - away), (x + aside, y), (x - aside, y))
