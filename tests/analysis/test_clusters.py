import numpy as np
import pytest
import shapely
from sklearn.cluster import DBSCAN, HDBSCAN

from geo.analysis.clusters import dbscan, default_eps, default_min_points, hdbscan, outline


def _scene(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, 1_000, (8, 2))
    return np.vstack([centres[rng.integers(0, 8, 300)] + rng.normal(0, 20, (300, 2)), rng.uniform(0, 1_000, (200, 2))])


def _same_partition(a: np.ndarray, b: np.ndarray) -> bool:
    pairs = set(zip(a.tolist(), b.tolist()))
    return len(pairs) == len(set(a)) == len(set(b)) and all((x == -1) == (y == -1) for x, y in pairs)


@pytest.mark.parametrize("seed", range(10))
def test_labels_equal_scikit_learn(seed):
    points = _scene(seed)
    ours = dbscan(points[:, 0], points[:, 1], eps_m=25, min_points=6).labels
    theirs = DBSCAN(eps=25, min_samples=6).fit(points).labels_
    assert _same_partition(ours, theirs)


def test_clusters_are_numbered_by_size_then_by_the_smaller_hull():
    tight = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0.5]])
    wide = tight * 3 + np.array([100, 0])
    big = np.vstack([tight * 3, [[1, 2]]]) + np.array([200, 0])
    points = np.vstack([wide, tight, big])
    labels = dbscan(points[:, 0], points[:, 1], eps_m=4, min_points=4).labels
    assert labels.tolist() == [2] * 5 + [1] * 5 + [0] * 6


@pytest.mark.parametrize(("n", "expected"), [(0, 0), (3, 3), (20, 5), (26, 6), (400, 20), (10_000, 50)])
def test_default_min_points(n, expected):
    assert default_min_points(n) == expected


def test_default_eps_is_the_median_distance_over_root_two():
    x = np.arange(5.0)
    assert default_eps(x, np.zeros(5), min_points=1) == pytest.approx(1 / np.sqrt(2))
    assert default_eps(x, np.zeros(5), min_points=3) == pytest.approx(2 / np.sqrt(2))


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_handful_of_events_is_no_error(n):
    result = dbscan(np.arange(n), np.arange(n))
    assert len(result.labels) == n


def test_one_place_for_all_is_one_cluster():
    assert dbscan(np.zeros(30), np.zeros(30)).labels.tolist() == [0] * 30


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="finite"):
        dbscan([0.0, np.nan], [0.0, 1.0])
    with pytest.raises(ValueError, match="negative"):
        dbscan([0.0], [0.0], eps_m=-1)


def test_no_event_lies_on_the_outline():
    rng = np.random.default_rng(5)
    x, y = rng.normal(0, 100, 50), rng.normal(0, 100, 50)
    ring = shapely.Polygon(outline(x, y, margin_m=30))
    assert shapely.distance(ring.exterior, shapely.points(x, y)).min() >= 27
    assert ring.contains(shapely.MultiPoint(np.column_stack([x, y])))


@pytest.mark.parametrize("seed", range(3))
def test_hdbscan_labels_equal_scikit_learn_numbered_by_size(seed):
    points = _scene(seed)
    ours = hdbscan(points[:, 0], points[:, 1], min_points=12)
    theirs = HDBSCAN(min_cluster_size=12, copy=True).fit(points).labels_
    assert _same_partition(ours.labels, theirs)
    sizes = np.bincount(ours.labels[ours.labels >= 0])
    assert (np.diff(sizes) <= 0).all()
    assert sizes.min() >= 12
    assert np.isnan(ours.eps_m)


def test_hdbscan_finds_a_thin_and_a_dense_cluster_at_once():
    rng = np.random.default_rng(2)
    dense, thin = rng.normal((0, 0), 20, (60, 2)), rng.normal((5_000, 0), 300, (60, 2))
    points = np.vstack([dense, thin])
    labels = hdbscan(points[:, 0], points[:, 1], min_points=15).labels
    assert len(set(labels[:60]) - {-1}) == len(set(labels[60:]) - {-1}) == 1
    assert (labels >= 0).mean() > 0.8


def test_hdbscan_of_too_few_is_all_noise_and_bad_input_is_refused():
    assert hdbscan(np.arange(4.0), np.arange(4.0), min_points=5).labels.tolist() == [-1] * 4
    with pytest.raises(ValueError, match="two"):
        hdbscan([0.0], [0.0], min_points=1)
    with pytest.raises(ValueError, match="finite"):
        hdbscan([np.nan], [0.0])
