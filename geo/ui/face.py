"""The map component: a folium map that stays, and the change sent into it."""

from __future__ import annotations

from collections.abc import Callable

import folium
import streamlit as st
from streamlit_folium import st_folium

from geo.cartography.spec import MapSpec
from geo.render import web


@st.cache_data(show_spinner=False)
def _base() -> folium.Map:
    # A copy per call: st_folium adds the change to the very map it is given.
    return web.base_map()


def show(spec: MapSpec, look: web.Look, *, key: str, on_click: Callable[[str], None] | None = None) -> None:
    """Put a map on the page; its height comes from the style sheet of the container `key`.

    Parameters
    ----------
    spec : MapSpec
    look : Look
    key : str
        Names the container and the component; one per page.
    on_click : callable, optional
        Called with the code of the commune that was clicked.
    """

    def clicked() -> None:
        value = st.session_state.get(f"{key}_face") or {}
        if on_click and isinstance(value.get("unit"), str):
            on_click(value["unit"])

    with st.container(key=key):
        st_folium(
            _base(),
            key=f"{key}_face",
            height=600,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=web.change(spec, look),
            on_change=clicked if on_click else None,
        )
