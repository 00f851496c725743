"""The pages of the programme: what the first term came to, and how far outreach reaches."""

from __future__ import annotations

import html

import streamlit as st

from geo.cartography.spec import Series
from geo.products.answer import answer
from geo.products.programme.results import Indicator, chain, indicators
from geo.schema import Measure, UnitSystem
from geo.text import Lang, t
from geo.ui import analysis, blocks, exports, filters, map_component, options, projector, session
from geo.ui.guard import guarded
from geo.ui.tabs import tabs
from geo.ui.working import working


def coverage_page() -> None:
    """Outreach coverage: a map like those of the analyses."""
    analysis.map_page("coverage", options.coverage)


def results_page() -> None:
    """Results of the first term: figures side by side, all indicators, and the map of the chosen one."""
    filters.rail(what=False, when=False, kinds=False, units=False, per=False, extra=options.results)
    if session.view().theme:
        projector.show()
    st.fragment(_results_desk, key="desk")()


@guarded
def _results_desk() -> None:
    view = session.view()
    lang = view.lang
    snapshot = session.snapshot()
    with working():
        spec = answer(snapshot, view.question)
    session.showing(spec)
    with st.container(key="tools", horizontal=True, vertical_alignment="center"):
        blocks.name_of_page(t("ui.page_results", lang))
        with st.container(width=150):
            exports.menu(session.current(), lang)
        projector.button(lang)
    blocks.heading(t("programme.chain_title", lang), t("programme.chain_note", lang))
    blocks.tiles(chain(snapshot, lang))
    left, right = blocks.pair(3, 2)
    with left:
        map_tab, table_tab, chart_tab = tabs(chart=True)
        with map_tab, map_component.frame("map_small"):
            map_component.show(spec, session.look(view, remember=False), key="map_small")
        with table_tab:
            if table_tab.open:
                blocks.table(spec)
        with chart_tab:
            if chart_tab.open and isinstance(spec.chart, Series):
                blocks.years(spec.chart)
    with right:
        blocks.heading(t("programme.results_title", lang), t("programme.results_note", lang))
        st.html(_table(indicators(snapshot, UnitSystem(view["unit_system"]), lang), view["measure"], lang))
    session.keep()


def _table(found: tuple[Indicator, ...], chosen: Measure, lang: Lang) -> str:
    """All indicators; each leads to its map."""
    heads = ("indicator", "public", "recorded", "aside")
    head = "".join(f'<th scope="col">{html.escape(t(f"programme.column_{name}", lang))}</th>' for name in heads)
    lines = []
    for one in found:
        to = html.escape(session.link_to_page("results", measure=one.measure))
        here = ' aria-current="true"' if one.measure == chosen else ""
        agrees = "" if one.agrees is None else t(f"programme.agrees_{str(one.agrees).lower()}", lang)
        numbers = ((one.public or "–", ""), (one.recorded, agrees), (one.aside or "–", ""))
        cells = "".join(f"<td>{html.escape(n)}<small>{html.escape(below)}</small></td>" for n, below in numbers)
        label = html.escape(one.label)
        lines.append(f'<tr{here}><th scope="row"><a href="{to}" data-antt-go>{label}</a></th>{cells}</tr>')
    return (
        f'<div class="antt-figures"><table><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'
    )
