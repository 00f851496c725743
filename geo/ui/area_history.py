"""The history of a priority area beside its card, and taking the last save back."""

from __future__ import annotations

import contextlib
import html

import streamlit as st

from geo.errors import AlreadyDoneError
from geo.products.records import imports
from geo.products.records.zone_history import Step, history_of
from geo.text import Lang, number, t
from geo.ui import blocks, session


def show(key: str, lang: Lang) -> None:
    """Every save, newest first, and a button that takes the last one in force back."""
    steps = history_of(session.snapshot(), key, lang)
    blocks.heading(t("areas.history", lang))
    lines = "".join(_line(step, lang) for step in steps)
    st.html(f'<ol class="antt-steps">{lines}</ol>')
    last = next((step for step in steps if step.active), None)
    if last is None:
        return
    sure = True
    if last.areas > 1:
        label = t("areas.undo_many", lang, n=number(last.areas, lang), batch=last.batch)
        sure = st.checkbox(label, key=f"area_sure_{last.batch}")
    st.button(
        t("areas.undo", lang, batch=last.batch), key="area_undo", on_click=take_back, args=(last.batch, lang),
        disabled=not sure, icon=":material/undo:",
    )  # fmt: skip


def _line(step: Step, lang: Lang) -> str:
    gone = "" if step.active else f" · {t('areas.taken_back', lang)}"
    about = f"{step.when} · {step.who} · {t('imports.column_batch', lang)} {step.batch}{gone}"
    kind = "" if step.active else ' class="gone"'
    return f"<li{kind}><b>{html.escape(step.what)}</b><span>{html.escape(about)}</span></li>"


def take_back(batch: int, lang: Lang) -> None:
    """Take a save back; the areas are as they were before it."""
    with contextlib.suppress(AlreadyDoneError):  # somebody else did meanwhile: what was asked for is so
        imports.undo(session.store(), batch, t("imports.web_user", lang))
    st.session_state.area_said = ("undone", batch)
    session.redraw_map()
