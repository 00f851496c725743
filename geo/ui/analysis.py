"""The pages of analyses that are maps: the question on the left, the finding as map and table, the same exports."""

from __future__ import annotations

import streamlit as st

from geo.products.analysis import analysis
from geo.text import t
from geo.ui import blocks, face, filters, projector, session, state
from geo.ui.guard import guarded


def page(name: str) -> None:
    """One analysis."""
    filters.rail(units=False, per=name == "hotspots")
    if session.view().p:
        projector.show()
    st.fragment(_desk, key="desk")(name)


@guarded
def _desk(name: str) -> None:
    session.refresh_if_stale()
    view = session.view()
    with session.patience():
        spec = analysis(session.store(), name, state.query_of(view, session.today()), view.lang)
    session.current().spec = spec
    with st.container(key="tools", horizontal=True, vertical_alignment="center"):
        st.caption(t(f"analysis.name_{name}", view.lang))
        with st.container(width=150):
            blocks.export_buttons(session.current(), view.lang)
        projector.button(view.lang)
    map_tab, table_tab = st.tabs([t("ui.tab_map", view.lang), t("ui.tab_table", view.lang)], on_change="rerun")
    with map_tab:
        face.show(spec, session.look(view, remember=False), key="map_big")
    with table_tab:
        if table_tab.open:
            blocks.table(spec)
    session.sync_address()
