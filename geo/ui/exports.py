"""The export menu of a page with a map: every kind of file, and the way into a briefing."""

from __future__ import annotations

from functools import partial

import streamlit as st

from geo.cartography.sheet import Sheet
from geo.errors import AnttError
from geo.products.answer import PUBLIC_PAGES, answer
from geo.products.documents import shelf
from geo.products.documents.files import export, file_name
from geo.question import altered
from geo.question.types import QUESTIONS
from geo.text import Lang, t
from geo.ui import blocks, session
from geo.ui.downloads import Made, Step
from geo.ui.session import Current

_PICTURES = (
    ("png", "png", "1080p"), ("png4k", "png", "4k"), ("pdf4", "pdf", "a4"), ("pdf3", "pdf", "a3"),
    ("pptx", "pptx", "16:9"), ("pptx43", "pptx", "4:3"), ("html", "html", ""),
)  # fmt: skip
_DATA = (
    ("xlsx", "xlsx", ""),
    ("csv", "csv", ""),
    ("gpkg", "gpkg", ""),
    ("geojson", "geojson", ""),
    ("spec", "json", ""),
)


def menu(current: Current, lang: Lang, *, sheet: Sheet | None = None) -> None:
    """Downloads of the map on the screen; each file is made when its button is pressed.

    What is a table and no map has pictures and data files of its `sheet`.
    """
    with st.popover(t("ui.export", lang), icon=":material/download:", width="stretch"), st.container(key="exports"):
        _public(current, lang)
        pictures, data = st.columns(2)
        with pictures:
            _buttons(current, lang, _PICTURES[4:] if sheet else _PICTURES)
        with data:
            if sheet:
                blocks.sheet_buttons(sheet, lang, name="bang")
            else:
                _buttons(current, lang, _DATA)
            if session.view().page in QUESTIONS:
                st.button(
                    t("briefing.add", lang), key="to_briefing", icon=":material/playlist_add:", on_click=_add,
                    width="stretch", type="primary",
                )  # fmt: skip


def _buttons(current: Current, lang: Lang, kinds: tuple[tuple[str, str, str], ...]) -> None:
    for name, kind, size in kinds:
        label = t(f"ui.export_{name}", lang)
        blocks.download(label, partial(_file, current, kind, size), lang, key=f"export_{name}")


def _public(current: Current, lang: Lang) -> None:
    """The choice of an edition for the public, where the page's map can have one."""
    possible = session.view().page in PUBLIC_PAGES
    about = t("briefing.public_help" if possible else "ui.export_public_none", lang)
    chosen = st.toggle(t("ui.export_public", lang), key="export_public", help=about, disabled=not possible)
    current.public = chosen and possible


def _file(current: Current, kind: str, size: str) -> Made:
    """The file of the map that is on the screen now."""
    spec, question, public = current.spec, current.question, current.public
    assert spec is not None
    assert question is not None

    def make(_step: Step) -> bytes:
        shown = answer(session.snapshot(), altered(question, public=True)) if public else spec
        return export(shown, kind, size=size)

    name = file_name(spec.title, kind, size=size, public=public)
    return Made(name, make, of=(spec.fingerprint, kind, size, public))


def _add() -> None:
    """Put the question of the page at the end of the briefing in hand."""
    view = session.view()
    try:
        name, count = shelf.add(session.store().texts, view.briefing, view.question, session.today())
    except AnttError as error:
        st.toast(session.quiet(error.message(view.lang)))
        return
    session.put(briefing=name)
    title = session.quiet(shelf.load(session.store().texts, name, session.today()).title)
    st.toast(t("briefing.added", view.lang, title=title, n=count))
