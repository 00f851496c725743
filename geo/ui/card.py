"""The card of one commune, beside the map."""

from __future__ import annotations

import html

import streamlit as st

from geo.products.situation.commune_card import unit_card
from geo.text import t
from geo.ui import blocks, session
from geo.ui.guard import guarded


def _close() -> None:
    session.put(commune="")
    session.redraw("desk", "card")


def _zoom(bbox: tuple[float, float, float, float]) -> None:
    session.fly(bbox)
    session.redraw("desk")


@guarded
def show() -> None:
    """Draw the card of the commune that is open, if one is."""
    view = session.view()
    if not view.commune or view.theme:
        return
    card = unit_card(session.snapshot(), view.commune, view.question.reading, view.lang)
    if card is None:
        return
    with st.container(key="card"):
        with st.container(horizontal=True):
            st.button(t("ui.card_zoom", view.lang), key="card_zoom", on_click=_zoom, args=(card.bbox,), type="tertiary")
            st.button(t("ui.card_close", view.lang), key="card_close", on_click=_close, type="tertiary")
        st.html(f'<div class="antt-card"><h2>{html.escape(card.title)}</h2></div>')
        blocks.tiles(card.figures, stacked=True)
        blocks.heading(t("ui.trend_title", view.lang, measure=card.trend.label), t("ui.card_trend", view.lang))
        blocks.trend_chart(card.trend, view.lang, height=150)
        if not card.origins:
            return
        rows = "".join(f"<li>{html.escape(line)}</li>" for line in card.origins)
        title = html.escape(card.origins_title)
        st.html(f'<div class="antt-card"><div class="antt-title">{title}</div><ul>{rows}</ul></div>')
