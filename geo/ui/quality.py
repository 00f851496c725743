"""The quality page."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd
import streamlit as st

from geo.products.records.quality import REPORTED, Quality, quality
from geo.text import Lang, t
from geo.ui import blocks, session

_COLUMNS = 3
_ROW_PX = 15
_COLOURS = ("#8cc5bd", "#d9601a")


def page() -> None:
    """The whole page."""
    lang = session.view().lang
    chosen = session.view()["reported"]
    if chosen not in REPORTED:  # of a link
        session.put(reported=(chosen := REPORTED[0]))
    with session.patience():
        found = quality(session.snapshot(), lang, chosen)
    blocks.heading(t("quality.title", lang), t("quality.note", lang))
    blocks.tiles(found.figures)
    _completeness(found, lang)
    left, right = st.columns(2, gap="large")
    with left:
        blocks.heading(t("quality.by_measure", lang))
        _table(found.measures)
        blocks.heading(t("quality.delays", lang))
        _table(found.delays)
    with right:
        blocks.heading(t("quality.unattributed", lang), t("quality.unattributed_note", lang))
        _table(found.unattributed)
    blocks.heading(t("quality.precision", lang))
    _table(found.precision)


def _table(frame: pd.DataFrame) -> None:
    """All rows at once, without scrolling inside."""
    st.dataframe(frame, hide_index=True, width="stretch", height="content")


def _completeness(found: Quality, lang: Lang) -> None:
    """Every commune on one line with its name, in columns from the one that misses most."""
    names = ", ".join(found.silent)
    note = t("quality.silent", lang, names=names) if names else t("quality.silent_none", lang)
    blocks.heading(t("quality.completeness", lang), note)
    words = [t("quality.received", lang), t("quality.missing", lang)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("quality.measure", lang),
            REPORTED,
            key="reported",
            format_func=lambda measure: t(f"map.measure_{measure}", lang),
            width=320,
        )
        keys = "".join(f'<span><i style="background:{c}"></i>{html.escape(w)}</span>' for c, w in zip(_COLOURS, words))
        st.html(f'<div class="antt-keys">{keys}</div>')
    frame = found.completeness.assign(state=[words[0] if got else words[1] for got in found.completeness["reported"]])
    order = list(dict.fromkeys(frame["code"]))
    each = -(-len(order) // _COLUMNS)
    for n, column in enumerate(st.columns(_COLUMNS, gap="small")):
        part = frame[frame["code"].isin(order[n * each : (n + 1) * each])]
        with column:
            st.vega_lite_chart(part[["unit", "month", "state"]], _heat_map(part, words, lang), width="stretch")


def _heat_map(part: pd.DataFrame, words: list[str], lang: Lang) -> dict[str, Any]:
    axis = {"title": None, "labelColor": "#27303a", "ticks": False, "domain": False, "labelFontSize": 11}
    months = {
        **axis,
        "format": "%m/%y",
        "labelAngle": 0,
        "labelOverlap": "greedy",
        "labelSeparation": 6,
        "orient": "top",
    }
    return {
        "height": _ROW_PX * part["unit"].nunique(),
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": {"font": "Be Vietnam Pro", "view": {"stroke": None}},
        "mark": {"aria": False, "type": "rect", "stroke": "#fbfaf7", "strokeWidth": 0.8},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "timeUnit": "yearmonth", "axis": months},
            "y": {
                "field": "unit",
                "type": "nominal",
                "sort": list(dict.fromkeys(part["unit"])),
                "axis": {
                    **axis,
                    "labelLimit": 130,
                    "minExtent": 110,
                    "maxExtent": 130,
                    "labelOverlap": False,
                    "labelFlush": False,
                    "labelBound": False,
                },
            },
            "color": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": words, "range": list(_COLOURS)},
                "legend": None,
            },
            "tooltip": [
                {"field": "unit", "title": t("map.column_name", lang)},
                {"field": "month", "type": "temporal", "format": "%m/%Y", "title": t("ui.month", lang)},
                {"field": "state", "title": t("imports.column_state", lang)},
            ],
        },
    }
