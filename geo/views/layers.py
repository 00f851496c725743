"""The layers of a map and, with each, its part of the legend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.analysis import change
from geo.cartography import legend, symbology
from geo.cartography.classify import MASKED, NO_DATA, OUTSIDE, ZERO, classify
from geo.cartography.outlines import cluster_layer
from geo.cartography.spec import (
    Cell,
    Circle,
    CircleLayer,
    LegendEntry,
    LegendGroup,
    OutlineLayer,
    PointLayer,
    Style,
    UnitLayer,
)
from geo.cartography.zones import shows_communities
from geo.schema import ENFORCEMENT_MEASURES, Measure
from geo.text import number, t
from geo.views.inputs import POINT_ZOOM, Draft
from geo.views.units import tips

_STATES = {ZERO: "zero", NO_DATA: "no_data", MASKED: "masked", OUTSIDE: "outside"}
_Classes = tuple[NDArray[np.int64], tuple[Style, ...], LegendGroup]


def fill(draft: Draft) -> tuple[UnitLayer, list[LegendGroup], int]:
    """The unit layer, its legend, and its number of classes: change, rate, or plain land under symbols."""
    if draft.question.compare:
        index, styles, group = _change_classes(draft)
    elif draft.shows_counts:
        index, styles, group = _ground_classes(draft)
    else:
        index, styles, group = _rate_classes(draft)
    index = np.where(draft.in_scope, index, OUTSIDE)
    present = {_STATES[i] for i in np.unique(index) if i in _STATES}
    if draft.question.compare:
        present.discard("zero")
    extra = legend.state_entries(present, draft.lang)
    entries = (*group.entries, *extra)
    groups = [LegendGroup(group.title, entries, group.note)] if entries else []
    words = {entry.style: entry.label for entry in entries if entry.symbol == "fill"}
    return _unit_layer(draft, index, styles, words), groups, len(styles)


def _unit_layer(
    draft: Draft, index: NDArray[np.int64], styles: tuple[Style, ...], words: dict[Style, str]
) -> UnitLayer:
    place = {state: len(styles) + i for i, state in enumerate(_STATES)}
    known = (symbology.ZERO, symbology.NO_DATA, symbology.MASKED, symbology.OUTSIDE)
    units = draft.s.units
    rows = zip(units.index.tolist(), units["name"].tolist(), index.tolist(), tips(draft))
    cells = tuple(Cell(code, name, place.get(cls, cls), lines) for code, name, cls, lines in rows)
    every = (*styles, *known)
    return UnitLayer(every, cells, tuple(words.get(style, t("map.class_land", draft.lang)) for style in every))


def _change_classes(draft: Draft) -> _Classes:
    z = draft.s.z.to_numpy()
    # A change of exactly the limit is still usual, so the lower limits belong to the class above them.
    index = np.searchsorted([-change.STRONG, -change.USUAL], z, side="right") + np.searchsorted(
        [change.USUAL, change.STRONG], z, side="left"
    )
    index = np.where(np.isnan(z), NO_DATA, index).astype(np.int64)
    index[draft.s.hidden.to_numpy()] = MASKED
    styles = symbology.change_ramp()
    names = ("strong_down", "down", "usual", "up", "strong_up")
    entries = [LegendEntry("fill", st, t(f"map.class_{n}", draft.lang)) for st, n in zip(styles, names)]
    title = t("map.legend_change", draft.lang, before=draft.before)
    return index, styles, LegendGroup(title, tuple(reversed(entries)), _enforcement_note(draft))


def _rate_classes(draft: Draft) -> _Classes:
    classes = classify(
        draft.values[draft.in_scope].reindex(draft.values.index),
        scheme=draft.question.scheme,
        k=draft.question.classes,
        masked=draft.s.hidden,
        limits=draft.question.limits or None,
        among=draft.pool,
    )
    styles = symbology.ramp(draft.query.measure, len(classes.upper))
    title = t("map.legend_fill", draft.lang, measure=draft.measure, per=draft.per)
    group = legend.fill_group(title, classes, styles, draft.lang, _enforcement_note(draft))
    return classes.index, styles, group


def _ground_classes(draft: Draft) -> _Classes:
    counts = draft.s.counts.to_numpy(float)
    index = np.where(np.isnan(counts), NO_DATA, np.where(counts == 0, ZERO, 0)).astype(np.int64)
    index[draft.s.hidden.to_numpy()] = MASKED
    return index, (symbology.LAND,), LegendGroup(t("map.legend_other", draft.lang), ())


def _enforcement_note(draft: Draft) -> str:
    return t("map.legend_enforcement", draft.lang) if draft.query.measure in ENFORCEMENT_MEASURES else ""


def circles(draft: Draft) -> list[CircleLayer]:
    """Graduated symbols for counts; none on rate and change maps, nor where single points are always shown."""
    if not draft.shows_counts or _points(draft) == "always":
        return []
    counts = draft.s.counts[draft.in_scope]
    ordered = counts[counts > 0].sort_values(ascending=False, kind="stable")
    top = _top(draft)
    drawn = tuple(
        Circle(str(code), round(legend.radius(value, top), 2), number(value, draft.lang))
        for code, value in ordered.items()
    )
    until = POINT_ZOOM if _points(draft) == "auto" else 99.0
    style = symbology.symbol_style(draft.query.measure)
    return [CircleLayer(style, drawn, symbol=draft.symbol, until_zoom=until)]  # type: ignore[arg-type]


def _top(draft: Draft) -> float:
    """The count that the largest symbol stands for: of the period's months together, where one of them is seen."""
    counts = draft.s.counts[draft.in_scope].to_numpy(float)
    return float(np.nanmax(np.append(counts if draft.pool is None else draft.pool, 0.0)))


def _points(draft: Draft) -> str:
    """When single events are drawn: as was asked for, but never without places nor beside outlines of communities."""
    return "never" if draft.s.points is None or shows_communities(draft.s.zones) else draft.question.points


def points(draft: Draft) -> list[PointLayer]:
    """Single events, where the measure has places."""
    found, when = draft.s.points, _points(draft)
    if found is None or when == "never" or not draft.shows_counts:
        return []
    always = when == "always"
    return [
        PointLayer(
            symbol=draft.symbol,  # type: ignore[arg-type]
            style=symbology.point_style(draft.query.measure),
            size=7.0,
            count=len(found),
            frame=draft.s.frame,
            packed=np.ascontiguousarray(found, "<u2").tobytes(),
            from_zoom=0.0 if always else POINT_ZOOM,
            paper=always,
        )
    ]


def outlines(draft: Draft) -> list[OutlineLayer]:
    """Clusters of cases, largest first."""
    if draft.s.clusters is None or not draft.question.clusters:
        return []
    found = draft.s.clusters.clusters
    rings, sizes = [cluster.ring for cluster in found], [(cluster.count, cluster.share) for cluster in found]
    # Clusters are of cases, whatever the map counts.
    return [cluster_layer(rings, sizes, Measure.CASE, draft.frames[0].bbox, draft.lang)]


def labels(draft: Draft) -> tuple[str, ...]:
    """Names claim room by what the map is about, size of the value or of the change, then by area; none outside."""
    if not draft.question.labels:
        return ()
    weight = draft.s.z.abs() if draft.question.compare else draft.values
    area = draft.s.units["area_km2"].to_numpy(float)
    order = np.lexsort((-area, -np.nan_to_num(weight.to_numpy(float))))
    codes = draft.s.units.index.tolist()
    return tuple(codes[i] for i in order if draft.in_scope[i])


def other_groups(
    draft: Draft, symbols: list[CircleLayer], events: list[PointLayer], clusters: list[OutlineLayer]
) -> list[LegendGroup]:
    """Legend of symbols, points, clusters and zones, in drawing order."""
    groups = []
    if symbols and symbols[0].circles:
        groups.append(_symbol_group(draft, symbols[0], has_points=bool(events)))
    elif events and events[0].count:
        groups.append(_point_group(draft, events[0]))
    if clusters and draft.s.clusters and draft.s.clusters.clusters:
        found = draft.s.clusters
        sizes = [(cluster.count, cluster.share) for cluster in found.clusters]
        groups.append(legend.cluster_group(clusters[0], sizes, found.min_points, Measure.CASE, draft.lang))
    if draft.s.zones:
        groups.append(legend.zone_group(list(draft.s.zones), draft.lang))
    return groups


def _symbol_group(draft: Draft, layer: CircleLayer, *, has_points: bool) -> LegendGroup:
    top = _top(draft)
    entries = tuple(
        LegendEntry(layer.symbol, layer.style, number(v, draft.lang), round(legend.radius(v, top), 2))
        for v in legend.circle_sizes(top)
    )
    hint = t("map.legend_points_zoom", draft.lang) if has_points else ""
    title = t("map.legend_circles", draft.lang, measure=draft.measure)
    return LegendGroup(title, entries, _enforcement_note(draft), hint)


def _point_group(draft: Draft, layer: PointLayer) -> LegendGroup:
    entry = LegendEntry(layer.symbol, layer.style, t("map.legend_points", draft.lang, noun=draft.noun("")), 4.5)
    return LegendGroup(draft.measure, (entry,), _enforcement_note(draft))
