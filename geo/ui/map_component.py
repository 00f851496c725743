"""The map component: a folium map that stays, and the change sent into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit_folium import st_folium

from geo.cartography.spec import MapSpec
from geo.render import web


@st.cache_data(show_spinner=False)
def _base(*, drawing: bool) -> web.Map:
    # A copy per call: st_folium adds the change to the very map it is given.
    return web.settled_map(drawing=drawing)


def frame(key: str) -> DeltaGenerator:
    """The container a map is shown in; the style sheet gives it its height by this name."""
    return st.container(key=key)


def show(
    spec: MapSpec,
    look: web.Look,
    *,
    key: str,
    on_click: Callable[[str], None] | None = None,
    on_place: Callable[[float, float], None] | None = None,
    on_drawn: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Put a map on the page, inside the `frame` of its name.

    Parameters
    ----------
    spec : MapSpec
    look : Look
    key : str
        Names the component and its frame; one per page.
    on_click : callable, optional
        Called with the code of the commune that was clicked.
    on_place : callable, optional
        Called instead with longitude and latitude of the click, wherever it falls.
    on_drawn : callable, optional
        Makes it a map to draw on; called with what was drawn or changed in the present turn of `look.drawing`.
    """

    def clicked() -> None:
        value = st.session_state.get(f"{key}_face") or {}
        if on_drawn and isinstance(drawn := value.get("drawn"), dict):
            if look.drawing is not None and value.get("turn") == look.drawing.turn:
                on_drawn(drawn)
        elif on_place and isinstance(value.get("lon"), int | float) and isinstance(value.get("lat"), int | float):
            on_place(float(value["lon"]), float(value["lat"]))
        elif on_click and isinstance(value.get("unit"), str):
            on_click(value["unit"])

    st_folium(
        _base(drawing=on_drawn is not None),
        key=f"{key}_face",
        height=600,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=web.change(spec, replace(look, places=on_place is not None)),
        render=False,
        on_change=clicked if on_click or on_place or on_drawn else None,
    )
