"""The script Streamlit runs for every visit: style, menu, language, then the page."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from geo.errors import AnttError
from geo.settings import ROOT
from geo.text import t
from geo.ui import session, style

log = logging.getLogger("geo.ui")
_PAGES = ROOT / "pages"
_ICON = ROOT / "geo" / "render" / "browser" / "icon.svg"


def _menu() -> st.Page:
    lang = session.view().lang
    page = {
        name: st.Page(_PAGES / "situation" / f"{name}.py", title=t(f"ui.page_{name}", lang), url_path=name, default=first)
        for name, first in (("map", True), ("overview", False))
    }
    order = {t("ui.section_situation", lang): [page["overview"], page["map"]]}
    return st.navigation(order, position="sidebar", expanded=True)


def main() -> None:
    """Run the page; an error becomes a message with a code that also stands in the log."""
    st.set_page_config(page_title="Bản đồ ANTT", page_icon=str(_ICON), layout="wide")
    session.begin()
    style.apply(session.view())
    chosen = _menu()
    session.language_switch()
    try:
        session.require_data()
        chosen.run()
    except AnttError as error:
        st.warning(f"**{t('ui.failed_title', session.view().lang)}** \n\n{error.message(session.view().lang)}")
    except Exception:
        code = secrets.token_hex(3)
        log.exception("page failed, code %s", code)
        st.error(f"**{t('ui.failed_title', session.view().lang)}** \n\n{t('ui.failed', session.view().lang, code=code)}")


main()
