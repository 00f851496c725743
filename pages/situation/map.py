"""Bản đồ: the work-horse. One measure on the communes, with clusters and zones over it.

The map's fragment holds the map and nothing else, so that a filter costs what the map costs; months, card and table
are fragments of their own.
"""

import streamlit as st

from geo.products.answer import answer
from geo.ui import blocks, card, filters, map_component, projector, session, tools
from geo.ui.guard import guarded
from geo.ui.tabs import tabs


def _open(code: str) -> None:
    session.put(commune=code)
    session.redraw("desk", "card")


@guarded
def _desk() -> None:
    projector.tick()
    view = session.view()
    with session.patience():
        spec = answer(session.snapshot(), view.question)
    session.showing(spec)
    map_component.show(spec, session.look(view, remember=True), key="map_big", on_click=_open)
    if st.session_state.playing and not view.theme:
        tools.months(months_place)
    if view.theme:
        projector.month_keys()
    session.keep()


@guarded
def _table() -> None:
    spec = session.current().spec
    if table_tab.open and spec:
        blocks.table(spec)


filters.rail(layers=True)
if session.view().theme:
    projector.show()
clock = projector.PLAY_S if st.session_state.playing else None
months_place = tools.row()
map_tab, table_tab = tabs()
with map_tab, st.container(key="desk"):
    left, right = st.columns([3, 1])
    with left, map_component.frame("map_big"):
        st.fragment(_desk, key="desk", run_every=clock)()
    with right:
        st.fragment(card.show, key="card")()
with table_tab:
    st.fragment(_table, key="table")()
