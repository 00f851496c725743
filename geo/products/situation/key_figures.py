"""Key figures: a count, its change, and whether that is more than usual variation."""

from __future__ import annotations

import numpy as np

from geo.cartography.spec import Figure
from geo.products.situation.counts import counts, published, whole_months
from geo.products.situation.usual import judged
from geo.schema import Measure, Query
from geo.store import Snapshot
from geo.text import Lang, number, percent, period, signed, t
from geo.views import tone, verdict

HEADLINES = (Measure.DEN_CLEARED, Measure.CASE, Measure.TIP, Measure.SESSION, Measure.ATTENDANCE)
"""Measures of the key figures, in order."""


def figure(snapshot: Snapshot, query: Query, lang: Lang) -> Figure:
    """A key figure with its change on the period before and the plain verdict."""
    asked = whole_months(query)
    query = published(snapshot, query)
    counted = counts(snapshot, query)
    label = t(f"map.measure_{query.measure}", lang)
    if query != asked:
        label = f"{label}, {period(query.start, query.end, lang)}"
    sent = counted.reporting(query.units)
    if sent and not sent[1] and not counted.total > 0:
        return Figure(label, "–", t("map.tip_no_data", lang), t("map.verdict_none", lang))
    if sent and 0 < sent[1] < sent[0]:
        label = t("map.figure_reporting", lang, label=label, n=sent[1], of=sent[0])
    if np.isnan(counted.total):
        return Figure(label, t("map.class_masked_text", lang))
    moved = "" if np.isnan(counted.total_before) else signed(counted.total - counted.total_before, lang)
    if counted.total_before > 0:
        moved += f" ({_signed_percent(counted.total / counted.total_before - 1, lang)})"
    score = judged(snapshot, query).total
    return Figure(label, number(counted.total, lang), moved, verdict(score, lang), tone(score))  # type: ignore[arg-type]


def _signed_percent(share: float, lang: Lang) -> str:
    text = percent(share, lang, digits=1)
    return f"+{text}" if share > 0 else text
