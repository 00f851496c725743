"""The tabs above a map: the map, its table, and its chart where it has one. The open one is part of the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo.text import t
from geo.ui import session


def tabs(*, chart: bool = False) -> Sequence[Any]:
    """Draw them; only the open one need be filled."""
    view = session.view()
    names = {"": t("ui.tab_map", view.lang), "table": t("ui.tab_table", view.lang)}
    if chart:
        names["chart"] = t("briefing.show_chart", view.lang)
    if view["tab"] not in names:  # of a link to a page with other tabs
        session.put(tab="")
    st.session_state.open_tab = names.get(view["tab"], names[""])

    def chosen() -> None:
        session.put(tab=next((name for name, label in names.items() if label == st.session_state.open_tab), ""))

    return st.tabs(list(names.values()), key="open_tab", on_change=chosen)
