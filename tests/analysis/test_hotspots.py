"""Gi* and local Moran equal esda's; labels keep false discoveries under control."""

import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from libpysal.weights import W, lat2W

from geo.analysis.hotspots import benjamini_hochberg, change_of, gi_star, gi_star_exact, local_moran

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from esda.getisord import G_Local
    from esda.moran import Moran_Local
    from libpysal.graph import Graph


def _random(seed: int) -> tuple[np.ndarray, W]:
    rng = np.random.default_rng(seed)
    return rng.gamma(2.0, 10.0, 144), lat2W(12, 12, rook=False)


@pytest.mark.parametrize("seed", range(5))
def test_gi_star_equals_esda(seed):
    values, w = _random(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = G_Local(values, w, transform="B", star=True, permutations=0)
    ours = gi_star(values, w)
    assert np.abs(ours["z"] - theirs.Zs).max() < 1e-9
    assert np.abs(ours["p"] / 2 - theirs.p_norm).max() < 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_local_moran_equals_esda(seed):
    values, w = _random(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Moran_Local(values, w, permutations=0)
    ours = local_moran(values, w)
    assert np.abs(ours["i"] - theirs.Is).max() < 1e-9
    names = {1: "high-high", 2: "low-high", 3: "low-low", 4: "high-low"}
    assert ours["quadrant"].tolist() == [names[q] for q in theirs.q]


def test_a_graph_and_weights_of_other_sizes_give_the_same():
    values, w = _random(9)
    graph = Graph.from_W(w)
    heavy = W(w.neighbors, {key: [5.0] * len(found) for key, found in w.neighbors.items()}, silence_warnings=True)
    for other in (graph, heavy):
        assert np.allclose(gi_star(values, other)["z"], gi_star(values, w)["z"])


def test_a_planted_heap_is_hot_and_a_hole_is_cold():
    w = lat2W(15, 15, rook=False)
    values = np.random.default_rng(1).poisson(50, (15, 15)).astype(float)
    values[2:5, 2:5] += 80
    values[10:13, 10:13] -= 40
    for found in (gi_star(values.ravel(), w), gi_star_exact(values.ravel(), w)):
        label = found["label"].to_numpy().reshape(15, 15)
        assert label[3, 3] == "hot"
        assert label[11, 11] == "cold"
        assert (label == "none").sum() > 150


def test_false_discoveries_stay_rare_without_structure():
    w = lat2W(10, 10, rook=False)
    any_found = sum(
        (gi_star(np.random.default_rng(seed).normal(size=100), w)["label"] != "none").any() for seed in range(200)
    )
    assert any_found <= 20


def test_the_index_is_kept_and_sizes_are_checked():
    values, w = _random(2)
    series = pd.Series(values, [f"u{n}" for n in range(144)])
    assert gi_star(series, w).index.tolist() == series.index.tolist()
    with pytest.raises(ValueError, match="144"):
        gi_star(values[:100], w)
    with pytest.raises(ValueError, match="finite"):
        gi_star(np.where(values > 30, np.nan, values), w)


def test_all_the_same_is_no_hot_spot():
    assert set(gi_star(np.full(144, 7.0), lat2W(12, 12))["label"]) == {"none"}


def test_benjamini_and_hochberg_on_a_worked_example():
    p = [0.01, 0.04, 0.03, 0.005]
    assert benjamini_hochberg(p) == pytest.approx([0.02, 0.04, 0.04, 0.02])


def test_exact_p_of_local_moran_is_twice_the_tail_esda_gives():
    values, w = _random(4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Moran_Local(values, w, permutations=9_999, seed=1)
    ours = local_moran(values, w, correction="none")
    assert np.corrcoef(ours["p"], np.minimum(1, 2 * theirs.p_sim))[0, 1] > 0.99
    # esda keeps a unit's own value in place; over 144 units that makes little difference.
    assert np.abs(ours["p"] - np.minimum(1, 2 * theirs.p_sim)).max() < 0.1


def test_exact_p_is_the_count_over_all_orders():
    values, w = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0]), lat2W(2, 3)
    links = w.full()[0] + np.eye(6)
    sums = np.array([links @ order for order in permutations(values)])
    observed = links @ values
    tail = np.minimum((sums >= observed - 1e-9).mean(axis=0), (sums <= observed + 1e-9).mean(axis=0))
    p = gi_star_exact(values, w)["p"]
    assert p.to_numpy() == pytest.approx(np.minimum(1.0, 2 * tail))


def test_values_too_large_to_be_squared_are_refused():
    values, w = _random(3)
    with pytest.raises(ValueError, match="too large"):
        gi_star(np.where(values > 30, 1e300, values), w)


TURNS = [
    ("none", "hot", "new_hot"), ("cold", "hot", "new_hot"), ("hot", "hot", "persistent_hot"),
    ("hot", "none", "former_hot"), ("hot", "cold", "former_hot"), ("none", "cold", "cold"), ("cold", "cold", "cold"),
    ("cold", "none", "none"), ("none", "none", "none"),
]  # fmt: skip


def test_the_five_classes_of_change_cover_every_turn():
    before, now, expected = zip(*TURNS)
    assert len(set(zip(before, now))) == 9
    assert change_of(before, now) == list(expected)
    with pytest.raises(ValueError, match="as many"):
        change_of(["hot"], ["hot", "none"])
