"""The page of change: the map of two periods, and the control chart of one commune beside it."""

from __future__ import annotations

import streamlit as st

from geo.errors import InputError
from geo.products.analyses.change import control_chart
from geo.products.answer import answer
from geo.text import t
from geo.ui import analysis_layout, blocks, filters, map_component, options, projector, session
from geo.ui.guard import guarded


def page() -> None:
    """Biến động."""
    filters.rail(units=False, per=lambda view: view["change_of"] == "hot", extra=options.change)
    if session.view().theme:
        projector.show()
    st.fragment(_desk, key="desk")()


def _open(code: str) -> None:
    session.put(commune=code)
    session.redraw_map()


@guarded
def _desk() -> None:
    view = session.view()
    with session.patience():
        spec = answer(session.snapshot(), view.question)

    def draw() -> None:
        left, right = blocks.pair(5, 3)
        with left, map_component.frame("map_small"):
            map_component.show(spec, session.look(view, remember=False), key="map_small", on_click=_open)
        with right:
            _chart(str(spec.table.rows[0].code))

    analysis_layout.show("change", spec, draw)


def _chart(first: str) -> None:
    """The chart of the chosen commune, or of the one that changed most."""
    view = session.view()
    frame = session.snapshot().units().sort_values("name")
    names = {code: f"{name} ({kind})" for code, name, kind in zip(frame.index, frame["name"], frame["kind"])}
    if view.commune not in names:
        session.put(commune="")  # of a link, or a former unit
    st.selectbox(
        t("change.chart_pick", view.lang),
        ["", *names],
        key="commune",
        format_func=lambda code: names.get(code, names[first]),
        on_change=session.redraw_map,
    )
    code = view.commune if view.commune in names else first
    try:
        chart = control_chart(session.snapshot(), code, view.question.reading, view.lang)
    except InputError as error:
        st.info(session.quiet(error.message(view.lang)))
        return
    blocks.heading(chart.title, chart.sentence)
    blocks.trend_chart(chart.trend, view.lang, height=240)
    st.caption(session.quiet(t("change.chart_method", view.lang)))
    menu = st.popover(t("ui.export_table", view.lang), icon=":material/download:", width=170)
    with menu:
        blocks.sheet_buttons(chart.sheet, view.lang, name="bieu-do-xa")
