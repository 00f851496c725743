"""The page before and after: what was done and where on the left, the areas on the map, the figures beside it."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date

import streamlit as st

from geo.products.analyses.before_after import Compared, before_after
from geo.products.analyses.dens import PICK_M, Den, campaign_month, clearing_months, den_at, dens_of
from geo.question import BeforeAfter
from geo.question.types import RADII_M, WINDOWS
from geo.render.web import Look
from geo.text import Lang, day, month, number, t
from geo.ui import analysis_layout, blocks, filters, map_component, projector, session
from geo.ui.guard import guarded
from geo.ui.session import View


def page() -> None:
    """Trước và sau."""
    filters.rail(units=False, per=False, when=False, extra=_options)
    if session.view().theme:
        projector.show()
    st.fragment(_desk, key="desk")()


def _month_chosen() -> None:
    session.put(cleared_den="", cleared_units=())
    session.redraw_map_and_rail()


def _options(view: View) -> None:
    """Where, when, how far, how long, and against what."""
    lang = view.lang
    st.segmented_control(
        t("before_after.by", lang), ["unit", "den"], key="cleared_by", required=True, width="stretch",
        format_func=lambda by: t(f"before_after.by_{by}", lang), on_change=session.redraw_map_and_rail,
    )  # fmt: skip
    months = clearing_months(session.snapshot(), view["days"])
    said = {key: _month_words(key, int(n), lang) for key, n in months.items()}
    if view["cleared_month"] not in said:
        session.put(cleared_month="")  # of a link, or too close to the end for more days
    st.selectbox(
        t("before_after.pick_month", lang), ["", *reversed(said)], key="cleared_month", on_change=_month_chosen,
        format_func=lambda key: said.get(key, t("before_after.month_most", lang)),
    )  # fmt: skip
    if view["cleared_by"] == "den":
        _den_options(
            view,
            view["cleared_month"]
            if view["cleared_month"] in said
            else campaign_month(session.snapshot(), view["days"]),
        )
    else:
        _communes("cleared_units", t("before_after.pick_units", lang), t("before_after.units_auto", lang))
    _communes("control_units", t("before_after.pick_control", lang), t("before_after.control_auto", lang))
    st.segmented_control(
        t("before_after.window", lang), WINDOWS, key="days", required=True, width="stretch",
        on_change=session.redraw_map_and_rail,
    )  # fmt: skip
    st.toggle(t("before_after.with_ring", lang), key="ring", on_change=session.redraw_map)


def _month_words(key: str, n: int, lang: Lang) -> str:
    first = date.fromisoformat(f"{key}-01")
    return t("before_after.month_option", lang, month=month(first, lang), n=number(n, lang))


def _den_options(view: View, chosen: str) -> None:
    lang = view.lang
    dens = dens_of(session.snapshot(), chosen) if chosen else []
    said = {den.key: _den_words(den, lang) for den in dens}
    if view["cleared_den"] not in said:
        session.put(cleared_den="")
    st.selectbox(
        t("before_after.pick_den", lang), ["", *said], key="cleared_den", on_change=session.redraw_map,
        format_func=lambda key: said.get(key, t("before_after.den_first", lang)),
    )  # fmt: skip
    st.segmented_control(
        t("before_after.clicks", lang), ["den", "control"], key="clicks", required=True, default="den",
        width="stretch", format_func=lambda what: t(f"before_after.clicks_{what}", lang),
        on_change=session.redraw_map,
    )  # fmt: skip
    st.segmented_control(
        t("before_after.radius", lang), RADII_M, key="radius_m", required=True, width="stretch",
        format_func=lambda m: f"{number(m, lang)} m", on_change=session.redraw_map,
    )  # fmt: skip


def _den_words(den: Den, lang: Lang) -> str:
    name = session.snapshot().units()["name"][den.unit]
    kind = t(f"map.kind_{den.kind}", lang).lower()
    return t("before_after.den_option", lang, day=day(den.day, lang), unit=name, kind=kind)


def _communes(key: str, label: str, automatic: str) -> None:
    frame = session.snapshot().units().sort_values("name")
    names = {code: f"{name} ({kind})" for code, name, kind in zip(frame.index, frame["name"], frame["kind"])}
    session.put(**{key: [code for code in session.view()[key] if code in names]})
    st.multiselect(
        label, list(names), key=key, placeholder=automatic, on_change=session.redraw_map,
        format_func=lambda code: names.get(code, code),
    )  # fmt: skip


def _toggle_control(code: str) -> None:
    """A click on the map takes a commune into the control area, or out of it."""
    held = session.view()["control_units"]
    session.put(control_units=tuple(c for c in held if c != code) if code in held else (*held, code))
    session.redraw_map_and_rail()


def _pick_den(lon: float, lat: float) -> None:
    """A click on the map chooses the den nearest to it, if one is near enough; either way the page says so."""
    view = session.view()
    chosen = view["cleared_month"] or campaign_month(session.snapshot(), view["days"])
    found = den_at(session.snapshot(), chosen, lon, lat)
    st.session_state.den_said = (chosen, found)
    if found:
        session.put(cleared_den=found[0].key)
    session.redraw_map_and_rail()


def _answer(lang: Lang) -> str:
    """What became of the last click for a den; said once."""
    said = st.session_state.pop("den_said", None)
    if not said:
        return ""
    month_key, found = said
    if found is None:
        when = month(date.fromisoformat(f"{month_key}-01"), lang)
        return t("before_after.den_none", lang, km=number(PICK_M / 1_000, lang), month=when)
    return t("before_after.den_near", lang, m=number(found[1], lang), den=_den_words(found[0], lang))


def _look(view: View, found: Compared) -> Look:
    """The map flies to a circle when another is chosen, and back where the areas are communes."""
    look = session.look(view, remember=False)
    where = zlib.crc32(repr(found.bbox).encode()) & 0xFFFF
    return replace(look, fly_to=found.bbox, nonce=where)


@guarded
def _desk() -> None:
    view = session.view()
    question = view.question
    assert isinstance(question, BeforeAfter)
    with session.patience():
        found = before_after(session.snapshot(), question)

    def draw() -> None:
        left, right = blocks.pair(7, 2)
        with left, map_component.frame("map_small"):
            picks = view["cleared_by"] == "den" and st.session_state.get("clicks", "den") == "den"
            map_component.show(
                found.spec, _look(view, found), key="map_small", on_click=_toggle_control,
                on_place=_pick_den if picks else None,
            )  # fmt: skip
        with right:
            blocks.tiles(found.spec.figures, stacked=True)
            if answer := _answer(view.lang):
                st.info(session.quiet(answer))
            st.caption(session.quiet(t("before_after.caution", view.lang)))

    analysis_layout.show("before_after", found.spec, draw)
