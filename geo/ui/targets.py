"""The term year by year, and the table in which targets are set."""

from __future__ import annotations

import html
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from geo.cartography.spec import MapSpec
from geo.errors import AlreadyDoneError, AnttError
from geo.products.programme.targets import term
from geo.products.records import imports
from geo.products.records import targets as records
from geo.question import Targets
from geo.schema import TARGET_YEARS, Measure
from geo.store import Snapshot, VersionError
from geo.text import Lang, measure_within, number, number_or_dash, percent, t
from geo.ui import blocks, session
from geo.ui.downloads import Made


def _asked(spec: MapSpec) -> tuple[Measure, int]:
    question = spec.recipe.question
    assert isinstance(question, Targets)
    return question.query.measure, int(question.year)


def term_table(snapshot: Snapshot, spec: MapSpec) -> None:
    """Every year of the term for the whole province; each that has begun leads to its map."""
    lang = spec.lang
    measure, chosen = _asked(spec)
    blocks.heading(t("programme.term_title", lang), t("programme.term_note", lang))
    heads = ("year", "target", "done", "share", "expected", "verdict")
    head = "".join(f'<th scope="col">{html.escape(t(f"programme.column_{name}", lang))}</th>' for name in heads)
    lines = []
    for one in term(snapshot, measure):
        begun = one.year <= snapshot.today.year
        to = html.escape(session.link_to_page("targets", year=str(one.year)))
        label = f'<a href="{to}" data-antt-go>{one.year}</a>' if begun else str(one.year)
        running = begun and one.low < one.high
        cells = (
            number_or_dash(one.target, lang), number_or_dash(one.done, lang),
            percent(one.share, lang) if np.isfinite(one.share) else "–",
            f"{number(one.expected, lang)}<small>{number(one.low, lang)}–{number(one.high, lang)}</small>"
            if running else "–",
            html.escape(one.said(lang)),
        )  # fmt: skip
        here = ' aria-current="true"' if one.year == chosen else ""
        lines.append(f'<tr{here}><th scope="row">{label}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>')
    rows = "".join(lines)
    st.html(f'<div class="antt-figures term"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>')


def editor(snapshot: Snapshot, spec: MapSpec) -> None:
    """Targets of a year to set, and who changed what."""
    lang = spec.lang
    measure, shown = _asked(spec)
    chooser = f"target_year_{shown}"
    year = st.session_state.get(chooser) or shown
    words = {"year": year, "measure": measure_within(measure, lang)}
    blocks.heading(t("programme.edit_title", lang, **words), t("programme.edit_note", lang))
    _said(lang)
    left, right = blocks.pair(2, 3, key="pair_below")
    with left:
        years = list(TARGET_YEARS)
        year = st.selectbox(t("programme.year", lang), years, index=years.index(year), key=chooser)
        frame = records.editable(snapshot, measure, year, lang)
        key = f"targets_{measure}_{year}_{snapshot.version}"
        st.data_editor(
            frame, key=key, hide_index=True, width="stretch", height=420, disabled=["name"],
            column_config={
                "name": st.column_config.TextColumn(t("programme.edit_unit", lang)),
                "target": st.column_config.NumberColumn(t("programme.column_target", lang), min_value=0, step=1),
            },
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button(
                t("programme.edit_save", lang), type="primary", icon=":material/save:",
                on_click=_save, args=(snapshot, measure, year, tuple(frame.index), key, lang),
            )  # fmt: skip
            blocks.download(t("programme.edit_export", lang), partial(_workbook, lang), lang, key="targets", wide=False)
            blocks.link(t("programme.edit_import", lang), session.link_to_page("imports"))
    with right:
        blocks.heading(t("programme.log_title", lang))
        found = records.changes(snapshot, measure, lang)
        if found.empty:
            st.caption(t("programme.log_none", lang))
        else:
            blocks.text_table(found)


def _save(snapshot: Snapshot, measure: Measure, year: int, codes: tuple[str, ...], key: str, lang: Lang) -> None:
    edited = st.session_state.get(key, {}).get("edited_rows", {})
    values = {codes[int(row)]: change["target"] for row, change in edited.items() if "target" in change}
    wanted = {code: pd.NA if value is None else value for code, value in values.items()}
    try:
        batch = records.save(session.store(), snapshot, measure, year, wanted, who=t("imports.web_user", lang))
    except VersionError:
        st.session_state.targets_said = ("warning", t("programme.edit_changed", lang), None)
    except AnttError as error:
        st.session_state.targets_said = ("warning", error.message(lang), None)
    else:
        said = t("programme.edit_saved", lang, n=number(len(wanted), lang), batch=batch)
        st.session_state.targets_said = ("success", said, batch)
    session.redraw_map()


def _said(lang: Lang) -> None:
    """What came of the last save, until something else is done."""
    kind, said, batch = st.session_state.pop("targets_said", ("", "", None))
    if not kind:
        return
    (st.success if kind == "success" else st.warning)(session.quiet(said))
    if batch is not None:
        st.button(t("programme.edit_undo", lang), on_click=_undo, args=(batch, lang), icon=":material/undo:")


def _undo(batch: int, lang: Lang) -> None:
    try:
        imports.undo(session.store(), batch, t("imports.web_user", lang))
    except AlreadyDoneError as error:
        st.session_state.targets_said = ("warning", error.message(lang), None)
    else:
        st.session_state.targets_said = ("success", t("programme.edit_undone", lang, batch=batch), None)
    session.redraw_map()


def _workbook(lang: Lang) -> Made:
    return Made("muc-tieu.xlsx", lambda _step: records.workbook(session.snapshot(), lang))
