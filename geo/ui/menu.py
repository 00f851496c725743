"""The menu at the head of the rail, and what stands at its foot."""

from __future__ import annotations

import html

import streamlit as st

from geo import settings
from geo.question import address
from geo.question.address import OFF_MENU, PAGES
from geo.text import t
from geo.ui import session

# What a link to another page does not carry along.
_LEFT_BEHIND = ("theme", "slide", "tab", "show", "title")


def draw() -> None:
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


def foot() -> None:
    """What stands at the foot of the rail of every page: the switch between languages, and the link to this view."""
    lang = session.view().lang
    with st.sidebar, st.container(key="foot", horizontal=True, gap="small"):
        st.button(
            t("ui.language", lang),
            key="language_switch",
            on_click=session.switch_language,
            type="tertiary",
            icon=":material/translate:",
            help=t("ui.language_help", lang),
        )
        said, label = html.escape(t("ui.link_copied", lang)), html.escape(t("ui.link_copy", lang))
        st.html(f'<button type="button" class="antt-copy" data-antt-copy="{said}">{label}</button>')
