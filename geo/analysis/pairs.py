"""Pairs of points that lie close to each other, some at a time, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

__all__ = ["ClosePairs", "Pairs"]

_TOGETHER = 1 << 18
"""Pairs in one part: what is reckoned of them stays in the processor's cache."""

_POINTS = 2_048
"""Points whose neighbours are looked for at once."""

_HELD = 48_000_000
"""Pairs that are kept, 9 bytes each; with more, they are found anew each time."""


class Pairs(NamedTuple):
    """Some of the pairs, each once.

    Attributes
    ----------
    left, right : ndarray of int32
        Positions of the points.
    band : ndarray of int8
        Of their distance.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    band: NDArray[np.int8]


class ClosePairs:
    """Every unordered pair nearer than the last of some limits.

    Parameters
    ----------
    points : ndarray of float, shape (n, 2)
        Metres.
    breaks : ndarray of float
        Upper edges of left-closed bands of distance; 127 at most.
    norm : {1, 2}
        1 for distances along streets at right angles, 2 for straight ones.
    held : int
        Pairs that may be kept.
    """

    def __init__(
        self, points: NDArray[np.float64], breaks: NDArray[np.float64], *, norm: int = 2, held: int = _HELD
    ) -> None:
        self._order = np.argsort(points[:, 0], kind="stable").astype(np.int32)
        self._points, self._breaks, self._norm = points[self._order], breaks, norm
        self._parts: list[Pairs] | None = None
        self.by_band = np.zeros(len(breaks), np.int64)
        kept: list[Pairs] = []
        for part in self._found():
            self.by_band += np.bincount(part.band, minlength=len(breaks))
            if self.by_band.sum() <= held:
                kept.append(part)
            else:
                kept.clear()
        if self.by_band.sum() <= held:
            self._parts = _joined(kept)

    def __iter__(self) -> Iterator[Pairs]:
        return iter(self._parts) if self._parts is not None else self._found()

    def _found(self) -> Iterator[Pairs]:
        """Pairs by their left point, from west to east."""
        x, reach = self._points[:, 0], float(self._breaks[-1])
        first, n = 0, len(x)
        while first < n:
            size = _POINTS
            while True:  # where many lie together, fewer at once
                last = min(first + size, n)
                end = int(np.searchsorted(x, x[last - 1] + reach, side="right"))
                near = cKDTree(self._points[first:last])
                beyond = cKDTree(self._points[first:end])
                if size == 1 or near.count_neighbors(beyond, reach, p=self._norm) <= 4 * _TOGETHER:
                    break
                size = max(1, size // 4)
            yield from self._between(near, beyond, first)
            first = last

    def _between(self, near: cKDTree, beyond: cKDTree, first: int) -> Iterator[Pairs]:
        """Pairs of some points with those among or behind them."""
        reach = np.nextafter(self._breaks[-1], np.inf)
        table = near.sparse_distance_matrix(beyond, reach, p=self._norm, output_type="ndarray")
        left, right = table["i"], table["j"]
        once = right > left
        left, right = left[once] + first, right[once] + first
        gap = np.abs(self._points[left] - self._points[right])
        distance = gap.sum(axis=1) if self._norm == 1 else np.hypot(gap[:, 0], gap[:, 1])
        closer = distance < self._breaks[-1]
        band = np.searchsorted(self._breaks, distance[closer], side="right").astype(np.int8)
        left, right = self._order[left[closer]], self._order[right[closer]]
        for n in range(0, len(left), _TOGETHER):
            part = slice(n, n + _TOGETHER)
            yield Pairs(left[part], right[part], band[part])


def _joined(parts: list[Pairs]) -> list[Pairs]:
    """The same pairs in fewer parts."""
    if not parts:
        return []
    left, right, band = (np.concatenate(columns) for columns in zip(*parts))
    slices = [slice(n, n + _TOGETHER) for n in range(0, len(left), _TOGETHER)]
    return [Pairs(left[part], right[part], band[part]) for part in slices]
