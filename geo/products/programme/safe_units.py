"""Units registered and recognised as safe in security and order, by commune and year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo import settings
from geo.cartography.spec import Figure, MapSpec, Series, Table
from geo.errors import InputError
from geo.products.analyses.study import Study, cells, unit_table
from geo.products.programme.by_year import at_year, classes_of, placed, year_chart
from geo.products.situation.installation import installation
from geo.question import SafeUnits
from geo.schema import SAFE_MEASURES, Measure
from geo.store import Snapshot, remembered
from geo.text import number, number_or_dash, percent, t
from geo.views.analysis import Finding, finding_map

__all__ = ["safe_units_map", "share_of", "years_of_safe_units"]

_EXISTING = Measure.SAFE_EXISTING


def years_of_safe_units(snapshot: Snapshot) -> list[int]:
    """Years of which any stage was reported."""
    return snapshot.years().on_record(*SAFE_MEASURES)


def share_of(part: pd.Series, existing: pd.Series) -> pd.Series:
    """Percent of the units there are; NaN where that number is not on record, or is none."""
    return part / existing.where(existing > 0) * 100


def safe_units_map(snapshot: Snapshot, question: SafeUnits) -> MapSpec:
    """The map of one stage in one year, as a number or as a share of the units there are.

    Raises
    ------
    InputError
        If the measure is none of the stages, nothing of the year was reported, or a share is asked for and the number
        of units there are was never imported.
    """
    if question.query.measure not in question.measures:
        raise InputError("programme.no_stage")
    asked = at_year(question, years_of_safe_units(snapshot))
    return _safe_units(snapshot, asked, settings.load())


@remembered(48)
def _safe_units(snapshot: Snapshot, question: SafeUnits, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    study = Study(snapshot, question)
    lang, measure, year = study.lang, study.query.measure, int(question.year)
    years, kind = snapshot.years(), question.safe_kind or None
    stages = pd.DataFrame({stage: years.counts(stage, year, kind) for stage in SAFE_MEASURES})
    values, existing = stages[measure], stages[_EXISTING]
    if values.isna().all():
        raise InputError("programme.nothing_in_year", year=year)
    share = share_of(values, existing)
    by_share = question.share and measure is not _EXISTING
    if by_share and share.isna().all():
        raise InputError("programme.no_existing", year=year)
    shown = share if by_share else values
    none = t("programme.class_no_unit", lang)
    classes, index = classes_of(shown, measure, lang, none=none, unit=" %" if by_share else "")
    every, index = placed(classes, index, None, shown.isna(), lang)
    order = list(shown.sort_values(kind="stable", na_position="last").index)
    word = t(f"programme.safe_kind_{question.safe_kind or 'all'}", lang)
    label = t(f"map.measure_{measure}", lang)
    lines = _lines(study, stages, share)
    found = Finding(
        title=t("programme.safe_title", lang, measure=label, kind=word, year=year),
        sentence=_sentence(study, stages, order, kind),
        method=t("programme.method_share" if by_share else "programme.method_count", lang),
        classes=every,
        cells=cells(study, index, lines),
        labels=tuple(order[::-1]),
        legend_title=t("programme.legend_share", lang) if by_share else label,
        table=_table(study, stages, share, order, [every[i].label for i in pd.Series(index, stages.index)[order]]),
        figures=_figures(study, kind),
        chart=_chart(study, kind, word),
    )
    return finding_map(found, question, installation(snapshot, lang))


def _sentence(study: Study[SafeUnits], stages: pd.DataFrame, order: list[str], kind: str | None) -> str:
    lang, year, years = study.lang, int(study.question.year), study.snapshot.years()
    totals = {stage: years.total(stage, year, kind) for stage in SAFE_MEASURES}
    said = {stage.value: number_or_dash(v, lang) for stage, v in totals.items()}
    share = totals[Measure.SAFE_RECOGNISED] / totals[_EXISTING] if totals[_EXISTING] > 0 else np.nan
    key = "programme.safe_sentence" if np.isfinite(share) else "programme.safe_sentence_bare"
    parts = [t(key, lang, share=percent(share, lang) if np.isfinite(share) else "", **said)]
    values = stages[study.query.measure]
    if none := [code for code in order if values[code] == 0]:
        parts.append(t("programme.safe_none", lang, n=number(len(none), lang), names=study.names(none)))
    if silent := list(values.index[values.isna()]):
        parts.append(t("programme.year_silent", lang, n=number(len(silent), lang), names=study.names(silent)))
    if aside := years.aside(study.query.measure, year, kind):
        parts.append(t("programme.year_aside", lang, n=number(aside, lang)))
    return " ".join(parts)


def _lines(study: Study[SafeUnits], stages: pd.DataFrame, share: pd.Series) -> list[tuple[str, ...]]:
    lang = study.lang
    found: list[tuple[str, ...]] = []
    for code in study.units.index:
        if stages.loc[code].isna().all():
            found.append((t("map.tip_no_data", lang),))
            continue
        lines = [
            t(
                "programme.tip_stage",
                lang,
                stage=t(f"programme.stage_{stage}", lang),
                n=number(stages[stage][code], lang),
            )
            for stage in SAFE_MEASURES
            if not np.isnan(stages[stage][code])
        ]
        if study.query.measure is not _EXISTING and not np.isnan(share[code]):
            lines.append(t("programme.tip_share", lang, share=percent(share[code] / 100, lang)))
        found.append(tuple(lines))
    return found


def _table(
    study: Study[SafeUnits], stages: pd.DataFrame, share: pd.Series, order: list[str], labels: list[str]
) -> Table:
    lang = study.lang
    columns = [(stage.value, t(f"programme.stage_{stage}", lang), 0) for stage in SAFE_MEASURES]
    frame = stages.rename(columns={stage: stage.value for stage in SAFE_MEASURES}).assign(share=share)
    if study.query.measure is not _EXISTING:
        columns.append(("share", t("programme.column_of_existing", lang), 1))
    return unit_table(study, columns, frame.loc[order], labels)


def _figures(study: Study[SafeUnits], kind: str | None) -> tuple[Figure, ...]:
    lang, year, years = study.lang, int(study.question.year), study.snapshot.years()
    there = years.total(_EXISTING, year, kind)
    figures = []
    for stage in SAFE_MEASURES[1:]:
        total = years.total(stage, year, kind)
        beside = (
            t("programme.of_existing", lang, share=percent(total / there, lang)) if there > 0 and total >= 0 else ""
        )
        said = number_or_dash(total, lang)
        figures.append(Figure(t(f"programme.stage_{stage}", lang), said, beside))
    return tuple(figures)


def _chart(study: Study[SafeUnits], kind: str | None, word: str) -> Series:
    lang, measure, years = study.lang, study.query.measure, study.snapshot.years()
    on_record = years_of_safe_units(study.snapshot)
    label = t(f"map.measure_{measure}", lang)
    return year_chart(
        t("programme.safe_chart", lang, measure=label, kind=word), t("programme.years_note", lang),
        list(map(str, on_record)), [years.total(measure, year, kind) for year in on_record], lang, word=label,
    )  # fmt: skip
