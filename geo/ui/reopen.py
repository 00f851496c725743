"""Mở lại tệp: a file that the application exported, dropped here, opens the view it was made from. And the atlas."""

from __future__ import annotations

import html

import streamlit as st

from geo.products.documents.atlas import atlas
from geo.products.documents.reopen import Reopened, read_recipe, reopen
from geo.question.types import AnyQuestion
from geo.text import Lang, t
from geo.ui import blocks, session
from geo.ui.guard import guarded


def page() -> None:
    """The whole page."""
    st.fragment(_desk, key="desk")()


@guarded
def _desk() -> None:
    lang = session.view().lang
    left, right = st.columns([3, 2], gap="large")
    with left:
        blocks.heading(t("recipe.title", lang), t("recipe.note", lang))
        _reopened(lang)
    with right:
        blocks.heading(t("recipe.atlas", lang), t("recipe.atlas_note", lang))
        _atlas(lang)
    session.sync_address()


@guarded
def _reopened(lang: Lang) -> None:
    found = st.file_uploader(t("recipe.upload", lang), type=["png", "pdf", "pptx", "html"], key="reopen_file")
    if found is None:
        return
    recipe = read_recipe(found.getvalue(), found.name)
    with session.patience():
        items = reopen(session.snapshot(), recipe)
    for number, item in enumerate(items):
        _item(item, number, lang)


def _item(item: Reopened, number: int, lang: Lang) -> None:
    said = item.differences or (t("recipe.same", lang),)
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in said)
    mark = "same" if item.same else "differs"
    with st.container(key=f"reopened_{number}", horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="antt-reopened {mark}"><b>{html.escape(item.spec.title)}</b><ul>{lines}</ul></div>')
        st.button(
            t("recipe.open", lang), key=f"open_view_{number}", icon=":material/open_in_new:", on_click=_open,
            args=(item.question,), type="primary",
        )  # fmt: skip


def _open(question: AnyQuestion) -> None:
    session.show(question)
    st.rerun()


@guarded
def _atlas(lang: Lang) -> None:
    asked = session.map_question()
    st.button(t("recipe.atlas_make", lang), key="atlas_make", icon=":material/auto_stories:", on_click=_make)
    if st.session_state.pop("atlas_wanted", False):
        bar = st.progress(0.0, t("recipe.atlas_making", lang, done=0, of="…"))

        def tell(done: int, of: int) -> None:
            bar.progress(done / of, t("recipe.atlas_making", lang, done=done, of=of))

        st.session_state.atlas_file = atlas(session.snapshot(), asked, step=tell)
        bar.empty()
    made = st.session_state.get("atlas_file")
    if made:
        label = t("recipe.atlas_download", lang)
        icon = ":material/download:"
        blocks.download(label, made, "tap-ban-do.pdf", key="atlas_download", icon=icon, type="primary")


def _make() -> None:
    st.session_state.atlas_wanted = True
    session.redraw("desk")
