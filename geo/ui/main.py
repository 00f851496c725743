"""The script Streamlit runs for every visit: style, menu, language, then the page."""

from __future__ import annotations

import html
from functools import lru_cache
from pathlib import Path
from types import CodeType

import streamlit as st

from geo import settings
from geo.question import address
from geo.question.address import OFF_MENU, PAGES
from geo.settings import PACKAGE, ROOT
from geo.text import t
from geo.ui import session, style
from geo.ui.guard import guarded

_FOLDER = ROOT / "pages"
_ICON = PACKAGE / "render" / "browser" / "icon.svg"
# What a link to another page does not carry along.
_LEFT_BEHIND = ("theme", "slide", "tab", "show", "title")


def _menu() -> None:
    """A link to each page of the section one is in, and one to each other section. Links carry the view along."""
    view = session.view()
    marks = [settings.load().marking, t("map.demo_mark", view.lang) if session.snapshot().is_demo else ""]
    here = PAGES[view.page]
    lines = []
    for section in dict.fromkeys(PAGES.values()):
        pages = [p for p, belongs in PAGES.items() if belongs == section and p not in OFF_MENU]
        label = t(f"ui.section_{section}", view.lang)
        if section != here:
            lines.append(_link(label, pages[0], "section"))
            continue
        lines.append(f"<p>{html.escape(label)}</p>")
        lines += [_link(t(f"ui.page_{name}", view.lang), name, "page") for name in pages]
    with st.sidebar, st.container(key="menu"):
        st.caption(session.quiet(" · ".join(mark for mark in marks if mark)))
        st.html(f'<nav class="antt-menu">{"".join(lines)}</nav>')


def _link(label: str, page: str, kind: str) -> str:
    view = session.view()
    names = " ".join(sorted(address.SHORT[name] for name in address.covered(page).difference(("page", *_LEFT_BEHIND))))
    left = {name: session.default()[name] for name in _LEFT_BEHIND}
    to = html.escape(session.link_to_page(page, **left))
    chosen = ' aria-current="page"' if page == view.page else ""
    return f'<a class="{kind}" href="{to}" data-antt-go data-antt-names="{names}"{chosen}>{html.escape(label)}</a>'


@guarded
def _page(name: str) -> None:
    """Run the file of a page as part of this script, so that what two pages share stays on the screen between them."""
    section = PAGES[name]
    if section != "data":
        session.require_data()
    exec(_code(_FOLDER / section / f"{name}.py"), {"__name__": "__main__"})


@lru_cache
def _code(path: Path) -> CodeType:
    return compile(path.read_text("utf-8"), path, "exec")


def main() -> None:
    """Run the page that the address names."""
    # Streamlit wants a page of a bare address; there is no link to it, for such a link would have no address.
    pages = [st.Page(_nowhere, default=True), *(st.Page(_nowhere, title=name, url_path=name) for name in PAGES)]
    session.begin(st.navigation(pages, position="hidden").url_path or address.FIRST)
    view = session.view()
    title = f"{t(f'ui.page_{view.page}', view.lang)} · Bản đồ ANTT"  # type: ignore[arg-type]
    st.set_page_config(page_title=title, page_icon=str(_ICON), layout="wide")
    style.page(session.view().lang)
    with session.patience("data"):
        session.snapshot()
    _menu()
    session.foot()
    _page(session.view().page)


def _nowhere() -> None:
    """Streamlit's idea of a page: an address; what stands there is for this script to run."""


main()
