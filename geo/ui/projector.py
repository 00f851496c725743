"""Projector mode: the sheet without chrome, driven by keys. The buttons are there for their shortcuts alone."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.question.periods import months_of
from geo.schema import Measure
from geo.text import Lang, t
from geo.ui import session, style

_NUMBERED = (Measure.DEN_CLEARED, Measure.CASE, Measure.TIP, Measure.SESSION, Measure.ATTENDANCE)


def start() -> None:
    """Turn projector mode on."""
    session.put(theme="projector")
    st.rerun()


def button(lang: Lang) -> None:
    """The button that starts it."""
    st.button(t("ui.projector", lang), key="projector_on", on_click=start, icon=":material/present_to_all:")


def _leave() -> None:
    st.session_state.playing = False
    session.put(theme="")


def _theme() -> None:
    session.put(theme="projector-light" if session.view().theme == "projector" else "projector")


def _flip(name: str) -> None:
    session.put(**{name: not session.view()[name]})


def _measure(measure: Measure) -> None:
    session.put(measure=measure, kinds=())


def step(by: int) -> None:
    """Go `by` months on within the period; past either end, back to the whole period."""
    view = session.view()
    query, month = view.question.query, view.question.month
    months = months_of(query.start, query.end)
    if not month:
        session.put(month=months[0] if by > 0 else months[-1])
        return
    place = months.index(month) + by
    session.put(month=months[place] if 0 <= place < len(months) else "")


def toggle_play() -> None:
    """Start or stop playing the months of the period."""
    st.session_state.playing = not st.session_state.get("playing", False)
    st.rerun()  # the clock is part of the whole page


def _keys(*bindings: tuple[str, str, Callable[..., None], tuple[object, ...]]) -> None:
    for name, shortcut, action, args in bindings:
        st.button(name, key=f"key_{name}", shortcut=shortcut, on_click=action, args=args)


def show() -> None:
    """Projector mode of a page: its style sheet and the keys that change the whole page."""
    style.projector()
    with st.container(key="keys"):
        _keys(
            ("compare", "S", _flip, ("compare",)),
            ("theme", "T", _theme, ()),
            ("language", "L", session.switch_language, ()),
            ("leave", "Esc", _leave, ()),
            *((f"measure_{i}", str(i), _measure, (m,)) for i, m in enumerate(_NUMBERED, 1)),
        )
        st.caption(t("ui.keys", session.view().lang))


def month_keys() -> None:
    """The keys that go through the months; for use inside the map's fragment, which is all they change."""
    with st.container(key="month_keys"):
        _keys(
            ("next", "Right", step, (1,)),
            ("back", "Left", step, (-1,)),
            ("next_page", "PageDown", step, (1,)),
            ("back_page", "PageUp", step, (-1,)),
            ("play", "Space", toggle_play, ()),
        )
