"""Charts of a view: its months over the band expected, and the view shown by its table or chart instead of its map."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from geo.cartography.charts import largest
from geo.cartography.spec import MapSpec, Series, with_changes
from geo.errors import InputError
from geo.products.cards import Trend, trend
from geo.products.counts import published
from geo.schema import MASKED_MEASURES, Query
from geo.store.store import Store
from geo.text import Lang, number, t

__all__ = ["SHOWS", "exhibited", "series_of"]

SHOWS = ("map", "table", "chart", "months")
"""What of a view a slide can show."""


def series_of(found: Trend, lang: Lang) -> Series:
    """A trend as it is drawn: Januaries named on the axis, three values named beside it."""
    frame = found.frame
    top = float(np.nanmax(np.append(frame[["count", "high"]].to_numpy(float), 1.0)))
    values = {name: tuple(None if pd.isna(v) else float(v) for v in frame[name]) for name in ("count", "low", "high")}
    januaries = [(i, str(stamp.year)) for i, stamp in enumerate(frame.index) if stamp.month == 1]
    ticks = tuple((value, number(value, lang, digits=0)) for value in (0.0, float(round(top / 2)), float(round(top))))
    band = t("ui.trend_band", lang)
    return Series(
        title=t("ui.trend_title", lang, measure=found.label),
        note=t("ui.card_trend", lang),
        names=tuple(f"{stamp:%m/%Y}" for stamp in frame.index),
        marks=tuple(januaries),
        counts=values["count"],
        low=values["low"],
        high=values["high"],
        ticks=tuple(dict.fromkeys(ticks)),
        words=(found.label, f"{band} \u2013", f"{band} +"),
    )


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
        return {"show": "chart", "chart": series_of(found or trend(store, asked, spec.lang), spec.lang)}
    chart = spec.chart or largest(spec)
    if chart is None:
        raise InputError("products.nothing_to_show")
    return {"show": "chart", "chart": chart}
