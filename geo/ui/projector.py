"""Projector mode: the sheet without chrome, driven by keys. The buttons are there for their shortcuts alone."""

from __future__ import annotations

import html
import time
from functools import partial

import streamlit as st

from geo.question.periods import months_of
from geo.schema import Measure
from geo.text import Lang, t
from geo.ui import keys, session, style
from geo.ui.keys import Key

_NUMBERED = (Measure.DEN_CLEARED, Measure.CASE, Measure.TIP, Measure.SESSION, Measure.ATTENDANCE)

PLAY_S = 1.2
"""How long a month stays while they play."""


def start() -> None:
    """Turn projector mode on."""
    session.put(theme="projector")
    st.rerun()


def button(lang: Lang) -> None:
    """The button that starts it."""
    st.button(t("ui.projector", lang), key="projector_on", on_click=start, icon=":material/present_to_all:")


def _leave() -> None:
    st.session_state.playing = False
    session.put(**{**session.view().fields, "theme": ""})  # the filters come back, and begin with what they are set


def _theme() -> None:
    session.put(theme="projector-light" if session.view().theme == "projector" else "projector")


def _flip(name: str) -> None:
    session.put(**{name: not session.view()[name]})


def _measure(measure: Measure) -> None:
    session.choose(measure)


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


def tick() -> None:
    """While months play: the next one, if the last has been seen long enough; what a person chose is seen as long."""
    held = st.session_state
    if held.playing and time.monotonic() - held.get("month_since", 0.0) > PLAY_S * 0.8:
        step(1)
        stay()


def stay() -> None:
    """The month on the map is seen from now on."""
    st.session_state.month_since = time.monotonic()


def toggle_play() -> None:
    """Start or stop playing the months of the period."""
    st.session_state.playing = not st.session_state.get("playing", False)
    st.session_state.month_since = 0.0
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


def say(words: str) -> None:
    """A line over the map, where the tools that say it elsewhere are out of sight."""
    if words and session.view().theme:
        st.html(f'<div class="antt-over" role="status">{html.escape(words)}</div>')


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
