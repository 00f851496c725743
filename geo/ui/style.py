"""Style sheet of the pages: quiet chrome, the map as tall as the window, a sheet without chrome for the projector."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


def page() -> None:
    """The style sheet of every page."""
    _add("page.css")


def projector() -> None:
    """The sheet without chrome, on top of the page's own."""
    _add("projector.css")


def _add(name: str) -> None:
    st.html(f"<style>{(_FOLDER / name).read_text('utf-8')}</style>")
