"""The rail on the left: what is counted, when, where, how it is drawn, and one button that resets it all.

A filter draws again only what depends on it: the map's fragment, with the rail's where other filters appear or go, or
the whole page where the months or the page's words change.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import streamlit as st

from geo.errors import InputError
from geo.question import codec, periods
from geo.question.periods import Preset
from geo.question.types import kinds_of, measures_for
from geo.schema import (
    CURRENT_SINCE,
    EVENT_MEASURES,
    MASKED_MEASURES,
    PROTECTED_ZONES,
    Per,
    Scheme,
    UnitSystem,
    ZoneKind,
)
from geo.text import t
from geo.ui import session
from geo.ui.session import View


def rail(
    *,
    layers: bool = False,
    units: bool = True,
    per: Callable[[View], bool] | bool = True,
    what: bool = True,
    when: bool = True,
    kinds: bool = True,
    extra: Callable[[View], None] | None = None,
) -> None:
    """Draw the filters into the sidebar: those the page makes use of.

    `layers` adds what only the big map needs; `units` and `per` choose communes and the denominator, `per` where the
    view asks for it; without `what` and `when` the page chooses measure and period itself, without `kinds` it counts
    all of them; `extra` draws the page's own options below the kinds.

    On a projector nobody sees them, and keys change what they show: a key pressed before the browser knows of the last
    one would bring their old values back. So there are none.
    """
    if session.view().theme:
        return
    st.fragment(_rail, key="rail")(layers, units, per, what, when, kinds, extra)


def _rail(
    layers: bool,
    units: bool,
    per: Callable[[View], bool] | bool,
    what: bool,
    when: bool,
    kinds: bool,
    extra: Callable[[View], None] | None,
) -> None:
    view = session.view()
    with st.sidebar:
        if what:
            _what(view)
        if when:
            _when(view)
        if kinds:
            _kinds(view)
        if extra:
            extra(view)
        if units:
            _units(view)
        if per(view) if callable(per) else per:
            _per(view)
        if layers:
            _layers(view)
        st.button(t("ui.reset", view.lang), on_click=_reset, icon=":material/restart_alt:", width="stretch")


def _reset() -> None:
    session.reset()
    st.rerun()


def _what(view: View) -> None:
    lang = view.lang
    st.selectbox(
        t("ui.measure", lang),
        measures_for(view.page),
        key="measure",
        format_func=lambda m: t(f"map.measure_{m}", lang),
        on_change=_measure_chosen,
    )


def _when(view: View) -> None:
    lang = view.lang
    st.selectbox(
        t("ui.period", lang),
        list(Preset),
        key="period",
        format_func=lambda p: t(f"ui.preset_{p}", lang),
        on_change=_period_chosen,
    )
    if view["period"] is Preset.CUSTOM:
        _dates(view)


def _measure_chosen() -> None:
    view = session.view()
    session.choose(view["measure"])
    if view["measure"] in MASKED_MEASURES and view["unit_system"] is UnitSystem.LEGACY:
        session.put(unit_system=UnitSystem.CURRENT, units=(), commune="")
    session.redraw_map_and_rail()


def _period_chosen() -> None:
    view = session.view()
    custom = view["period"] is Preset.CUSTOM and view["from"]
    start, end = _typed(view) if custom else periods.preset_period(view["period"], session.today())
    session.put(**{"month": "", "from": start, "to": end})
    st.session_state.dates = (start, end)
    session.redraw_map_and_rail()


def _typed(view: View) -> tuple[date, date]:
    return periods.chosen_period(view["period"], view["from"], view["to"], session.today())


def _dates(view: View) -> None:
    held = st.session_state.get("dates")
    if held is None or any(not periods.EARLIEST <= day <= session.today() for day in held):
        st.session_state.dates = _typed(view)
    st.date_input(
        t("ui.dates", view.lang),
        key="dates",
        min_value=periods.EARLIEST,
        max_value=session.today(),
        format="DD/MM/YYYY",
        on_change=_dates_chosen,
    )
    if len(st.session_state.dates) < 2:
        st.caption(t("ui.dates_unfinished", view.lang))


def _dates_chosen() -> None:
    chosen = st.session_state.dates
    if len(chosen) == 2:
        session.put(**{"from": chosen[0], "to": chosen[1], "month": ""})
    session.redraw_map_and_rail()


def _kinds(view: View) -> None:
    lang = view.lang
    if kinds := kinds_of(view["measure"]):
        st.multiselect(
            t("ui.kinds", lang),
            kinds,
            key="kinds",
            placeholder=t("ui.kinds_all", lang),
            format_func=lambda k: t(f"map.kind_{k}", lang),
            on_change=session.redraw_map,
        )


def _units(view: View) -> None:
    lang = view.lang
    names = _unit_names(view)
    st.multiselect(
        t("ui.units", lang),
        list(names),
        key="units",
        placeholder=t("ui.units_all", lang),
        format_func=lambda code: names.get(code, code),
        on_change=_units_chosen,
    )


def _units_chosen() -> None:
    """The map goes to them, wherever it was sent before."""
    st.session_state.fly_to = None
    session.redraw_map()


def _per(view: View) -> None:
    lang = view.lang
    st.segmented_control(
        t("ui.per", lang),
        list(Per),
        key="per",
        required=True,
        format_func=lambda p: t(f"ui.per_{p}", lang),
        width="stretch",
        on_change=session.redraw_map_and_rail,
    )


def _unit_names(view: View) -> dict[str, str]:
    frame = session.snapshot().units(view.question.query.system).sort_values("name")
    return {code: f"{name} ({kind})" for code, name, kind in zip(frame.index, frame["name"], frame["kind"])}


def _system_chosen() -> None:
    view = session.view()
    session.put(units=(), commune="")
    if view["unit_system"] is UnitSystem.LEGACY and _typed(view)[0] >= CURRENT_SINCE:
        session.put(period=Preset.TERM1, month="")
    session.fly(None)
    session.redraw_map_and_rail()


def _layers(view: View) -> None:
    lang = view.lang
    if view["measure"] not in MASKED_MEASURES and session.snapshot().has_units(UnitSystem.LEGACY):
        st.segmented_control(
            t("ui.sys", lang),
            list(UnitSystem),
            key="unit_system",
            required=True,
            format_func=lambda s: t(f"ui.sys_{s}", lang),
            width="stretch",
            on_change=_system_chosen,
        )
    st.toggle(t("ui.compare", lang), key="compare", on_change=session.redraw_map_and_rail)
    if view["compare"]:
        _versus(view)
    if view["per"] is not Per.COUNT and not view["compare"]:
        _classes(view)
    st.toggle(t("ui.clusters", lang), key="clusters", on_change=session.redraw_map)
    st.multiselect(
        t("ui.zones", lang),
        list(ZoneKind),
        key="zones",
        placeholder=t("ui.zones_none", lang),
        format_func=lambda k: t(f"map.zone_{k}", lang),
        on_change=session.redraw_map,
    )
    beside_communities = not PROTECTED_ZONES.isdisjoint(view["zones"])
    if view["measure"] in EVENT_MEASURES and view["per"] is Per.COUNT and not view["compare"]:
        st.segmented_control(
            t("ui.points", lang),
            ["auto", "always", "never"],
            key="points",
            required=True,
            format_func=lambda p: t(f"ui.points_{p}", lang),
            width="stretch",
            disabled=beside_communities,
            help=t("map.zones_context", lang) if beside_communities else None,
            on_change=session.redraw_map,
        )
    st.toggle(t("ui.labels", lang), key="labels", on_change=session.redraw_map)


def _versus(view: View) -> None:
    """Against which earlier period."""
    if view["against"] not in ("auto", "year"):
        session.put(against="auto")
    st.selectbox(
        t("ui.versus", view.lang),
        ["auto", "year"],
        key="against",
        format_func=lambda versus: t(f"ui.versus_{versus}", view.lang),
        on_change=session.redraw_map,
    )


def _classes(view: View) -> None:
    lang = view.lang
    st.selectbox(
        t("ui.classes", lang),
        list(Scheme),
        key="scheme",
        format_func=lambda s: t(f"ui.scheme_{s}", lang),
        on_change=session.redraw_map_and_rail,
    )
    if view["scheme"] is not Scheme.FIXED:
        st.slider(t("ui.k", lang), 3, 7, key="classes", on_change=session.redraw_map)
        return
    st.text_input(t("ui.limits", lang), key="limits", placeholder="1; 5; 10; 50", on_change=session.redraw_map_and_rail)
    try:
        codec.limits_of(st.session_state.limits)
    except InputError as error:
        st.caption(error.message(lang))
