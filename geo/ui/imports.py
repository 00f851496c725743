"""The import page in its steps: file, personal data, columns, what is wrong, commit, undo."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from geo.cartography.spec import Figure
from geo.errors import AlreadyDoneError, InputError
from geo.ingest import PrivacyError
from geo.ingest.recognising.fields import FIELDS, title_of
from geo.products.records import imports
from geo.products.records.imports import Choices
from geo.schema import Dataset
from geo.text import Lang, number, period, t
from geo.ui import blocks, session
from geo.ui.downloads import Made, withdraw
from geo.ui.scratch import lying

_ENCODINGS = ("", "utf-8", "utf-16", "cp1258", "tcvn3", "vni")
_SHOWN = 500


def page() -> None:
    """The whole page."""
    lang = session.view().lang
    blocks.heading(t("imports.title", lang), t("imports.intro", lang))
    if "imported" in st.session_state:
        _done(lang)
        return
    left, right = st.columns([3, 1], gap="large")
    with left:
        upload = st.file_uploader(
            t("imports.file", lang, limit=imports.LARGEST_MB), key=f"upload_{st.session_state.get('upload_turn', 0)}"
        )
    with right:
        _templates(lang)
    if upload is None:
        return
    content = upload.getvalue()
    _noticed(upload.file_id)
    choices = _reading(lang)
    try:
        ready = _checked(upload.name, content, choices, lang)
    except PrivacyError as error:
        _personal(error, lang)
        return
    except InputError as error:
        st.warning(f"**{t('imports.refused', lang)}** \n\n{session.quiet(error.message(lang))}")
        return
    _report(ready, lang)


def _templates(lang: Lang) -> None:
    with st.popover(t("imports.templates", lang), icon=":material/table_view:", width="stretch"):
        for dataset in imports.IMPORTABLE:
            name = t(f"imports.dataset_{dataset}", lang)
            label = t("imports.template_for", lang, dataset=name)
            blocks.download(label, partial(_template, dataset, lang), lang, key=f"template_{dataset}")


def _template(dataset: Dataset, lang: Lang) -> Made:
    return Made(f"mau-{dataset}.xlsx", lambda _step: imports.template(session.snapshot(), dataset, lang))


def _noticed(upload: str) -> None:
    """Another upload than before: what was said about that one goes."""
    if st.session_state.get("upload_seen") != upload:
        _forget()
        st.session_state.upload_seen = upload


def _forget() -> None:
    """Let go of what was chosen for a file."""
    st.session_state.pop("upload_seen", None)
    for name in ("import_drop", "import_columns", "import_names"):
        st.session_state.pop(name, None)
    withdraw("import_errors")


def _reading(lang: Lang) -> Choices:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dataset = st.selectbox(
            t("imports.dataset", lang),
            ["", *imports.IMPORTABLE],
            key="import_dataset",
            format_func=lambda d: t(f"imports.dataset_{d}" if d else "imports.dataset_auto", lang),
            on_change=_unmap,
        )
        encoding = st.selectbox(
            t("imports.encoding", lang),
            _ENCODINGS,
            key="import_encoding",
            format_func=lambda e: e.upper() or t("imports.auto", lang),
        )
        crs = st.text_input(t("imports.crs", lang), key="import_crs", placeholder=t("imports.auto", lang))
    return Choices(
        dataset=Dataset(dataset) if dataset else None,
        encoding=encoding,
        crs=crs.strip(),
        columns=st.session_state.get("import_columns", ()),
        drop=st.session_state.get("import_drop", ()),
        names_confirmed=st.session_state.get("import_names", False),
    )


def _unmap() -> None:
    st.session_state.pop("import_columns", None)


def _checked(name: str, content: bytes, choices: Choices, lang: Lang) -> Any:
    """The preview of this file under these choices, made once."""
    key = (name, hashlib.sha256(content).hexdigest(), choices, lang, session.store().version)
    held = st.session_state.get("import_ready")
    if held is not None and held[0] == key:
        return held[1]
    bar = st.progress(0.0)

    def step(share: float, word: str) -> None:
        bar.progress(min(share, 1.0), t(word, lang))

    columns_for = choices.dataset or st.session_state.get("import_columns_for")
    asked = replace(choices, dataset=columns_for if choices.columns else choices.dataset)
    try:
        with lying(name, content) as path:
            ready = imports.preview(session.store(), path, asked, lang, step)
    finally:
        bar.empty()
    st.session_state.import_ready = (key, ready)
    return ready


def _personal(error: PrivacyError, lang: Lang) -> None:
    lines = [f"- {session.quiet(f.message(lang))}" for f in error.findings]
    st.warning("\n".join([f"**{t('imports.privacy_title', lang)}**", "", *lines, "", t("imports.privacy_note", lang)]))
    columns = tuple(f.column for f in error.findings)
    st.button(t("imports.privacy_go_on", lang), on_click=_drop, args=(columns,), type="primary")


def _drop(columns: tuple[str, ...]) -> None:
    st.session_state.import_drop = (*st.session_state.get("import_drop", ()), *columns)


def _report(ready: Any, lang: Lang) -> None:
    for note in ready.notes:
        st.caption(session.quiet(note.message(lang)))
    _mapping(ready, lang)
    blocks.tiles(_figures(ready, lang))
    if ready.period:
        st.caption(f"{t('imports.period', lang)}: {period(ready.period[0], ready.period[1], lang)}")
    if (asked := ready.checked.problems["key"] == "name_asked").any():
        _asked(ready.checked.problems[asked]["value"], lang)
    if len(ready.checked.problems):
        _problems(ready, lang)
    if len(ready.checked.warnings):
        blocks.heading(t("imports.warnings", lang), t("imports.warnings_note", lang))
        _listed(ready.checked.warnings, lang)
    if ready.accepted:
        with st.expander(t("imports.preview", lang)):
            st.dataframe(imports.preview_rows(session.snapshot(), ready, lang), hide_index=True, width="stretch")
    st.button(
        t("imports.commit", lang), on_click=_commit, args=(ready, lang), type="primary", disabled=not ready.accepted
    )


def _asked(names: pd.Series, lang: Lang) -> None:
    """Names of areas that only somebody who knows the place can tell from names of persons."""
    told = ", ".join(f"«{name}»" for name in dict.fromkeys(names))
    st.warning(f"**{t('imports.names_title', lang)}** {session.quiet(told)} \n\n{t('imports.names_note', lang)}")
    st.button(t("imports.names_confirm", lang), on_click=_confirm_names)


def _confirm_names() -> None:
    st.session_state.import_names = True


def _figures(ready: Any, lang: Lang) -> tuple[Figure, ...]:
    checked = ready.checked
    return (
        Figure(t("imports.total", lang), number(checked.total, lang)),
        Figure(t("imports.accepted", lang), number(ready.accepted, lang)),
        Figure(t("imports.rejected", lang), number(ready.rejected, lang)),
        Figure(t("imports.duplicates", lang), number(checked.duplicates, lang)),
    )


def _mapping(ready: Any, lang: Lang) -> None:
    mapping = ready.mapping
    fields = [(f.name, title_of(f.name, mapping.dataset, lang)) for f in FIELDS[mapping.dataset]]
    fields += [(f"measure:{m}", t(f"map.measure_{m}", lang)) for m in mapping.measures]
    known = {**mapping.columns, **{f"measure:{m}": h for m, h in mapping.measures.items()}}
    with st.expander(t("imports.mapping", lang), expanded=bool(mapping.missing)):
        columns = st.columns(4)
        chosen = {}
        for n, (name, label) in enumerate(fields):
            options = ["", *ready.table.header]
            with columns[n % 4]:
                chosen[name] = st.selectbox(
                    label,
                    options,
                    index=options.index(known[name]) if known.get(name) in options else 0,
                    key=f"map_{mapping.dataset}_{name}_{ready.sha256[:8]}",
                    format_func=lambda h: h or t("imports.mapping_none", lang),
                )
        st.button(t("imports.mapping_apply", lang), on_click=_map, args=(chosen, mapping.dataset))


def _map(chosen: dict[str, str], dataset: Dataset) -> None:
    st.session_state.import_columns = tuple((name, heading) for name, heading in chosen.items() if heading)
    st.session_state.import_columns_for = dataset


def _problems(ready: Any, lang: Lang) -> None:
    blocks.heading(t("imports.problems", lang))
    _listed(ready.checked.problems, lang)
    label = t("imports.errors_download", lang)
    blocks.download(label, partial(_errors, ready, lang), lang, key="import_errors", wide=False)


def _errors(ready: Any, lang: Lang) -> Made:
    return Made(f"loi-{ready.path.stem}.xlsx", lambda _step: imports.errors_workbook(ready, lang))


def _listed(problems: pd.DataFrame, lang: Lang) -> None:
    """The first problems as a table."""
    sheets = ["sheet"] if (problems["sheet"] != "").any() else []
    names = [*sheets, "row", "column", "value", "problem", "advice"]
    shown = problems.head(_SHOWN)[names].astype(str)
    blocks.text_table(shown.rename(columns={n: t(f"imports.column_{n}", lang) for n in names}))
    if len(problems) > _SHOWN:
        counts = {"shown": number(_SHOWN, lang), "total": number(len(problems), lang)}
        st.caption(t("imports.problems_more", lang, **counts))


def _commit(ready: Any, lang: Lang) -> None:
    number_ = imports.commit(session.store(), ready, t("imports.web_user", lang), lambda _share, _word: None)
    st.session_state.imported = {"batch": number_, "rows": ready.accepted, "undone": False}
    st.session_state.pop("import_ready", None)
    _forget()


def _done(lang: Lang) -> None:
    done = st.session_state.imported
    if done["undone"]:
        st.success(t("imports.undo_done", lang, batch=done["batch"]))
    else:
        st.success(t("imports.done", lang, batch=done["batch"], rows=number(done["rows"], lang)))
        st.button(t("imports.undo", lang), on_click=_undo, args=(lang,), icon=":material/undo:")
    st.button(t("imports.another", lang), on_click=_again, icon=":material/upload_file:")


def _undo(lang: Lang) -> None:
    with contextlib.suppress(AlreadyDoneError):  # somebody else took it back meanwhile: what was asked for is so
        imports.undo(session.store(), st.session_state.imported["batch"], t("imports.web_user", lang))
    st.session_state.imported["undone"] = True


def _again() -> None:
    st.session_state.pop("imported", None)
    st.session_state.upload_turn = st.session_state.get("upload_turn", 0) + 1


def history_page() -> None:
    """Every batch, and taking one back."""
    lang = session.view().lang
    blocks.heading(t("imports.history_title", lang), t("imports.history_note", lang))
    if undone := st.session_state.pop("undone_batch", None):
        st.success(t("imports.undo_done", lang, batch=undone))
    frame = imports.history(session.snapshot(), lang)
    _undo_choice(frame[frame["active"]], lang)
    blocks.text_table(frame.drop(columns=["id", "active"]), whole=True)


def _undo_choice(active: pd.DataFrame, lang: Lang) -> None:
    """Which batch to take back, and a second question before it goes."""
    if active.empty:
        st.info(t("imports.history_none", lang))
        return
    source = t("imports.column_source", lang)
    names = {int(n): f"{n}: {s}" for n, s in zip(active["id"], active[source])}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        batch = st.selectbox(
            t("imports.history_pick", lang), list(names), key="undo_pick", format_func=lambda n: names.get(n, str(n))
        )
        sure = st.checkbox(t("imports.undo_confirm", lang), key=f"undo_sure_{batch}")
        st.button(
            t("imports.undo", lang),
            on_click=_take_back,
            args=(batch, lang),
            disabled=not sure,
            icon=":material/undo:",
        )


def _take_back(batch: int, lang: Lang) -> None:
    with contextlib.suppress(AlreadyDoneError):
        imports.undo(session.store(), batch, t("imports.web_user", lang))
    st.session_state.undone_batch = batch
