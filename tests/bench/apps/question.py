"""The one filter every side has: which kinds of case are shown, chosen in the same widget under the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v1 as components

from geo.schema import CaseCategory
from geo.text import t

empty = components.declare_component("empty", path=Path(__file__).parent / "empty")
"""A component that draws nothing."""


def kinds() -> tuple[str, ...]:
    """Draw the filter; gives the chosen kinds, all where none is chosen."""
    options = [str(kind) for kind in CaseCategory]
    asked = [kind for kind in st.query_params.get("kinds", "").split(".") if kind in options]
    chosen = st.multiselect(
        t("ui.kinds", "vi"), options, default=asked, key="kinds", format_func=lambda kind: t(f"map.kind_{kind}", "vi")
    )
    return tuple(chosen or options)


def turn() -> str:
    """A text that is new in every run, by which the probe sees that this run's map is there."""
    st.session_state.turn = st.session_state.get("turn", 0) + 1
    return f"turn-{st.session_state.turn}"


def wanted(name: str, default: str) -> Any:
    """What the address asks of this side."""
    return st.query_params.get(name, default)
