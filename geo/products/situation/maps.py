"""The map of one measure: counts, points, clusters and zones joined into a `MapSpec`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import crs, settings
from geo.analysis import clusters
from geo.cartography.spec import MapSpec
from geo.errors import InputError
from geo.products.situation.counts import Counts, counts, may_be_shown, published, whole_months
from geo.products.situation.installation import installation
from geo.products.situation.key_figures import HEADLINES, figure
from geo.products.situation.points import packed_events, point_frame
from geo.products.situation.usual import judged
from geo.products.situation.versus import versus, versus_total
from geo.products.situation.zones import zone_layers
from geo.question import Situation, altered, pinned
from geo.question.periods import Preset, first_of, months_of
from geo.schema import CURRENT_SINCE, EVENT_MEASURES, YEARLY_MEASURES, Against, Measure, Query, UnitSystem, month_end
from geo.store import Snapshot, remembered
from geo.views import Cluster, ClusterResult, Numbers, situation_map


def situation(snapshot: Snapshot, question: Situation) -> MapSpec:
    """The map of one measure.

    Parameters
    ----------
    snapshot : Snapshot
    question : Situation
        Monthly measures are widened to whole months. Where one month of a period is looked at, classes and symbols are
        scaled by all of its months.

    Raises
    ------
    InputError
        If a unit asked for does not exist, or the former units did not in the period; or if the measure is reported by
        year, which has pages of its own.
    """
    query = question.query
    if query.measure in YEARLY_MEASURES:
        raise InputError("map.by_year")
    known = snapshot.units(query.system).index
    if unknown := [code for code in query.units if code not in known]:
        raise InputError("products.unit_unknown", code=unknown[0])
    if question.month:
        whole = whole_months(query)
        if query.system is UnitSystem.LEGACY:
            before_the_change(question.reading)
            whole = before_the_change(whole)
        return _situation(snapshot, altered(question, query=whole, period=Preset.CUSTOM), settings.load())
    answered = published(snapshot, query)
    if query.system is UnitSystem.LEGACY:
        answered = before_the_change(answered)
    return _situation(snapshot, pinned(question, answered), settings.load())


def before_the_change(query: Query) -> Query:
    """The part of a period in which the former units existed."""
    if query.start >= CURRENT_SINCE:
        raise InputError("map.former_units_ended", day=f"{CURRENT_SINCE:%d/%m/%Y}")
    return replace(query, end=min(query.end, CURRENT_SINCE - timedelta(days=1)))


@remembered(64)
def _situation(snapshot: Snapshot, question: Situation, config: settings.Settings) -> MapSpec:
    query, lang = question.reading, question.lang
    shared = installation(snapshot, lang, query.system)
    counted = counts(snapshot, query)
    has_points = query.measure in EVENT_MEASURES
    found = judged(snapshot, query)
    scope = list(query.units) or list(counted.now.index)
    compared = _versus(snapshot, query, counted)
    score = found.score.where(counted.readable)
    told = list(score[scope].dropna().index)
    made = Numbers(
        units=snapshot.units(query.system),
        counts=counted.now,
        before=counted.before,
        hidden=counted.hidden,
        total=counted.total,
        total_before=counted.total_before,
        unattributed=counted.unattributed,
        waiting=counted.waiting,
        z=score,
        z_total=found.total if np.isfinite(counted.total) else np.nan,
        odd_months=found.odd,
        many_months=found.months > 1,
        chance=ceil(found.by_chance(told)) if question.compare else 0,
        certain=found.certain(told) if question.compare else (),
        versus=compared[0] if compared else None,
        versus_total=compared[1] if compared else "",
        reporting=counted.reporting(query.units),
        reports=counted.reports,
        months_due=counted.months,
        pool=_pool(snapshot, question),
        points=packed_events(snapshot, query) if has_points else None,
        frame=point_frame(snapshot) if has_points else (0.0, 0.0, 1.0, 1.0),
        clusters=_clusters(snapshot, _case_query(query), config.min_count) if question.clusters else None,
        zones=zone_layers(snapshot, question.zones, lang),
        figures=tuple(
            figure(snapshot, replace(query, measure=m, kinds=()), lang)
            for m in HEADLINES[:3]
            if may_be_shown(m, query.system)
        ),
    )
    return situation_map(question, made, shared)


def _versus(snapshot: Snapshot, query: Query, counted: Counts) -> tuple[pd.Series, str] | None:
    """How the counts stand to those of an earlier period that was chosen; None where it is the one just before."""
    if query.compared is Against.BEFORE:
        return None
    earlier = query.previous()
    shown = counted.now.notna() & counted.before.notna()
    total = versus_total(snapshot, query, earlier, before=counted.total_before, now=counted.total)
    return versus(snapshot, query, earlier, shown=shown), total


def _pool(snapshot: Snapshot, question: Situation) -> NDArray[np.float64] | None:
    """Counts of every month of the period, by unit; None where the whole period is looked at."""
    if not question.month:
        return None
    first = question.reading
    months = (
        replace(first, start=m, end=month_end(m))
        for m in map(first_of, months_of(question.query.start, question.query.end))
    )
    return np.stack([counts(snapshot, month).now.to_numpy(float) for month in months])


def _case_query(query: Query) -> Query:
    kinds = query.kinds if query.measure in (Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT) else ()
    return replace(query, measure=Measure.CASE, kinds=kinds)


@remembered(64)
def _clusters(snapshot: Snapshot, query: Query, min_count: int) -> ClusterResult:
    """Outlines of the largest clusters; none that stands for fewer than `min_count` events."""
    found = snapshot.points(query)
    if len(found.lon) < clusters.default_min_points(1) + 1:
        return ClusterResult((), 0.0, 0)
    metric = crs.utm_of(float(np.median(found.lon)))
    x, y = crs.project(found.lon, found.lat, crs.WGS84, metric)
    result = clusters.dbscan(x, y)
    drawn = []
    for label in range(min(12, int(result.labels.max()) + 1)):
        member = result.labels == label
        if member.sum() < min_count:
            break  # the largest come first
        ring = clusters.outline(x[member], y[member], margin_m=max(150.0, result.eps_m / 3))
        lon, lat = crs.project(ring[:, 0], ring[:, 1], metric, crs.WGS84)
        ring_degrees = tuple((round(float(a), 4), round(float(b), 4)) for a, b in zip(lon, lat))
        drawn.append(Cluster(ring_degrees, int(member.sum()), float(member.mean())))
    return ClusterResult(tuple(drawn), result.eps_m, result.min_points)
