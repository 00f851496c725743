"""The rules the program had before, kept to be measured beside those it has: what they called unusual, hot or a cluster."""

from __future__ import annotations

import numpy as np
from libpysal.graph import Graph
from scipy.stats import norm

from geo.analysis.emerging import classify
from geo.analysis.hotspots import benjamini_hochberg
from geo.analysis.scan import windows
from geo.analysis.trends import mann_kendall


def band(history: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Above and below square-root limits around the mean of the eight months before, shape (n,) each."""
    root = np.sqrt(history[:, -8:].mean(axis=1))
    return target > (root + 1.5) ** 2, target < np.maximum(root - 1.5, 0.0) ** 2


def emerging(table: np.ndarray, graph: Graph) -> np.ndarray:
    """Which units had a category: Gi* with a normal p over overlapping months, and a trend test of its score."""
    link = (graph.sparse > 0).astype(float)
    own, size = table + table @ link.toarray(), 1.0 + np.asarray(link.sum(axis=1)).ravel()
    total, weight = own.copy(), np.tile(size, (len(table), 1))
    total[1:] += own[:-1]
    weight[1:] += size
    scale = table.std() * np.sqrt((table.size * weight - weight**2) / (table.size - 1))
    z = np.divide(total - table.mean() * weight, scale, out=np.zeros_like(total), where=scale > 0)
    sure = benjamini_hochberg(2.0 * norm.sf(np.abs(z)).ravel()).reshape(z.shape) <= 0.05
    trend = mann_kendall(z)
    return np.array(classify((sure & (z > 0)).T, (sure & (z < 0)).T, trend.p, np.sign(trend.s))) != "no pattern"


def cylinder_p(points: np.ndarray, table: np.ndarray, people: np.ndarray, longest: int, seed: int) -> float:
    """The p of the best cylinder where a unit is expected to hold its people's share of each month."""
    order, allowed = windows(points, people, 0.5)
    rng, chance = np.random.default_rng(seed), people / people.sum()
    monthly = table.sum(axis=1)
    start, end = np.triu_indices(len(table))
    short = end - start < longest
    start, end = start[short], end[short] + 1
    edges = np.concatenate([[0.0], np.cumsum(monthly)])
    share = np.cumsum(chance[order], axis=1)[allowed]
    due = np.outer(edges[end] - edges[start], share)

    def best(counts: np.ndarray) -> float:
        running = np.concatenate([np.zeros((1, counts.shape[1])), np.cumsum(counts, axis=0)])
        circles = np.cumsum(running[:, order], axis=2)[:, allowed]
        seen = circles[end] - circles[start]
        out, rest = monthly.sum() - seen, monthly.sum() - due
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(seen > 0, seen * np.log(seen / due), 0) + np.where(out > 0, out * np.log(out / rest), 0)
        return float(np.where(seen > due, ratio, 0).max())

    drawn = [best(rng.multinomial(monthly.astype(int), chance).astype(float)) for _ in range(39)]
    return (sum(score >= best(table) for score in drawn) + 1) / 40
