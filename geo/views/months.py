"""What is said of a chart of months: its own title, period, sentence and method, and the same months as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from geo.cartography.spec import Column, MapSpec, Row, Stamp, Table
from geo.schema import Query, month_end
from geo.text import Lang, month, noun_of, number, period, t
from geo.views.wording import scope_of, whole_verdict

__all__ = ["changes", "charted", "method", "of_period", "sentence", "table", "title"]

_DIGITS = {"count": 0, "mean": 1, "low": 0, "high": 0}
_MISSING = "–"


def charted(frame: pd.DataFrame, lang: Lang) -> str:
    """The period the months cover."""
    return period(frame.index[0].date(), month_end(frame.index[-1].date()), lang)


def title(frame: pd.DataFrame, label: str, lang: Lang) -> str:
    """What is charted, and of which months."""
    return t("months.title", lang, measure=label, period=charted(frame, lang))


def method(lang: Lang) -> str:
    """The model of the band."""
    return t("change.chart_method", lang)


def odd(frame: pd.DataFrame) -> pd.Series:
    """Which months lie outside their band."""
    return (frame["count"] > frame["high"]) | (frame["count"] < frame["low"])


def sentence(frame: pd.DataFrame, lang: Lang) -> str:
    """How many of the months that can be judged lie outside their band, and the latest of them."""
    judged = frame.dropna(subset=["count", "low", "high"])
    if judged.empty:
        return t("months.unknown", lang)
    last = judged.iloc[-1]
    values = {name: number(last[name], lang) for name in ("count", "low", "high")}
    named = month(judged.index[-1].date(), lang)
    return t("change.chart_sentence", lang, n=int(odd(judged).sum()), months=len(judged), month=named, **values)


def of_period(query: Query, total: float, z: float, odd_months: Sequence[date], lang: Lang, *, many: bool) -> str:
    """The total of the period that was asked for and the one verdict on it; empty where it is not known."""
    if np.isnan(total):
        return ""
    n = number(total, lang)
    words = {"scope": scope_of(query, lang), "period": period(query.start, query.end, lang), "total": n}
    said = whole_verdict(z, odd_months, lang, many=many)
    return t("months.of_period", lang, noun=noun_of(query.measure, n, lang), verdict=said, **words)


def table(frame: pd.DataFrame, lang: Lang) -> Table:
    """One row per month with its band."""
    columns = (
        Column("month", t("ui.month", lang)),
        *(Column(key, t(f"change.chart_{key}", lang), True, n) for key, n in _DIGITS.items()),
        Column("label", t("analysis.column_label", lang)),
    )
    outside = odd(frame)
    return Table(columns, tuple(_row(stamp, record, bool(outside[stamp]), lang) for stamp, record in frame.iterrows()))


def _row(stamp: pd.Timestamp, record: pd.Series, outside: bool, lang: Lang) -> Row:
    values = [None if pd.isna(record[key]) else float(record[key]) for key in _DIGITS]
    texts = [_MISSING if v is None else number(v, lang, digits=n) for v, n in zip(values, _DIGITS.values())]
    word = t("change.chart_odd" if outside else "map.verdict_usual", lang) if None not in values else _MISSING
    return Row("", (month(stamp.date(), lang), *texts, word), (None, *values, None))


def changes(spec: MapSpec, frame: pd.DataFrame, *, title: str, sentence: str, filters: str = "") -> dict[str, object]:
    """What of a map is another where its months are shown: words, period, colophon and numbers are those of the chart.

    What cannot be said of the months, the key figures of the period and what of it has no commune, is left out.
    """
    lang, when = spec.lang, charted(frame, spec.lang)
    own = {t("map.stamp_period", lang): when, t("map.stamp_method", lang): method(lang)}
    if filters:
        own[t("map.stamp_filters", lang)] = filters
    left = t("map.stamp_unattributed", lang)
    kept = (Stamp(s.caption, own.get(s.caption, s.text)) for s in spec.stamps if s.caption != left)
    return {
        "title": title, "sentence": sentence, "period": when, "stamps": tuple(kept), "figures": (),
        "table": table(frame, lang),
    }  # fmt: skip
