"""The presenter: the slides of a briefing as live maps in projector style, driven by keys alone.

`?` shows the keys. The slide after the one on the screen is made ready meanwhile.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial, wraps
from typing import ParamSpec

import streamlit as st

from geo.errors import AnttError
from geo.products.documents import briefings, shelf
from geo.products.documents.briefings import Briefing
from geo.question.types import AnyQuestion
from geo.render.web import Look
from geo.text import t
from geo.ui import keys, map_component, session, style
from geo.ui.guard import guarded
from geo.ui.keys import Key

P = ParamSpec("P")

AUTOPLAY_S = 12.0
"""How long a slide stays while they play by themselves."""


def page() -> None:
    """The whole page."""
    style.projector()
    held = st.session_state
    if held.arrived is not None:  # a briefing begins anew
        held.update(present_since=time.time(), present_black=False, present_all=False, present_auto=False)
        if not session.view().theme:
            session.put(theme="projector")
    _keys()
    with map_component.frame("map_big"):
        st.fragment(_stage, key="desk", run_every=AUTOPLAY_S if held.present_auto else None)()


def _briefing() -> Briefing:
    """The briefing in hand; the first one where the address names none."""
    kept = session.store().texts
    name = session.view().briefing or next(item.name for item in shelf.listed(kept) if item.problem is None)
    return shelf.load(kept, name, session.today())


def _number(briefing: Briefing) -> int:
    """The slide on the screen, counted from 0."""
    asked = str(session.view()["slide"])
    return max(min(int(asked) if asked.isdigit() else 1, len(briefing.slides)), 1) - 1


@guarded
def _stage() -> None:
    held = st.session_state
    briefing = _briefing()
    if not briefing.slides:
        st.info(t("briefing.empty", session.view().lang))
        return
    if held.present_auto and time.time() - held.get("present_turned", 0.0) > AUTOPLAY_S * 0.8:
        _turn_to(_number(briefing) + 2 if _number(briefing) + 1 < len(briefing.slides) else 1)
    number = _number(briefing)
    spec = briefings.slide(session.snapshot(), briefing, number)
    map_component.show(spec, _look(briefing, number), key="map_big")
    if held.present_black:
        st.html('<div class="antt-black"></div>')
    elif held.present_all:
        _overview(briefing, number)
    session.keep()
    _make_ready(briefing, number + 1)


def _look(briefing: Briefing, number: int) -> Look:
    base = session.look(session.view(), remember=False)
    return Look(
        theme=base.theme,
        nonce=(base.nonce + 1) * 1_000 + number,
        corner=f"{number + 1}/{len(briefing.slides)}",
        since=int(st.session_state.present_since * 1_000),
    )


def _overview(briefing: Briefing, here: int) -> None:
    """All slides by number and title."""
    rows = []
    for number in range(len(briefing.slides)):
        try:
            title = briefings.slide(session.snapshot(), briefing, number).title
        except AnttError as error:
            title = error.message(session.view().lang)
        mark = ' class="here"' if number == here else ""
        rows.append(f"<li{mark}><span>{number + 1}</span>{html.escape(title)}</li>")
    st.html(f'<div class="antt-all"><h2>{html.escape(briefing.title)}</h2><ol>{"".join(rows)}</ol></div>')


_ahead = ThreadPoolExecutor(1, thread_name_prefix="next-slide")
_coming: set[tuple[int, AnyQuestion, bool]] = set()
"""Slides that are being made or wait for it: each once, whoever presents and however often the page runs."""

_MOST_COMING = 20


def _make_ready(briefing: Briefing, number: int) -> None:
    """Make the map of a slide in the background; it waits in the cache of its product."""
    if number >= len(briefing.slides) or len(_coming) >= _MOST_COMING:
        return
    snapshot = session.snapshot()
    slide = (snapshot.version, briefing.slides[number], briefing.public)
    if slide in _coming:
        return
    _coming.add(slide)

    def make() -> None:
        try:
            with suppress(AnttError):  # said when the slide is shown
                briefings.slide(snapshot, briefing, number)
        finally:
            _coming.discard(slide)

    _ahead.submit(make)


def _turn_to(number: int) -> None:
    session.put(slide=str(number))
    st.session_state.present_turned = time.time()


def _obeyed(action: Callable[P, None]) -> Callable[P, None]:
    """A key's action; where the briefing cannot be read, the page says so, and the other keys must not die with it."""

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with suppress(AnttError):
            action(*args, **kwargs)

    return run


@_obeyed
def _go(by: int) -> None:
    briefing = _briefing()
    _turn_to(min(max(_number(briefing) + 1 + by, 1), len(briefing.slides)))
    st.session_state.present_black = st.session_state.present_all = False
    session.redraw("desk")


@_obeyed
def _jump(number: int) -> None:
    if number <= len(_briefing().slides):
        _turn_to(number)
    st.session_state.present_black = st.session_state.present_all = False
    session.redraw("desk")


@_obeyed
def _last() -> None:
    _jump(len(_briefing().slides))


def _flip(name: str) -> None:
    st.session_state[name] = not st.session_state[name]
    session.redraw("desk")


def _auto() -> None:
    st.session_state.present_auto = not st.session_state.present_auto
    st.session_state.present_turned = time.time()
    st.rerun()  # the clock is part of the whole page


def _theme() -> None:
    session.put(theme="projector" if session.view().theme == "projector-light" else "projector-light")
    session.redraw("desk")


def _restart_timer() -> None:
    st.session_state.present_since = time.time()
    session.redraw("desk")


def _keys() -> None:
    lang = session.view().lang
    out = session.link_to_page("briefings", theme="", slide="")
    keys.bind(
        "keys",
        [
            Key("ArrowRight PageDown Space", "→ / Page Down / Space", t("briefing.key_next", lang), partial(_go, 1)),
            Key("ArrowLeft PageUp", "← / Page Up", t("briefing.key_back", lang), partial(_go, -1)),
            Key("Home", "Home", t("briefing.key_first", lang), partial(_jump, 1)),
            Key("End", "End", t("briefing.key_last", lang), _last),
            *(Key(str(n % 10), "", "", partial(_jump, n)) for n in range(1, 11)),
            Key("", "1\N{EN DASH}9, 0", t("briefing.key_jump", lang)),
            Key("O", "O", t("briefing.key_all", lang), partial(_flip, "present_all")),
            Key("B", "B", t("briefing.key_black", lang), partial(_flip, "present_black")),
            Key("A", "A", t("briefing.key_auto", lang), _auto),
            Key("T", "T", t("ui.key_theme", lang), _theme),
            Key("Z", "Z", t("briefing.key_timer", lang), _restart_timer),
            Key("Escape", "Esc", t("ui.key_leave", lang), go=out),
        ],
    )
