"""Mở lại tệp: a file that the application exported, dropped here, opens the view it was made from. And the atlas."""

from __future__ import annotations

import html
from functools import partial

import streamlit as st

from geo.products.documents.atlas import atlas
from geo.products.documents.files import file_name
from geo.products.documents.recipes import read_recipe
from geo.products.documents.reopen import Reopened, is_as_exported, reopen
from geo.question import Situation
from geo.text import Lang, period, t
from geo.ui import blocks, session
from geo.ui.downloads import Made, Step
from geo.ui.guard import guarded
from geo.worker import read_apart


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
    session.keep()


@guarded
def _reopened(lang: Lang) -> None:
    found = st.file_uploader(t("recipe.upload", lang), type=["png", "pdf", "pptx", "html"], key="reopen_file")
    if found is None:
        return
    recipe = read_apart(read_recipe, found.getvalue(), found.name, name=found.name)
    with session.patience():
        items = reopen(session.snapshot(), recipe)
        is_whole = is_as_exported(session.snapshot(), recipe, items, found.getvalue())
    if is_whole is False:
        st.warning(t("recipe.not_as_exported", lang))
    for number, item in enumerate(items):
        _item(item, number, lang)


def _item(item: Reopened, number: int, lang: Lang) -> None:
    said = item.differences or (t("recipe.same", lang),)
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in said)
    mark = "same" if item.same else "differs"
    with st.container(key=f"reopened_{number}", horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="antt-reopened {mark}"><b>{html.escape(item.spec.title)}</b><ul>{lines}</ul></div>')
        blocks.link(t("recipe.open", lang), session.link_to(item.question), primary=True)


def _atlas(lang: Lang) -> None:
    what = partial(_book, session.map_question())
    blocks.download(t("recipe.atlas_make", lang), what, lang, key="atlas", primary=True, wide=False)


def _book(question: Situation) -> Made:
    def make(step: Step) -> bytes:
        return atlas(session.snapshot(), question, step=lambda done, of: step(done / of))

    measure = t(f"map.measure_{question.query.measure}", question.lang)
    said = f"tap ban do {measure} {period(question.reading.start, question.reading.end, question.lang)}"
    return Made(file_name(said, "pdf"), make, of=question, long=True)
