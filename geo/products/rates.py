"""Rates per people, smoothed so that small populations do not stand out by chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.analysis import rates
from geo.cartography import legend, symbology
from geo.cartography.classify import classify
from geo.errors import InputError
from geo.products.case import Case, cells, unit_table, with_unknown
from geo.schema import Per
from geo.text import number, t
from geo.views.analysis import Finding, UnitClass
from geo.views.inputs import rate


def smoothed_rates(case: Case) -> Finding:
    """Empirical-Bayes rates; a commune without a known population has no rate."""
    lang, known = case.lang, case.peopled
    if not known.any():
        raise InputError("analysis.no_people")
    counts, people = case.counts[known], case.units["people"][known]
    smooth = pd.Series(rates.empirical_bayes(counts, people) * 10_000, index=counts.index)
    raw = rate(case.counts, case.units, Per.PEOPLE)
    classes = classify(smooth, k=5)
    styles = symbology.ramp(case.query.measure, len(classes.upper))
    words = legend.class_labels(classes, lang, digits=legend.digits_for(classes))
    reverse = [UnitClass(style, word) for style, word in zip(styles, words)][::-1]
    extra = (UnitClass(symbology.ZERO, t("map.class_zero", lang)),) if (classes.index < 0).any() else ()
    of_known = np.where(classes.index >= 0, len(reverse) - 1 - classes.index, len(reverse)).astype(np.int64)
    all_classes, index = with_unknown(case, (*reverse, *extra), of_known, known)
    full = smooth.reindex(case.units.index)
    order = full.sort_values(ascending=False, kind="stable", na_position="last").index
    overall = counts.sum() / people.sum() * 10_000
    said = [
        t("analysis.no_people_here", lang)
        if np.isnan(a)
        else t("analysis.tip_rate", lang, smooth=number(a, lang, digits=2), raw=number(b, lang, digits=2))
        for a, b in zip(full, raw)
    ]
    frame = pd.DataFrame({"smooth": full, "raw": raw, "value": case.counts}).loc[order]
    columns = [("smooth", t("analysis.column_smooth", lang), 2), ("raw", t("analysis.column_raw", lang), 2),
               ("value", t("analysis.column_value", lang), 0)]  # fmt: skip
    places = pd.Series(index, case.units.index)[order]
    name = t(f"map.measure_{case.query.measure}", lang)
    return Finding(
        name="rates",
        title=t("analysis.rates_title", lang, measure=name, period=case.words["period"]),
        sentence=t("analysis.rates_sentence", lang, overall=number(overall, lang, digits=2),
                   names=case.names([str(c) for c in order[:3]])),
        method=t("analysis.rates_method", lang),
        classes=all_classes,
        cells=cells(case, index, list(zip(case.value_lines(), said))),
        labels=tuple(order),
        legend_title=t("map.legend_fill", lang, measure=name, per=t("map.per_per_10k", lang)),
        table=unit_table(case, columns, frame, [all_classes[i].label for i in places]),
    )  # fmt: skip
