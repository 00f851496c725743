"""Analyses of single events: clusters with their ranked table, and density as contours.

They take events that have a place; how many have none is said in the sentence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TypeVar

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray

from geo import crs, settings
from geo.analysis import clusters, density
from geo.cartography import legend, symbology
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
from geo.products.situation.installation import context
from geo.question import Clusters, Density, Question, pinned
from geo.schema import ENFORCEMENT_MEASURES, EVENT_MEASURES, Query
from geo.store import Snapshot, remembered
from geo.store.events import Points
from geo.text import Lang, noun_of, number, percent, period, t
from geo.views.analysis import Finding, UnitClass, finding_map

BANDWIDTH_M = 2_000.0
"""Standard deviation of the density kernel, metres; the cell is a quarter of it."""

_MOST = 20
_LEVELS = (0.1, 0.25, 0.45, 0.7)
_TINTS = ("#f9d9b8", "#f2ab6b", "#dd6f26", "#9a3a06")
_TINTS_DONE = ("#ccece6", "#7fcbb8", "#2a9d86", "#00594c")
"""Where events lie thick, in the colour of heat; work done in its own teal."""

_LAND = Style(fill="#f3f1ec")


def cluster_map(snapshot: Snapshot, question: Clusters) -> MapSpec:
    """Clusters of events (DBSCAN with its default rule, or HDBSCAN) as outlines, ranked in the table.

    A cluster of fewer than `settings.min_count` events is neither outlined nor listed.

    Raises
    ------
    InputError
        If the measure has no places, or too few events have one.
    """
    return _cluster_map(snapshot, of_events(question), settings.load())


def density_map(snapshot: Snapshot, question: Density) -> MapSpec:
    """How thick events lie, as contours.

    Raises
    ------
    InputError
        As `cluster_map`.
    """
    return _density_map(snapshot, of_events(question), settings.load())


Q = TypeVar("Q", bound=Question)


def of_events(question: Q) -> Q:
    """The question about its days, where events with a place can answer it."""
    if question.query.measure not in EVENT_MEASURES:
        raise InputError("places.no_places")
    return pinned(question, question.reading)


@dataclass(frozen=True, eq=False)
class Scene:
    """The events of a query in metres."""

    found: Points
    metric: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]


def scene_of(snapshot: Snapshot, query: Query) -> Scene:
    found = snapshot.points(query)
    if len(found.lon) < 20:
        raise InputError("places.too_few", n=len(found.lon))
    metric = crs.utm_of(float(np.median(found.lon)))
    return Scene(found, metric, *crs.project(found.lon, found.lat, crs.WGS84, metric))


def words(query: Query, lang: Lang) -> dict[str, str]:
    name = t(f"map.measure_{query.measure}", lang)
    return {"measure": name[0].lower() + name[1:], "period": period(query.start, query.end, lang)}


def _ground(snapshot: Snapshot) -> tuple[tuple[UnitClass, ...], tuple[Cell, ...], tuple[str, ...]]:
    """Plain land under everything, names by area."""
    units = snapshot.units()
    cells = tuple(Cell(code, name, 0) for code, name in zip(units.index, units["name"]))
    return (UnitClass(_LAND, ""),), cells, tuple(units["area_km2"].sort_values(ascending=False).index)


@remembered(16)
def _cluster_map(snapshot: Snapshot, question: Clusters, config: settings.Settings) -> MapSpec:
    query, lang = question.query, question.lang
    by_hdbscan = question.algorithm == "hdbscan"
    scene = scene_of(snapshot, query)
    result = (clusters.hdbscan if by_hdbscan else clusters.dbscan)(scene.x, scene.y)
    sizes = np.bincount(result.labels[result.labels >= 0])
    count = int((sizes >= config.min_count).sum())  # the largest come first
    outlines, rows, largest = [], [], []
    margin = 150.0 if by_hdbscan else max(150.0, result.eps_m / 3)
    for label in range(min(_MOST, count)):
        member = result.labels == label
        ring = clusters.outline(scene.x[member], scene.y[member], margin_m=margin)
        size, share = int(member.sum()), float(member.mean())
        n = number(size, lang)
        written = {"n": n, "noun": noun_of(query.measure, n, lang), "share": percent(share, lang, digits=1)}
        said = t("map.tip_cluster", lang, rank=label + 1, **written)
        largest.append((size, share))
        outlines.append(Outline(_degrees(ring, scene.metric), str(label + 1), (said,)))
        rows.append(_cluster_row(scene, member, label, shapely.Polygon(ring).area / 1e6, lang))
    layer = OutlineLayer(symbology.CLUSTER, tuple(outlines))
    inside = float(((result.labels >= 0) & (result.labels < count)).mean())
    key = "places.clusters_some" if count else "places.clusters_none"
    classes, cells, labels = _ground(snapshot)
    group = legend.cluster_group(layer, largest, result.min_points, query.measure, lang)
    finding = Finding(
        title=t("places.clusters_title", lang, **words(query, lang)),
        sentence=t(key, lang, n=count, share=percent(inside, lang), **_aside(scene, query, lang)),
        method=_cluster_method(result, query, lang),
        classes=classes,
        cells=cells,
        labels=labels,
        legend_title="",
        table=_cluster_table(rows, query, lang),
        overlays=(layer,),
        overlay_legend=(group,),
    )
    return finding_map(finding, question, context(snapshot, lang))


def _aside(scene: Scene, query: Query, lang: Lang) -> dict[str, str]:
    """How many events are known to the commune only, and what they are called."""
    aside = number(scene.found.without_point, lang)
    return {"aside": aside, "noun": noun_of(query.measure, aside, lang), "nouns": noun_of(query.measure, 2, lang)}


def _cluster_method(result: clusters.Clusters, query: Query, lang: Lang) -> str:
    noun = noun_of(query.measure, result.min_points, lang)
    if np.isnan(result.eps_m):
        return t("places.method_hdbscan", lang, n=result.min_points, noun=noun)
    return t("map.method_clusters", lang, eps=number(result.eps_m, lang), n=result.min_points, noun=noun)


def _degrees(ring: NDArray[np.float64], metric: str) -> Ring:
    lon, lat = crs.project(ring[:, 0], ring[:, 1], metric, crs.WGS84)
    return tuple((round(float(a), 4), round(float(b), 4)) for a, b in zip(lon, lat))


def _cluster_row(scene: Scene, member: NDArray[np.bool_], label: int, area: float, lang: Lang) -> Row:
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


def _cluster_table(rows: list[Row], query: Query, lang: Lang) -> Table:
    numeric = {"rank": 0, "count": 0, "share": 1, "area": 1}
    keys = ("rank", "count", "share", "area", "kinds", "weekday")
    heads = {k: t(f"places.column_{k}", lang, noun=noun_of(query.measure, 2, lang)) for k in keys}
    columns = tuple(Column(k, heads[k], k in numeric, numeric.get(k, 0)) for k in keys)
    return Table(columns, tuple(rows))


@remembered(16)
def _density_map(snapshot: Snapshot, question: Density, config: settings.Settings) -> MapSpec:
    del config  # printed on the map, so part of the key
    query, lang = question.query, question.lang
    scene = scene_of(snapshot, query)
    surface = density.kde(scene.x, scene.y, cell_m=BANDWIDTH_M / 4, bandwidth_m=BANDWIDTH_M)
    peak = float(surface.values.max())
    layers, entries = [], []
    tints = _TINTS_DONE if query.measure in ENFORCEMENT_MEASURES else _TINTS
    for share, tint in zip(_LEVELS, tints):
        rings = _contours(surface, share * peak, scene.metric)
        label = t("places.density_level", lang, value=number(share * peak, lang, digits=2 if peak < 10 else 1))
        style = Style(fill=f"{tint}b8", stroke=Stroke(tints[-1], 0.6))
        layers.append(ZoneLayer("density", label, style, (Zone(label, rings),)))
        entries.append(LegendEntry("fill", Style(fill=tint), label))
    classes, cells, labels = _ground(snapshot)
    noun = noun_of(query.measure, 2, lang)
    where = _unit_at_peak(snapshot, surface, scene.metric)
    said = {"peak": number(peak, lang, digits=1), "where": where, **_aside(scene, query, lang)}
    lengths = {"bandwidth": number(BANDWIDTH_M, lang), "cell": number(BANDWIDTH_M / 4, lang)}
    column = Column("label", t("places.column_density", lang, noun=noun))
    finding = Finding(
        title=t("places.density_title", lang, **words(query, lang)),
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
    return finding_map(finding, question, context(snapshot, lang))


def _contours(surface: density.Surface, level: float, metric: str) -> tuple[Ring, ...]:
    """Rings around what lies above a level, holes among them."""
    rows, columns = surface.values.shape
    x = surface.x0 + (np.arange(columns) + 0.5) * surface.cell_m
    y = surface.y0 + (np.arange(rows) + 0.5) * surface.cell_m
    lines = contourpy.contour_generator(x, y, surface.values).lines(level)
    return tuple(_degrees(np.asarray(line), metric) for line in lines if len(line) > 3)


def _unit_at_peak(snapshot: Snapshot, surface: density.Surface, metric: str) -> str:
    row, column = np.unravel_index(surface.values.argmax(), surface.values.shape)
    x = surface.x0 + (column + 0.5) * surface.cell_m
    y = surface.y0 + (row + 0.5) * surface.cell_m
    lon, lat = crs.project([x], [y], metric, crs.WGS84)
    layer = snapshot.layer()
    nearest = int(np.argmin(shapely.distance(layer.geometry.to_numpy(), shapely.Point(lon[0], lat[0]))))
    return str(snapshot.units()["name"][layer["code"].iloc[nearest]])
