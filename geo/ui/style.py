"""Style sheet of the pages: quiet chrome, the map as tall as the window, a sheet without chrome for the projector."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from geo.text import Lang, t

_FOLDER = Path(__file__).parent


def page(lang: Lang) -> None:
    """The style sheet of every page, and the few words of Streamlit's own that have no setting."""
    own = "".join(_OWN_WORDS.format(place=place, size=size, words=t(f"ui.{key}", lang)) for place, key, size in _PLACES)
    refused = _REFUSED.format(words=t("ui.upload_refused", lang))
    _add("page.css", own + refused)


_OWN_WORDS = '{place} {{ font-size: 0; }} {place}::after {{ content: "{words}"; font-size: {size}; }}\n'
_UPLOADER = '[data-testid="stFileUploaderDropzone"]'
_PLACES = (
    (f"{_UPLOADER} > span button p", "upload", ".95rem"),
    (f'{_UPLOADER} [data-testid="stFileUploaderDropzoneInstructions"] span', "upload_limit", ".85rem"),
)
_REFUSED = """[data-testid="stFileUploader"]:has([aria-invalid="true"])::after {{ content: "{words}"; }}
"""
"""Below a file that the browser does not send; Streamlit says why in English, where the pointer rests on it."""


def projector() -> None:
    """The sheet without chrome, on top of the page's own."""
    _add("projector.css")


def _add(name: str, more: str = "") -> None:
    st.html(f"<style>{(_FOLDER / name).read_text('utf-8')}{more}</style>")
