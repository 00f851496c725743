"""Concentration as a map: the few communes that hold half of everything."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.analysis import concentration
from geo.cartography import symbology
from geo.cartography.spec import Series
from geo.products.analyses.study import PLAIN, Study, cells, unit_table, with_unknown
from geo.question import Question
from geo.text import number, percent, t
from geo.views.analysis import Finding, UnitClass


def concentrated(study: Study[Question]) -> Finding:
    """The few communes that hold half of everything."""
    lang = study.lang
    counts, known = study.counts.dropna(), study.counts.notna()
    curve = concentration.pareto(counts)
    half = int((curve["cumulative_share_events"] < 0.5).sum()) + 1
    gini = concentration.gini(counts)
    inside = set(curve.index[:half])
    chosen = np.array([0 if code in inside else 1 for code in study.units.index[known]], np.int64)
    word = "low" if gini < 0.35 else "mid" if gini < 0.6 else "high"
    pair = (
        UnitClass(symbology.ramp(study.query.measure, 3)[-1], t("analysis.concentration_in", lang)),
        UnitClass(PLAIN, t("analysis.concentration_out", lang)),
    )
    classes, index = with_unknown(study, pair, chosen, known)
    frame = pd.DataFrame({"value": counts.loc[curve.index], "share": curve["cumulative_share_events"] * 100})
    columns = [("value", t("analysis.column_value", lang), 0), ("share", t("analysis.column_share", lang), 1)]
    return Finding(
        title=t("analysis.concentration_title", lang, **study.words),
        sentence=t("analysis.concentration_sentence", lang, n=half, share=percent(half / len(curve), lang),
                   noun=study.noun(2),
                   gini=number(gini, lang, digits=2), word=t(f"analysis.concentration_{word}", lang)),
        method=t("analysis.concentration_method", lang),
        classes=classes,
        cells=cells(study, index, [(line,) for line in study.value_lines()]),
        labels=tuple(curve.index),
        chart=_curve(curve["cumulative_share_events"] * 100, study),
        legend_title=t("analysis.concentration_legend", lang),
        table=unit_table(study, columns, frame, [classes[0 if c in inside else 1].label for c in curve.index]),
    )  # fmt: skip


def _curve(shares: pd.Series, study: Study[Question]) -> Series:
    """The Pareto curve: what share of all events the communes with most of them hold together."""
    lang = study.lang
    names = tuple(number(n, lang) for n in range(len(shares) + 1))
    marks = tuple((n, number(n, lang)) for n in range(0, len(shares) + 1, 10))
    ticks = tuple((float(v), percent(v / 100, lang)) for v in (0, 25, 50, 75, 100))
    nothing = (None,) * len(names)
    return Series(
        title=t("analysis.concentration_curve", lang),
        note=t("analysis.concentration_curve_note", lang),
        names=names,
        marks=marks,
        counts=(0.0, *(round(float(v), 6) for v in shares)),
        low=nothing,
        high=nothing,
        ticks=ticks,
        words=(t("analysis.column_share", lang), "", ""),
    )
