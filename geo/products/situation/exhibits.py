"""A view shown by its table, its chart or its months in place of its map."""

from __future__ import annotations

import msgspec
import numpy as np

from geo.cartography.charts import largest
from geo.cartography.spec import MapSpec, with_changes
from geo.errors import InputError
from geo.products.situation.counts import counts, published
from geo.products.situation.trend import LEARNED, Trend, series_of, trend
from geo.products.situation.usual import judged
from geo.question import OfYear, altered
from geo.question.types import Show
from geo.store import Snapshot
from geo.views import months

__all__ = ["asking", "exhibited"]

Told = dict[str, str]


def exhibited(
    snapshot: Snapshot,
    spec: MapSpec,
    *,
    show: Show,
    title: str,
    found: Trend | None = None,
    told: dict[str, str] | None = None,
) -> MapSpec:
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
    told : dict, optional
        With `found`: their title, sentence and filters.

    Raises
    ------
    InputError
        If there is nothing of the kind to show.
    """
    changes: dict[str, object] = {}
    if show != "map":
        changes = {"layers": (), "legend": (), "labels": (), **_shown(snapshot, spec, show, found, told)}
    if title:
        changes["title"] = title
    if not changes:
        return spec
    return asking(with_changes(spec, **changes), show=show, title=title)


def asking(spec: MapSpec, **changes: object) -> MapSpec:
    """The map with its question altered."""
    question = altered(spec.recipe.question, **changes)
    return with_changes(spec, recipe=msgspec.structs.replace(spec.recipe, question=question))


def _shown(
    snapshot: Snapshot, spec: MapSpec, show: Show, found: Trend | None, told: dict[str, str] | None
) -> dict[str, object]:
    if show == "table":
        if not spec.table.rows:
            raise InputError("products.nothing_to_show")
        return {"show": "table", "chart": None}
    if show == "months":
        if isinstance(spec.recipe.question, OfYear):
            raise InputError("products.by_year")
        # What the map asks, its page's own limits applied.
        found = found or trend(snapshot, spec.recipe.question.reading, spec.lang)
        if found.frame.empty:
            raise InputError("products.no_months", n=LEARNED + 1)
        own = {"title": months.title(found.frame, found.label, spec.lang), "sentence": _said(snapshot, spec, found)}
        words = months.changes(spec, found.frame, **(told or own))
        return {**words, "show": "chart", "chart": series_of(found, spec.lang)}
    chart = spec.chart or largest(spec)
    if chart is None:
        raise InputError("products.nothing_to_show")
    return {"show": "chart", "chart": chart}


def _said(snapshot: Snapshot, spec: MapSpec, found: Trend) -> str:
    """What the months say, and the total of the period that was asked for with the verdict of the map on it."""
    query, lang = published(snapshot, spec.recipe.question.reading), spec.lang
    total = counts(snapshot, query).total
    held = judged(snapshot, query)
    score = held.total if np.isfinite(total) else np.nan
    whole = months.of_period(query, total, score, held.odd, lang, many=held.months > 1)
    return " ".join(part for part in (months.sentence(found.frame, lang), whole) if part)
