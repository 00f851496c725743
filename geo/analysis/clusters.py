"""Clusters of events by density (DBSCAN, HDBSCAN), and outlines that stand for them on a map."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.analysis.positions import positions

NOISE = -1


@dataclass(frozen=True)
class Clusters:
    """The cluster of each event.

    Attributes
    ----------
    labels : ndarray of int, shape (n,)
        0 is the largest cluster (ties: the one with the smaller hull); -1 is noise.
    eps_m : float
        Neighbourhood radius used, metres; NaN for HDBSCAN, which has none.
    min_points : int
        Events within `eps_m`, itself included, that make an event a core point; for HDBSCAN the smallest cluster.
    """

    labels: NDArray[np.int64]
    eps_m: float
    min_points: int


def default_min_points(n: int) -> int:
    """min(n, 50, max(5, ceil(sqrt n))): grows with the number of events, never below five."""
    return min(n, 50, max(5, math.ceil(math.sqrt(n))))


def default_eps(x: ArrayLike, y: ArrayLike, *, min_points: int) -> float:
    """Median distance to the `min_points`-th neighbour (an event is not its own) divided by sqrt 2, in metres."""
    points = positions(x, y)
    if len(points) < 2:
        return 0.0
    kth = min(min_points, len(points) - 1)
    tree = cKDTree(points)
    near = points[tree.indices]  # neighbours one after the other find the tree's nodes in the cache
    distance, _ = tree.query(near, k=[kth + 1], workers=-1)
    return float(np.median(distance) / math.sqrt(2))


def dbscan(x: ArrayLike, y: ArrayLike, *, eps_m: float | None = None, min_points: int | None = None) -> Clusters:
    """Density-based clusters of events.

    Pairs within `eps_m` come from a k-d tree; clusters are the connected components of core points, and an event on the
    edge joins the cluster of its core neighbour with the lowest number, as in scikit-learn.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Metric coordinates, metres.
    eps_m : float, optional
        Neighbourhood radius; `default_eps` where not given.
    min_points : int, optional
        `default_min_points` where not given.

    Returns
    -------
    Clusters

    Raises
    ------
    ValueError
        If `eps_m` is negative or NaN, `min_points` below one, sizes differ, or a coordinate is not finite.

    References
    ----------
    Ester, Kriegel, Sander and Xu (1996), KDD-96, 226-231.
    """
    points = positions(x, y)
    n = len(points)
    needed = default_min_points(n) if min_points is None else min_points
    if (eps_m is not None and not eps_m >= 0) or (min_points is not None and not needed >= 1):
        raise ValueError("eps_m must not be negative and min_points not below one")
    if n == 0:
        return Clusters(np.empty(0, np.int64), 0.0 if eps_m is None else eps_m, needed)
    radius = default_eps(points[:, 0], points[:, 1], min_points=needed) if eps_m is None else eps_m
    order = cKDTree(points).indices
    pairs = cKDTree(points[order]).query_pairs(radius, output_type="ndarray")
    core = np.bincount(pairs.ravel(), minlength=n) + 1 >= needed
    labels = np.empty(n, np.int64)
    labels[order] = _components(pairs, core, order)
    return Clusters(_by_size(points, labels), radius, needed)


def hdbscan(x: ArrayLike, y: ArrayLike, *, min_points: int | None = None) -> Clusters:
    """Clusters of events whose density may differ from one cluster to the next.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Metric coordinates, metres.
    min_points : int, optional
        Smallest cluster; `default_min_points` where not given.

    Returns
    -------
    Clusters

    Raises
    ------
    ValueError
        If `min_points` is below two, or a coordinate is not finite.

    References
    ----------
    Campello, Moulavi and Sander (2013), doi:10.1007/978-3-642-37456-2_14.
    """
    points = positions(x, y)
    needed = max(2, default_min_points(len(points))) if min_points is None else min_points
    if needed < 2:
        raise ValueError("min_points must be at least two")
    if len(points) < needed:
        return Clusters(np.full(len(points), NOISE, np.int64), math.nan, needed)
    from sklearn.cluster import HDBSCAN  # takes two seconds to load, and few ask for it

    labels = HDBSCAN(min_cluster_size=needed, copy=True).fit(points).labels_.astype(np.int64)
    return Clusters(_by_size(points, labels), math.nan, needed)


def _components(pairs: NDArray[np.int64], core: NDArray[np.bool_], place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cluster numbers in order of the first core point by `place`, edge points joined, noise -1."""
    n = len(core)
    left, right = core[pairs[:, 0]], core[pairs[:, 1]]
    both = left & right
    a, b = pairs[both, 0], pairs[both, 1]
    _, component = connected_components(coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(n, n)), directed=False)
    labels = np.full(n, NOISE, np.int64)
    of_core = component[core]
    first = np.full(int(component.max()) + 1, n, np.int64)
    np.minimum.at(first, of_core, place[core])
    rank = np.empty_like(first)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    labels[core] = rank[of_core]
    mixed = left != right
    inner = np.where(left[mixed], pairs[mixed, 0], pairs[mixed, 1])
    edge = np.where(left[mixed], pairs[mixed, 1], pairs[mixed, 0])
    joined = np.full(n, n, np.int64)
    np.minimum.at(joined, edge, labels[inner])
    return np.where(joined < n, joined, labels)


def _by_size(points: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    count = int(labels.max()) + 1 if len(labels) else 0
    if count < 1:
        return labels
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    areas = [shapely.MultiPoint(points[labels == i]).convex_hull.area for i in range(count)]
    order = np.lexsort((areas, -sizes))
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    return np.where(labels >= 0, rank[np.maximum(labels, 0)], NOISE)


def outline(x: ArrayLike, y: ArrayLike, *, margin_m: float) -> NDArray[np.float64]:
    """A ring around a cluster: its convex hull widened by `margin_m`, so that no event lies on the line.

    Returns
    -------
    ndarray, shape (m, 2)
        Closed ring, metres.
    """
    hull = shapely.MultiPoint(positions(x, y)).convex_hull
    ring = hull.buffer(margin_m, quad_segs=3).exterior
    return np.asarray(shapely.get_coordinates(ring))
