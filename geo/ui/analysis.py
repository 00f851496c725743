"""The pages of analyses that are maps: the question on the left, the finding as map and table, the same exports."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.products.analyses.near_repeat import near_repeats
from geo.products.answer import answer
from geo.question import NearRepeat
from geo.text import t
from geo.ui import analysis_layout, blocks, exports, filters, map_component, options, projector, session
from geo.ui.guard import guarded
from geo.ui.session import View
from geo.ui.working import working


def page(name: str) -> None:
    """One analysis."""
    map_page(name, {"hotspots": options.hotspots, "clusters": options.clusters, "scan": options.scan}.get(name))


def map_page(name: str, extra: Callable[[View], None] | None) -> None:
    """A map with its table, and options of its own on the left."""
    filters.rail(units=False, per=False, extra=extra)
    if session.view().theme:
        projector.show()
    st.fragment(_desk, key="desk")(name)


def near_repeat_page() -> None:
    """Near repeats: a table, not a map."""
    filters.rail(units=False, per=False)
    st.fragment(_near_repeat_desk, key="desk")()


@guarded
def _near_repeat_desk() -> None:
    view = session.view()
    question = view.question
    assert isinstance(question, NearRepeat)
    with working():
        found = near_repeats(session.snapshot(), question)
    session.showing(found.spec)
    with st.container(key="tools", horizontal=True, vertical_alignment="center"):
        blocks.name_of_page(t("analysis.name_near_repeat", view.lang))
        with st.container(width=170):
            exports.menu(session.current(), view.lang, sheet=found.sheet)
    blocks.heading(found.title, found.sentence, large=True)
    blocks.grid(found.grid)
    st.caption(session.quiet(f"{found.grid.note}. {found.method}."))
    session.keep()


@guarded
def _desk(name: str) -> None:
    view = session.view()
    with working():
        spec = answer(session.snapshot(), view.question)

    def draw() -> None:
        with map_component.frame("map_big"):
            map_component.show(spec, session.look(view, remember=False), key="map_big")

    analysis_layout.show(name, spec, draw)
