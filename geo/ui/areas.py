"""The page of priority areas: all of them on a map, the card of the chosen one, and what can be done with it."""

from __future__ import annotations

import html
from dataclasses import replace
from functools import partial

import geopandas as gpd
import numpy as np
import shapely
import streamlit as st

from geo.cartography.spec import MapSpec
from geo.products.answer import answer
from geo.products.programme.area_card import AreaCard, area_card
from geo.products.records.zone_files import KINDS_OF_FILE, zones_file
from geo.question import Areas
from geo.render.web import Look
from geo.schema import ZoneKind
from geo.text import Lang, t
from geo.ui import area_editor, area_history, blocks, exports, filters, map_component, projector, session, sketch
from geo.ui.downloads import Made
from geo.ui.guard import guarded
from geo.ui.session import View
from geo.ui.tabs import tabs
from geo.ui.working import working


def page() -> None:
    """Địa bàn."""
    filters.rail(units=False, per=False, extra=_kinds)
    if session.view().theme:
        projector.show()
    st.fragment(_desk, key="desk")()


def _kinds(view: View) -> None:
    st.multiselect(
        t("ui.zones", view.lang), list(ZoneKind), key="area_kinds", placeholder=t("ui.kinds_all", view.lang),
        format_func=lambda kind: t(f"map.zone_{kind}", view.lang), on_change=session.redraw_map,
    )  # fmt: skip


@guarded
def _desk() -> None:
    view = session.view()
    question = view.question
    assert isinstance(question, Areas)
    with working():
        spec = answer(session.snapshot(), question)
    session.showing(spec)
    with st.container(key="tools", horizontal=True, vertical_alignment="center"):
        blocks.name_of_page(t("ui.page_areas", view.lang))
        _files(view.lang)
        with st.container(width=150):
            exports.menu(session.current(), view.lang)
        projector.button(view.lang)
    projector.say(view.stands_in)
    left, right = blocks.pair(5, 2)
    with left:
        map_tab, table_tab = tabs()
        with map_tab, map_component.frame("map_small"):
            _map(spec, view)
        with table_tab:
            if table_tab.open:
                blocks.table(spec)
    with right, st.container(key="area_side"):
        _side(question, view.lang)
    session.keep()


def _map(spec: MapSpec, view: View) -> None:
    map_component.show(
        spec, _look(view), key="map_areas", on_place=_pick, on_drawn=partial(_drawn, lang=view.lang)
    )  # fmt: skip


def _look(view: View) -> Look:
    return replace(session.look(view, remember=True), drawing=sketch.drawing(view.lang))


def _drawn(said: dict[str, object], *, lang: Lang) -> None:
    sketch.drawn(said, lang)
    session.redraw_map()


def _pick(lon: float, lat: float) -> None:
    """A click chooses the smallest area it falls in, or the one whose mark it is on; beside all it closes the card."""
    zones = session.snapshot().zones
    kinds = session.view()["area_kinds"]
    zones = zones[zones["kind"].isin(kinds)] if kinds else zones
    inside = zones[zones.contains(shapely.Point(lon, lat))]
    if inside.empty:
        inside = _marked_at(zones, lon, lat)
    sizes = shapely.area(inside.geometry.to_numpy())
    session.put(area=str(inside["key"].iloc[int(sizes.argmin())]) if len(sizes) else "")
    session.redraw_map()


_MARK_DEG = 0.015
"""How far from an area a click may be, and how large the area, for the click to be on its mark: some 1.6 km."""


def _marked_at(zones: gpd.GeoDataFrame, lon: float, lat: float) -> gpd.GeoDataFrame:
    """The nearest small area, if there is one at the place."""
    boxes = zones.geometry.bounds
    small = zones[np.maximum(boxes["maxx"] - boxes["minx"], boxes["maxy"] - boxes["miny"]) < 2 * _MARK_DEG]
    far = shapely.distance(small.geometry.to_numpy(), shapely.Point(lon, lat))
    return small.iloc[[int(far.argmin())] if len(far) and far.min() <= _MARK_DEG else []]


def _files(lang: Lang) -> None:
    """All areas as files, and the way to bring such a file in."""
    with st.container(width=190), st.popover(t("areas.files", lang), icon=":material/swap_vert:", width="stretch"):
        for kind in KINDS_OF_FILE:
            what = partial(_made, kind, lang)
            blocks.download(t(f"areas.export_{kind}", lang), what, lang, key=f"areas_{kind}")
        blocks.link(t("areas.import", lang), session.link_to_page("imports"), wide=True)


def _made(kind: str, lang: Lang) -> Made:
    return Made(f"dia-ban-trong-diem.{kind}", lambda _step: zones_file(session.snapshot(), kind, lang))


def _side(question: Areas, lang: Lang) -> None:
    area_editor.say_saved(lang)
    if sketch.draft() is not None:
        area_editor.show(lang)
        return
    _choice(question, lang)
    card = area_card(session.snapshot(), question) if question.area else None
    if card is None:
        blocks.heading(t("areas.pick_title", lang), t("areas.pick_note", lang))
        return
    _card(card, lang)
    area_editor.deeds(card.key, lang)
    area_history.show(card.key, lang)


def _choice(question: Areas, lang: Lang) -> None:
    """The list of all areas, ended ones too, and a button for a new one."""
    kept = session.snapshot().zones_kept
    holding = set(session.snapshot().zones["key"])
    kinds = question.area_kinds or tuple(ZoneKind)
    names = {
        key: f"{name} · {t(f'map.zone_{kind}', lang)}"
        + ("" if key in holding else f" · {t('areas.not_holding', lang)}")
        for key, name, kind in zip(kept["key"], kept["name"], kept["kind"])
        if ZoneKind(kind) in kinds or key == question.area
    }
    order = sorted(names, key=lambda key: (key not in holding, names[key]))
    # A box of its own for each choice: one that was away while an area was drawn would come back with its old words.
    box, options = f"area_pick_{question.area}", ["", *order]
    chosen = question.area if question.area in names else ""
    st.selectbox(
        t("areas.pick", lang), options, index=options.index(chosen), key=box, on_change=_chosen, args=(box,),
        format_func=lambda key: names.get(key, t("areas.pick_none", lang)),
    )  # fmt: skip
    st.button(t("areas.new", lang), key="area_new", icon=":material/draw:", on_click=area_editor.start, width="stretch")


def _chosen(box: str) -> None:
    session.put(area=st.session_state[box])
    session.redraw_map()


def _card(card: AreaCard, lang: Lang) -> None:
    facts = "".join(f"<dt>{html.escape(caption)}</dt><dd>{html.escape(text)}</dd>" for caption, text in card.facts)
    st.html(
        f'<div class="antt-card"><h2>{html.escape(card.name)}</h2><div class="small">{html.escape(card.kind)}</div>'
        f'<dl class="antt-facts">{facts}</dl></div>'
    )
    st.button(t("ui.card_zoom", lang), key="area_zoom", on_click=_zoom, args=(card.bbox,), type="tertiary")
    if card.protected:
        st.caption(session.quiet(t("areas.protected", lang)))
    if card.inside:
        blocks.tiles(card.inside, stacked=True)
        st.caption(session.quiet(card.apart))
    if card.trend is not None:
        blocks.heading(t("ui.trend_title", lang, measure=card.trend.label), t("ui.card_trend", lang))
        blocks.trend_chart(card.trend, lang, height=140)
    if card.programme:
        blocks.heading(t("areas.programme", lang), card.of_communes)
        blocks.tiles(card.programme)


def _zoom(bbox: tuple[float, float, float, float]) -> None:
    session.fly(bbox)
    session.redraw_map()
