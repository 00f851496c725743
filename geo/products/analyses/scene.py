"""Events that have a place, in metres, over plain land: what analyses of single events share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from geo import crs
from geo.cartography.spec import (
    Cell,
    Ring,
    Style,
)
from geo.errors import InputError
from geo.question import Question, pinned
from geo.schema import Query
from geo.store import Snapshot
from geo.store.events import Points
from geo.text import Lang, measure_within, noun_of, number, period
from geo.views.analysis import UnitClass

_LAND = Style(fill="#f3f1ec")

Q = TypeVar("Q", bound=Question)


def of_events(question: Q) -> Q:
    """The question about its days, where events with a place can answer it."""
    if question.query.measure not in question.measures:
        raise InputError("places.no_places")
    return pinned(question, question.reading)


@dataclass(frozen=True, eq=False)
class Scene:
    """The events of a query in metres."""

    found: Points
    metric: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def scene_of(snapshot: Snapshot, query: Query) -> Scene:
    """The events of a query in metres; refused where fewer than twenty have a place."""
    found = snapshot.points(query)
    if len(found.lon) < 20:
        raise InputError("places.too_few", n=len(found.lon))
    metric = crs.utm_of(float(np.median(found.lon)))
    return Scene(found, metric, *crs.project(found.lon, found.lat, crs.WGS84, metric))


def words(query: Query, lang: Lang) -> dict[str, str]:
    """Measure and period for titles."""
    return {"measure": measure_within(query.measure, lang), "period": period(query.start, query.end, lang)}


def plain_land(snapshot: Snapshot) -> tuple[tuple[UnitClass, ...], tuple[Cell, ...], tuple[str, ...]]:
    """Plain land under everything, names by area."""
    units = snapshot.units()
    cells = tuple(Cell(code, name, 0) for code, name in zip(units.index, units["name"]))
    return (UnitClass(_LAND, ""),), cells, tuple(units["area_km2"].sort_values(ascending=False).index)


def aside_of(scene: Scene, query: Query, lang: Lang) -> dict[str, str]:
    """How many events are known to the commune only, and what they are called."""
    aside = number(scene.found.without_point, lang)
    return {"aside": aside, "noun": noun_of(query.measure, aside, lang), "nouns": noun_of(query.measure, 2, lang)}


def degrees(ring: NDArray[np.float64], metric: str) -> Ring:
    """A ring of metres, shape (n, 2), in WGS 84 degrees, to some ten metres."""
    lon, lat = crs.project(ring[:, 0], ring[:, 1], metric, crs.WGS84)
    return tuple((round(float(a), 4), round(float(b), 4)) for a, b in zip(lon, lat))
