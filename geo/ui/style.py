"""Style sheet of the pages: quiet chrome, the map as tall as the window, a sheet without chrome for the projector."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from geo.ui.state import View

_FOLDER = Path(__file__).parent


def apply(view: View) -> None:
    """Add the style sheet, and the projector's on top of it where that is on."""
    text = (_FOLDER / "page.css").read_text("utf-8")
    if view.p:
        text += (_FOLDER / "projector.css").read_text("utf-8")
    st.html(f"<style>{text}</style>")
