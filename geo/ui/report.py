"""The report of a period: its indicators, who did not report, the map of one of them, and all of it as files."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial

import streamlit as st

from geo.products.answer import answer
from geo.products.documents.files import file_name
from geo.products.documents.reports import report_file
from geo.products.programme.report import Line, at_period, gaps, gaps_said, lines, period_name, report_map, said
from geo.question import Report, altered
from geo.question.periods import Span, latest_over
from geo.schema import Measure
from geo.store import Snapshot
from geo.text import Lang, fold, t
from geo.ui import blocks, exports, filters, map_component, projector, session
from geo.ui.downloads import Made, Step
from geo.ui.guard import guarded
from geo.ui.session import View
from geo.ui.tabs import tabs
from geo.ui.working import working

_OFFERED: dict[Span, int] = {"month": 36, "quarter": 20, "year": 12}
"""How many periods back can be chosen."""


def page() -> None:
    """The page."""
    filters.rail(when=False, kinds=False, units=False, per=False, extra=_options)
    if session.view().theme:
        projector.show()
    st.fragment(_desk, key="desk")()


def _options(view: View) -> None:
    """Month, quarter or year; which; of the province or of a commune."""
    lang, question, snapshot = view.lang, view.question, session.snapshot()
    assert isinstance(question, Report)
    if view["span"] != question.span:
        session.put(span=question.span)
    names = {span: t(f"report.span_{span}", lang) for span in _OFFERED}
    st.segmented_control(
        t("report.span", lang), list(names), key="span", required=True, format_func=lambda span: names[span],
        width="stretch", on_change=_span_chosen,
    )  # fmt: skip
    latest = latest_over(question.span, snapshot.today)
    offered = ["", *_periods(question.span, snapshot)]
    if view["dated"] and view["dated"] not in offered:
        offered.append(view["dated"])
    st.selectbox(
        t("report.dated", lang), offered, key="dated", on_change=session.redraw_map_and_rail,
        format_func=lambda dated: (
            period_name(dated, lang) if dated else t("report.latest", lang, period=period_name(latest, lang))
        ),
    )  # fmt: skip
    frame = snapshot.units()
    codes = sorted(frame.index, key=lambda code: fold(frame.name[code]))
    where = {"": t("report.province", lang), **{code: f"{frame.name[code]} ({frame.kind[code]})" for code in codes}}
    if view["about"] not in where:
        where[view["about"]] = view["about"]
    st.selectbox(
        t("report.about", lang), list(where), key="about", format_func=lambda code: where[code],
        on_change=session.redraw_map_and_rail,
    )  # fmt: skip


def _span_chosen() -> None:
    """A period of another span is none of this one."""
    session.put(dated="")
    session.redraw_map_and_rail()


def _periods(span: Span, snapshot: Snapshot) -> list[str]:
    """Periods that are over and have records, the latest in front."""
    first = snapshot.period[0].year if snapshot.period else snapshot.today.year
    listed = [latest_over(span, snapshot.today, back=back) for back in range(_OFFERED[span])]
    return [dated for dated in listed if int(dated[:4]) >= first]


@guarded
def _desk() -> None:
    view = session.view()
    lang, snapshot = view.lang, session.snapshot()
    question = view.question
    assert isinstance(question, Report)
    with working():
        question = altered(at_period(snapshot, question), part="map")
        spec = answer(snapshot, question)
        whole = report_map(snapshot, altered(question, part="figures"))
    session.showing(spec)
    with st.container(key="tools", horizontal=True, vertical_alignment="center"):
        blocks.name_of_page(t("ui.page_report", lang))
        for kind, name in (("pptx", "deck"), ("pdf", "document")):
            with st.container(width=190):
                what = partial(_file, snapshot, question, kind, whole.title)
                blocks.download(t(f"report.{name}", lang), what, lang, key=f"report_{kind}", primary=kind == "pdf")
        with st.container(width=150):
            exports.menu(session.current(), lang)
        projector.button(lang)
    projector.say(view.stands_in)
    blocks.heading(whole.title, said(snapshot, question), large=True)
    left, right = blocks.pair(2, 3)
    with left:
        map_tab, table_tab = tabs()
        with map_tab, map_component.frame("map_small"):
            map_component.show(spec, session.look(view, remember=False), key="map_small")
        with table_tab:
            if table_tab.open:
                blocks.table(spec)
    with right:
        st.html(_table(lines(snapshot, question), question, view["measure"], lang))
        blocks.heading(t("report.gaps_title", lang), gaps_said(gaps(snapshot, question), lang))
    session.keep()


def _file(snapshot: Snapshot, question: Report, kind: str, title: str) -> Made:
    def make(step: Step) -> bytes:
        return report_file(snapshot, question, kind, step=step)

    return Made(file_name(title, kind), make, of=(snapshot.version, question, kind), long=True)


def _table(found: Sequence[Line], question: Report, chosen: Measure, lang: Lang) -> str:
    """All indicators; each leads to its map."""
    names = ["indicator", "now", "before", "change", *([] if question.about else ["reported", "target"])]
    year = question.query.end.year
    head = "".join(f'<th scope="col">{html.escape(t(f"report.column_{name}", lang, year=year))}</th>' for name in names)
    rows = []
    for line in found:
        to = html.escape(session.link_to_page("report", measure=line.measure))
        here = ' aria-current="true"' if line.measure == chosen else ""
        shown = [(line.now, ""), (line.before, ""), (line.figure.change or "–", line.figure.verdict)]
        if not question.about:
            shown += [(line.reported or "–", ""), (line.target or "–", line.pace)]
        cells = "".join(f"<td>{html.escape(n)}<small>{html.escape(below)}</small></td>" for n, below in shown)
        label = html.escape(line.label)
        rows.append(f'<tr{here}><th scope="row"><a href="{to}" data-antt-go>{label}</a></th>{cells}</tr>')
    return (
        f'<div class="antt-figures"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )
