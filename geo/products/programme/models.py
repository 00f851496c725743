"""Self-managed community models: how many are at work where, and where one of them came to, year by year."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from geo import settings
from geo.cartography.spec import Figure, MapSpec, Series, Style
from geo.errors import InputError
from geo.products.analyses.study import Study, cells, unit_table
from geo.products.programme.by_year import at_year, classes_of, placed, year_chart
from geo.products.situation.installation import installation
from geo.question import Models
from geo.schema import Measure, ModelKind
from geo.store import Snapshot, remembered
from geo.text import number, t
from geo.views.analysis import Finding, UnitClass, finding_map

__all__ = ["at_work", "models_map", "names_of_models", "register", "years_of_models"]

_NUMBER = re.compile(r"[\s,.-]*(?:số\s*)?\d+\s*$", re.IGNORECASE)
_SPREAD = ("#0b3d3a", "#2c7d74", "#7fb8ac", "#c9e2dc")
_NOT_YET = Style(fill="#f3f1ec")
_OFFERED = 40


@remembered(1)
def register(snapshot: Snapshot) -> pd.DataFrame:
    """Every model on record: name, base (its name without a number), kind, unit (code of the present commune, "" where
    it cannot be told), since, until, members."""
    rows = snapshot.models
    attribution = snapshot.attribution()
    codes = np.array([*attribution.units, ""], object)
    unit = codes[attribution.index(rows).astype(np.int64)] if len(rows) else np.zeros(0, object)
    base = [_NUMBER.sub("", name) or name for name in rows["name"]]
    return rows.assign(unit=unit, base=base)


def years_of_models(snapshot: Snapshot) -> list[int]:
    """From the first year in which a model began to the year of the newest record."""
    since = snapshot.models["since"]
    return list(range(int(since.min().year), snapshot.today.year + 1)) if len(since) else []


def names_of_models(snapshot: Snapshot) -> list[str]:
    """Models by name, without numbers, that are in more than one commune; those in most first."""
    rows = register(snapshot)
    communes = rows[rows["unit"] != ""].groupby("base")["unit"].nunique()
    found = communes[communes > 1].reset_index().sort_values(["unit", "base"], ascending=[False, True])
    return list(found["base"].head(_OFFERED))


def at_work(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Models that had begun by the end of a year and had not ended."""
    end = pd.Timestamp(year, 12, 31)
    return rows[(rows["since"] <= end) & (rows["until"].isna() | (rows["until"] > end))]


def models_map(snapshot: Snapshot, question: Models) -> MapSpec:
    """The map of the models at work at the end of a year, or of the year in which one came to each commune.

    Raises
    ------
    InputError
        If there are no models on record, or none of the name or kind.
    """
    if question.query.measure not in question.measures:
        raise InputError("programme.no_indicator")
    years = years_of_models(snapshot)
    if not years:
        raise InputError("programme.no_models")
    return _models(snapshot, at_year(question, years), settings.load())


@remembered(48)
def _models(snapshot: Snapshot, question: Models, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    study = Study(snapshot, question)
    rows = register(snapshot)
    rows = rows[rows["since"] <= pd.Timestamp(int(question.year), 12, 31)]
    if question.model_kind:
        rows = rows[rows["kind"] == question.model_kind]
    if question.model:
        rows = rows[rows["base"] == question.model]
    if rows.empty:
        raise InputError("programme.no_such_models")
    found = _spread(study, rows) if question.model else _counted(study, rows)
    return finding_map(found, question, installation(snapshot, question.lang))


def _counted(study: Study[Models], rows: pd.DataFrame) -> Finding:
    lang, year = study.lang, int(study.question.year)
    working = at_work(rows, year)
    placed_ = working[working["unit"] != ""]
    index_ = study.units.index
    values = placed_.groupby("unit").size().reindex(index_, fill_value=0).astype(float)
    none = t("programme.class_no_model", lang)
    classes, index = classes_of(values, Measure.COMMUNITY_MODEL, lang, none=none)
    every, index = placed(classes, index, None, values.isna(), lang)
    order = list(values.sort_values(ascending=False, kind="stable").index)
    members = placed_.groupby("unit")["members"].sum().astype(float).reindex(index_)
    kinds = {kind: placed_[placed_["kind"] == kind].groupby("unit").size().reindex(index_, fill_value=0).astype(float)
             for kind in ModelKind}  # fmt: skip
    frame = pd.DataFrame({"value": values, **{str(k): v for k, v in kinds.items()}, "members": members})
    columns = [
        ("value", t("programme.column_models", lang), 0),
        *((str(kind), t(f"programme.model_kind_{kind}", lang), 0) for kind in ModelKind),
        ("members", t("programme.column_members", lang), 0),
    ]
    empty = [code for code in order if values[code] == 0]
    word = t(f"programme.model_kind_{study.question.model_kind or 'all'}", lang)
    total = {"n": number(len(working), lang), "communes": number(int((values > 0).sum()), lang)}
    parts = [t("programme.models_sentence", lang, members=number(float(working["members"].sum()), lang), **total)]
    if empty:
        parts.append(t("programme.models_none", lang, n=number(len(empty), lang), names=study.names(empty)))
    if aside := len(working) - len(placed_):
        parts.append(t("programme.models_aside", lang, n=number(aside, lang)))
    lines = [_line(study, frame.loc[code]) for code in index_]
    return Finding(
        title=t("programme.models_title", lang, kind=word.lower(), year=year),
        sentence=" ".join(parts),
        method=t("programme.method_models", lang),
        classes=every,
        cells=cells(study, index, lines),
        labels=tuple(order),
        legend_title=t("programme.column_models", lang),
        table=unit_table(study, columns, frame.loc[order], [every[i].label for i in pd.Series(index, index_)[order]]),
        figures=_figures(study, working, placed_),
        chart=_working_chart(study, rows, word),
    )


def _line(study: Study[Models], record: pd.Series) -> tuple[str, ...]:
    lang = study.lang
    lines = [
        t("map.tip_value", lang, value=number(record["value"], lang), noun=study.noun(number(record["value"], lang)))
    ]
    lines += [
        t("programme.tip_stage", lang, stage=t(f"programme.model_kind_{kind}", lang), n=number(record[str(kind)], lang))
        for kind in ModelKind
        if record[str(kind)] > 0
    ]
    return tuple(lines)


def _figures(study: Study[Models], working: pd.DataFrame, placed_: pd.DataFrame) -> tuple[Figure, ...]:
    lang = study.lang
    communes = placed_["unit"].nunique()
    return (
        Figure(t("programme.figure_models", lang), number(len(working), lang)),
        Figure(t("programme.figure_communes", lang), number(communes, lang),
               t("programme.figure_of_communes", lang, n=number(len(study.units), lang))),
        Figure(t("programme.column_members", lang), number(float(working["members"].sum()), lang)),
    )  # fmt: skip


def _working_chart(study: Study[Models], rows: pd.DataFrame, word: str) -> Series:
    lang, years = study.lang, years_of_models(study.snapshot)
    counts = [float(len(at_work(rows, year))) if year <= int(study.question.year) else np.nan for year in years]
    return year_chart(
        t("programme.models_chart", lang, kind=word), t("programme.models_chart_note", lang), list(map(str, years)),
        counts, lang, word=t("programme.column_models", lang),
    )  # fmt: skip


def _spread(study: Study[Models], rows: pd.DataFrame) -> Finding:
    """The year in which a model came to each commune, whether or not it is still at work there."""
    lang, year, name = study.lang, int(study.question.year), study.question.model
    index_ = study.units.index
    placed_ = rows[rows["unit"] != ""]
    since = placed_.groupby("unit")["since"].min().dt.year.reindex(index_).astype(float)
    known = np.sort(since.dropna().unique())
    spans = [part for part in np.array_split(known, min(len(_SPREAD), len(known))) if len(part)]
    classes = [
        UnitClass(Style(fill=fill), f"{part[0]:.0f}" if len(part) == 1 else f"{part[0]:.0f}–{part[-1]:.0f}")
        for fill, part in zip(_SPREAD, spans)
    ]
    classes.append(UnitClass(_NOT_YET, t("programme.class_not_yet", lang, year=year)))
    place = {value: n for n, part in enumerate(spans) for value in part}
    index = np.array([place.get(value, len(spans)) for value in since], np.int64)
    counted = placed_.groupby("unit").size().reindex(index_, fill_value=0).astype(float)
    working = at_work(placed_, year).groupby("unit").size().reindex(index_, fill_value=0).astype(float)
    order = list(since.sort_values(kind="stable", na_position="last").index)
    first = placed_.sort_values("since", kind="stable").iloc[0] if len(placed_) else None
    reached = number(int(since.notna().sum()), lang)
    sentence = t("programme.spread_aside", lang, n=number(len(rows), lang))
    if first is not None:
        began = {"year": first["since"].year, "where": study.units["name"][first["unit"]]}
        sentence = t("programme.spread_sentence", lang, name=name, n=reached, end=year, **began)
    frame = pd.DataFrame({"since": since, "value": counted, "working": working})
    years = range(int(known[0]), year + 1) if len(known) else range(year, year + 1)
    return Finding(
        title=t("programme.spread_title", lang, name=name, year=year),
        sentence=sentence,
        method=t("programme.method_spread", lang),
        classes=tuple(classes),
        cells=cells(study, index, [
            (t("programme.tip_since", lang, year=f"{since[code]:.0f}"),
             t("programme.tip_working", lang, n=number(working[code], lang)))
            if not np.isnan(since[code]) else (t("programme.class_not_yet", lang, year=year),)
            for code in index_
        ]),
        labels=tuple(order),
        legend_title=t("programme.legend_spread", lang),
        table=unit_table(
            study,
            [("value", t("programme.column_ever", lang), 0), ("working", t("programme.column_models", lang), 0)],
            frame.loc[order], [classes[i].label for i in pd.Series(index, index_)[order]],
            [(t("programme.column_since", lang), ["–" if np.isnan(v) else f"{v:.0f}" for v in since[order]])],
        ),
        figures=(
            Figure(t("programme.figure_communes", lang), reached,
                   t("programme.figure_of_communes", lang, n=number(len(study.units), lang))),
            Figure(t("programme.figure_models", lang), number(float(working.sum()), lang)),
        ),
        chart=year_chart(
            t("programme.spread_chart", lang, name=name), t("programme.spread_chart_note", lang), list(map(str, years)),
            [float((since <= y).sum()) for y in years], lang, word=t("programme.figure_communes", lang),
        ),
    )  # fmt: skip
