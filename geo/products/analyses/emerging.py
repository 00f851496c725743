"""Emerging hot spots as a map: which communes are high or low over a period, and which have left their own past."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.analysis import emerging
from geo.cartography import symbology
from geo.cartography.spec import Style
from geo.errors import InputError
from geo.products.analyses.study import COLD, HOT, PLAIN, Study, cells, set_apart, touching, unit_table
from geo.question import Question
from geo.schema import add_months, month_start
from geo.text import Lang, number, t
from geo.views.analysis import Finding, UnitClass

_LEAST_MONTHS, _MONTHS_BACK = 6, 60


def emerging_spots(study: Study[Question]) -> Finding:
    """Where a measure is high or low over the whole period, and where its last months differ from before."""
    lang = study.lang
    counts, months = _by_month(study)
    found = emerging.against_own_share(counts, months, study.units["people"], touching(study.snapshot))
    found.index = study.units.index
    categories = found["category"]
    present = [c for c in emerging.CATEGORIES if c in set(categories)]
    classes = tuple(UnitClass(_category_style(c), _category_label(c, lang)) for c in present)
    index = np.array([present.index(c) for c in categories], np.int64)
    silent = found["expected"].isna()
    classes, index = _without_reports(study, classes, index, silent.to_numpy())
    alone = (categories == "no pattern") & ~found["judged"] & ~silent
    classes, index = set_apart(study, classes, index, alone.to_numpy(), "analysis.emerging_not_judged")
    striking = [c for c in present if c != "no pattern"]
    said = "; ".join(_said(study, categories, c) for c in striking[:4])
    key = "analysis.emerging_some" if striking else "analysis.emerging_none"
    rank = pd.Series([present.index(c) for c in categories], found.index)
    order = pd.DataFrame({"rank": rank, "count": -study.counts.fillna(-1)}).sort_values(["rank", "count"]).index
    labels = [classes[i].label for i in pd.Series(index, found.index)[order]]
    frame = found[["last", "observed", "expected"]].assign(value=study.counts)
    return Finding(
        title=t("analysis.emerging_title", lang, **study.words),
        sentence=t(key, lang, months=months, said=said),
        method=t("analysis.emerging_method", lang, **dict(zip(("quarter", "half"), emerging.lengths(months)))),
        classes=classes,
        cells=cells(study, index, _lines(study, found, [classes[i].label for i in index])),
        labels=tuple(order),
        legend_title=t("analysis.emerging_legend", lang),
        table=unit_table(study, _columns(lang), frame.loc[order], labels),
    )


def _by_month(study: Study[Question]) -> tuple[NDArray[np.float64], int]:
    """Counts by month and unit, NaN where there is no report, those before the period too; how many are the period."""
    cube, query = study.snapshot.cube(study.query.measure), study.query
    end = min(query.end, study.snapshot.today)
    start = max(query.start, cube.first)  # a month before the first record is not one without events
    first = month_start(start)
    months = (end.year - first.year) * 12 + end.month - first.month + 1
    if months < _LEAST_MONTHS:
        raise InputError("analysis.too_short", months=max(0, months))
    back = [add_months(first, n) for n in range(months - emerging.lengths(months)[0] - _MONTHS_BACK, 0)]
    edges = [edge for edge in back if edge >= cube.first]
    edges += [start, *(add_months(first, n) for n in range(1, months)), end + timedelta(days=1)]
    table = np.where(cube.reported_between(edges), cube.between(edges, query.kinds)[:, :-1], np.nan)
    return table, months


def _without_reports(
    study: Study[Question], classes: tuple[UnitClass, ...], index: NDArray[np.int64], silent: NDArray[np.bool_]
) -> tuple[tuple[UnitClass, ...], NDArray[np.int64]]:
    """One more class for units of which nothing is known."""
    if not silent.any():
        return classes, index
    style, label = symbology.NO_DATA, t("map.class_no_data", study.lang)
    return (*classes, UnitClass(style, label)), np.where(silent, len(classes), index)


def _lines(study: Study[Question], found: pd.DataFrame, labels: list[str]) -> list[tuple[str, ...]]:
    """The tooltip of each unit: its count, its category, and its last months beside what was to be expected."""
    lines: list[tuple[str, ...]] = []
    for value, label, row in zip(study.value_lines(), labels, found.itertuples()):
        recent: tuple[str, ...] = ()
        if not np.isnan(row.expected):
            n = number(row.observed, study.lang)
            words = {"n": n, "noun": study.noun(n), "due": number(row.expected, study.lang, digits=1)}
            recent = (t("analysis.emerging_tip", study.lang, last=row.last, **words),)
        lines.append((value, label, *recent))
    return lines


def _columns(lang: Lang) -> list[tuple[str, str, int]]:
    return [
        ("value", t("analysis.column_value", lang), 0),
        ("last", t("analysis.column_last_months", lang), 0),
        ("observed", t("analysis.column_recent", lang), 0),
        ("expected", t("analysis.column_due", lang), 1),
    ]


def _said(study: Study[Question], categories: pd.Series, category: str) -> str:
    """Which communes behaved how, in plain words."""
    counts = study.counts[categories == category]
    codes = [str(code) for code in counts.sort_values(ascending=False, kind="stable").index]
    kind, side, _ = category.split(" ")
    return t(f"analysis.said_{kind}_{side}", study.lang, names=study.names(codes), n=len(codes))


def _category_label(category: str, lang: Lang) -> str:
    if category == "no pattern":
        return t("analysis.no_pattern", lang)
    kind, side, _ = category.split(" ")
    return t(f"analysis.spot_{side}", lang, kind=t(f"analysis.kind_{kind}", lang))


def _category_style(category: str) -> Style:
    """Orange for hot, blue for cold; darker the more it lasts, dotted where it is new, hatched where it passes."""
    if category == "no pattern":
        return PLAIN
    kind, side, _ = category.split(" ")
    dark, light = HOT if side == "hot" else COLD
    match kind:
        case "new":
            return Style(fill=light, pattern="dots", ink=dark)
        case "intensifying" | "persistent":
            return Style(fill=dark, pattern="none" if kind == "persistent" else "cross", ink=light)
        case "diminishing":
            return Style(fill=light, pattern="slant", ink=dark)
        case _:
            return Style(fill=PLAIN.fill, pattern="fine_dots", ink=dark)
