"""The script Streamlit runs for every visit: style, menu, language, then the page."""

from __future__ import annotations

import streamlit as st

from geo.question import address
from geo.question.address import PAGES
from geo.settings import PACKAGE
from geo.text import t
from geo.ui import menu, pages, session, style

_ICON = PACKAGE / "render" / "browser" / "icon.svg"


def main() -> None:
    """Run the page that the address names."""
    # Streamlit wants a page of a bare address; there is no link to it, for such a link would have no address.
    known = [st.Page(_nowhere, default=True), *(st.Page(_nowhere, title=name, url_path=name) for name in PAGES)]
    session.begin(st.navigation(known, position="hidden").url_path or address.FIRST)
    view = session.view()
    title = f"{t(f'ui.page_{view.page}', view.lang)} · Bản đồ ANTT"  # type: ignore[arg-type]
    st.set_page_config(page_title=title, page_icon=str(_ICON), layout="wide")
    style.page(session.view().lang)
    with session.patience("data"):
        session.snapshot()
    menu.draw()
    menu.foot()
    pages.run(session.view().page)


def _nowhere() -> None:
    """Streamlit's idea of a page: an address; what stands there is for this script to run."""


main()
