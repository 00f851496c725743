"""The script Streamlit runs for every visit: style, menu, language, then the page."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from geo import settings
from geo.question.address import OFF_MENU, PAGES
from geo.settings import PACKAGE, ROOT
from geo.text import t
from geo.ui import session, style
from geo.ui.guard import guarded

_FOLDER = ROOT / "pages"
_ICON = PACKAGE / "render" / "browser" / "icon.svg"


def _menu() -> None:
    """One button per page of the section one is in, and one for each other section.

    Pages share one address and differ by a parameter: with Streamlit's own page addresses the browser looks for the
    server below each of them, and logs an error when it is not there.
    """
    view = session.view()
    marks = [settings.load().marking, t("map.demo_mark", view.lang) if session.snapshot().is_demo else ""]
    here = PAGES[view.page]
    with st.sidebar, st.container(key="menu"):
        st.caption(session.quiet(" · ".join(mark for mark in marks if mark)))
        for section in dict.fromkeys(PAGES.values()):
            pages = [p for p, belongs in PAGES.items() if belongs == section and p not in OFF_MENU]
            if section != here:
                _entry(t(f"ui.section_{section}", view.lang), pages[0], f"section_{section}", chosen=False)
                continue
            st.caption(t(f"ui.section_{section}", view.lang))
            for name in pages:
                _entry(t(f"ui.page_{name}", view.lang), name, f"page_{name}", chosen=name == view.page)


def _entry(label: str, page: str, key: str, *, chosen: bool) -> None:
    kind: Literal["secondary", "tertiary"] = "secondary" if chosen else "tertiary"
    st.button(label, key=key, on_click=session.put, kwargs={"page": page}, type=kind, width="stretch")


@guarded
def _page() -> None:
    name = session.view().page
    section = PAGES[name]
    if section != "data":
        session.require_data()
    page = st.Page(_FOLDER / section / f"{name}.py", default=True)
    st.navigation([page], position="hidden").run()


def main() -> None:
    """Run the page that the menu points to."""
    st.set_page_config(page_title="Bản đồ ANTT", page_icon=str(_ICON), layout="wide")
    session.begin()
    style.page(session.view().lang)
    with session.patience("data"):
        session.snapshot()
    _menu()
    session.language_switch()
    _page()


main()
