"""The script Streamlit runs for every visit: style, menu, language, then the page."""

from __future__ import annotations

import streamlit as st

from geo.settings import ROOT
from geo.text import t
from geo.ui import session, state, style
from geo.ui.guard import guarded

_PAGES = ROOT / "pages"
_ICON = ROOT / "geo" / "render" / "browser" / "icon.svg"


def _menu() -> None:
    """One button per page. Pages share one address and differ by a parameter: Streamlit's own page addresses make the
    browser look for the server below each of them, and log an error when it is not there.
    """
    view = session.view()
    with st.sidebar, st.container(key="menu"):
        section = ""
        for name, belongs in state.PAGES.items():
            if belongs != section:
                section = belongs
                st.caption(t(f"ui.section_{section}", view.lang))
            st.button(
                t(f"ui.page_{name}", view.lang),
                key=f"page_{name}",
                on_click=session.put,
                kwargs={"page": name},
                type="secondary" if view.page == name else "tertiary",
                width="stretch",
            )


@guarded
def _page() -> None:
    name = session.view().page
    section = state.PAGES[name]
    if section != "data":
        session.require_data()
    page = st.Page(_PAGES / section / f"{name}.py", default=True)
    st.navigation([page], position="hidden").run()


def main() -> None:
    """Run the page that the menu points to."""
    st.set_page_config(page_title="Bản đồ ANTT", page_icon=str(_ICON), layout="wide")
    session.begin()
    style.page(session.view().lang)
    _menu()
    session.language_switch()
    _page()


main()
