"""A view shown by its table, its chart or its months in place of its map."""

from __future__ import annotations

import msgspec

from geo.cartography.charts import largest
from geo.cartography.spec import MapSpec, with_changes
from geo.errors import InputError
from geo.products.situation.trend import Trend, series_of, trend
from geo.question import altered
from geo.question.types import Show
from geo.store import Snapshot

__all__ = ["asking", "exhibited"]


def exhibited(snapshot: Snapshot, spec: MapSpec, *, show: Show, title: str, found: Trend | None = None) -> MapSpec:
    """A map shown by its table, its chart or its months, and under a title of one's own.

    Parameters
    ----------
    snapshot : Snapshot
    spec : MapSpec
    show : {"map", "table", "chart", "months"}
    title : str
        In place of the map's, where not empty.
    found : Trend, optional
        The months to show, where they are not those of the query.

    Raises
    ------
    InputError
        If there is nothing of the kind to show.
    """
    changes: dict[str, object] = {"title": title} if title else {}
    if show != "map":
        changes |= {"layers": (), "legend": (), "labels": (), **_shown(snapshot, spec, show, found)}
    if not changes:
        return spec
    return asking(with_changes(spec, **changes), show=show, title=title)


def asking(spec: MapSpec, **changes: object) -> MapSpec:
    """The map with its question altered."""
    question = altered(spec.recipe.question, **changes)
    return with_changes(spec, recipe=msgspec.structs.replace(spec.recipe, question=question))


def _shown(snapshot: Snapshot, spec: MapSpec, show: Show, found: Trend | None) -> dict[str, object]:
    if show == "table":
        if not spec.table.rows:
            raise InputError("products.nothing_to_show")
        return {"show": "table", "chart": None}
    if show == "months":
        # What the map asks, its page's own limits applied.
        found = found or trend(snapshot, spec.recipe.question.reading, spec.lang)
        if found.frame.empty:
            raise InputError("products.nothing_to_show")
        return {"show": "chart", "chart": series_of(found, spec.lang)}
    chart = spec.chart or largest(spec)
    if chart is None:
        raise InputError("products.nothing_to_show")
    return {"show": "chart", "chart": chart}
