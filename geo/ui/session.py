"""One visit: the store it reads, and its view kept in Streamlit's session state and in the address bar."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from geo import products, settings
from geo.cartography.spec import MapSpec
from geo.errors import NotFoundError
from geo.products import address, state
from geo.products.state import View
from geo.render.web import Look
from geo.schema import UnitSystem
from geo.store.store import Store, open_store
from geo.text import t

_FIELDS = tuple(item.name for item in fields(View))


class Current:
    """The map that is on the screen; downloads are made from it when their button is pressed, in a thread of their own.

    Attributes
    ----------
    spec : MapSpec, optional
    view : View
        What it was made for.
    public : bool
        Downloads are editions for the public.
    """

    spec: MapSpec | None = None
    view: View = View()
    public: bool = False


def current() -> Current:
    """The one `Current` of this visit."""
    held: Current = st.session_state.current
    return held


def showing(spec: MapSpec) -> None:
    """This map is on the screen now."""
    held = current()
    held.spec, held.view = spec, view()


def look(view: View, *, remember: bool) -> Look:
    """How the view wants its map shown: theme, open commune, and where to fly."""
    return Look(
        theme=view.p or "light",
        selected=view.u,
        fly_to=st.session_state.fly_to,
        nonce=st.session_state.nonce,
        remember=remember,
        address=urlencode(address.to_address(view, default()), safe=",."),
    )


def default() -> View:
    """The view of a first visit."""
    return state.default_view(settings.load().lang)


def begin() -> None:
    """Start of every full run: a first visit gets its view from the address, a later one what its widgets may lose.

    Streamlit forgets the value of a widget that was not drawn, and gives a widget its default on another page even
    where one of the same name had a value before. So values are set anew on a change of page, from what was kept.
    """
    if "kept" not in st.session_state:
        st.session_state.kept = address.from_address(st.query_params.to_dict(), default())
        st.session_state.update(playing=False, current=Current(), nonce=0, fly_to=None, drawn_page="")
    now = view()
    if now.page != st.session_state.drawn_page:
        st.session_state.drawn_page = now.page
        put(**{name: getattr(now, name) for name in _FIELDS})


def _for_widget(value: object) -> object:
    return [str(v) for v in value] if isinstance(value, tuple) else value


def view() -> View:
    """The view as the widgets and clicks of this visit have made it."""
    changed: dict[str, Any] = {}
    for name in _FIELDS:
        value = st.session_state.get(name)
        if value is not None:
            changed[name] = tuple(value) if isinstance(value, list | tuple) else value
    kept: View = st.session_state.kept
    return replace(kept, **changed)


def put(**changes: object) -> None:
    """Change the view from code, for instance in a callback."""
    for name, value in changes.items():
        st.session_state[name] = _for_widget(value)


def redraw(*fragments: str) -> None:
    """Last call of a callback: draw only these fragments again, and what on the page follows from them.

    On the map's page the open table goes with the map, the open card too, and after the rail also the months, for
    other filters may mean other months. Where a clock or keys move the months, the map's own fragment draws them.
    """
    now = view()
    followers = []
    if now.page == "map":
        by_itself = not (now.p or st.session_state.playing)
        follows = {
            "table": st.session_state.get("open_tab") == t("ui.tab_table", now.lang),
            "card": bool(now.u) or "rail" in fragments,
            "months": "rail" in fragments and by_itself,
        }
        followers = [name for name, does in follows.items() if does and name not in fragments]
    st.rerun([*fragments, *followers])


def redraw_map() -> None:
    """Last call of a callback that changes what the map shows, and nothing of the rail."""
    redraw("desk")


def redraw_map_and_rail() -> None:
    """Last call of a callback after which other filters appear or go."""
    redraw("rail", "desk")


def fly(bbox: tuple[float, float, float, float] | None) -> None:
    """Move the map to a box, or back to the whole province."""
    st.session_state.fly_to = bbox
    st.session_state.nonce += 1


def show(view: View) -> None:
    """Go to a view: its page, with all of its filters."""
    for name in _FIELDS:
        st.session_state[name] = _for_widget(getattr(view, name))
    fly(None)


def map_view() -> View:
    """The view as the map's page would show it."""
    return replace(view(), page="map", show="map", ti="")


def keep() -> None:
    """Remember the view; on a page with a map, the map writes it into the address bar."""
    st.session_state.kept = view()


def sync_address() -> None:
    """Remember the view and write it into the address bar, on a page without a map."""
    keep()
    wanted = address.to_address(st.session_state.kept, default())
    present = st.query_params.to_dict()
    for name in _FIELDS:
        if name in present and name not in wanted:
            del st.query_params[name]
        elif name in wanted and present.get(name) != wanted[name]:
            st.query_params[name] = wanted[name]


def reset() -> None:
    """Everything back to the defaults, but for the language."""
    first = replace(default(), lang=view().lang)
    for name in _FIELDS:
        st.session_state[name] = _for_widget(getattr(first, name))
    fly(None)


def switch_language() -> None:
    """Vietnamese to English or back."""
    put(lang="en" if view().lang == "vi" else "vi")


def language_switch() -> None:
    """The one switch between languages, at the foot of the rail."""
    lang = view().lang
    with st.sidebar:
        st.button(
            t("ui.language", lang),
            key="language_switch",
            on_click=switch_language,
            type="tertiary",
            icon=":material/translate:",
            help=t("ui.language_help", lang),
        )


def store() -> Store:
    """The store of this installation."""
    return open_store(settings.load().url)


def require_data() -> None:
    """Stop the page with an explanation where the store has nothing to show."""
    lang = view().lang
    try:
        store().active_boundaries(UnitSystem.CURRENT)
        today()
    except NotFoundError:
        st.info(f"**{t('ui.no_store_title', lang)}** \n\n{t('ui.no_store', lang)}")
        st.stop()


def today() -> date:
    """The day of the newest record, from which relative periods are counted."""
    return products.data_date(store())


def quiet(text: str) -> str:
    """Text with Markdown's signs made harmless."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-.!|$~:" else c for c in text)


def patience() -> AbstractContextManager[None]:
    """A word of patience around the first map after the data changed, while running sums are built."""
    version = store().version
    if version in _seen:
        return nullcontext()
    _seen.add(version)
    return st.spinner(t("ui.opening", view().lang))


_seen: set[int] = set()
