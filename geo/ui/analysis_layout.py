"""The desk of an analysis that is a map: its name and the tools above, map and table in tabs below."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.cartography.spec import Bars, MapSpec, Series
from geo.question import address
from geo.text import Lang, measure_within, t
from geo.ui import blocks, exports, projector, session
from geo.ui.tabs import tabs


def _name(name: str, lang: Lang) -> str:
    """What the analysis is called; clusters by what is clustered."""
    if address.PAGES[name] == "programme":
        return t(f"ui.page_{name}", lang)
    if name != "clusters":
        return t(f"analysis.name_{name}", lang)
    return t("places.name_clusters", lang, measure=measure_within(session.view()["measure"], lang))


def show(name: str, spec: MapSpec, draw: Callable[[], None]) -> None:
    """Draw the desk; `draw` fills the tab of the map."""
    lang = session.view().lang
    session.showing(spec)
    with st.container(key="tools", horizontal=True, vertical_alignment="center"):
        blocks.name_of_page(_name(name, lang))
        with st.container(width=150):
            exports.menu(session.current(), lang)
        projector.button(lang)
    projector.say(session.view().stands_in)
    map_tab, table_tab, *chart_tab = tabs(chart=spec.chart is not None)
    with map_tab:
        draw()
    with table_tab:
        if table_tab.open:
            blocks.table(spec)
    for tab in chart_tab:
        with tab:
            if tab.open and isinstance(spec.chart, Series):
                blocks.curve(spec.chart)
            if tab.open and isinstance(spec.chart, Bars):
                blocks.bars(spec.chart)
    session.keep()
