"""Tổng quan: what the figures say, whether that is unusual, and where it changed most."""

import streamlit as st

from geo.products.situation.overview import overview
from geo.question import Overview
from geo.text import t
from geo.ui import blocks, exports, filters, map_component, projector, session
from geo.ui.guard import guarded


@guarded
def _desk() -> None:
    view = session.view()
    question = view.question
    assert isinstance(question, Overview)
    with session.patience():
        page = overview(session.snapshot(), question)
    session.showing(page.spec)
    with st.container(key="tools"):
        blocks.tiles(page.figures)
    left, right = blocks.pair(3, 2)
    with left, map_component.frame("map_small"):
        map_component.show(page.spec, session.look(view, remember=False), key="map_small")
    with right:
        blocks.heading(t("ui.trend_title", view.lang, measure=page.trend.label), t("ui.trend_note", view.lang))
        blocks.trend_chart(page.trend, view.lang, height=190)
        blocks.heading(t("ui.changed", view.lang), page.compared)
        blocks.tiles(page.changed, stacked=True)
        with st.container(horizontal=True):
            exports.menu(session.current(), view.lang)
            projector.button(view.lang)
    session.keep()


filters.rail(per=False)
if session.view().theme:
    projector.show()
st.fragment(_desk, key="desk")()
