"""What stands in a page's place while an installation lacks what the page needs: boundaries, records, former units."""

from __future__ import annotations

import streamlit as st

from geo.products.situation.blank import blank_map
from geo.question.types import QUESTIONS
from geo.schema import UnitSystem
from geo.store.default_boundaries import add_default_boundaries
from geo.text import t
from geo.ui import blocks, map_component, session


def bring_boundaries() -> None:
    """Give a store without boundaries those that the product brings, if it brings any of the province."""
    if not session.snapshot().has_units(UnitSystem.CURRENT):
        with st.spinner(t("ui.opening", session.view().lang)):
            add_default_boundaries(session.store())


def require_records() -> None:
    """Stop the page where nothing is on record, with the empty map and the way to the page of imports."""
    snapshot, view = session.snapshot(), session.view()
    if snapshot.period is not None and snapshot.has_units(UnitSystem.CURRENT):
        return
    if not snapshot.has_units(UnitSystem.CURRENT):
        st.info(f"**{t('ui.nothing_yet', view.lang)}** \n\n{t('store.boundaries_none_current', view.lang)}")
        st.stop()
    blocks.heading(t("ui.nothing_yet", view.lang), t("ui.nothing_yet_note", view.lang), large=True)
    with st.container(horizontal=True):
        blocks.link(t("ui.page_imports", view.lang), session.link_to_page("imports", theme=""), primary=True)
    if view.page in QUESTIONS:
        with map_component.frame("map_big"):
            map_component.show(blank_map(snapshot, view.lang), session.look(view, remember=False), key="map_big")
    session.keep()
    st.stop()


def on_present_units() -> None:
    """Show present units to one who came for former ones where there are none, and say so."""
    view = session.view()
    if view["unit_system"] is UnitSystem.CURRENT or session.snapshot().has_units(UnitSystem.LEGACY):
        return
    if view.page in QUESTIONS and view.question.query.system is UnitSystem.LEGACY:
        st.info(t("ui.no_former_units", view.lang))
    session.put(unit_system=UnitSystem.CURRENT)
