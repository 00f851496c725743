"""The one filter every side has: which kinds of case are shown, chosen in the same widget under the same words."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components

from geo.schema import CaseCategory
from geo.text import t


@cache
def _component() -> Callable[..., object]:
    return components.declare_component("empty", path=Path(__file__).parent / "empty")


def empty(key: str) -> None:
    """A component that draws nothing and says so, in the first run and in every later one."""
    st.session_state.turn = st.session_state.get("turn", 0) + 1
    _component()(id=f"turn-{st.session_state.turn}", key=key, default=None)


def kinds() -> tuple[str, ...]:
    """Draw the filter; gives the chosen kinds, all where none is chosen."""
    options = [str(kind) for kind in CaseCategory]
    asked = [kind for kind in st.query_params.get("kinds", "").split(".") if kind in options]
    chosen = st.multiselect(
        t("ui.kinds", "vi"), options, default=asked, key="kinds", format_func=lambda kind: t(f"map.kind_{kind}", "vi")
    )
    return tuple(chosen or options)


def wanted(name: str, default: str) -> str:
    """What the address asks of this side."""
    return st.query_params.get(name, default)
