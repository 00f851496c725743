"""Drawing, changing, dividing and ending a priority area: the form beside the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

import streamlit as st

from geo.errors import AnttError
from geo.ingest.checking.validate import Checked
from geo.products.records.zone_shapes import BELT_M, RADIUS_M, along_border, around, of_communes, place_of
from geo.products.records.zones import Saved, Sketch, divide, finish, save, sketch_of
from geo.schema import PROTECTED_ZONES, ZoneKind
from geo.text import Lang, t
from geo.ui import area_history, blocks, session, sketch

_WAYS = ("polygon", "circle", "typed", "communes", "belt")
_FIELDS = ("name", "kind", "since", "until", "source", "decision")


def start() -> None:
    """Begin a new area."""
    _fill(None)
    sketch.begin("new")
    st.session_state.area_way = "polygon"
    _way_chosen()


def _fill(area: Sketch | None) -> None:
    """What the form says at first."""
    given = {name: getattr(area, name) for name in _FIELDS} if area else {"since": date.today()}
    for name in _FIELDS:
        st.session_state[f"area_{name}"] = given.get(name, None if name in ("since", "until", "kind") else "")
    for name in [key for key in st.session_state if str(key).startswith("area_part_")]:
        del st.session_state[name]
    st.session_state.area_checked, st.session_state.area_names = None, False


def _take(mode: Literal["edit", "divide"], key: str) -> None:
    area = sketch_of(session.snapshot(), key)
    _fill(area)
    sketch.begin(mode, key=key, shape=area.shape, batch=area.batch)
    session.redraw_map()


def deeds(key: str, lang: Lang) -> None:
    """What can be done with the area whose card is open."""
    zones = session.snapshot().zones_kept.set_index("key")
    if zones.loc[key, "divided"]:
        return
    with st.container(horizontal=True):
        st.button(
            t("areas.change", lang), key="area_change", on_click=_take, args=("edit", key), icon=":material/edit:"
        )
        st.button(
            t("areas.divide", lang),
            key="area_divide",
            on_click=_take,
            args=("divide", key),
            icon=":material/content_cut:",
        )
    if key in set(session.snapshot().zones["key"]):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.date_input(t("areas.last_day", lang), key="area_end_day", format="DD/MM/YYYY")
            st.button(t("areas.finish", lang), key="area_finish", on_click=_finish, args=(key, lang))


def _finish(key: str, lang: Lang) -> None:
    until = st.session_state.area_end_day
    _done(finish(session.store(), key, until, lang, who=t("imports.web_user", lang)))


def show(lang: Lang) -> None:
    """The form of the area in hand."""
    held = sketch.draft()
    assert held is not None
    blocks.heading(t(f"areas.form_{held.mode}", lang), t(f"areas.form_{held.mode}_note", lang))
    if held.mode == "new":
        _ways(lang)
    if held.problem:
        st.warning(session.quiet(held.problem))
    if held.mode == "divide":
        _parts(held, lang)
    else:
        _facts(lang)
    _wrong(lang)
    ready = bool(held.parts) if held.mode == "divide" else held.shape is not None
    with st.container(horizontal=True):
        st.button(
            t("areas.save", lang), key="area_save", on_click=_save, args=(lang,), type="primary", disabled=not ready
        )
        st.button(t("areas.cancel", lang), key="area_cancel", on_click=_cancel)


def _ways(lang: Lang) -> None:
    """How the shape is given: by hand, or without a mouse."""
    st.segmented_control(
        t("areas.way", lang), _WAYS, key="area_way", required=True, on_change=_way_chosen,
        format_func=lambda way: t(f"areas.way_{way}", lang),
    )  # fmt: skip
    least, most = RADIUS_M
    match st.session_state.get("area_way"):
        case "typed":
            st.text_input(t("areas.place", lang), key="area_place", placeholder="10.3711, 105.4323")
            st.number_input(t("ingest.field_radius", lang), least, most, 500, key="area_radius")
            st.button(t("areas.put", lang), key="area_put", on_click=_put, args=(lang,))
        case "communes":
            frame = session.snapshot().units().sort_values("name")
            names = {code: f"{name} ({kind})" for code, name, kind in zip(frame.index, frame["name"], frame["kind"])}
            st.multiselect(
                t("ui.units", lang), list(names), key="area_communes", placeholder=t("areas.pick_communes", lang),
                format_func=lambda code: names.get(code, code),
            )  # fmt: skip
            st.button(t("areas.put", lang), key="area_put", on_click=_put, args=(lang,))
        case "belt":
            st.number_input(t("areas.belt", lang), least, most, BELT_M, 100, key="area_belt")
            st.button(t("areas.put", lang), key="area_put", on_click=_put, args=(lang,))


def _way_chosen() -> None:
    way = st.session_state.area_way
    sketch.set_draft(tool=way if way in ("polygon", "circle") else "", shape=None, circle=None)
    session.redraw_map()


def _put(lang: Lang) -> None:
    """The shape that the form describes, on the map."""
    held = st.session_state
    try:
        match held.area_way:
            case "typed":
                circle = (*place_of(held.area_place), float(held.area_radius))
                sketch.put(around(*circle), circle)
            case "communes":
                sketch.put(of_communes(session.snapshot(), held.area_communes))
            case _:
                sketch.put(along_border(session.snapshot(), float(held.area_belt)))
                if held.area_kind is None:
                    held.area_kind = ZoneKind.BORDER
    except AnttError as error:
        sketch.set_draft(problem=error.message(lang))
    session.redraw_map()


def _facts(lang: Lang) -> None:
    st.text_input(t("ingest.field_name", lang), key="area_name", help=t("ingest.help_name", lang))
    kind = st.selectbox(
        t("programme.column_kind", lang), list(ZoneKind), key="area_kind", index=None,
        placeholder=t("areas.pick_kind", lang), format_func=lambda kind: t(f"map.zone_{kind}", lang),
    )  # fmt: skip
    if kind in PROTECTED_ZONES:
        st.caption(session.quiet(t("ingest.help_zone_context", lang)))
    for name in ("since", "until"):
        st.date_input(t(f"ingest.field_{name}", lang), key=f"area_{name}", value=None, format="DD/MM/YYYY")
    st.text_input(
        t("ingest.field_source", lang),
        key="area_source",
        placeholder="Công an tỉnh",
        help=t("ingest.help_source", lang),
    )
    st.text_input(
        t("ingest.field_decision", lang), key="area_decision", placeholder="123/QĐ-UBND",
        help=t("ingest.help_decision", lang),
    )  # fmt: skip


def _parts(held: sketch.Draft, lang: Lang) -> None:
    """A name for each piece, the largest first."""
    if not held.parts:
        return
    name = sketch_of(session.snapshot(), held.key).name
    for n in range(len(held.parts)):
        st.session_state.setdefault(f"area_part_{n}", f"{name} {chr(ord('A') + n)}")
        st.text_input(t("areas.part", lang, n=n + 1), key=f"area_part_{n}")


def _sketches(held: sketch.Draft) -> Sequence[Sketch]:
    if held.mode == "divide":
        whole = sketch_of(session.snapshot(), held.key)
        return [
            replace(whole, key="", batch=None, name=st.session_state[f"area_part_{n}"], shape=part, since=date.today())
            for n, part in enumerate(held.parts)
        ]
    said = {name: st.session_state[f"area_{name}"] for name in _FIELDS}
    said |= {name: said[name] or "" for name in ("name", "source", "decision")}
    return [Sketch(**said, shape=held.shape, key=held.key, batch=held.batch)]


def _save(lang: Lang) -> None:
    held = sketch.draft()
    assert held is not None
    if held.mode != "divide" and st.session_state.area_kind is None:
        sketch.set_draft(problem=t("areas.no_kind", lang))
        session.redraw_map()
        return
    options = {"who": t("imports.web_user", lang), "names_confirmed": st.session_state.area_names}
    try:
        if held.mode == "divide":
            found = divide(session.store(), held.key, _sketches(held), lang, batch=held.batch, **options)
        else:
            found = save(session.store(), _sketches(held), lang, **options)
    except AnttError as error:
        sketch.set_draft(problem=error.message(lang))
        session.redraw_map()
        return
    _done(found)


def _done(found: Saved | Checked) -> None:
    if isinstance(found, Saved):
        sketch.let_go()
        st.session_state.area_checked = None
        st.session_state.area_said = ("saved", found.batch)
        session.put(area=found.keys[0])
    else:
        st.session_state.area_checked = found
    session.redraw_map()


def _wrong(lang: Lang) -> None:
    """What the last try to save met."""
    found: Checked | None = st.session_state.get("area_checked")
    if found is None:
        return
    for problem in found.problems.itertuples(index=False):
        st.warning(f"**{session.quiet(problem.problem)}** {session.quiet(problem.advice)}", icon=":material/error:")
    if set(found.problems["key"]) == {"name_asked"}:
        st.caption(session.quiet(t("imports.names_note", lang)))
        st.button(t("imports.names_confirm", lang), key="area_confirm", on_click=_confirm, args=(lang,))


def _confirm(lang: Lang) -> None:
    st.session_state.area_names = True
    _save(lang)


def _cancel() -> None:
    sketch.let_go()
    st.session_state.area_checked = None
    session.redraw_map()


def say_saved(lang: Lang) -> None:
    """What became of the last save, and a way back from it."""
    if (said := st.session_state.get("area_said")) is None:
        return
    what, batch = said
    st.success(t(f"areas.said_{what}", lang, batch=batch))
    del st.session_state["area_said"]
    if what == "saved" and sketch.draft() is None:
        st.button(
            t("imports.undo", lang), key="area_back", icon=":material/undo:", on_click=area_history.take_back,
            args=(batch, lang),
        )  # fmt: skip
