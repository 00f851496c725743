"""What the server does for a change, timed without a browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
from sklearn.cluster import DBSCAN
from sklearn.metrics import adjusted_rand_score

from geo import crs
from geo.analysis import clusters
from geo.cartography.spec import MapSpec
from geo.render import web
from geo.schema import Measure, Query
from geo.store import Store
from tests.asking import situation
from tests.bench import data


@dataclass(frozen=True)
class Timing:
    """One calculation: median, least and most milliseconds, and a word on it."""

    what: str
    size: int
    median: float
    least: float
    most: float
    note: str = ""


def _timed(what: str, size: int, calls: list[Callable[[], object]], note: str = "") -> Timing:
    spent = []
    for call in calls:
        begun = time.perf_counter()
        call()
        spent.append((time.perf_counter() - begun) * 1000)
    return Timing(what, size, median(spent), min(spent), max(spent), note)


def question(kinds: tuple[str, ...] = ()) -> Query:
    """All cases of the benchmark, or those of some kinds."""
    return Query(Measure.CASE, data.START, data.END, kinds)


def _subsets(count: int) -> list[Query]:
    """Questions that nobody asked before: the common kind with ever other rare ones."""
    kinds = [tuple(str(k) for i, k in enumerate(data.RARE) if turn >> i & 1) for turn in range(1, count + 1)]
    return [question((str(data.COMMON), *chosen)) for chosen in kinds]


def of_size(n: int, repeats: int) -> list[Timing]:
    """Everything timed at one size."""
    store = data.store(n)
    asked = _subsets(repeats)
    begun = _timed("situation, first of a process", n, [lambda: _situation(store, question())])
    fresh = _timed("situation, new question", n, [lambda q=q: _situation(store, q) for q in asked])
    again = _timed("situation, asked before", n, [lambda q=q: _situation(store, q) for q in asked])
    specs = [_situation(store, q) for q in asked]
    sent = _timed("change for the browser", n, [lambda s=s: web.change(s) for s in specs])
    read = _timed("points of a query", n, [lambda q=q: store.snapshot().points(q) for q in asked])
    return [begun, fresh, again, sent, read, *(_dbscan(store, n, repeats) if n <= 100_000 else [_own(store, n)])]


def _situation(store: Store, query: Query) -> MapSpec:
    return situation(store, query, points="always")


def _metric(store: Store) -> tuple[np.ndarray, np.ndarray]:
    found = store.snapshot().points(question())
    return crs.project(found.lon, found.lat, crs.WGS84, crs.utm_of(float(np.median(found.lon))))


def _own(store: Store, n: int) -> Timing:
    x, y = _metric(store)
    return _timed("clusters: dbscan", n, [lambda: clusters.dbscan(x, y)])


def _dbscan(store: Store, n: int, repeats: int) -> list[Timing]:
    """Ours and scikit-learn's, with the distance and number ours chooses; that choice is timed apart."""
    x, y = _metric(store)
    chosen = clusters.dbscan(x, y)
    eps, least = chosen.eps_m, chosen.min_points
    theirs = DBSCAN(eps=eps, min_samples=least).fit(np.column_stack([x, y]))
    agree = adjusted_rand_score(theirs.labels_, chosen.labels)
    fitted = [lambda: clusters.dbscan(x, y, eps_m=eps, min_points=least)] * repeats
    theirs_again = [lambda: DBSCAN(eps=eps, min_samples=least).fit(np.column_stack([x, y]))] * 2
    note = f"eps {eps:.0f} m, {least} points"
    return [
        _timed("clusters: dbscan, distance chosen", n, [lambda: clusters.dbscan(x, y)] * repeats, note),
        _timed("clusters: dbscan, distance given", n, fitted, f"agreement {agree:.4f} (adjusted Rand)"),
        _timed("clusters: scikit-learn, distance given", n, theirs_again, note),
    ]
