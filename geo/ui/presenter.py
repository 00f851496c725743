"""The presenter: the slides of a briefing as live maps in projector style, driven by keys alone.

Arrows, page keys and space go on and back, figures jump to a slide (0: the tenth), B blacks the screen out, O shows all
slides, A plays by itself, T changes light and dark, Esc leaves. The slide after the one on the screen is made ready
meanwhile.
"""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import streamlit as st

from geo.errors import AnttError
from geo.products.documents import briefings
from geo.products.documents.briefings import Briefing
from geo.render.web import Look
from geo.text import t
from geo.ui import map_component, session, style
from geo.ui.guard import guarded

AUTOPLAY_S = 12.0
"""How long a slide stays while they play by themselves."""


def page() -> None:
    """The whole page."""
    style.projector()
    held = st.session_state
    held.setdefault("present_since", time.time())
    held.setdefault("present_black", False)
    held.setdefault("present_all", False)
    held.setdefault("present_auto", False)
    _keys()
    with map_component.frame("map_big"):
        st.fragment(_stage, key="desk", run_every=AUTOPLAY_S if held.present_auto else None)()


def _briefing() -> Briefing:
    """The briefing in hand; the first one where the address names none."""
    return briefings.load(session.view().briefing or briefings.listed()[0][0], session.today())


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
    theme = base.theme if base.theme != "light" else "projector"
    return Look(
        theme=theme,
        nonce=(base.nonce + 1) * 1_000 + number,
        address=base.address,
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


def _make_ready(briefing: Briefing, number: int) -> None:
    """Make the map of a slide in the background; it waits in the cache of its product."""
    if number >= len(briefing.slides):
        return
    snapshot = session.snapshot()

    def make() -> None:
        with suppress(AnttError):  # said when the slide is shown
            briefings.slide(snapshot, briefing, number)

    Thread(target=make, daemon=True).start()


def _turn_to(number: int) -> None:
    session.put(slide=str(number))
    st.session_state.present_turned = time.time()


def _go(by: int) -> None:
    briefing = _briefing()
    _turn_to(min(max(_number(briefing) + 1 + by, 1), len(briefing.slides)))
    st.session_state.present_black = st.session_state.present_all = False
    session.redraw("desk")


def _jump(number: int) -> None:
    if number <= len(_briefing().slides):
        _turn_to(number)
    st.session_state.present_black = st.session_state.present_all = False
    session.redraw("desk")


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


def _leave() -> None:
    st.session_state.present_auto = False
    for name in ("present_since", "present_turned", "present_black", "present_all"):
        st.session_state.pop(name, None)
    session.put(page="briefings", theme="", slide="")
    st.rerun()


def _keys() -> None:
    bindings: list[tuple[str, str, Callable[..., None], tuple[object, ...]]] = [
        ("next", "Right", _go, (1,)),
        ("next_page", "PageDown", _go, (1,)),
        ("next_space", "Space", _go, (1,)),
        ("back", "Left", _go, (-1,)),
        ("back_page", "PageUp", _go, (-1,)),
        ("first", "Home", _jump, (1,)),
        ("last", "End", _last, ()),
        ("black", "B", _flip, ("present_black",)),
        ("all", "O", _flip, ("present_all",)),
        ("auto", "A", _auto, ()),
        ("theme", "T", _theme, ()),
        ("timer", "Z", _restart_timer, ()),
        ("leave", "Esc", _leave, ()),
        *((f"slide_{n}", str(n % 10), _jump, (n,)) for n in range(1, 11)),
    ]
    with st.container(key="keys"):
        for name, shortcut, action, args in bindings:
            st.button(name, key=f"key_present_{name}", shortcut=shortcut, on_click=action, args=args)
        st.caption(t("briefing.keys", session.view().lang))
