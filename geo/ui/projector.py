"""Projector mode: the sheet without chrome, driven by keys. The buttons are there for their shortcuts alone."""

from __future__ import annotations

from functools import partial

import streamlit as st

from geo.question.periods import months_of
from geo.schema import Measure
from geo.text import Lang, t
from geo.ui import keys, session, style
from geo.ui.keys import Key

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


def show() -> None:
    """Projector mode of a page: its style sheet and the keys that change the whole page."""
    style.projector()
    lang = session.view().lang
    keys.bind(
        "keys",
        [
            *(Key(str(i), "", "", partial(_measure, m)) for i, m in enumerate(_NUMBERED, 1)),
            Key("", f"1\N{EN DASH}{len(_NUMBERED)}", t("ui.key_measure", lang)),
            Key("S", "S", t("ui.key_compare", lang), partial(_flip, "compare")),
            Key("T", "T", t("ui.key_theme", lang), _theme),
            Key("L", "L", t("ui.key_language", lang), session.switch_language),
            Key("Escape", "Esc", t("ui.key_leave", lang), _leave),
        ],
    )


def month_keys() -> None:
    """The keys that go through the months; for use inside the map's fragment, which is all they change."""
    lang = session.view().lang
    keys.bind(
        "month_keys",
        [
            Key("ArrowRight PageDown", "→ / Page Down", t("ui.month_on", lang), partial(step, 1)),
            Key("ArrowLeft PageUp", "← / Page Up", t("ui.month_back", lang), partial(step, -1)),
            Key("Space", "Space", t("ui.key_play", lang), toggle_play),
        ],
    )
