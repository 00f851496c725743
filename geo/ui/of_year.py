"""The pages of the programme that look at one year: targets, safe units, models, returns, festivals."""

from __future__ import annotations

import streamlit as st

from geo.cartography.spec import MapSpec, Series
from geo.products.answer import answer
from geo.products.programme.models import names_of_models
from geo.products.programme.years import years_of
from geo.question import OfYear
from geo.question.types import measures_for
from geo.schema import Festival, Measure, ModelKind, SafeKind
from geo.text import t
from geo.ui import blocks, calendar, exports, filters, map_component, options, projector, session, targets
from geo.ui.guard import guarded
from geo.ui.session import View
from geo.ui.tabs import tabs
from geo.ui.working import working


def page(name: str) -> None:
    """One of them."""
    several = len(measures_for(name)) > 1
    filters.rail(what=several, when=False, kinds=False, units=False, per=False, extra=_options)
    if session.view().theme:
        projector.show()
    st.fragment(_desk, key="desk")(name)


def _options(view: View) -> None:
    """The year, and what the page asks besides."""
    question = view.question
    assert isinstance(question, OfYear)
    lang = view.lang
    years = [str(year) for year in years_of(session.snapshot(), question)[::-1]]
    if view["year"] and view["year"] not in years:
        years.append(view["year"])
    st.selectbox(
        t("programme.year", lang), ["", *years], key="year", on_change=session.redraw_map_and_rail,
        format_func=lambda year: year or t("programme.year_latest", lang),
    )  # fmt: skip
    match view.page:
        case "safe_units":
            _kinds(view, "safe_kind", ["", *SafeKind])
            if view["measure"] is not Measure.SAFE_EXISTING:
                shares = {share: t(f"programme.safe_share_{share:d}", lang) for share in (False, True)}
                options.choice(t("programme.safe_share", lang), list(shares), "share", shares)
        case "models":
            _kinds(view, "model_kind", ["", *ModelKind])
            named = names_of_models(session.snapshot())
            if view["model"] and view["model"] not in named:
                named.append(view["model"])
            st.selectbox(
                t("programme.model", lang), ["", *named], key="model", on_change=session.redraw_map_and_rail,
                format_func=lambda name: name or t("programme.model_all", lang),
            )  # fmt: skip
        case "festivals":
            names = {str(one): t(f"programme.festival_day_{one}", lang) for one in Festival}
            options.choice(t("programme.festival", lang), list(names), "festival", names)


def _kinds(view: View, field: str, kinds: list[str]) -> None:
    lang = view.lang

    def name(kind: str) -> str:
        word = t(f"programme.{field}_{kind or 'all'}", lang)
        return word[0].upper() + word[1:]

    st.selectbox(
        t(f"programme.{field}", lang), [str(kind) for kind in kinds], key=field, format_func=name,
        on_change=session.redraw_map_and_rail,
    )  # fmt: skip


@guarded
def _desk(name: str) -> None:
    view = session.view()
    lang, snapshot = view.lang, session.snapshot()
    with working():
        spec = answer(snapshot, view.question)
    session.showing(spec)
    with st.container(key="tools", horizontal=True, vertical_alignment="center"):
        blocks.name_of_page(t(f"ui.page_{name}", lang))
        with st.container(width=150):
            exports.menu(session.current(), lang)
        projector.button(lang)
    projector.say(view.stands_in)
    if name != "targets":
        _tabs(spec, view, "map_big")
        if name == "festivals":
            calendar.show(snapshot, spec)
    else:
        left, right = blocks.pair(3, 2)
        with left:
            _tabs(spec, view, "map_small")
        with right:
            targets.term_table(snapshot, spec)
        targets.editor(snapshot, spec)
    session.keep()


def _tabs(spec: MapSpec, view: View, frame: str) -> None:
    map_tab, table_tab, chart_tab = tabs(chart=True)
    with map_tab, map_component.frame(frame):
        map_component.show(spec, session.look(view, remember=False), key=frame)
    with table_tab:
        if table_tab.open:
            blocks.table(spec)
    with chart_tab:
        if chart_tab.open and isinstance(spec.chart, Series):
            blocks.years(spec.chart)
