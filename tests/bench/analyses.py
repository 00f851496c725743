"""The analyses beside the obvious library call, each with the time it may take."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
from scipy.spatial import cKDTree
from sklearn.cluster import DBSCAN
from sklearn.neighbors import KernelDensity

from geo import crs
from geo.analysis import clusters, density, hotspots, near_repeat, scan, space_time
from tests.bench import data

NATION = Path(os.environ.get("ANTT_BOUNDARIES", data.HOME)) / "vietnam_2025.parquet"
"""Real communes of the whole country, in the folder this variable names; not part of the product."""

_SPACE, _DAYS = (100.0, 200.0, 400.0, 800.0), (7.0, 14.0, 28.0, 56.0)


@dataclass(frozen=True)
class Pair:
    """One analysis and what it is set against.

    Attributes
    ----------
    what : str
    size : int
    goal : float
        Seconds it may take; 0 where nothing was asked.
    ours, theirs : float
        Median seconds; `theirs` may be extrapolated from a part, as `note` says.
    other : str
        What it is set against.
    """

    what: str
    size: int
    goal: float
    ours: float
    theirs: float
    other: str
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether it took no longer than it may."""
        return self.ours <= self.goal if self.goal else None


def _seconds(call: Callable[[], object], repeats: int = 3) -> float:
    spent = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        spent.append(time.perf_counter() - begun)
    return median(spent)


def all_pairs(say: Callable[[str], None]) -> list[Pair]:
    """Everything, one after the other."""
    found = []
    for make in (kde, knox, dbscan, gi_star, spatial_scan, space_time_scan):
        say(f"analysis: {make.__name__}")
        found.append(make())
    return found


def _events(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    frame = data.cases(n)
    x, y = crs.project(frame["lon"], frame["lat"], crs.WGS84, crs.utm_of(105.0))
    return x, y, frame["date"].to_numpy("datetime64[D]").astype(np.int64)


def kde() -> Pair:
    """100,000 points on 200 by 200 cells; scikit-learn on every fiftieth cell."""
    x, y, _ = _events(100_000)
    extent = (x.min(), y.min(), x.min() + 200_000, y.min() + 200_000)
    ours = _seconds(lambda: density.kde(x, y, cell_m=1_000, bandwidth_m=2_000, extent=extent), 5)
    middles = np.arange(200) * 1_000 + 500.0
    grid = np.column_stack([a.ravel() for a in np.meshgrid(extent[0] + middles, extent[1] + middles)])[::50]
    fitted = KernelDensity(bandwidth=2_000).fit(np.column_stack([x, y]))
    theirs = _seconds(lambda: fitted.score_samples(grid), 1) * 50
    values = density.kde(x, y, cell_m=1_000, bandwidth_m=2_000, extent=extent).values.ravel()[::50]
    exact = np.exp(fitted.score_samples(grid)) * len(x) * 1e6
    note = f"one cell in 50, times 50; differs by at most {np.abs(values - exact).max() / exact.max():.2%} of the peak"
    return Pair("density, 200 x 200", 100_000, 0.1, ours, theirs, "scikit-learn KernelDensity", note)


def knox() -> Pair:
    """20,000 events, 999 permutations, beside a loop over the same pairs in plain numpy."""
    x, y, days = _events(20_000)
    breaks = {"distance_breaks_m": _SPACE, "day_breaks": _DAYS}
    ours = _seconds(lambda: near_repeat.knox(x, y, days, permutations=999, **breaks), 3)
    pairs = cKDTree(np.column_stack([x, y])).query_pairs(_SPACE[-1], output_type="ndarray")
    gap = np.hypot(*(np.column_stack([x, y])[pairs[:, 0]] - np.column_stack([x, y])[pairs[:, 1]]).T)
    rng = np.random.default_rng(0)

    def plain() -> None:
        for _ in range(5):
            shuffled = rng.permutation(days)
            apart = np.abs(shuffled[pairs[:, 0]] - shuffled[pairs[:, 1]])
            np.histogram2d(gap, apart, bins=[(0, *_SPACE), (0, *_DAYS)])

    theirs = _seconds(plain, 1) / 5 * 999
    note = f"{len(pairs):,} pairs; 5 permutations, times 200"
    return Pair("Knox, 999 permutations", 20_000, 5.0, ours, theirs, "numpy histogram2d in a loop", note)


def dbscan() -> Pair:
    """100,000 points with the default rule; both with the distance it chose."""
    x, y, _ = _events(100_000)
    chosen = clusters.dbscan(x, y)
    eps, least = chosen.eps_m, chosen.min_points
    ours = _seconds(lambda: clusters.dbscan(x, y, eps_m=eps, min_points=least))
    whole = _seconds(lambda: clusters.dbscan(x, y), 1)
    points = np.column_stack([x, y])
    theirs = _seconds(lambda: DBSCAN(eps=eps, min_samples=least).fit(points), 1)
    note = f"eps {eps:.0f} m, {least} points; with the distance chosen {whole:.2f} s"
    return Pair("DBSCAN", 100_000, 1.0, ours, theirs, "scikit-learn DBSCAN", note)


def gi_star() -> Pair:
    """Gi* with exact p beside 999 permutations, on all communes of the country, or on a lattice as large where they are not at hand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda.getisord import G_Local
        from libpysal.graph import Graph
        from libpysal.weights import lat2W

        if NATION.is_file():
            layer = gpd.read_parquet(NATION)
            graph, note = Graph.build_contiguity(layer.reset_index(drop=True), rook=False), "real communes"
        else:
            graph, note = Graph.from_W(lat2W(41, 81, rook=False)), "lattice"
        values = np.random.default_rng(0).gamma(2.0, 20.0, graph.n)
        ours = _seconds(lambda: hotspots.gi_star_exact(values, graph))
        w = graph.to_W()
        theirs = _seconds(lambda: G_Local(values, w, transform="B", star=True, permutations=999, n_jobs=1), 1)
    return Pair("Gi*, exact p", graph.n, 1.0, ours, theirs, "esda G_Local", note)


def _units() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    centre = data.communes().to_crs(crs.utm_of(105.0)).geometry.representative_point()
    people = np.random.default_rng(1).integers(15_000, 110_000, len(centre)).astype(float)
    counts = np.random.default_rng(2).poisson(people / 4_000).astype(float)
    return centre.x.to_numpy(), centre.y.to_numpy(), counts, people


def spatial_scan() -> Pair:
    """102 units, 999 simulations, beside the same circles in a loop over centres."""
    x, y, counts, people = _units()
    ours = _seconds(lambda: scan.spatial_scan(x, y, counts, people, permutations=999), 1)
    order = np.argsort(np.hypot(x[:, None] - x, y[:, None] - y), axis=1)
    share = np.cumsum(people[order], axis=1) / people.sum()
    rng, total = np.random.default_rng(3), int(counts.sum())

    def plain() -> None:
        for _ in range(3):
            table, best = rng.multinomial(total, people / people.sum()), 0.0
            for i in range(len(x)):
                inside = 0
                for j, unit in enumerate(order[i]):
                    inside += table[unit]
                    due = share[i, j] * total
                    if share[i, j] > 0.5:
                        break
                    if inside > due:
                        llr = inside * np.log(inside / due)
                        if inside < total:
                            llr += (total - inside) * np.log((total - inside) / (total - due))
                        best = max(best, llr)

    theirs = _seconds(plain, 1) / 3 * 999
    note = "3 simulations, times 333"
    return Pair("spatial scan, 999 simulations", len(x), 5.0, ours, theirs, "a plain loop", note)


def space_time_scan() -> Pair:
    """102 units over 12 months, 499 simulations; no library at hand does it."""
    x, y, _, people = _units()
    table = np.random.default_rng(4).poisson(np.tile(people / 40_000, (12, 1))).astype(float)
    ours = _seconds(lambda: space_time.space_time_scan(x, y, table, permutations=499), 1)
    return Pair("space-time scan, 12 months, 499 simulations", len(x), 0.0, ours, float("nan"), "-")
