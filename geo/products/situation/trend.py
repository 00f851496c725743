"""The months of a measure with the band in which each would be expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.cartography.spec import Series
from geo.products.situation import usual
from geo.products.situation.counts import published
from geo.schema import Query, add_months, month_end, month_start
from geo.store import Snapshot
from geo.store.cube import Cube
from geo.text import Lang, number, t
from geo.views.inputs import measure_of


@dataclass(frozen=True)
class Trend:
    """A monthly series with the band in which each month would be expected.

    Attributes
    ----------
    frame : DataFrame[count, mean, low, high], index month
        Hidden counts are NaN.
    label : str
        Measure with its kinds, for the axis.
    """

    frame: pd.DataFrame
    label: str


def trend(snapshot: Snapshot, query: Query, lang: Lang, *, months: int = 36, areas: Cube | None = None) -> Trend:
    """Monthly counts up to the query's end, with what is usual for each; no months where too few are on record.

    With `areas`, counts by areas other than communes, the units of the query are some of those.
    """
    query = published(snapshot, query)  # its months are judged together, so the chart must be about the map's
    cube = areas or snapshot.cube(query.measure, query.system)
    end = min(month_end(query.end), month_end(cube.last))  # no month that has not been
    earliest = add_months(month_start(cube.first), LEARNED)
    start = max(earliest, add_months(month_start(end), 1 - months))
    frame = usual.months(snapshot, query, start, areas) if start <= end else _NO_MONTHS
    return Trend(frame, measure_of(query, lang))


LEARNED = 8
"""Months on record before the first that is charted: with fewer there is nothing to judge it by."""

_NO_MONTHS = pd.DataFrame(columns=["count", "mean", "low", "high"], index=pd.DatetimeIndex([]), dtype=float)


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
        note=t("products.no_months", lang, n=LEARNED + 1) if frame.empty else t("ui.card_trend", lang),
        names=tuple(f"{stamp:%m/%Y}" for stamp in frame.index),
        marks=tuple(januaries),
        counts=values["count"],
        low=values["low"],
        high=values["high"],
        ticks=tuple(dict.fromkeys(ticks)),
        words=(found.label, f"{band} \u2013", f"{band} +"),
    )
