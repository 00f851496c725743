"""What was planted in the demo data is found by the method made for it, from the records alone."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
import shapely

from geo import crs
from geo.analysis.change import USUAL, weighted_displacement
from geo.analysis.clusters import dbscan, hdbscan
from geo.analysis.grid import adjacency, counted, grid_over
from geo.analysis.hotspots import gi_star
from geo.analysis.near_repeat import knox
from geo.analysis.space_time import space_time_scan
from geo.demo.plan import load_plan
from geo.schema import Measure, Query
from tests.asking import analysis

METRIC = "EPSG:32648"
PLAN = load_plan()
PLANTED = [
    *((Measure.CASE, "case_clusters", n) for n in range(len(PLAN.case_clusters))),
    *((Measure.DEN_CLEARED, "den_clusters", n) for n in range(len(PLAN.den_clusters))),
]


def _scene(store, measure, spot):
    query = Query(measure, date.fromisoformat(spot["start"]), date.fromisoformat(spot["end"]))
    found = store.snapshot().points(query)
    x, y = crs.project(found.lon, found.lat, crs.WGS84, METRIC)
    (cx,), (cy,) = crs.project([spot["lon"]], [spot["lat"]], crs.WGS84, METRIC)
    return query, x, y, np.hypot(x - cx, y - cy) <= spot["radius_m"]


@pytest.mark.parametrize(("measure", "name", "n"), PLANTED)
@pytest.mark.parametrize("method", [dbscan, hdbscan])
def test_each_planted_cluster_is_found_whole_among_all_events_of_its_time(demo, demo_store, measure, name, n, method):
    _, x, y, inside = _scene(demo_store, measure, demo.truth[name][n])
    labels = method(x, y).labels
    best = np.bincount(labels[inside & (labels >= 0)]).argmax()
    assert (labels[inside] == best).mean() > 0.95
    # A town's own heap around the planted disc may be part of the same cluster; the province is not.
    assert (labels == best).sum() < 0.3 * len(labels)


@pytest.mark.parametrize(("measure", "name", "n"), PLANTED)
def test_each_planted_cluster_is_a_hot_cell(demo, demo_store, measure, name, n):
    spot = demo.truth[name][n]
    _, x, y, _ = _scene(demo_store, measure, spot)
    layer = demo_store.boundary_units(1).to_crs(METRIC)
    grid = grid_over(layer.geometry.to_numpy(), cell_m=2_000)
    found = gi_star(counted(grid, x, y), type("Links", (), {"sparse": adjacency(grid)}))
    (cx,), (cy,) = crs.project([spot["lon"]], [spot["lat"]], crs.WGS84, METRIC)
    nearest = np.hypot(*(grid.centres - [cx, cy]).T).argmin()
    assert found["label"].iloc[nearest] == "hot"


@pytest.mark.parametrize(("measure", "name", "n"), [("case", "case_clusters", 7), ("den_cleared", "den_clusters", 4)])
def test_the_page_outlines_the_latest_planted_clusters(demo, demo_store, measure, name, n):
    spot = demo.truth[name][n]
    query, *_ = _scene(demo_store, Measure(measure), spot)
    spec = analysis(demo_store, "clusters", query)
    rings = [shapely.Polygon(outline.ring) for layer in spec.layers[1:] for outline in layer.outlines]
    assert any(ring.contains(shapely.Point(spot["lon"], spot["lat"])) for ring in rings)


def test_the_planted_near_repeat_band_is_found_and_where_it_ends(demo, demo_store):
    rule = demo.truth["near_repeat"]
    found = demo_store.snapshot().points(Query(Measure.CASE, date(2013, 1, 1), date(2026, 10, 31), (rule["kind"],)))
    x, y = crs.project(found.lon, found.lat, crs.WGS84, METRIC)
    limit, days = rule["distance_m"], rule["days"] + 1
    result = knox(x, y, found.day, distance_breaks_m=[limit, 2 * limit], day_breaks=[days, 3 * days], permutations=199)
    assert result.p.iloc[0, 0] == 1 / 200
    assert result.observed.iloc[0, 0] - result.expected.iloc[0, 0] == pytest.approx(rule["pairs"], rel=0.35)
    assert result.ratio.iloc[0, 0] > 1.5 * max(result.ratio.iloc[1, 0], result.ratio.iloc[0, 1])


def _gambling(store, campaign, *, treated: bool, days: int):
    """Gambling cases before and after a campaign, in its communes or in all others."""
    cube = store.snapshot().cube(Measure.CASE)
    rows = np.isin(cube.units, campaign["units"]) == treated
    start, end = date.fromisoformat(campaign["start"]), date.fromisoformat(campaign["end"])
    one, span = timedelta(days=1), timedelta(days=days)
    before = cube.counts(start - span, start - one, ("gambling",))[:-1][rows].sum()
    after = cube.counts(end + one, end + span, ("gambling",))[:-1][rows].sum()
    return before, after


def test_the_planted_clearing_effect_is_found_by_weighted_displacement(demo, demo_store):
    """One campaign has too few cases to tell; the three of them together do not."""
    clearing = demo.truth["clearing"]
    treated, control = (
        np.sum([_gambling(demo_store, c, treated=t, days=clearing["days"]) for c in clearing["campaigns"]], axis=0)
        for t in (True, False)
    )
    found = weighted_displacement(treated=tuple(treated), control=tuple(control))
    assert found.high < 0
    # The fall is of the planted size: the counts after would have been as many again as the factor took.
    assert treated[1] / treated[0] == pytest.approx(clearing["factor"], abs=0.2)


def test_the_planted_changes_are_beyond_usual_variation(demo, demo_store):
    spec = analysis(demo_store, "change", Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31)))
    verdicts = {row.code: row.values[4] for row in spec.table.rows}
    planted = {demo.truth["emerging"]["unit"]}
    for change in demo.truth["changes"]:
        planted |= set(change["units"])
        for code in change["units"]:
            sign = 1 if change["factor"] > 1 else -1
            assert sign * verdicts[code] > USUAL
    assert {code for code, score in verdicts.items() if abs(score) > USUAL} == planted


def _up_and_down(demo):
    up, down = {demo.truth["emerging"]["unit"]}, set()
    for change in demo.truth["changes"]:
        (up if change["factor"] > 1 else down).update(change["units"])
    return up, down


def test_hot_spots_of_cases_are_the_planted_changes_and_nothing_else(demo, demo_store):
    spec = analysis(demo_store, "hotspots", Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31)))
    found = {row.code: row.values[5] for row in spec.table.rows if row.texts[-1].startswith(("Cao rõ", "Thấp rõ"))}
    up, down = _up_and_down(demo)
    assert {code for code, z in found.items() if z > 0} == up
    assert {code for code, z in found.items() if z < 0} == down


def test_emerging_hot_spots_of_two_years_are_the_planted_changes_and_nothing_else(demo, demo_store):
    spec = analysis(demo_store, "emerging", Query(Measure.CASE, date(2024, 11, 1), date(2026, 10, 31)))
    found = {row.code: row.texts[-1] for row in spec.table.rows}
    up, down = _up_and_down(demo)
    assert {code for code, label in found.items() if label.startswith("Nóng")} == up
    assert {code for code, label in found.items() if label.startswith("Nguội")} == down


def test_the_growing_place_is_the_first_cylinder_and_the_second_is_planted_too(demo, demo_store):
    spot, frame = demo.truth["emerging"], demo_store.snapshot().units()
    x, y = crs.project((frame.minx + frame.maxx) / 2, (frame.miny + frame.maxy) / 2, crs.WGS84, METRIC)
    table = demo_store.snapshot().cube(Measure.CASE).table(date(2023, 11, 1), date(2026, 10, 31))
    found = space_time_scan(x, y, table[frame.index], since=24, max_months=6, permutations=199)
    first, second, *others = found
    assert list(frame.index[first.members]) == [spot["unit"]]
    assert (first.last, first.p, second.p) == (35, 1 / 200, 1 / 200)
    assert set(frame.index[second.members]) <= _up_and_down(demo)[0]
    assert all(other.p > 0.05 for other in others)
