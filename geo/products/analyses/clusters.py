"""Clusters of events as outlines, ranked in a table."""

from __future__ import annotations

from collections import Counter

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import settings
from geo.analysis import clusters
from geo.cartography import legend
from geo.cartography.outlines import cluster_layer, clusters_of
from geo.cartography.spec import Column, MapSpec, Row, Table
from geo.products.analyses.scene import Scene, aside_of, degrees, of_events, plain_land, scene_of, words
from geo.products.situation.installation import installation
from geo.question import Clusters
from geo.schema import Query
from geo.store import Snapshot, remembered
from geo.text import Lang, noun_of, number, percent, t
from geo.views.analysis import Finding, finding_map

_MOST = 20


def cluster_map(snapshot: Snapshot, question: Clusters) -> MapSpec:
    """Clusters of events (DBSCAN with its default rule, or HDBSCAN) as outlines, ranked in the table.

    A cluster of fewer than `settings.min_count` events is neither outlined nor listed.

    Raises
    ------
    InputError
        If the measure has no places, or too few events have one.
    """
    return _cluster_map(snapshot, of_events(question), settings.load())


@remembered(16)
def _cluster_map(snapshot: Snapshot, question: Clusters, config: settings.Settings) -> MapSpec:
    query, lang = question.query, question.lang
    by_hdbscan = question.algorithm == "hdbscan"
    scene = scene_of(snapshot, query)
    result = (clusters.hdbscan if by_hdbscan else clusters.dbscan)(scene.x, scene.y)
    sizes = np.bincount(result.labels[result.labels >= 0])
    count = int((sizes >= config.min_count).sum())  # the largest come first
    rings, rows, largest = [], [], []
    margin = 150.0 if by_hdbscan else max(150.0, result.eps_m / 3)
    for label in range(min(_MOST, count)):
        member = result.labels == label
        ring = clusters.outline(scene.x[member], scene.y[member], margin_m=margin)
        size, share = int(member.sum()), float(member.mean())
        largest.append((size, share))
        rings.append(degrees(ring, scene.metric))
        rows.append(_cluster_row(scene, member, label, shapely.Polygon(ring).area / 1e6, lang))
    shared = installation(snapshot, lang)
    layer = cluster_layer(rings, largest, query.measure, shared.frames[0].bbox, lang)
    inside = float(((result.labels >= 0) & (result.labels < count)).mean())
    key = "places.clusters_some" if count else "places.clusters_none"
    classes, cells, labels = plain_land(snapshot)
    group = legend.cluster_group(layer, largest, result.min_points, query.measure, lang)
    finding = Finding(
        title=t("places.clusters_title", lang, **words(query, lang)),
        sentence=t(key, lang, n=count, share=percent(inside, lang), **aside_of(scene, query, lang)),
        method=_cluster_method(result, query, lang),
        classes=classes,
        cells=cells,
        labels=labels,
        legend_title="",
        table=_cluster_table(rows, query, lang),
        overlays=(layer,),
        overlay_legend=(group,),
    )
    return finding_map(finding, question, shared)


def _cluster_method(result: clusters.Clusters, query: Query, lang: Lang) -> str:
    words = {"of": clusters_of(query.measure, lang), "n": result.min_points}
    words["noun"] = noun_of(query.measure, result.min_points, lang)
    if np.isnan(result.eps_m):
        return t("places.method_hdbscan", lang, **words)
    return t("map.method_clusters", lang, eps=number(result.eps_m, lang), **words)


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
