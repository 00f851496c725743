"""Analyses as maps, each with one sentence: hot spots, emerging ones, spatial scan, smoothed rates, concentration.

Zones are no input of any of them. Masked measures are refused: a score per commune could give a hidden count away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.stats import norm

from geo import crs, settings
from geo.analysis import concentration, emerging, hotspots, rates, scan, trends
from geo.cartography import legend, symbology
from geo.cartography.classify import classify
from geo.cartography.spec import Cell, Column, MapSpec, Row, Style, Table
from geo.errors import InputError
from geo.products.context import context_at, units_at
from geo.products.counts import whole_months
from geo.schema import MASKED_MEASURES, Measure, Per, Query, UnitSystem
from geo.store.cube import build_cube
from geo.store.store import Store
from geo.text import Lang, number, percent, period, t
from geo.views.analysis import Finding, UnitClass, finding_map
from geo.views.inputs import rate

ANALYSES = ("hotspots", "emerging", "scan", "rates", "concentration")
"""Names of the analyses that are maps."""

_HOT = ("#b8420a", "#ee9a5a")
_COLD = ("#1f5a9e", "#8fb6de")
_PLAIN = Style(fill="#f3f1ec")


def analysis(store: Store, name: str, query: Query, lang: Lang) -> MapSpec:
    """The map of one analysis.

    Parameters
    ----------
    name : str
        One of `ANALYSES`.
    query : Query
        On present units; its `units` are passed over, since neighbours matter.

    Raises
    ------
    InputError
        If the measure is masked, or there is nothing to analyse.
    """
    if query.measure in MASKED_MEASURES:
        raise InputError("analysis.masked")
    asked = replace(whole_months(query), units=(), system=UnitSystem.CURRENT)
    return _analysis(store, name, asked, lang, store.version, settings.load())


@lru_cache(maxsize=48)
def _analysis(store: Store, name: str, query: Query, lang: Lang, version: int, config: settings.Settings) -> MapSpec:
    case = Case(store, query, lang, version)
    if case.counts.sum() == 0:
        raise InputError("analysis.empty")
    make = {
        "hotspots": _hotspots,
        "emerging": _emerging,
        "scan": _scan,
        "rates": _rates,
        "concentration": _concentration,
    }[name]
    filters = ", ".join(t(f"map.kind_{k}", lang).lower() for k in query.kinds) or t("map.filters_none", lang)
    return finding_map(make(case), query, context_at(store, lang, version, config), filters)


@dataclass(frozen=True, eq=False)
class Case:
    """One question put to an analysis: the units and their counts."""

    store: Store
    query: Query
    lang: Lang
    version: int

    @property
    def units(self) -> pd.DataFrame:
        """Present units, indexed by code."""
        return units_at(self.store, self.version)

    @property
    def counts(self) -> pd.Series:
        """Counts of the period by unit."""
        cube = build_cube(self.store, self.query.measure)
        values = cube.counts(self.query.start, self.query.end, self.query.kinds)[:-1]
        return pd.Series(values.astype(float), index=list(cube.units)).reindex(self.units.index)

    @property
    def values(self) -> pd.Series:
        """What is analysed: counts, or rates where the query asks for them."""
        return rate(self.counts, self.units, self.query.per).fillna(0.0)

    @property
    def words(self) -> dict[str, str]:
        """Measure and period for titles."""
        name = t(f"map.measure_{self.query.measure}", self.lang)
        return {"measure": name[0].lower() + name[1:], "period": period(self.query.start, self.query.end, self.lang)}

    def names(self, codes: list[str]) -> str:
        """The names of some units, in words."""
        return ", ".join(self.units["name"][code] for code in codes)


@lru_cache(maxsize=4)
def neighbours(store: Store, _version: int) -> Graph:
    """Which present units touch; islands have none."""
    layer = store.boundary_units(store.active_boundaries(UnitSystem.CURRENT).id).set_index("code")
    return Graph.build_contiguity(layer, rook=False)


def _table(case: Case, columns: list[tuple[str, str, int]], frame: pd.DataFrame, labels: list[str]) -> Table:
    """Name, then numeric columns (key, label, decimals) of `frame`, then the result in words; in order of `frame`."""
    lang = case.lang
    heads = (
        Column("name", t("map.column_name", lang)),
        *(Column(key, label, True, digits) for key, label, digits in columns),
        Column("label", t("analysis.column_label", lang)),
    )
    rows = []
    for (code, record), label in zip(frame.iterrows(), labels):
        numbers = [float(record[key]) for key, _, _ in columns]
        texts = [number(v, lang, digits=d) for v, (_, _, d) in zip(numbers, columns)]
        rows.append(Row(str(code), (case.units["name"][code], *texts, label), (None, *numbers, None)))
    return Table(heads, tuple(rows))


def _cells(case: Case, index: NDArray[np.int64], lines: list[tuple[str, ...]]) -> tuple[Cell, ...]:
    rows = zip(case.units.index, case.units["name"], index.tolist(), lines)
    return tuple(Cell(code, name, cls, line) for code, name, cls, line in rows)


def _value_lines(case: Case) -> list[str]:
    noun = t(f"map.noun_{case.query.measure}", case.lang)
    return [t("map.tip_value", case.lang, value=number(v, case.lang), noun=noun) for v in case.counts]


def _hotspots(case: Case) -> Finding:
    lang = case.lang
    found = hotspots.gi_star(case.values, neighbours(case.store, case.version))
    sure, very = found["p_adjusted"] <= 0.05, found["p_adjusted"] <= 0.01
    index = np.select(
        [very & (found["z"] > 0), sure & (found["z"] > 0), very & (found["z"] < 0), sure & (found["z"] < 0)],
        [0, 1, 4, 3],
        default=2,
    ).astype(np.int64)
    names = ("hot_99", "hot_95", "not_different", "cold_95", "cold_99")
    fills = (Style(fill=_HOT[0]), Style(fill=_HOT[1]), _PLAIN, Style(fill=_COLD[1]), Style(fill=_COLD[0]))
    classes = tuple(UnitClass(style, t(f"analysis.{name}", lang)) for style, name in zip(fills, names))
    said = [t("analysis.tip_z", lang, z=number(z, lang, digits=2)) for z in found["z"]]
    order = found["z"].sort_values(ascending=False, kind="stable")
    hot, cold = int((index < 2).sum()), int((index > 2).sum())
    sentence = t("analysis.hotspots_none", lang)
    if hot or cold:
        top = case.names([str(code) for code in order.index[:3]])
        sentence = t("analysis.hotspots_some", lang, hot=hot, cold=cold, names=top)
    frame = found.assign(value=case.values).loc[order.index]
    places = pd.Series(index, index=found.index)[order.index]
    columns = [("value", t("analysis.column_value", lang), 2 if case.query.per is not Per.COUNT else 0),
               ("z", t("analysis.column_z", lang), 2), ("p_adjusted", t("analysis.column_p", lang), 3)]  # fmt: skip
    return Finding(
        name="hotspots",
        title=t("analysis.hotspots_title", lang, **case.words),
        sentence=sentence,
        method=t("analysis.hotspots_method", lang, per=t(f"map.per_{case.query.per}", lang)),
        classes=classes,
        cells=_cells(case, index, list(zip(_value_lines(case), said))),
        labels=tuple(found["z"].abs().sort_values(ascending=False, kind="stable").index),
        legend_title=t("analysis.hotspots_legend", lang),
        table=_table(case, columns, frame, [classes[i].label for i in places]),
    )


def _emerging(case: Case) -> Finding:
    lang, query = case.lang, case.query
    months = build_cube(case.store, query.measure).table(query.start, query.end, kinds=query.kinds).astype(float)
    if len(months) < 6:
        raise InputError("analysis.too_short", months=len(months))
    z = _space_time_scores(months, neighbours(case.store, case.version))
    sure = hotspots.benjamini_hochberg(2.0 * norm.sf(np.abs(z)).ravel()).reshape(z.shape) <= 0.05
    trend = trends.mann_kendall(z)
    categories = emerging.classify((sure & (z > 0)).T, (sure & (z < 0)).T, trend.p, np.sign(trend.s))
    present = [c for c in emerging.CATEGORIES if c in categories]
    classes = tuple(UnitClass(_category_style(c), _category_label(c, lang)) for c in present)
    index = np.array([present.index(c) for c in categories], np.int64)
    striking = [c for c in present if c != "no pattern"]
    said = "; ".join(f"{_category_label(c, lang)}: {_listed(case, categories, c)}" for c in striking[:4])
    key = "analysis.emerging_some" if striking else "analysis.emerging_none"
    order = case.counts.sort_values(ascending=False, kind="stable").index
    labels = dict(zip(case.units.index, (_category_label(c, lang) for c in categories)))
    frame = pd.DataFrame({"value": case.counts}).loc[order]
    return Finding(
        name="emerging",
        title=t("analysis.emerging_title", lang, **case.words),
        sentence=t(key, lang, months=len(months), names=said) if striking else t(key, lang, months=len(months)),
        method=t("analysis.emerging_method", lang),
        classes=classes,
        cells=_cells(case, index, [(line, labels[code]) for line, code in zip(_value_lines(case), case.units.index)]),
        labels=tuple(
            sorted(case.units.index, key=lambda c: (labels[c] == t("analysis.no_pattern", lang), -case.counts[c]))
        ),
        legend_title=t("analysis.emerging_legend", lang),
        table=_table(case, [("value", t("analysis.column_value", lang), 0)], frame, [labels[c] for c in order]),
    )


def _space_time_scores(months: pd.DataFrame, graph: Graph) -> NDArray[np.float64]:
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


def _listed(case: Case, categories: list[str], category: str) -> str:
    codes = [code for code, c in zip(case.units.index, categories) if c == category]
    shown = case.names(codes[:3])
    return shown if len(codes) <= 3 else f"{shown} … ({len(codes)})"


def _category_label(category: str, lang: Lang) -> str:
    if category == "no pattern":
        return t("analysis.no_pattern", lang)
    kind, side, _ = category.split(" ")
    return t(f"analysis.spot_{side}", lang, kind=t(f"analysis.kind_{kind}", lang))


def _category_style(category: str) -> Style:
    """Orange for hot, blue for cold; darker the more it lasts, hatched where it comes and goes or is past."""
    if category == "no pattern":
        return _PLAIN
    kind, side, _ = category.split(" ")
    dark, light = _HOT if side == "hot" else _COLD
    match kind:
        case "new" | "consecutive":
            return Style(fill=light, pattern="dots" if kind == "new" else "none", ink=dark)
        case "intensifying" | "persistent":
            return Style(fill=dark, pattern="none" if kind == "persistent" else "cross", ink=light)
        case "diminishing":
            return Style(fill=light, pattern="slant", ink=dark)
        case "sporadic" | "oscillating":
            return Style(fill=_PLAIN.fill, pattern="hatch" if kind == "sporadic" else "cross", ink=dark)
        case _:
            return Style(fill=_PLAIN.fill, pattern="fine_dots", ink=dark)


def _scan(case: Case) -> Finding:
    lang, frame = case.lang, case.units
    metric = crs.utm_of(float(frame[["minx", "maxx"]].mean().mean()))
    x, y = crs.project((frame.minx + frame.maxx) / 2, (frame.miny + frame.maxy) / 2, crs.WGS84, metric)
    people = frame["people"].fillna(0.0)
    found = [c for c in scan.spatial_scan(x, y, case.counts, people) if c.p <= 0.05][:4]
    index = np.full(len(frame), len(found), np.int64)
    for rank, cluster in enumerate(found):
        index[cluster.members] = rank
    ramp = ("#8f2f06", "#c9560f", "#ee9a5a", "#f7cfa8")
    words = [
        t("analysis.scan_class", lang, rank=rank, observed=number(c.observed, lang),
          expected=number(c.expected, lang, digits=0), p=number(c.p, lang, digits=3))
        for rank, c in enumerate(found, 1)
    ]  # fmt: skip
    classes = (
        *(UnitClass(Style(fill=color), label) for color, label in zip(ramp, words)),
        UnitClass(_PLAIN, t("analysis.scan_rest", lang)),
    )
    sentence = t("analysis.scan_none", lang)
    if found:
        first = found[0]
        sentence = t(
            "analysis.scan_some", lang, n=len(first.members), observed=number(first.observed, lang),
            expected=number(first.expected, lang), risk=number(first.relative_risk, lang, digits=1),
            p=number(first.p, lang, digits=3),
        )  # fmt: skip
    order = pd.Series(index, frame.index).sort_values(kind="stable").index
    values = pd.DataFrame({"value": case.counts, "per": rate(case.counts, frame, Per.PEOPLE)}).fillna(0.0).loc[order]
    columns = [("value", t("analysis.column_value", lang), 0), ("per", t("map.column_per_10k", lang), 2)]
    places = pd.Series(index, frame.index)
    return Finding(
        name="scan",
        title=t("analysis.scan_title", lang, **case.words),
        sentence=sentence,
        method=t("analysis.scan_method", lang),
        classes=classes,
        cells=_cells(case, index, [(line, classes[i].label) for line, i in zip(_value_lines(case), index)]),
        labels=tuple(order),
        legend_title=t("analysis.scan_legend", lang),
        table=_table(case, columns, values, [classes[places[code]].label for code in order]),
    )


def _rates(case: Case) -> Finding:
    lang, people = case.lang, case.units["people"].fillna(0.0)
    smooth = pd.Series(rates.empirical_bayes(case.counts, people) * 10_000, index=case.units.index)
    raw = rate(case.counts, case.units, Per.PEOPLE).fillna(0.0)
    classes = classify(smooth, k=5)
    styles = symbology.ramp(case.query.measure, len(classes.upper))
    words = legend.class_labels(classes, lang, digits=legend.digits_for(classes))
    reverse = [UnitClass(style, word) for style, word in zip(styles, words)][::-1]
    index = np.where(classes.index >= 0, len(reverse) - 1 - classes.index, len(reverse))
    extra = (UnitClass(symbology.ZERO, t("map.class_zero", lang)),) if (classes.index < 0).any() else ()
    order = smooth.sort_values(ascending=False, kind="stable").index
    overall = case.counts.sum() / people.sum() * 10_000
    said = [
        t("analysis.tip_rate", lang, smooth=number(a, lang, digits=2), raw=number(b, lang, digits=2))
        for a, b in zip(smooth, raw)
    ]
    frame = pd.DataFrame({"smooth": smooth, "raw": raw, "value": case.counts}).loc[order]
    columns = [("smooth", t("analysis.column_smooth", lang), 2), ("raw", t("analysis.column_raw", lang), 2),
               ("value", t("analysis.column_value", lang), 0)]  # fmt: skip
    all_classes = (*reverse, *extra)
    name = t(f"map.measure_{case.query.measure}", lang)
    return Finding(
        name="rates",
        title=t("analysis.rates_title", lang, measure=name, period=case.words["period"]),
        sentence=t("analysis.rates_sentence", lang, overall=number(overall, lang, digits=2),
                   names=case.names([str(c) for c in order[:3]])),
        method=t("analysis.rates_method", lang),
        classes=all_classes,
        cells=_cells(case, index.astype(np.int64), list(zip(_value_lines(case), said))),
        labels=tuple(order),
        legend_title=t("map.legend_fill", lang, measure=name, per=t("map.per_per_10k", lang)),
        table=_table(case, columns, frame, [all_classes[i].label for i in pd.Series(index, smooth.index)[order]]),
    )  # fmt: skip


def _concentration(case: Case) -> Finding:
    lang = case.lang
    curve = concentration.pareto(case.counts)
    half = int((curve["cumulative_share_events"] < 0.5).sum()) + 1
    gini = concentration.gini(case.counts)
    inside = set(curve.index[:half])
    index = np.array([0 if code in inside else 1 for code in case.units.index], np.int64)
    word = "low" if gini < 0.35 else "mid" if gini < 0.6 else "high"
    classes = (
        UnitClass(Style(fill="#c65a02"), t("analysis.concentration_in", lang)),
        UnitClass(_PLAIN, t("analysis.concentration_out", lang)),
    )
    frame = pd.DataFrame({"value": case.counts.loc[curve.index], "share": curve["cumulative_share_events"] * 100})
    columns = [("value", t("analysis.column_value", lang), 0), ("share", t("analysis.column_share", lang), 1)]
    return Finding(
        name="concentration",
        title=t("analysis.concentration_title", lang, **case.words),
        sentence=t("analysis.concentration_sentence", lang, n=half, share=percent(half / len(curve), lang),
                   gini=number(gini, lang, digits=2), word=t(f"analysis.concentration_{word}", lang)),
        method=t("analysis.concentration_method", lang),
        classes=classes,
        cells=_cells(case, index, [(line,) for line in _value_lines(case)]),
        labels=tuple(curve.index),
        legend_title=t("analysis.concentration_legend", lang),
        table=_table(case, columns, frame, [classes[0 if c in inside else 1].label for c in curve.index]),
    )  # fmt: skip


OFFERED = tuple(m for m in Measure if m not in MASKED_MEASURES)
"""Measures an analysis may be made of."""
