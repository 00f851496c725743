"""Bản tin: the briefings kept here, the slides of one, and what can be made of it."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from geo.errors import AnttError, InputError
from geo.products.documents import briefings, shelf
from geo.products.documents.briefings import Briefing
from geo.products.documents.files import export_all
from geo.products.documents.shelf import Listed
from geo.question import altered, codec
from geo.question.types import SHOWS, AnyQuestion
from geo.store import Texts
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
    known = {item.name: item for item in shelf.listed(_texts())}
    name = session.view().briefing if session.view().briefing in known else next(iter(known))
    session.put(briefing=name)  # in this very run, or the box goes on showing the one before
    titles = {item.name: _title(item, lang) for item in known.values()}
    if (problem := known[name].problem) is not None:
        _wrong(titles, name, problem, lang)
        return
    briefing = shelf.load(_texts(), name, session.today())
    left, right = st.columns([2, 3], gap="large")
    with left:
        _chosen(titles, name, briefing, lang)
        _made(briefing, lang)
        _kept(name, lang)
        _undo_list(lang)
    with right:
        _slides(name, briefing, lang)
    session.keep()


def _texts() -> Texts:
    return session.store().texts


def _title(item: Listed, lang: Lang) -> str:
    return item.title if item.problem is None else t("briefing.listed_wrong", lang, title=item.title)


def _wrong(titles: dict[str, str], name: str, problem: AnttError, lang: Lang) -> None:
    """A briefing with a mistake: what it is, and what to do."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        _which(titles, lang)
        _kept(name, lang)
        _undo_list(lang)
    with right:
        note = t("briefing.wrong_note", lang, name=session.quiet(name))
        st.warning(f"**{t('briefing.wrong_title', lang)}** \n\n{session.quiet(problem.message(lang))} \n\n{note}")
    session.keep()


def _which(titles: dict[str, str], lang: Lang) -> None:
    label = t("briefing.which", lang)
    st.selectbox(
        label, list(titles), key="briefing", format_func=lambda n: titles.get(n, n), on_change=session.redraw_map
    )


def _chosen(titles: dict[str, str], name: str, briefing: Briefing, lang: Lang) -> None:
    _which(titles, lang)
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
        if shelf.is_own(_texts(), name):
            label = t("briefing.remove", lang)
            st.button(label, key="briefing_remove", icon=":material/delete:", on_click=_remove, args=(name,))
    found = st.file_uploader(t("briefing.upload", lang), type=["yaml", "yml"], key="briefing_file", max_upload_size=1)
    if found is not None and st.session_state.get("briefing_read") != found.file_id:
        st.session_state.briefing_read = found.file_id
        read = briefings.parse(found.getvalue(), session.today())
        st.session_state.briefing_to_open = shelf.bring(_texts(), read)
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
        _change(name, number, question, lambda slides: _put(slides, number, changed))
        session.redraw("desk")

    with st.popover("", icon=":material/edit:", help=t("briefing.edit", lang), type="tertiary", key=f"edit_{number}"):
        st.segmented_control(
            t("briefing.show", lang), SHOWS, key=keys["show"], required=True, on_change=edited,
            format_func=lambda show: t(f"briefing.show_{show}", lang),
        )  # fmt: skip
        st.text_input(t("briefing.own_title", lang), key=keys["title"], max_chars=160, on_change=edited)


def _put(slides: Slides, number: int, question: AnyQuestion) -> Slides:
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


Slides = tuple[AnyQuestion, ...]


class _OtherSlideError(InputError):
    """The slide on the screen is not there any more."""


def _change(name: str, number: int, question: AnyQuestion, deed: Callable[[Slides], Slides]) -> bool:
    """Change the slides, where the one on the screen is still there: another person may have changed it meanwhile.

    The page is to be drawn anew after it.
    """

    def change(briefing: Briefing) -> Briefing:
        slides = briefing.slides
        if number >= len(slides) or codec.written(slides[number]) != codec.written(question):
            raise _OtherSlideError("briefing.changed_meanwhile")
        return replace(briefing, slides=deed(slides))

    try:
        _written(name, change)
    except _OtherSlideError as error:
        st.toast(error.message(session.view().lang))
        return False
    return True


def _written(name: str, deed: Callable[[Briefing], Briefing]) -> None:
    """Keep a changed briefing, whatever others change in it; one that the product brings becomes the office's own."""
    shelf.change(_texts(), name, session.today(), deed)
    session.put(briefing=name)
    st.session_state.briefing_title_of = ""


def _renamed() -> None:
    if title := st.session_state.briefing_title.strip():
        _written(session.view().briefing, lambda briefing: replace(briefing, title=title))
        session.redraw("desk")


def _changed(field: str) -> None:
    """Keep one setting; the others stay as they are kept by now, whoever changed them."""
    value = st.session_state[f"briefing_{field}"]
    _written(session.view().briefing, lambda briefing: replace(briefing, **{field: value}))
    session.redraw("desk")


def _new() -> None:
    lang = session.view().lang
    titles = {item.title for item in shelf.listed(_texts())}
    title = t("briefing.untitled", lang)
    number = next(n for n in range(1, 999) if f"{title} {n}" not in titles)
    session.put(briefing=shelf.bring(_texts(), Briefing(f"{title} {number}", lang=lang)))
    session.redraw("desk")


def _remove(name: str) -> None:
    lang = session.view().lang
    try:
        briefing = shelf.load(_texts(), name, session.today())
    except InputError:  # one with a mistake cannot be brought back as it was: what it was is not known
        briefing = None
    shelf.remove(_texts(), name)
    if briefing is not None:
        _may_undo(t("briefing.removed", lang, title=briefing.title), partial(_bring_back, name, briefing))
    session.redraw("desk")


def _bring_back(name: str, briefing: Briefing) -> None:
    """The briefing is there again; beside the one that somebody has made under its name meanwhile."""
    session.put(briefing=shelf.bring(_texts(), briefing, name))


def _move(name: str, number: int, question: AnyQuestion, by: int) -> None:
    def moved(slides: Slides) -> Slides:
        rest = list(slides)
        place = min(max(number + by, 0), len(rest) - 1)
        rest.insert(place, rest.pop(number))
        return tuple(rest)

    _change(name, number, question, moved)
    session.redraw("desk")


def _up(name: str, number: int, question: AnyQuestion) -> None:
    _move(name, number, question, -1)


def _down(name: str, number: int, question: AnyQuestion) -> None:
    _move(name, number, question, 1)


def _drop(name: str, number: int, question: AnyQuestion) -> None:
    title, _, _ = _said(replace(shelf.load(_texts(), name, session.today()), slides=(question,)), 0)
    if _change(name, number, question, lambda slides: slides[:number] + slides[number + 1 :]):
        words = t("briefing.dropped", session.view().lang, n=number + 1, title=title)
        _may_undo(words, partial(_put_back, name, number, question))
    session.redraw("desk")


def _put_back(name: str, number: int, question: AnyQuestion) -> None:
    """The slide that was taken out is in its place again, whatever else has changed meanwhile.

    Raises
    ------
    NotFoundError
        If somebody has deleted the briefing.
    """
    _written(name, lambda b: replace(b, slides=(*b.slides[:number], question, *b.slides[number:])))


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
