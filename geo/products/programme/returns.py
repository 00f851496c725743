"""People who returned to the community and were helped, and who serve a sentence in it: numbers by commune and year.

They are masked as tips are, by the same gate, and are never a list. The sentence names no commune.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from geo import settings
from geo.cartography.spec import Figure, MapSpec, Series, Style
from geo.errors import InputError
from geo.products.analyses.study import Study, cells, unit_table
from geo.products.programme.by_year import at_year, classes_of, placed, year_chart
from geo.products.situation.counts import Counts, counts
from geo.products.situation.installation import installation
from geo.question import Returns
from geo.schema import Measure, Query
from geo.store import Snapshot, remembered
from geo.text import number, number_or_dash, t
from geo.views.analysis import Finding, UnitClass, finding_map

__all__ = ["returns_map", "years_of_returns"]

_NONE = Style(fill="#f6f3ec")


def years_of_returns(snapshot: Snapshot, measure: Measure) -> list[int]:
    """Years of which anything was reported of a masked yearly measure."""
    found = snapshot.publication(measure)
    sent = (found.hidden | ~np.isnan(found.months)).any(axis=1) | (found.waiting > 0)
    return [1970 + (found.first + int(n)) // 12 for n in np.flatnonzero(sent)]


def returns_map(snapshot: Snapshot, question: Returns) -> MapSpec:
    """The map of one of the two numbers in one year; small ones hidden.

    Raises
    ------
    InputError
        If the measure is neither of them, or nothing of the year was reported.
    """
    measure = question.query.measure
    if measure not in question.measures:
        raise InputError("programme.no_return")
    years = years_of_returns(snapshot, measure)
    asked = at_year(question, years)
    if int(asked.year) not in years:
        raise InputError("programme.nothing_in_year", year=asked.year)
    return _returns(snapshot, asked, settings.load())


@remembered(48)
def _returns(snapshot: Snapshot, question: Returns, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, and the rule of masking: part of the key
    study = Study(snapshot, question)
    lang, measure, year = study.lang, study.query.measure, question.year
    found = counts(snapshot, study.query)
    values = found.now.reindex(study.units.index)
    silent = values.isna() & ~found.hidden
    classes, index = classes_of(values, measure, lang, none=t("map.class_zero", lang))
    classes = [UnitClass(_NONE, one.label) if one.label == t("map.class_zero", lang) else one for one in classes]
    every, index = placed(classes, index, found.hidden, silent, lang)
    label = t(f"map.measure_{measure}", lang)
    order = list(study.units["name"].sort_values(kind="stable").index)
    labels = [every[i].label for i in pd.Series(index, study.units.index)[order]]
    columns = [("value", t("analysis.column_value", lang), 0)]
    return finding_map(
        Finding(
            title=t("programme.returns_title", lang, measure=label, year=year),
            sentence=_sentence(study, found, silent),
            method=t("programme.method_returns", lang),
            classes=every,
            cells=cells(study, index, _lines(study, values, found.hidden)),
            labels=(),
            legend_title=label,
            table=unit_table(study, columns, pd.DataFrame({"value": values}).loc[order], labels),
            figures=(Figure(label, number_or_dash(found.total, lang), year),),
            chart=_chart(study, label),
        ),
        question,
        installation(snapshot, lang),
    )


def _sentence(study: Study[Returns], found: Counts, silent: pd.Series) -> str:
    lang = study.lang
    total = number(found.total, lang) if np.isfinite(found.total) else t("map.class_masked_text", lang)
    parts = [
        t("programme.returns_sentence", lang, n=total, noun=study.noun(total), hidden=number(found.hidden.sum(), lang))
    ]
    if silent.any():
        parts.append(t("programme.returns_silent", lang, n=number(silent.sum(), lang)))
    if found.waiting:
        parts.append(t("programme.returns_waiting", lang, n=number(found.waiting, lang)))
    if np.isnan(found.unattributed):
        parts.append(t("programme.returns_aside_hidden", lang))
    elif found.unattributed:
        parts.append(t("programme.year_aside", lang, n=number(found.unattributed, lang)))
    return " ".join(parts)


def _lines(study: Study[Returns], values: pd.Series, hidden: pd.Series) -> list[tuple[str, ...]]:
    masked, missing = t("programme.tip_hidden", study.lang), t("map.tip_no_data", study.lang)
    return [
        (masked if hidden[code] else missing if np.isnan(values[code]) else study.counted(values[code]),)
        for code in study.units.index
    ]


def _chart(study: Study[Returns], label: str) -> Series:
    lang, years = study.lang, years_of_returns(study.snapshot, study.query.measure)
    totals = [counts(study.snapshot, _of(study.query, year)).total for year in years]
    return year_chart(
        t("programme.returns_chart", lang, measure=label), t("programme.years_note", lang), list(map(str, years)),
        totals, lang, word=label,
    )  # fmt: skip


def _of(query: Query, year: int) -> Query:
    return replace(query, start=date(year, 1, 1), end=date(year, 12, 31))
