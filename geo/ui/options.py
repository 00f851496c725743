"""The options of the analysis pages: widgets that write into the view, and the view as the analyses take it."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from geo.products import periods, state
from geo.products.hotspots import CELLS_M
from geo.products.state import View
from geo.schema import EVENT_MEASURES, month_start
from geo.text import number, t
from geo.ui import session


def _choice(label: str, options: list[str], key: str, names: dict[str, str], *, rail: bool = False) -> None:
    st.segmented_control(
        label,
        options,
        key=key,
        required=True,
        format_func=lambda option: names[option],
        width="stretch",
        on_change=session.redraw_map_and_rail if rail else session.redraw_map,
    )


def hotspots(view: View) -> None:
    """By commune or by cell, neighbours, statistic, p."""
    lang = view.lang
    if view.m in EVENT_MEASURES:
        names = {kind: t(f"analysis.by_{kind}", lang) for kind in ("unit", "grid")}
        _choice(t("analysis.by", lang), ["unit", "grid"], "by", names, rail=True)
        if view.by == "grid":
            sides = {str(m): f"{number(m / 1_000, lang)} km" for m in CELLS_M}
            _choice(t("analysis.cell", lang), list(sides), "cell", sides)
    _near(view)
    names = {"gi": "Gi*", "moran": t("analysis.name_moran", lang)}
    _choice(t("analysis.statistic", lang), ["gi", "moran"], "stat", names, rail=True)
    if view.stat == "gi":
        st.toggle(t("analysis.permuted", lang), key="pm", on_change=session.redraw_map)


def _near(view: View) -> None:
    names = {near: t(f"analysis.near_name_{near}", view.lang) for near in ("queen", "distance")}
    _choice(t("analysis.near", view.lang), list(names), "near", names)


def clusters(view: View) -> None:
    """DBSCAN or HDBSCAN."""
    names = {"dbscan": "DBSCAN", "hdbscan": "HDBSCAN"}
    _choice(t("analysis.method_clusters", view.lang), list(names), "algo", names)


def scan(view: View) -> None:
    """In space, or in space and months."""
    names = {form: t(f"analysis.scan_form_{form}", view.lang) for form in ("0", "1")}
    _choice(t("analysis.scan_form", view.lang), list(names), "tm", names)


def change(view: View) -> None:
    """What changed, and against which period."""
    lang = view.lang
    names = {what: t(f"change.show_{what}", lang) for what in ("counts", "hot")}
    _choice(t("change.show", lang), list(names), "chg", names, rail=True)
    if view.chg == "hot":
        _near(view)
    st.selectbox(
        t("change.versus", lang),
        ["auto", "before", "year", "custom"],
        key="vs",
        format_func=lambda versus: t(f"change.versus_{versus}", lang),
        on_change=session.redraw_map_and_rail,
    )
    if view.vs == "custom":
        _first_day(view)


def _first_day(view: View) -> None:
    query = state.query_of(view, session.today())
    latest = query.start - timedelta(days=1)
    held = date.fromisoformat(view.e) if view.e else month_start(query.previous().start)
    st.date_input(
        t("change.earlier_from", view.lang),
        value=min(max(held, periods.EARLIEST), latest),
        min_value=periods.EARLIEST,
        max_value=latest,
        format="DD/MM/YYYY",
        key="earlier_day",
        on_change=_first_day_chosen,
    )


def _first_day_chosen() -> None:
    session.put(e=st.session_state.earlier_day.isoformat())
    session.redraw_map_and_rail()
