"""Rates per people, smoothed so that small populations do not stand out by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.analysis import rates
from geo.cartography import legend, symbology
from geo.cartography.classify import classify
from geo.errors import InputError
from geo.products.analyses.study import Study, cells, unit_table, with_unknown
from geo.question import Question
from geo.schema import Per
from geo.text import number, t
from geo.views.analysis import Finding, UnitClass
from geo.views.inputs import rate


def smoothed_rates(study: Study[Question]) -> Finding:
    """Empirical-Bayes rates; a commune without a known population has no rate."""
    lang, known = study.lang, study.peopled
    if not known.any():
        raise InputError("analysis.no_people")
    counts, people = study.counts[known], study.exposure[known]
    smooth = pd.Series(rates.empirical_bayes(counts, people) * 10_000, index=counts.index)
    raw = rate(study.counts, study.units, Per.PEOPLE)
    classes = classify(smooth, k=5)
    styles = symbology.ramp(study.query.measure, len(classes.upper))
    words = legend.class_labels(classes, lang, digits=legend.digits_for(classes))
    reverse = [UnitClass(style, word) for style, word in zip(styles, words)][::-1]
    extra = (UnitClass(symbology.ZERO, t("map.class_zero", lang)),) if (classes.index < 0).any() else ()
    of_known = np.where(classes.index >= 0, len(reverse) - 1 - classes.index, len(reverse)).astype(np.int64)
    all_classes, index = with_unknown(study, (*reverse, *extra), of_known, known)
    full = smooth.reindex(study.units.index)
    order = full.sort_values(ascending=False, kind="stable", na_position="last").index
    overall = counts.sum() / people.sum() * 10_000
    said = [
        t("analysis.no_people_here", lang)
        if np.isnan(a)
        else t("analysis.tip_rate", lang, smooth=number(a, lang, digits=2), raw=number(b, lang, digits=2))
        for a, b in zip(full, raw)
    ]
    frame = pd.DataFrame({"smooth": full, "raw": raw, "value": study.counts}).loc[order]
    columns = [("smooth", t("analysis.column_smooth", lang), 2), ("raw", t("analysis.column_raw", lang), 2),
               ("value", t("analysis.column_value", lang), 0)]  # fmt: skip
    places = pd.Series(index, study.units.index)[order]
    name = t(f"map.measure_{study.query.measure}", lang)
    return Finding(
        title=t("analysis.rates_title", lang, measure=name, period=study.words["period"]),
        sentence=t("analysis.rates_sentence", lang, overall=number(overall, lang, digits=2),
                   names=study.names([str(c) for c in order[:3]])),
        method=t("analysis.rates_method", lang),
        classes=all_classes,
        cells=cells(study, index, list(zip(study.value_lines(), said))),
        labels=tuple(order),
        legend_title=t("map.legend_fill", lang, measure=name, per=t("map.per_per_10k", lang)),
        table=unit_table(study, columns, frame, [all_classes[i].label for i in places]),
    )  # fmt: skip
