"""The row above the map: search, play months, export, projector."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.products.situation.search import Hit, examples, search
from geo.question.periods import first_of, months_of
from geo.schema import UnitSystem
from geo.text import month, t
from geo.ui import exports, projector, session


def row() -> DeltaGenerator:
    """Draw the tools, and return the place of the months, for the map's fragment to draw where it moves them."""
    view = session.view()
    moved = view.theme or st.session_state.playing
    with st.container(key="tools", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.fragment(_search, key="search")()
        place = st.container(width="stretch")
        if moved:  # on a projector none is drawn: keys move the month, and a slider would bring an old one back
            place.empty()
        else:
            with place:
                st.fragment(_months, key="months")()
        with st.container(width=150):
            exports.menu(session.current(), view.lang)
        projector.button(view.lang)
    return place


def _search() -> None:
    lang = session.view().lang
    hint = t("ui.search_hint", lang, names=", ".join(examples(session.snapshot())))
    with st.container(width=300):
        st.text_input(
            t("ui.search", lang), key="search", on_change=_searched, placeholder=hint,
            label_visibility="collapsed", icon=":material/search:",
        )  # fmt: skip
    found = st.session_state.get("found", [])
    if st.session_state.get("search") and not found:
        st.caption(t("ui.search_none", lang, text=session.quiet(st.session_state.search)))
    if len(found) > 1:
        with st.popover(t("ui.search_more", lang, n=len(found)), key="search_more"):
            for i, hit in enumerate(found):
                st.button(session.quiet(hit.label), key=f"hit_{i}", on_click=_go, args=(hit,), type="tertiary")


def _searched() -> None:
    text = st.session_state.search
    found = search(session.snapshot(), text) if text.strip() else []
    st.session_state.found = found
    if found:
        _go(found[0])


def _go(hit: Hit) -> None:
    view = session.view()
    on_present = view.question.query.system is UnitSystem.CURRENT
    session.put(commune=(hit.codes[0] if len(hit.codes) == 1 else "") if on_present else hit.former)
    session.fly(hit.bbox)
    session.redraw("search", "desk", "card")


def months(place: DeltaGenerator) -> None:
    """Play button and month slider in their place, where the period has several months."""
    with place:
        _months()


def _month_chosen() -> None:
    projector.stay()
    session.redraw("desk")


def _months() -> None:
    view = session.view()
    query = view.question.query
    listed = months_of(query.start, query.end)
    if view["month"] != view.question.month:
        session.put(month="")
    if len(listed) < 2:
        return
    playing = st.session_state.playing
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            t("ui.pause" if playing else "ui.play", view.lang),
            key="play",
            on_click=projector.toggle_play,
            icon=":material/pause:" if playing else ":material/play_arrow:",
        )
        st.select_slider(
            t("ui.month", view.lang),
            ["", *listed],
            key="month",
            label_visibility="collapsed",
            on_change=_month_chosen,
            format_func=lambda m: month(first_of(m), view.lang) if m else t("ui.whole_period", view.lang),
        )
