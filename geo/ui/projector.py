"""Projector mode: the sheet without chrome, driven by keys. The buttons are there for their shortcuts alone."""

from __future__ import annotations

import streamlit as st

from geo.schema import Measure
from geo.text import t
from geo.ui import session, state

_NUMBERED = (Measure.DEN_CLEARED, Measure.CASE, Measure.TIP, Measure.SESSION, Measure.ATTENDANCE)


def start() -> None:
    """Turn projector mode on."""
    session.put(p="projector")


def _leave() -> None:
    st.session_state.playing = False
    session.put(p="")


def _theme() -> None:
    session.put(p="projector-light" if session.view().p == "projector" else "projector")


def _flip(name: str) -> None:
    session.put(**{name: not getattr(session.view(), name)})


def _measure(measure: Measure) -> None:
    session.put(m=measure, kinds=())


def step(by: int) -> None:
    """Go `by` months on within the period; past either end, back to the whole period."""
    view = session.view()
    months = state.months_of(view, session.today())
    if not view.mo:
        session.put(mo=months[0] if by > 0 else months[-1])
        return
    place = months.index(view.mo) + by if view.mo in months else -1
    session.put(mo=months[place] if 0 <= place < len(months) else "")


def toggle_play() -> None:
    """Start or stop playing the months of the period."""
    st.session_state.playing = not st.session_state.get("playing", False)


def keys() -> None:
    """The shortcuts of projector mode."""
    lang = session.view().lang
    with st.container(key="keys"):
        for name, shortcut, action, args in (
            ("next", "Right", step, (1,)),
            ("back", "Left", step, (-1,)),
            ("next_page", "PageDown", step, (1,)),
            ("back_page", "PageUp", step, (-1,)),
            ("play", "Space", toggle_play, ()),
            ("compare", "S", _flip, ("cmp",)),
            ("theme", "T", _theme, ()),
            ("language", "L", session.switch_language, ()),
            ("leave", "Esc", _leave, ()),
            *((f"measure_{i}", str(i), _measure, (m,)) for i, m in enumerate(_NUMBERED, 1)),
        ):
            st.button(name, key=f"key_{name}", shortcut=shortcut, on_click=action, args=args)
        st.caption(t("ui.keys", lang))
