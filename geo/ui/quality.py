"""The quality page."""

from __future__ import annotations

import streamlit as st

from geo.products.quality import Quality, quality
from geo.text import Lang, t
from geo.ui import blocks, session


def page() -> None:
    """The whole page."""
    lang = session.view().lang
    with session.patience():
        found = quality(session.store(), lang)
    blocks.heading(t("quality.title", lang), t("quality.note", lang))
    blocks.tiles(found.figures)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _completeness(found, lang)
    with right:
        blocks.heading(t("quality.unattributed", lang), t("quality.unattributed_note", lang))
        st.dataframe(found.unattributed, hide_index=True, width="stretch", height=300)
        blocks.heading(t("quality.delays", lang))
        st.dataframe(found.delays, hide_index=True, width="stretch")
        blocks.heading(t("quality.precision", lang))
        st.dataframe(found.precision, hide_index=True, width="stretch", height=300)


def _completeness(found: Quality, lang: Lang) -> None:
    names = ", ".join(found.silent)
    note = t("quality.silent", lang, names=names) if names else t("quality.silent_none", lang)
    blocks.heading(t("quality.completeness", lang), note)
    words = [t("quality.received", lang), t("quality.missing", lang)]
    frame = found.completeness.assign(state=[words[0] if got else words[1] for got in found.completeness["reported"]])
    order = list(dict.fromkeys(frame["unit"]))
    axis = {"title": None, "labelColor": "#59616a", "ticks": False, "domain": False}
    spec = {
        "height": {"step": 9},
        "config": {"font": "Be Vietnam Pro", "view": {"stroke": None}},
        "mark": {"type": "rect", "stroke": "#fbfaf7", "strokeWidth": 0.6},
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "timeUnit": "yearmonth", "axis": {**axis, "format": "%m/%y"}},
            "y": {"field": "unit", "type": "nominal", "sort": order, "axis": {**axis, "labelFontSize": 8}},
            "color": {
                "field": "state",
                "type": "nominal",
                "title": None,
                "scale": {"domain": words, "range": ["#8cc5bd", "#d9601a"]},
                "legend": {"orient": "top"},
            },
            "tooltip": [
                {"field": "unit", "title": t("map.column_name", lang)},
                {"field": "month", "type": "temporal", "format": "%m/%Y", "title": t("ui.month", lang)},
                {"field": "state", "title": t("imports.column_state", lang)},
            ],
        },
    }
    with st.container(height=640, border=False):
        st.vega_lite_chart(frame[["unit", "month", "state"]], spec, width="stretch")
