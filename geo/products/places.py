"""Analyses of single events: clusters with their ranked table, density as contours, and near repeats.

They take events that have a place; how many have none is said in the sentence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

import contourpy
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import crs, settings
from geo.analysis import clusters, density, near_repeat
from geo.cartography import symbology
from geo.cartography.spec import (
    Cell,
    Column,
    LegendEntry,
    LegendGroup,
    MapSpec,
    Outline,
    OutlineLayer,
    Ring,
    Row,
    Stroke,
    Style,
    Table,
    Zone,
    ZoneLayer,
)
from geo.errors import InputError
from geo.products.context import context_at, units_at
from geo.schema import EVENT_MEASURES, Query, UnitSystem
from geo.store.events import Points, points
from geo.store.store import Store
from geo.text import Lang, number, percent, period, t
from geo.views.analysis import Finding, UnitClass, finding_map

BANDWIDTH_M = 2_000.0
"""Standard deviation of the density kernel, metres; the cell is a quarter of it."""

DISTANCE_BREAKS = (100.0, 200.0, 400.0, 800.0)
DAY_BREAKS = (7.0, 14.0, 28.0, 56.0)
_LEVELS = (0.1, 0.25, 0.45, 0.7)
_TINTS = ("#f9d9b8", "#f2ab6b", "#dd6f26", "#9a3a06")
_LAND = Style(fill="#f3f1ec")


@dataclass(frozen=True, eq=False)
class NearRepeat:
    """The near-repeat table with its sentence.

    Attributes
    ----------
    title, sentence, method : str
    ratio : DataFrame of float
        Observed over expected pairs; rows are distances, columns days.
    texts : DataFrame of str
        What a cell shows.
    sure : DataFrame of bool
        Where the ratio is above chance at 95 %.
    """

    title: str
    sentence: str
    method: str
    ratio: pd.DataFrame
    texts: pd.DataFrame
    sure: pd.DataFrame


def cluster_map(store: Store, query: Query, lang: Lang) -> MapSpec:
    """Clusters of events (DBSCAN, default rule) as outlines, ranked in the table.

    Raises
    ------
    InputError
        If the measure has no places, or too few events have one.
    """
    return _cluster_map(store, _asked(query), lang, store.version, settings.load())


def density_map(store: Store, query: Query, lang: Lang) -> MapSpec:
    """How thick events lie, as contours.

    Raises
    ------
    InputError
        As `cluster_map`.
    """
    return _density_map(store, _asked(query), lang, store.version, settings.load())


def near_repeats(store: Store, query: Query, lang: Lang) -> NearRepeat:
    """Do events come again close by and soon after? Knox's test over bands.

    Raises
    ------
    InputError
        As `cluster_map`.
    """
    return _near_repeats(store, _asked(query), lang, store.version)


def _asked(query: Query) -> Query:
    if query.measure not in EVENT_MEASURES:
        raise InputError("places.no_places")
    return replace(query, units=(), system=UnitSystem.CURRENT)


@dataclass(frozen=True, eq=False)
class _Scene:
    """The events of a query in metres."""

    found: Points
    metric: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def _scene(store: Store, query: Query) -> _Scene:
    found = points(store, query)
    if len(found.lon) < 20:
        raise InputError("places.too_few", n=len(found.lon))
    metric = crs.utm_of(float(np.median(found.lon)))
    return _Scene(found, metric, *crs.project(found.lon, found.lat, crs.WGS84, metric))


def _words(query: Query, lang: Lang) -> dict[str, str]:
    name = t(f"map.measure_{query.measure}", lang)
    return {"measure": name[0].lower() + name[1:], "period": period(query.start, query.end, lang)}


def _ground(store: Store, version: int) -> tuple[tuple[UnitClass, ...], tuple[Cell, ...], tuple[str, ...]]:
    """Plain land under everything, names by area."""
    units = units_at(store, version)
    cells = tuple(Cell(code, name, 0) for code, name in zip(units.index, units["name"]))
    return (UnitClass(_LAND, ""),), cells, tuple(units["area_km2"].sort_values(ascending=False).index)


def _filters(query: Query, lang: Lang) -> str:
    return ", ".join(t(f"map.kind_{k}", lang).lower() for k in query.kinds) or t("map.filters_none", lang)


@lru_cache(maxsize=16)
def _cluster_map(store: Store, query: Query, lang: Lang, version: int, config: settings.Settings) -> MapSpec:
    scene = _scene(store, query)
    result = clusters.dbscan(scene.x, scene.y)
    count = int(result.labels.max()) + 1
    outlines, rows = [], []
    for label in range(min(20, count)):
        member = result.labels == label
        ring = clusters.outline(scene.x[member], scene.y[member], margin_m=max(150.0, result.eps_m / 3))
        size, share = int(member.sum()), float(member.mean())
        said = t("map.tip_cluster", lang, rank=label + 1, n=number(size, lang), share=percent(share, lang, digits=1))
        outlines.append(Outline(_degrees(ring, scene.metric), str(label + 1), (said,)))
        rows.append(_cluster_row(scene, member, label, shapely.Polygon(ring).area / 1e6, lang))
    layer = OutlineLayer(symbology.CLUSTER, tuple(outlines))
    inside = float((result.labels >= 0).mean())
    key = "places.clusters_some" if count else "places.clusters_none"
    classes, cells, labels = _ground(store, version)
    entry = t("map.legend_cluster_entry", lang, n=number(result.min_points, lang))
    group = LegendGroup(t("map.legend_clusters", lang), (LegendEntry("line", Style(stroke=layer.stroke), entry),))
    finding = Finding(
        name="clusters",
        title=t("places.clusters_title", lang, **_words(query, lang)),
        sentence=t(key, lang, n=count, share=percent(inside, lang), aside=number(scene.found.without_point, lang)),
        method=t("map.method_clusters", lang, eps=number(result.eps_m, lang), n=result.min_points),
        classes=classes,
        cells=cells,
        labels=labels,
        legend_title="",
        table=_cluster_table(rows, lang),
        overlays=(layer,),
        overlay_legend=(group,),
    )
    return finding_map(finding, query, context_at(store, lang, version, config), _filters(query, lang))


def _degrees(ring: NDArray[np.float64], metric: str) -> Ring:
    lon, lat = crs.project(ring[:, 0], ring[:, 1], metric, crs.WGS84)
    return tuple((round(float(a), 4), round(float(b), 4)) for a, b in zip(lon, lat))


def _cluster_row(scene: _Scene, member: NDArray[np.bool_], label: int, area: float, lang: Lang) -> Row:
    """Rank, count, share, area, main kinds and the busiest weekday."""
    size, share = int(member.sum()), float(member.mean())
    kinds = Counter(scene.found.kinds[k] for k in scene.found.kind[member]).most_common(2)
    said = ", ".join(f"{t(f'map.kind_{kind}', lang)} ({percent(n / size, lang)})" for kind, n in kinds)
    weekday = Counter((scene.found.day[member] + 6) % 7).most_common(1)[0][0]
    busiest = t(f"places.weekday_{int(weekday)}", lang)
    texts = (
        str(label + 1),
        number(size, lang),
        percent(share, lang, digits=1),
        number(area, lang, digits=1),
        said,
        busiest,
    )
    return Row(str(label + 1), texts, (float(label + 1), float(size), share * 100, area, None, None))


def _cluster_table(rows: list[Row], lang: Lang) -> Table:
    numeric = {"rank": 0, "count": 0, "share": 1, "area": 1}
    keys = ("rank", "count", "share", "area", "kinds", "weekday")
    columns = tuple(Column(k, t(f"places.column_{k}", lang), k in numeric, numeric.get(k, 0)) for k in keys)
    return Table(columns, tuple(rows))


@lru_cache(maxsize=16)
def _density_map(store: Store, query: Query, lang: Lang, version: int, config: settings.Settings) -> MapSpec:
    scene = _scene(store, query)
    surface = density.kde(scene.x, scene.y, cell_m=BANDWIDTH_M / 4, bandwidth_m=BANDWIDTH_M)
    peak = float(surface.values.max())
    layers, entries = [], []
    for share, tint in zip(_LEVELS, _TINTS):
        rings = _contours(surface, share * peak, scene.metric)
        label = t("places.density_level", lang, value=number(share * peak, lang, digits=2 if peak < 10 else 1))
        style = Style(fill=f"{tint}b8", stroke=Stroke(_TINTS[-1], 0.6))
        layers.append(ZoneLayer("density", label, style, (Zone(label, rings),)))
        entries.append(LegendEntry("fill", Style(fill=tint), label))
    classes, cells, labels = _ground(store, version)
    noun = t(f"map.noun_{query.measure}", lang)
    where = _unit_at_peak(store, version, surface, scene.metric)
    aside = number(scene.found.without_point, lang)
    said = {"peak": number(peak, lang, digits=1), "noun": noun, "where": where, "aside": aside}
    lengths = {"bandwidth": number(BANDWIDTH_M, lang), "cell": number(BANDWIDTH_M / 4, lang)}
    column = Column("label", t("places.column_density", lang))
    finding = Finding(
        name="density",
        title=t("places.density_title", lang, **_words(query, lang)),
        sentence=t("places.density_sentence", lang, **said),
        method=t("places.density_method", lang, **lengths),
        classes=classes,
        cells=cells,
        labels=labels,
        legend_title="",
        table=Table((column,), tuple(Row("", (entry.label,), (None,)) for entry in entries)),
        overlays=tuple(layers),
        overlay_legend=(LegendGroup(t("places.density_legend", lang, noun=noun), tuple(reversed(entries))),),
    )  # fmt: skip
    return finding_map(finding, query, context_at(store, lang, version, config), _filters(query, lang))


def _contours(surface: density.Surface, level: float, metric: str) -> tuple[Ring, ...]:
    """Rings around what lies above a level, holes among them."""
    rows, columns = surface.values.shape
    x = surface.x0 + (np.arange(columns) + 0.5) * surface.cell_m
    y = surface.y0 + (np.arange(rows) + 0.5) * surface.cell_m
    lines = contourpy.contour_generator(x, y, surface.values).lines(level)
    return tuple(_degrees(np.asarray(line), metric) for line in lines if len(line) > 3)


def _unit_at_peak(store: Store, version: int, surface: density.Surface, metric: str) -> str:
    row, column = np.unravel_index(surface.values.argmax(), surface.values.shape)
    x = surface.x0 + (column + 0.5) * surface.cell_m
    y = surface.y0 + (row + 0.5) * surface.cell_m
    lon, lat = crs.project([x], [y], metric, crs.WGS84)
    layer = store.boundary_units(store.active_boundaries(UnitSystem.CURRENT).id)
    nearest = int(np.argmin(shapely.distance(layer.geometry.to_numpy(), shapely.Point(lon[0], lat[0]))))
    return str(units_at(store, version)["name"][layer["code"].iloc[nearest]])


@lru_cache(maxsize=16)
def _near_repeats(store: Store, query: Query, lang: Lang, _version: int) -> NearRepeat:
    scene = _scene(store, query)
    found = near_repeat.knox(
        scene.x, scene.y, scene.found.day, distance_breaks_m=DISTANCE_BREAKS, day_breaks=DAY_BREAKS
    )
    observed, expected = (float(table.iloc[:2, :2].to_numpy().sum()) for table in (found.observed, found.expected))
    p = float(found.p.iloc[:2, :2].to_numpy().min() * 4)  # four bands are looked at together
    p = min(1.0, p)
    ratio = observed / expected if expected else float("nan")
    clear = p <= 0.05 and ratio > 1
    values = {
        "distance": number(DISTANCE_BREAKS[1], lang), "days": number(DAY_BREAKS[1], lang),
        "observed": number(observed, lang), "expected": number(expected, lang, digits=1),
        "ratio": number(ratio, lang, digits=1), "p": number(p, lang, digits=3),
    }  # fmt: skip
    if not clear:
        del values["ratio"]
    else:
        del values["expected"]
    texts = pd.DataFrame(
        [[f"{number(o, lang)} / {number(e, lang, digits=1)}" for o, e in zip(row, due)]
         for row, due in zip(found.observed.to_numpy(), found.expected.to_numpy())],
        index=found.observed.index, columns=found.observed.columns,
    )  # fmt: skip
    return NearRepeat(
        title=t("analysis.near_repeat_title", lang, period=_words(query, lang)["period"]),
        sentence=t(f"analysis.near_repeat_{'some' if clear else 'none'}", lang, **values),
        method=t("analysis.near_repeat_method", lang),
        ratio=found.ratio,
        texts=texts,
        sure=(found.p <= 0.05) & (found.ratio > 1),
    )
