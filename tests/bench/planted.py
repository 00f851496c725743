"""What each page finds of what was planted in the demo, and what it names besides, by the rules of before and of now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from geo import crs
from geo.analysis.change import USUAL
from geo.analysis.grid import adjacency, counted, grid_over
from geo.analysis.hotspots import gi_star
from geo.cartography.spec import MapSpec, ZoneLayer
from geo.products.analyses.study import touching
from geo.schema import Measure, Query
from geo.store import Store
from tests.asking import analysis
from tests.bench import former

YEAR = (date(2025, 11, 1), date(2026, 10, 31))
TWO_YEARS = (date(2024, 11, 1), date(2026, 10, 31))
METRIC = "EPSG:32648"
_TRUTH = Path(__file__).parents[2] / "data" / "demo" / "truth.json"

Found = tuple[str, int, int, int, int, int]
"""Page, planted, found before and now, named besides before and now."""


class _Links:
    def __init__(self, sparse: object) -> None:
        self.sparse = sparse


def pages(store: Store) -> Iterator[Found]:
    """Every page that names places, on the cases and dens of the demo."""
    truth = json.loads(_TRUTH.read_text())
    changed = {truth["emerging"]["unit"], *(code for change in truth["changes"] for code in change["units"])}
    risen = {
        truth["emerging"]["unit"],
        *(c for change in truth["changes"] if change["factor"] > 1 for c in change["units"]),
    }
    snapshot = store.snapshot()
    cube, graph = snapshot.cube(Measure.CASE), touching(snapshot)
    codes, year = np.array(cube.units), cube.table(*YEAR).to_numpy(float)
    hot = codes[(gi_star(year.sum(axis=0), graph)["label"] != "none").to_numpy()]
    yield _row(
        "hot spots, 12 months", changed, set(hot), _named(analysis(store, "hotspots", Query(Measure.CASE, *YEAR)))
    )
    two = cube.table(*TWO_YEARS).to_numpy(float)
    then = set(codes[former.emerging(two, graph)])
    yield _row(
        "emerging, 24 months", changed, then, _named(analysis(store, "emerging", Query(Measure.CASE, *TWO_YEARS)))
    )
    past = cube.table(date(2024, 11, 1), date(2025, 10, 31)).to_numpy(float).sum(axis=0)
    score = 2 * (np.sqrt(year.sum(axis=0)) - np.sqrt(past))
    spec = analysis(store, "change", Query(Measure.CASE, *YEAR))
    now = {row.code for row in spec.table.rows if row.values[4] is not None and abs(row.values[4]) > USUAL}
    yield _row("change, 12 months", changed, set(codes[np.abs(score) > 3.0]), now)
    spec = analysis(store, "scan", Query(Measure.CASE, *YEAR), in_time=True)
    yield _row("scan in time, 12 months", risen, set(), _named(spec))
    yield _discs(store, truth)
    yield _outlined(store, truth)


def _row(page: str, planted: set[str], before: set[str], now: set[str]) -> Found:
    return page, len(planted), len(planted & before), len(planted & now), len(before - planted), len(now - planted)


_PLAIN = ("Không khác mức ngẫu nhiên", "Không có quy luật", "Không vượt mức", "Không có xã giáp")


def _named(spec: MapSpec) -> set[str]:
    return {row.code for row in spec.table.rows if not row.texts[-1].startswith(_PLAIN)}


def _spots(truth: dict) -> Iterator[tuple[Query, shapely.Point]]:
    for measure, name in ((Measure.CASE, "case_clusters"), (Measure.DEN_CLEARED, "den_clusters")):
        for spot in truth[name]:
            period = (date.fromisoformat(spot["start"]), date.fromisoformat(spot["end"]))
            yield Query(measure, *period), shapely.Point(spot["lon"], spot["lat"])


def _discs(store: Store, truth: dict) -> Found:
    """Planted discs that lie in or beside a hot cell; and hot cells farther away, of a disc on average."""
    layer = store.snapshot().layer().to_crs(METRIC)
    grid = grid_over(layer.geometry.to_numpy(), cell_m=3_000)
    links, before, now, more_before, more_now, n = adjacency(grid), 0, 0, [], [], 0
    for query, point in _spots(truth):
        points = store.snapshot().points(query)
        x, y = crs.project(points.lon, points.lat, crs.WGS84, METRIC)
        (cx,), (cy,) = crs.project([point.x], [point.y], crs.WGS84, METRIC)
        hot = (gi_star(counted(grid, x, y), _Links(links))["label"] == "hot").to_numpy()
        near = np.hypot(*(grid.centres - [cx, cy]).T) < 4_500
        before, n = before + bool(hot[near].any()), n + 1
        more_before.append((hot & ~near).sum())
        spec = analysis(store, "hotspots", query, by="grid")
        shapes = [s for layer in spec.layers if isinstance(layer, ZoneLayer) and layer.label.startswith("Cao rõ")
                  for zone in layer.zones for s in [shapely.Polygon(zone.rings[0]), *map(shapely.Polygon, zone.rings[1:])]]  # fmt: skip
        now += any(shape.distance(point) < 0.015 for shape in shapes)
        more_now.append(sum(shape.distance(point) > 0.04 for shape in shapes))
    return "hot cells, discs", n, before, now, round(np.mean(more_before)), round(np.mean(more_now))


def _outlined(store: Store, truth: dict) -> Found:
    """Planted discs inside an outline of the clusters page, which states no level; outlines besides, on average."""
    found, more, n = 0, [], 0
    for query, point in _spots(truth):
        spec = analysis(store, "clusters", query)
        rings = [shapely.Polygon(o.ring) for layer in spec.layers[1:] for o in getattr(layer, "outlines", ())]
        inside = [ring.contains(point) for ring in rings]
        found, n = found + any(inside), n + 1
        more.append(len(rings) - sum(inside))
    return "clusters, discs", n, found, found, round(np.mean(more)), round(np.mean(more))
