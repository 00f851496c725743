"""Bản tin: the briefings kept here, the slides of one, and what can be made of it."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from geo.errors import AnttError, InputError
from geo.products.documents import briefings
from geo.products.documents.briefings import Briefing
from geo.products.documents.files import export_all
from geo.question import altered, codec
from geo.question.types import SHOWS, AnyQuestion
from geo.text import Lang, t
from geo.ui import blocks, session
from geo.ui.downloads import Made, Step
from geo.ui.guard import guarded


def page() -> None:
    """The whole page."""
    st.fragment(_desk, key="desk")()


@guarded
def _desk() -> None:
    lang = session.view().lang
    if name := st.session_state.pop("briefing_to_open", ""):
        session.put(briefing=name)
    kept = dict(briefings.listed())
    name = session.view().briefing if session.view().briefing in kept else next(iter(kept))
    session.put(briefing=name)  # in this very run, or the box goes on showing the one before
    briefing = briefings.load(name, session.today())
    left, right = st.columns([2, 3], gap="large")
    with left:
        _chosen(kept, name, briefing, lang)
        _made(briefing, lang)
        _kept(name, lang)
        _undo_list(lang)
    with right:
        _slides(name, briefing, lang)
    session.keep()


def _chosen(kept: dict[str, str], name: str, briefing: Briefing, lang: Lang) -> None:
    label = t("briefing.which", lang)
    st.selectbox(label, list(kept), key="briefing", format_func=lambda n: kept.get(n, n), on_change=session.redraw_map)
    if st.session_state.get("briefing_title_of") != name or "briefing_title" not in st.session_state:
        st.session_state.update(
            briefing_title_of=name, briefing_title=briefing.title, briefing_ratio=briefing.ratio,
            briefing_numbers=briefing.numbers, briefing_public=briefing.public, briefing_lang=briefing.lang,
        )  # fmt: skip
    st.text_input(t("briefing.title", lang), key="briefing_title", max_chars=80, on_change=_renamed)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            t("briefing.ratio", lang), ["16:9", "4:3"], key="briefing_ratio", required=True, on_change=_changed,
            args=("ratio",),
        )  # fmt: skip
        st.segmented_control(
            t("briefing.lang", lang), ["vi", "en"], key="briefing_lang", required=True, on_change=_changed,
            args=("lang",),
            format_func=lambda code: {"vi": "Tiếng Việt", "en": "English"}[code],
        )  # fmt: skip
    st.toggle(t("briefing.numbers", lang), key="briefing_numbers", on_change=_changed, args=("numbers",))
    about = t("briefing.public_help", lang)
    st.toggle(t("briefing.public", lang), key="briefing_public", on_change=_changed, args=("public",), help=about)


def _made(briefing: Briefing, lang: Lang) -> None:
    """What can be made of it."""
    empty = not briefing.slides
    theme = session.view().theme or "projector"
    to = session.link_to_page("present", briefing=session.view().briefing, slide="1", theme=theme)
    blocks.link(t("briefing.present", lang), to, primary=True, wide=True, disabled=empty)
    with st.container(horizontal=True):
        for kind in ("pptx", "pdf"):
            what = partial(_file, briefing, kind)
            label = t(f"briefing.export_{kind}", lang)
            blocks.download(label, what, lang, key=f"briefing_{kind}", disabled=empty, wide=False)
        note = t("briefing.yaml_help", lang)
        blocks.download("YAML", partial(_text, briefing), lang, key="briefing_yaml", note=note, wide=False)


def _file(briefing: Briefing, kind: str) -> Made:
    def make(step: Step) -> bytes:
        specs = briefings.maps(session.snapshot(), briefing)
        size = briefing.ratio if kind == "pptx" else ""
        return export_all(specs, kind, size=size, title=briefing.title, numbers=briefing.numbers, step=step)

    return Made(f"{briefing.name}.{kind}", make, of=briefing, long=True)


def _text(briefing: Briefing) -> Made:
    return Made(f"{briefing.name}.yaml", lambda _step: briefings.dump(briefing).encode())


def _kept(name: str, lang: Lang) -> None:
    """New, delete, and bring in from a file."""
    with st.container(horizontal=True):
        st.button(t("briefing.new", lang), key="briefing_new", icon=":material/add:", on_click=_new)
        if briefings.is_own(name):
            label = t("briefing.remove", lang)
            st.button(label, key="briefing_remove", icon=":material/delete:", on_click=_remove, args=(name,))
    found = st.file_uploader(t("briefing.upload", lang), type=["yaml", "yml"], key="briefing_file", max_upload_size=1)
    if found is not None and st.session_state.get("briefing_read") != found.file_id:
        st.session_state.briefing_read = found.file_id
        try:
            read = briefings.parse(found.getvalue().decode("utf-8"), session.today())
            st.session_state.briefing_to_open = briefings.save(read)
        except UnicodeDecodeError as error:
            raise InputError("briefing.not_yaml", detail=error.reason) from error
        st.rerun(scope="app")


def _slides(name: str, briefing: Briefing, lang: Lang) -> None:
    if not briefing.slides:
        st.info(t("briefing.empty", lang))
        return
    for number in range(len(briefing.slides)):
        with st.container(key=f"slide_{number}", horizontal=True, vertical_alignment="center"):
            title, below, failed = _said(briefing, number)
            mark = "failed" if failed else ""
            st.html(
                f'<div class="antt-slide-row {mark}"><span class="n">{number + 1}</span>'
                f"<div><b>{html.escape(title)}</b>"
                f"<p>{html.escape(below)}</p></div></div>"
            )
            args = (name, number, briefing.slides[number])
            _edit(name, number, briefing.slides[number])
            question = altered(briefing.slides[number], lang=lang, show="map", title="")
            blocks.link(t("briefing.open", lang), session.link_to(question, briefing=name), icon="open")
            for action, icon, call in (
                ("up", "arrow_upward", _up), ("down", "arrow_downward", _down), ("drop", "close", _drop),
            ):  # fmt: skip
                st.button(
                    t(f"briefing.{action}", lang), key=f"{action}_{number}", icon=f":material/{icon}:", on_click=call,
                    args=args, type="tertiary", disabled=action == "up" and number == 0,
                )  # fmt: skip


def _edit(name: str, number: int, question: AnyQuestion) -> None:
    """What the slide shows of its view, and under which title."""
    lang = session.view().lang
    keys = {"show": f"show_{name}_{number}", "title": f"title_{name}_{number}"}
    st.session_state[keys["show"]], st.session_state[keys["title"]] = question.show, question.title

    def edited() -> None:
        changed = altered(question, **{field: st.session_state[key].strip() for field, key in keys.items()})
        if (briefing := _at(name, number, question)) is not None:
            _change(name, replace(briefing, slides=_put(briefing.slides, number, changed)))

    with st.popover("", icon=":material/edit:", help=t("briefing.edit", lang), type="tertiary", key=f"edit_{number}"):
        st.segmented_control(
            t("briefing.show", lang), SHOWS, key=keys["show"], required=True, on_change=edited,
            format_func=lambda show: t(f"briefing.show_{show}", lang),
        )  # fmt: skip
        st.text_input(t("briefing.own_title", lang), key=keys["title"], max_chars=160, on_change=edited)


def _put(slides: tuple[AnyQuestion, ...], number: int, question: AnyQuestion) -> tuple[AnyQuestion, ...]:
    return (*slides[:number], question, *slides[number + 1 :])


def _said(briefing: Briefing, number: int) -> tuple[str, str, bool]:
    """Title and sentence of a slide; why not, where it cannot be made."""
    try:
        spec = briefings.slide(session.snapshot(), briefing, number)
    except AnttError as error:
        return t("briefing.failed", session.view().lang), error.message(session.view().lang), True
    show = briefing.slides[number].show
    kind = "" if show == "map" else f"{t(f'briefing.show_{show}', session.view().lang)} · "  # type: ignore[arg-type]
    return spec.title, f"{kind}{spec.sentence}", False


def _change(name: str, briefing: Briefing) -> None:
    """Keep a changed briefing; one that the product brings becomes the office's own."""
    session.put(briefing=briefings.save(briefing, name))
    st.session_state.briefing_title_of = ""
    session.redraw("desk")


def _renamed() -> None:
    name = session.view().briefing
    title = st.session_state.briefing_title.strip()
    if title:
        _change(name, replace(briefings.load(name, session.today()), title=title))


def _changed(field: str) -> None:
    """Keep one setting; the others stay as they are kept by now, whoever changed them."""
    name = session.view().briefing
    _change(name, replace(briefings.load(name, session.today()), **{field: st.session_state[f"briefing_{field}"]}))


def _new() -> None:
    lang = session.view().lang
    titles = {title for _, title in briefings.listed()}
    title = t("briefing.untitled", lang)
    number = next(n for n in range(1, 999) if f"{title} {n}" not in titles)
    session.put(briefing=briefings.save(Briefing(f"{title} {number}", lang=lang)))
    session.redraw("desk")


def _remove(name: str) -> None:
    briefing = briefings.load(name, session.today())
    briefings.remove(name)
    words = t("briefing.removed", session.view().lang, title=briefing.title)
    _may_undo(words, partial(_bring_back, name, briefing))
    session.redraw("desk")


def _bring_back(name: str, briefing: Briefing) -> None:
    """The briefing is there again; beside the one that somebody has made under its name meanwhile."""
    session.put(briefing=briefings.save(briefing, "" if briefings.is_own(name) else name))


def _at(name: str, number: int, question: AnyQuestion) -> Briefing | None:
    """The briefing, where its slide is still the one on the screen; another person may have changed it meanwhile."""
    briefing = briefings.load(name, session.today())
    if number < len(briefing.slides) and codec.written(briefing.slides[number]) == codec.written(question):
        return briefing
    st.toast(t("briefing.changed_meanwhile", session.view().lang))
    session.redraw("desk")
    return None


def _move(name: str, number: int, question: AnyQuestion, by: int) -> None:
    briefing = _at(name, number, question)
    if briefing is None:
        return
    slides = list(briefing.slides)
    place = min(max(number + by, 0), len(slides) - 1)
    slides.insert(place, slides.pop(number))
    _change(name, replace(briefing, slides=tuple(slides)))


def _up(name: str, number: int, question: AnyQuestion) -> None:
    _move(name, number, question, -1)


def _down(name: str, number: int, question: AnyQuestion) -> None:
    _move(name, number, question, 1)


def _drop(name: str, number: int, question: AnyQuestion) -> None:
    briefing = _at(name, number, question)
    if briefing is None:
        return
    title, _, _ = _said(briefing, number)
    words = t("briefing.dropped", session.view().lang, n=number + 1, title=title)
    _may_undo(words, partial(_put_back, name, number, question))
    _change(name, replace(briefing, slides=briefing.slides[:number] + briefing.slides[number + 1 :]))


def _put_back(name: str, number: int, question: AnyQuestion) -> None:
    """The slide that was taken out is in its place again, whatever else has changed meanwhile.

    Raises
    ------
    NotFoundError
        If somebody has deleted the briefing.
    """
    briefing = briefings.load(name, session.today())
    slides = (*briefing.slides[:number], question, *briefing.slides[number:])
    session.put(briefing=briefings.save(replace(briefing, slides=slides), name))


_KEPT_BACK = 5
"""Things taken away that can be brought back, the last first."""


def _may_undo(words: str, back: Callable[[], None]) -> None:
    taken = st.session_state.get("briefing_undo", ())
    st.session_state.briefing_undo = ((words, back), *taken)[:_KEPT_BACK]


def _undone(number: int) -> None:
    taken = st.session_state.briefing_undo
    try:
        taken[number][1]()
    except AnttError as error:
        st.toast(session.quiet(error.message(session.view().lang)))
        return
    st.session_state.briefing_undo = taken[:number] + taken[number + 1 :]
    st.session_state.briefing_title_of = ""
    session.redraw("desk")


def _undo_list(lang: Lang) -> None:
    """What was taken away last, and the way back; beside the slides, which must not move under the pointer."""
    for number, (words, _) in enumerate(st.session_state.get("briefing_undo", ())):
        with st.container(key=f"undo_{number}", horizontal=True, vertical_alignment="center"):
            st.html(f'<div class="antt-undo">{html.escape(words)}</div>')
            st.button(
                t("briefing.undo", lang), key=f"briefing_undo_{number}", icon=":material/undo:", on_click=_undone,
                args=(number,),
            )  # fmt: skip
