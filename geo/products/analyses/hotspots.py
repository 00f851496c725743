"""Hot spots as a map: Gi* or local Moran, by commune or on square cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import crs
from geo.analysis import grid as grids
from geo.analysis import hotspots as local
from geo.cartography.rings import rings_of
from geo.cartography.spec import Column, LegendEntry, LegendGroup, Ring, Row, Stroke, Style, Table, Zone, ZoneLayer
from geo.errors import InputError
from geo.products.analyses.study import COLD, HOT, PLAIN, Study, cells, near_words, neighbours, unit_table, with_unknown
from geo.question import HotSpots
from geo.schema import Per
from geo.store import Snapshot, remembered
from geo.text import number, t
from geo.views.analysis import Finding, UnitClass

_FEW, _MANY, _SMALL = 9_999, 999, 4_000
_REACH = {"queen": 1.5, "distance": 2.5}
_STYLES = (Style(fill=HOT[0]), Style(fill=HOT[1]), PLAIN, Style(fill=COLD[1]), Style(fill=COLD[0]))
_GI = ("hot_99", "hot_95", "not_different", "cold_95", "cold_99")
_MORAN = ("high_high", "high_low", "not_different", "low_high", "low_low")


@dataclass(frozen=True, eq=False)
class _Scored:
    """Score, adjusted p and class (0 hottest, 2 not different, 4 coldest) of each unit or cell."""

    score: NDArray[np.float64]
    p: NDArray[np.float64]
    index: NDArray[np.int64]
    names: tuple[str, ...]


@dataclass(frozen=True)
class _Links:
    """Neighbours of cells in the form the local statistics take."""

    sparse: Any


def hotspots(study: Study[HotSpots]) -> Finding:
    """Where high or low values gather."""
    return _by_cell(study) if study.question.by == "grid" else _by_unit(study)


def _scored(values: NDArray[np.float64], links: Any, study: Study[HotSpots]) -> _Scored:
    permutations = _FEW if len(values) <= _SMALL else _MANY
    if study.question.statistic == "moran":
        found = local.local_moran(values, links, permutations=permutations)
        order = ("high-high", "high-low", "none", "low-high", "low-low")
        index = np.array([order.index(label) for label in found["label"]], np.int64)
        return _Scored(found["i"].to_numpy(), found["p_adjusted"].to_numpy(), index, _MORAN)
    if study.question.permutations:
        found = local.gi_star_permuted(values, links, permutations=permutations)
    else:
        found = local.gi_star(values, links)
    z, p = found["z"].to_numpy(), found["p_adjusted"].to_numpy()
    sure, very = p <= 0.05, p <= 0.01
    which = [very & (z > 0), sure & (z > 0), very & (z < 0), sure & (z < 0)]
    return _Scored(z, p, np.select(which, [0, 1, 4, 3], default=2).astype(np.int64), _GI)


def _by_unit(study: Study[HotSpots]) -> Finding:
    lang, known = study.lang, study.values.notna()
    if known.sum() < 10:
        raise InputError("analysis.empty")
    chosen = study.units.index[known]
    found = _scored(study.values[known].to_numpy(), neighbours(study, study.question.neighbours, chosen), study)
    classes, index = with_unknown(study, _classes(found, study), found.index, known)
    score = pd.Series(np.nan, study.units.index)
    p = score.copy()
    score[known], p[known] = found.score, found.p
    said = [_tip(study, z) for z in score]
    order = _order(score, index)
    sentence = _sentence(found, study, chosen)
    frame = pd.DataFrame({"value": study.values, "z": score, "p_adjusted": p}).loc[order]
    places = pd.Series(index, index=study.units.index)[order]
    columns = [("value", t("analysis.column_value", lang), 2 if study.query.per is not Per.COUNT else 0),
               ("z", _score_name(study), 2), ("p_adjusted", t("analysis.column_p", lang), 3)]  # fmt: skip
    return Finding(
        title=t("analysis.hotspots_title", lang, **study.words),
        sentence=sentence,
        method=_method(study, len(chosen)),
        classes=classes,
        cells=cells(study, index, list(zip(study.value_lines(), said))),
        labels=tuple(score.abs().sort_values(ascending=False, kind="stable").index),
        legend_title=t("analysis.hotspots_legend", lang),
        table=unit_table(study, columns, frame, [classes[i].label for i in places]),
    )


def _sentence(found: _Scored, study: Study[HotSpots], chosen: pd.Index) -> str:
    """How many communes differ from chance and which most, or why the map is plain."""
    hot, cold = _tally(found)
    if not hot + cold:
        key = "moran_none" if study.question.statistic == "moran" else "hotspots_none"
        return t(f"analysis.{key}", study.lang, n=len(found.index))
    key = "hotspots_moran" if study.question.statistic == "moran" else "hotspots_some"
    names = study.names([str(chosen[i]) for i in _clearest(found)][:3])
    return t(f"analysis.{key}", study.lang, hot=hot, cold=cold, names=names)


def _tally(found: _Scored) -> tuple[int, int]:
    """How many are high, and how many low."""
    return int((found.index < 2).sum()), int((found.index > 2).sum())


def _clearest(found: _Scored) -> list[int]:
    """Positions of those that are high, or else low, the farthest from chance first."""
    side = found.index < 2 if (found.index < 2).any() else found.index > 2
    return [int(i) for i in np.argsort(-np.abs(found.score), kind="stable") if side[i]]


def _order(score: pd.Series, index: NDArray[np.int64]) -> pd.Index:
    """Hottest class first, by score inside it; units without data last."""
    frame = pd.DataFrame({"cls": index, "score": -score.fillna(-np.inf)}, score.index)
    return frame.sort_values(["cls", "score"], kind="stable").index


def _classes(found: _Scored, study: Study[HotSpots]) -> tuple[UnitClass, ...]:
    return tuple(UnitClass(style, t(f"analysis.{name}", study.lang)) for style, name in zip(_STYLES, found.names))


def _tip(study: Study[HotSpots], score: float) -> str:
    if np.isnan(score):
        return ""
    return t(
        "analysis.tip_i" if study.question.statistic == "moran" else "analysis.tip_z",
        study.lang,
        z=number(score, study.lang, digits=2),
    )


def _score_name(study: Study[HotSpots]) -> str:
    return t("analysis.column_i" if study.question.statistic == "moran" else "analysis.column_z", study.lang)


def _method(study: Study[HotSpots], n: int) -> str:
    lang, question = study.lang, study.question
    moran = question.statistic == "moran"
    maps = number(_FEW if n <= _SMALL else _MANY, lang)
    p = t("analysis.p_permuted", lang, n=maps) if moran or question.permutations else t("analysis.p_normal", lang)
    name = t("analysis.name_moran" if moran else "analysis.name_gi", lang)
    grid = question.by == "grid"
    where = _cell_words(question) if grid else near_words(study, question.neighbours)
    per = "" if grid else t("analysis.values", lang, per=t(f"map.per_{study.query.per}", lang))
    return ", ".join(part for part in (name, where, p, t("analysis.fdr", lang), per) if part)


def _cell_words(question: HotSpots) -> str:
    """The cells and their neighbours in words."""
    lang, side = question.lang, question.cell_m / 1_000
    around = t(f"analysis.near_cells_{question.neighbours}", lang, km=number(side * 2.5, lang, digits=1))
    return f"{t('analysis.cells', lang, km=number(side, lang))}, {around}"


def _by_cell(study: Study[HotSpots]) -> Finding:
    lang = study.lang
    events = study.snapshot.points(study.query)
    if len(events.lon) < 20:
        raise InputError("places.too_few", n=len(events.lon))
    grid = _grid(study.snapshot, study.question.cell_m, study.metric)
    x, y = crs.project(events.lon, events.lat, crs.WGS84, study.metric)
    counts = grids.counted(grid, x, y)
    found = _scored(counts.astype(float), _Links(grids.adjacency(grid, reach=_REACH[study.question.neighbours])), study)
    layers, entries = _cell_layers(study, grid, found)
    unit_names = study.units["name"].to_numpy()[grid.shape_of]
    told = (found.index != 2) | (counts > 0)
    order = [int(i) for i in np.lexsort((-found.score, found.index)) if told[i]]
    return Finding(
        title=t("analysis.grid_title", lang, km=number(grid.cell_m / 1_000, lang), **study.words),
        sentence=_cell_sentence(found, study, unit_names, events.without_point),
        method=_method(study, len(counts)),
        classes=(UnitClass(PLAIN, ""),),
        cells=cells(study, np.zeros(len(study.units), np.int64), [(line,) for line in study.value_lines()]),
        labels=tuple(study.counts.sort_values(ascending=False, kind="stable").index),
        legend_title="",
        table=_cell_table(study, found, counts, unit_names, order),
        overlays=layers,
        overlay_legend=(LegendGroup(t("analysis.hotspots_legend", lang), entries),),
    )


def _cell_sentence(found: _Scored, study: Study[HotSpots], names: NDArray[Any], without_place: int) -> str:
    hot, cold = _tally(found)
    n = number(without_place, study.lang)
    aside = {"aside": n, "noun": study.noun(n)}
    if not hot + cold:
        return t("analysis.grid_none", study.lang, **aside)
    top = ", ".join([*dict.fromkeys(str(names[i]) for i in _clearest(found))][:3])
    return t("analysis.grid_some", study.lang, hot=hot, cold=cold, names=top, **aside)


@remembered(8)
def _grid(snapshot: Snapshot, cell_m: int, metric: str) -> grids.Grid:
    return grids.grid_over(snapshot.layer().to_crs(metric).geometry.to_numpy(), cell_m=cell_m)


def _cell_layers(
    study: Study[HotSpots], grid: grids.Grid, found: _Scored
) -> tuple[tuple[ZoneLayer, ...], tuple[LegendEntry, ...]]:
    layers, entries = [], []
    for place, (style, name) in enumerate(zip(_STYLES, found.names)):
        label = t(f"analysis.{name}", study.lang)
        entries.append(LegendEntry("fill", style, label))
        chosen = np.flatnonzero(found.index == place)
        if place == 2 or not len(chosen):
            continue
        drawn = Style(fill=f"{style.fill}c4", stroke=Stroke(style.fill, 0.6))
        rings = _rings(grid.outline(chosen), study.metric)
        side = t("analysis.cells", study.lang, km=number(grid.cell_m / 1_000, study.lang))
        layers.append(ZoneLayer("grid", label, drawn, (Zone(side, rings),)))
    return tuple(layers), tuple(entries)


def _rings(shape: Any, metric: str) -> tuple[Ring, ...]:
    return rings_of(shapely.transform(shape, lambda x, y: crs.project(x, y, metric, crs.WGS84), interleaved=False))


def _cell_table(
    study: Study[HotSpots], found: _Scored, counts: NDArray[np.int64], names: NDArray[Any], order: list[int]
) -> Table:
    """The cells that hold events or differ from chance, hottest first."""
    lang = study.lang
    heads = (
        Column("name", t("map.column_name", lang)),
        Column("value", t("analysis.column_value", lang), True, 0),
        Column("z", _score_name(study), True, 2),
        Column("p_adjusted", t("analysis.column_p", lang), True, 3),
        Column("label", t("analysis.column_label", lang)),
    )
    rows = []
    for i in order:
        values = (float(counts[i]), float(found.score[i]), float(found.p[i]))
        texts = [number(v, lang, digits=d) for v, d in zip(values, (0, 2, 3))]
        label = t(f"analysis.{found.names[found.index[i]]}", lang)
        rows.append(Row(str(i), (str(names[i]), *texts, label), (None, *values, None)))
    return Table(heads, tuple(rows))
