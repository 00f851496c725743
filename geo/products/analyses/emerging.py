"""Emerging hot spots as a map: how each commune was hot or cold over the months."""

from __future__ import annotations

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.stats import norm

from geo.analysis import emerging, hotspots, trends
from geo.cartography.spec import Style
from geo.errors import InputError
from geo.products.analyses.study import COLD, HOT, PLAIN, Study, cells, touching, unit_table
from geo.question import Question
from geo.text import Lang, t
from geo.views.analysis import Finding, UnitClass


def emerging_spots(study: Study[Question]) -> Finding:
    lang, query = study.lang, study.query
    months = study.snapshot.cube(query.measure).table(query.start, query.end, kinds=query.kinds).astype(float)
    if len(months) < 6:
        raise InputError("analysis.too_short", months=len(months))
    z = space_time_scores(months, touching(study.snapshot))
    sure = hotspots.benjamini_hochberg(2.0 * norm.sf(np.abs(z)).ravel()).reshape(z.shape) <= 0.05
    trend = trends.mann_kendall(z)
    categories = emerging.classify((sure & (z > 0)).T, (sure & (z < 0)).T, trend.p, np.sign(trend.s))
    present = [c for c in emerging.CATEGORIES if c in categories]
    classes = tuple(UnitClass(_category_style(c), _category_label(c, lang)) for c in present)
    index = np.array([present.index(c) for c in categories], np.int64)
    striking = [c for c in present if c != "no pattern"]
    said = "; ".join(_said(study, categories, c) for c in striking[:4])
    key = "analysis.emerging_some" if striking else "analysis.emerging_none"
    order = study.counts.sort_values(ascending=False, kind="stable").index
    labels = dict(zip(study.units.index, (_category_label(c, lang) for c in categories)))
    frame = pd.DataFrame({"value": study.counts}).loc[order]
    return Finding(
        title=t("analysis.emerging_title", lang, **study.words),
        sentence=t(key, lang, months=len(months), said=said),
        method=t("analysis.emerging_method", lang),
        classes=classes,
        cells=cells(study, index, [(line, labels[code]) for line, code in zip(study.value_lines(), study.units.index)]),
        labels=tuple(
            sorted(study.units.index, key=lambda c: (labels[c] == t("analysis.no_pattern", lang), -study.counts[c]))
        ),
        legend_title=t("analysis.emerging_legend", lang),
        table=unit_table(study, [("value", t("analysis.column_value", lang), 0)], frame, [labels[c] for c in order]),
    )


def space_time_scores(months: pd.DataFrame, graph: Graph) -> NDArray[np.float64]:
    """Gi* of each month and unit over the whole cube; a unit's neighbours are those that touch it, this month and last.

    Returns
    -------
    ndarray, shape (months, units)
    """
    x = months.to_numpy()
    link = (graph.sparse > 0).astype(float)
    own = x + x @ link.toarray()
    size = 1.0 + np.asarray(link.sum(axis=1)).ravel()
    total = own.copy()
    total[1:] += own[:-1]
    weight = np.tile(size, (len(x), 1))
    weight[1:] += size
    n, mean, spread = x.size, x.mean(), x.std()
    scale = spread * np.sqrt((n * weight - weight**2) / (n - 1))
    return np.asarray(np.divide(total - mean * weight, scale, out=np.zeros_like(total), where=scale > 0))


def _said(study: Study[Question], categories: list[str], category: str) -> str:
    """Which communes behaved how, in plain words."""
    codes = [str(code) for code, c in zip(study.units.index, categories) if c == category]
    kind, side, _ = category.split(" ")
    words = {"names": study.names(codes), "side": t(f"analysis.side_{side}", study.lang), "n": len(codes)}
    return t(f"analysis.said_{kind}", study.lang, **words)


def _category_label(category: str, lang: Lang) -> str:
    if category == "no pattern":
        return t("analysis.no_pattern", lang)
    kind, side, _ = category.split(" ")
    return t(f"analysis.spot_{side}", lang, kind=t(f"analysis.kind_{kind}", lang))


def _category_style(category: str) -> Style:
    """Orange for hot, blue for cold; darker the more it lasts, hatched where it comes and goes or is past."""
    if category == "no pattern":
        return PLAIN
    kind, side, _ = category.split(" ")
    dark, light = HOT if side == "hot" else COLD
    match kind:
        case "new" | "consecutive":
            return Style(fill=light, pattern="dots" if kind == "new" else "none", ink=dark)
        case "intensifying" | "persistent":
            return Style(fill=dark, pattern="none" if kind == "persistent" else "cross", ink=light)
        case "diminishing":
            return Style(fill=light, pattern="slant", ink=dark)
        case "sporadic" | "oscillating":
            return Style(fill=PLAIN.fill, pattern="hatch" if kind == "sporadic" else "cross", ink=dark)
        case _:
            return Style(fill=PLAIN.fill, pattern="fine_dots", ink=dark)
