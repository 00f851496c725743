"""The options of the analysis pages: widgets that write the fields of their questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import streamlit as st

from geo.ingest.recognising.codes import code_list
from geo.question.periods import EARLIEST
from geo.question.types import CELLS_M, HotSpots, bases
from geo.schema import EVENT_MEASURES, MASKED_MEASURES, Per, UnitSystem, month_start
from geo.text import number, t
from geo.ui import session
from geo.ui.session import View


def choice(label: str, options: Sequence[Any], key: str, names: dict[Any, str], *, rail: bool = False) -> None:
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
    """By commune or by cell, against what, neighbours, statistic."""
    lang = view.lang
    if view["measure"] in EVENT_MEASURES:
        names = {kind: t(f"analysis.by_{kind}", lang) for kind in ("unit", "grid")}
        choice(t("analysis.by", lang), ["unit", "grid"], "by", names, rail=True)
        if view["by"] == "grid":
            sides = {m: f"{number(m / 1_000, lang)} km" for m in CELLS_M}
            choice(t("analysis.cell", lang), CELLS_M, "cell_m", sides)
    question = view.question
    assert isinstance(question, HotSpots)
    offered = bases(view["measure"], by=question.by, statistic=question.statistic)
    if len(offered) > 1:
        if view["basis"] != question.basis:
            session.put(basis=question.basis)
        names = {basis: t(f"analysis.basis_{basis}", lang) for basis in offered}
        st.segmented_control(
            t("analysis.basis", lang), offered, key="basis", required=True, format_func=lambda basis: names[basis],
            width="stretch", on_change=_basis_chosen,
        )  # fmt: skip
    _near(view)
    names = {"gi": "Gi*", "moran": t("analysis.name_moran", lang)}
    choice(t("analysis.statistic", lang), ["gi", "moran"], "statistic", names, rail=True)


def _basis_chosen() -> None:
    """Who leaves rates means them no longer."""
    session.put(per=Per.PEOPLE if st.session_state.basis == "rates" else Per.COUNT)
    session.redraw_map_and_rail()


def _near(view: View) -> None:
    names = {near: t(f"analysis.near_name_{near}", view.lang) for near in ("queen", "distance")}
    choice(t("analysis.near", view.lang), list(names), "neighbours", names)


def clusters(view: View) -> None:
    """DBSCAN or HDBSCAN."""
    names = {"dbscan": "DBSCAN", "hdbscan": "HDBSCAN"}
    choice(t("analysis.method_clusters", view.lang), list(names), "algorithm", names)


def scan(view: View) -> None:
    """In space, or in space and months, which only events are asked."""
    if view["measure"] not in EVENT_MEASURES:
        return
    names = {timed: t(f"analysis.scan_form_{timed:d}", view.lang) for timed in (False, True)}
    choice(t("analysis.scan_form", view.lang), list(names), "in_time", names)


def change(view: View) -> None:
    """What changed, and against which period."""
    lang = view.lang
    names = {what: t(f"change.show_{what}", lang) for what in ("counts", "hot")}
    choice(t("change.show", lang), list(names), "change_of", names, rail=True)
    if view["change_of"] == "hot":
        _near(view)
    st.selectbox(
        t("change.versus", lang),
        ["auto", "before", "year", "custom"],
        key="against",
        format_func=lambda versus: t(f"change.versus_{versus}", lang),
        on_change=session.redraw_map_and_rail,
    )
    if view["against"] == "custom":
        _first_day(view)


def _first_day(view: View) -> None:
    query = view.question.reading
    latest = max(query.start - timedelta(days=1), EARLIEST)
    held = view["earlier_from"] or month_start(query.previous().start)
    st.date_input(
        t("change.earlier_from", view.lang),
        value=min(max(held, EARLIEST), latest),
        min_value=EARLIEST,
        max_value=latest,
        format="DD/MM/YYYY",
        key="earlier_day",
        on_change=_first_day_chosen,
    )


def _first_day_chosen() -> None:
    session.put(earlier_from=st.session_state.earlier_day)
    session.redraw_map_and_rail()


def coverage(view: View) -> None:
    """For a thousand people, or how long ago the last was."""
    names = {reach: t(f"programme.reach_{reach}", view.lang) for reach in ("rate", "since")}
    choice(t("programme.reach", view.lang), list(names), "reach", names)
    whose = {over: t(f"programme.over_{over}", view.lang) for over in ("communes", "areas")}
    choice(t("programme.over", view.lang), list(whose), "over", whose)
    for name in ("topic", "organiser"):
        known = code_list(name)
        st.selectbox(
            t(f"programme.part_{name}", view.lang),
            ["", *known.names],
            key=name,
            format_func=lambda code, k=known: k.label(code, view.lang) if code else t("programme.part_all", view.lang),
            on_change=session.redraw_map,
        )


def results(view: View) -> None:
    """On which communes: tip-offs are shown on present ones alone."""
    if view["measure"] in MASKED_MEASURES or not session.snapshot().has_units(UnitSystem.LEGACY):
        return
    names = {system: t(f"ui.sys_{system}", view.lang) for system in UnitSystem}
    choice(t("ui.sys", view.lang), list(UnitSystem), "unit_system", names)
