"""Tổng quan: what the figures say, whether that is unusual, and where it changed most."""

import streamlit as st

from geo import products
from geo.render.web import Look
from geo.text import t
from geo.ui import blocks, face, filters, projector, session, state

filters.rail(layers=False)
view = session.view()
query = state.query_of(view, session.today())
page = products.overview(session.store(), query, view.lang)
look = Look(theme=view.p or "light")

with st.container(key="tools"):
    blocks.tiles(page.figures)
left, right = st.columns([3, 2], gap="medium")
with left:
    face.show(page.spec, look, key="map_small")
with right:
    if not view.p:
        blocks.heading(t("ui.trend_title", view.lang, measure=page.trend.label), t("ui.trend_note", view.lang))
        blocks.trend_chart(page.trend, view.lang, height=190)
        blocks.heading(t("ui.changed", view.lang), page.compared)
        blocks.tiles(page.changed, stacked=True)
        blocks.export_buttons(page.spec, view.lang)
        st.button(t("ui.projector", view.lang), on_click=projector.start, icon=":material/present_to_all:")
if view.p:
    projector.keys()
session.sync_address()
