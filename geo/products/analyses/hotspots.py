"""Hot spots as a map: more than the place's own past, than its people, or than other places; by commune or cell."""

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
from geo.analysis import rates
from geo.analysis.own_past import ChangedPlaces, changed_places
from geo.cartography.rings import rings_of
from geo.cartography.spec import Column, LegendEntry, LegendGroup, Ring, Row, Stroke, Style, Table, Zone, ZoneLayer
from geo.errors import InputError
from geo.products.analyses.study import (
    COLD,
    HOT,
    PLAIN,
    Study,
    cells,
    near_words,
    neighbours,
    set_apart,
    unit_table,
    with_unknown,
)
from geo.products.situation.usual import blocks
from geo.question import HotSpots
from geo.schema import Query
from geo.store import Snapshot, remembered
from geo.text import number, t
from geo.views.analysis import Finding, UnitClass

_REACH = {"queen": 1.5, "distance": 2.5}
_STYLES = (Style(fill=HOT[0]), Style(fill=HOT[1]), PLAIN, Style(fill=COLD[1]), Style(fill=COLD[0]))
_GI = ("hot_99", "hot_95", "not_different", "cold_95", "cold_99")
_MORAN = ("high_high", "high_low", "not_different", "low_high", "low_low")
_REFERENCE = 36
"""Months before the period that a place is held against: places hold few events."""


@dataclass(frozen=True, eq=False)
class _Scored:
    """Score, adjusted p and class (0 hottest, 2 not different, 4 coldest) of each unit or cell.

    `past` is there where it is the own past that they are held against.
    """

    score: NDArray[np.float64]
    p: NDArray[np.float64]
    index: NDArray[np.int64]
    names: tuple[str, ...]
    past: ChangedPlaces | None = None


@dataclass(frozen=True)
class _Links:
    """Neighbours in the form the local statistics take."""

    sparse: Any


def hotspots(study: Study[HotSpots]) -> Finding:
    """Where high or low values gather."""
    return _by_cell(study) if study.question.by == "grid" else _by_unit(study)


def _classed(z: NDArray[np.float64], p: NDArray[np.float64], past: ChangedPlaces | None = None) -> _Scored:
    sure, very = p <= 0.05, p <= 0.01
    which = [very & (z > 0), sure & (z > 0), very & (z < 0), sure & (z < 0)]
    return _Scored(z, p, np.select(which, [0, 1, 4, 3], default=2).astype(np.int64), _GI, past)


def _scored(values: NDArray[np.float64], links: Any, judged: NDArray[np.bool_], study: Study[HotSpots]) -> _Scored:
    """Gi* or local Moran with exact p; false discoveries are controlled over those that are `judged`."""
    if study.question.statistic == "moran":
        found = local.local_moran(values, links)
        p = _adjusted(found["p"].to_numpy(), judged)
        order = ("high-high", "high-low", "none", "low-high", "low-low")
        label = np.where(p <= 0.05, found["quadrant"], "none")
        index = np.array([order.index(name) for name in label], np.int64)
        return _Scored(found["i"].to_numpy(), p, index, _MORAN)
    found = local.gi_star_exact(values, links)
    return _classed(found["z"].to_numpy(), _adjusted(found["p"].to_numpy(), judged))


def _adjusted(p: NDArray[np.float64], judged: NDArray[np.bool_]) -> NDArray[np.float64]:
    adjusted = np.full(len(p), np.nan)
    adjusted[judged] = local.benjamini_hochberg(p[judged])
    return adjusted


def _against_past(counts: NDArray[np.float64], past: int, links: Any, judged: NDArray[np.bool_]) -> _Scored:
    """Each place, alone and with its neighbours, against its own past; `counts` by block of time and place."""
    found = changed_places(counts, [past], links, reference=min(past, _REFERENCE), judged=judged)
    return _classed(np.nan_to_num(found.z), found.p, found)


def _by_unit(study: Study[HotSpots]) -> Finding:
    lang, basis = study.lang, study.question.basis
    known = study.peopled if basis == "rates" else study.values.notna()
    if known.sum() < 10:
        raise InputError("analysis.empty")
    chosen = study.units.index[known]
    graph = neighbours(study, study.question.neighbours, chosen)
    judged = np.asarray(graph.sparse.sum(axis=1)).ravel() > 0
    if basis == "past":
        counts, past = _blocks_of_units(study)
        found = _against_past(counts, past, (graph.sparse > 0).astype(float), judged)
    else:
        found = _scored(_values(study, known), graph, judged, study)
    classes, index = with_unknown(study, _classes(found, study), found.index, known)
    apart = np.zeros(len(index), bool)
    apart[known.to_numpy(bool)] = ~judged
    classes, index = set_apart(study, classes, index, apart)
    score, p = (_of_all(values, study, known) for values in (np.where(judged, found.score, np.nan), found.p))
    lines = [_tip(study, found.past, place, z) for place, z in zip(_places(known), score)]
    order = _order(score, index)
    places = pd.Series(index, index=study.units.index)[order]
    columns, frame = _columns(study, found, known, score, p)
    return Finding(
        title=t("analysis.hotspots_title", lang, **study.words),
        sentence=_sentence(found, study, chosen),
        method=_method(study),
        classes=classes,
        cells=cells(study, index, [(line, *more) for line, more in zip(study.value_lines(), lines)]),
        labels=tuple(score.abs().sort_values(ascending=False, kind="stable").index),
        legend_title=t(f"analysis.hotspots_legend_{basis}", lang),
        table=unit_table(study, columns, frame.loc[order], [classes[i].label for i in places]),
    )


def _values(study: Study[HotSpots], known: pd.Series) -> NDArray[np.float64]:
    """What Gi* is reckoned from: counts, or rates that allow for how few people they rest on."""
    counts = np.asarray(study.counts[known], float)
    if study.question.basis != "rates":
        return counts
    return np.asarray(rates.standardised(counts, study.exposure[known]), float)


def _blocks_of_units(study: Study[HotSpots]) -> tuple[NDArray[np.float64], int]:
    """Counts by block of time and unit, and how many blocks are before the period."""
    cube = study.snapshot.cube(study.query.measure)
    past, period = _edges(study)
    table = cube.between((*past, *period[1:]), study.query.kinds)[:, :-1].astype(float)
    return table, len(past) - 1


def _edges(study: Study[HotSpots]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Edges of the blocks of time before the period, as far as there are records, and of the period's own."""
    cube = study.snapshot.cube(study.query.measure)
    past, period = blocks(study.query, cube)
    past = tuple(edge for edge in past if edge >= cube.first)
    if len(past) < 4:
        raise InputError("analysis.no_past")
    return past, period


def _of_all(values: NDArray[np.float64], study: Study[HotSpots], known: pd.Series) -> pd.Series:
    full = pd.Series(np.nan, study.units.index)
    full[known] = values
    return full


def _places(known: pd.Series) -> list[int]:
    """The position of each unit among the known ones, -1 for the others."""
    return [int(place) for place in np.where(known, np.cumsum(known) - 1, -1)]


def _columns(
    study: Study[HotSpots], found: _Scored, known: pd.Series, score: pd.Series, p: pd.Series
) -> tuple[list[tuple[str, str, int]], pd.DataFrame]:
    """Columns of the table and what stands in them."""
    lang = study.lang
    frame = pd.DataFrame({"value": study.values, "z": score, "p_adjusted": p})
    digits = 2 if study.question.basis == "rates" else 0
    columns = [("value", t("analysis.column_value", lang), digits), ("z", _score_name(study), 2),
               ("p_adjusted", t("analysis.column_p", lang), 3)]  # fmt: skip
    if found.past:
        alone, around = found.past.alone, found.past.together
        frame["due"] = _of_all(alone.expected, study, known)
        frame["around"] = _of_all(around.observed, study, known)
        frame["around_due"] = _of_all(around.expected, study, known)
        columns[1:1] = [("due", t("analysis.column_due", lang), 1), ("around", t("analysis.column_window", lang), 0),
                        ("around_due", t("analysis.column_window_due", lang), 1)]  # fmt: skip
    return columns, frame


def _sentence(found: _Scored, study: Study[HotSpots], chosen: pd.Index) -> str:
    """How many communes differ, from what, and which most; or why the map is plain."""
    hot, cold = _tally(found)
    what = "moran" if study.question.statistic == "moran" else study.question.basis
    words = {"noun": study.noun(2), "per": t(f"analysis.tested_{study.question.basis}", study.lang)}
    if not hot + cold:
        n = int((~np.isnan(found.p)).sum())
        return t(f"analysis.hotspots_none_{what}", study.lang, n=n, **words)
    names = study.names([str(chosen[i]) for i in _clearest(found)][:3])
    return t(f"analysis.hotspots_some_{what}", study.lang, hot=hot, cold=cold, names=names, **words)


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


def _tip(study: Study[HotSpots], past: ChangedPlaces | None, place: int, score: float) -> tuple[str, ...]:
    """What a unit's tooltip says of its score, and of its window against its past."""
    if np.isnan(score):
        return ()
    lang = study.lang
    key = "analysis.tip_i" if study.question.statistic == "moran" else "analysis.tip_z"
    if past is None:
        return (t(key, lang, z=number(score, lang, digits=2)),)
    alone = t("analysis.tip_past_alone", lang, due=number(past.alone.expected[place], lang, digits=1))
    if past.by_itself[place]:
        return (alone,)
    n = number(past.together.observed[place], lang)
    due = number(past.together.expected[place], lang, digits=1)
    return alone, t("analysis.tip_past", lang, n=n, noun=study.noun(n), due=due)


def _score_name(study: Study[HotSpots]) -> str:
    return t("analysis.column_i" if study.question.statistic == "moran" else "analysis.column_z", study.lang)


def _method(study: Study[HotSpots]) -> str:
    lang, question = study.lang, study.question
    grid = question.by == "grid"
    where = _cell_words(question) if grid else near_words(study, question.neighbours)
    basis = t(f"analysis.basis_method_{question.basis}", lang, months=_REFERENCE)
    if question.basis == "past":
        return ", ".join((basis, where, t("analysis.fdr", lang)))
    name = t("analysis.name_moran" if question.statistic == "moran" else "analysis.name_gi", lang)
    return ", ".join((name, where, t("analysis.p_exact", lang), t("analysis.fdr", lang), basis))


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
    links = grids.adjacency(grid, reach=_REACH[study.question.neighbours])
    judged = np.asarray(links.sum(axis=1)).ravel() > 0
    if study.question.basis == "past":
        table, past = _blocks_of_cells(study, grid)
        found, counts = _against_past(table, past, links, judged), table[past:].sum(axis=0).astype(np.int64)
    else:
        x, y = crs.project(events.lon, events.lat, crs.WGS84, study.metric)
        counts = grids.counted(grid, x, y)
        found = _scored(counts.astype(float), _Links(links), judged, study)
    layers, entries = _cell_layers(study, grid, found)
    unit_names = study.units["name"].to_numpy()[grid.shape_of]
    told = (found.index != 2) | (counts > 0)
    order = [int(i) for i in np.lexsort((-np.nan_to_num(found.score), found.index)) if told[i]]
    return Finding(
        title=t("analysis.grid_title", lang, km=number(grid.cell_m / 1_000, lang), **study.words),
        sentence=_cell_sentence(found, study, unit_names, events.without_point),
        method=_method(study),
        classes=(UnitClass(PLAIN, ""),),
        cells=cells(study, np.zeros(len(study.units), np.int64), [(line,) for line in study.value_lines()]),
        labels=tuple(study.counts.sort_values(ascending=False, kind="stable").index),
        legend_title="",
        table=_cell_table(study, found, counts, unit_names, order),
        overlays=layers,
        overlay_legend=(LegendGroup(t(f"analysis.hotspots_legend_{study.question.basis}", lang), entries),),
    )


def _cell_sentence(found: _Scored, study: Study[HotSpots], names: NDArray[Any], without_place: int) -> str:
    hot, cold = _tally(found)
    n = number(without_place, study.lang)
    aside = {"aside": n, "noun": study.noun(n), "nouns": study.noun(2)}
    what = "moran" if study.question.statistic == "moran" else study.question.basis
    if not hot + cold:
        return t(f"analysis.grid_none_{what}", study.lang, **aside)
    top = ", ".join([*dict.fromkeys(str(names[i]) for i in _clearest(found))][:3])
    return t(f"analysis.grid_some_{what}", study.lang, hot=hot, cold=cold, names=top, **aside)


def _blocks_of_cells(study: Study[HotSpots], grid: grids.Grid) -> tuple[NDArray[np.float64], int]:
    """Events with a place by block of time and cell, and how many blocks are before the period."""
    past, period = _edges(study)
    edges = (*past, *period[1:])
    query = study.query
    found = study.snapshot.points(Query(query.measure, edges[0], query.end, query.kinds))
    x, y = crs.project(found.lon, found.lat, crs.WGS84, study.metric)
    block = np.searchsorted([edge.toordinal() for edge in edges], found.day, side="right") - 1
    tables = [grids.counted(grid, x[block == i], y[block == i]) for i in range(len(edges) - 1)]
    return np.stack(tables).astype(float), len(past) - 1


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
        values = (float(counts[i]), float(found.score[i]), float(np.nan_to_num(found.p[i], nan=1.0)))
        texts = [number(v, lang, digits=d) for v, d in zip(values, (0, 2, 3))]
        label = t(f"analysis.{found.names[found.index[i]]}", lang)
        rows.append(Row(str(i), (str(names[i]), *texts, label), (None, *values, None)))
    return Table(heads, tuple(rows))
