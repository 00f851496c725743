"""A view shown by its table, its chart or its months in place of its map."""

from __future__ import annotations

import json

from geo.cartography.charts import largest
from geo.cartography.spec import MapSpec, with_changes
from geo.errors import InputError
from geo.products.cards import Trend, series_of, trend
from geo.products.counts import published
from geo.schema import MASKED_MEASURES, Query
from geo.store.store import Store

__all__ = ["SHOWS", "exhibited"]

SHOWS = ("map", "table", "chart", "months")
"""What of a view a slide can show."""


def exhibited(
    store: Store, spec: MapSpec, query: Query, *, show: str, title: str, found: Trend | None = None
) -> MapSpec:
    """A map shown by its table, its chart or its months, and under a title of one's own.

    Parameters
    ----------
    store : Store
    spec : MapSpec
    query : Query
        What the map asks.
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
        changes |= {"layers": (), "legend": (), "labels": (), **_shown(store, spec, query, show, found)}
    if not changes:
        return spec
    recipe = json.loads(spec.recipe) | ({"show": show} if show != "map" else {}) | ({"title": title} if title else {})
    changes["recipe"] = json.dumps(recipe, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return with_changes(spec, **changes)


def _shown(store: Store, spec: MapSpec, query: Query, show: str, found: Trend | None) -> dict[str, object]:
    if show == "table":
        if not spec.table.rows:
            raise InputError("products.nothing_to_show")
        return {"show": "table", "chart": None}
    asked = published(query) if query.measure in MASKED_MEASURES else query
    if show == "months":
        found = found or trend(store, asked, spec.lang)
        if found.frame.empty:
            raise InputError("products.nothing_to_show")
        return {"show": "chart", "chart": series_of(found, spec.lang)}
    chart = spec.chart or largest(spec)
    if chart is None:
        raise InputError("products.nothing_to_show")
    return {"show": "chart", "chart": chart}
