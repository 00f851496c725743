"""Clusters of events as a map shows them: outlines, what is said of each, and where the badge with its rank stands."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from geo.cartography import symbology
from geo.cartography.spec import Bbox, Outline, OutlineLayer, Ring
from geo.schema import Measure
from geo.text import Lang, measure_within, noun_of, number, percent, t

__all__ = ["badge_places", "cluster_layer", "clusters_of"]

_APART = 0.068
"""How far badges stand apart over the longer side of the main window: as wide as a projector's are at most."""

_SIDES = (90, 60, 120, 30, 150, 0, 180, -30, -150, -60, -120, -90)
"""Sides of an outline that a badge tries in turn, degrees from east: the upper ones first."""


def clusters_of(measure: Measure, lang: Lang) -> str:
    """What clusters of a measure are called, as a name of their layer: clusters of cases."""
    return t("map.clusters_of", lang, measure=measure_within(measure, lang))


def cluster_layer(
    rings: Sequence[Ring], sizes: Sequence[tuple[int, float]], measure: Measure, frame: Bbox, lang: Lang
) -> OutlineLayer:
    """Clusters of a measure, the largest first, in the main window `frame`.

    Parameters
    ----------
    rings : sequence of Ring
        Outlines in degrees.
    sizes : sequence of (int, float)
        Of each the number of events, and their share of those that have a place.
    """
    drawn = []
    for rank, (ring, at, (count, share)) in enumerate(zip(rings, badge_places(rings, frame), sizes), 1):
        n = number(count, lang)
        words = {"n": n, "noun": noun_of(measure, n, lang), "share": percent(share, lang, digits=1)}
        line = t("map.tip_cluster", lang, measure=measure_within(measure, lang), rank=rank, **words)
        drawn.append(Outline(ring, str(rank), (line,), at))
    return OutlineLayer(symbology.CLUSTER, tuple(drawn), clusters_of(measure, lang))


def badge_places(rings: Sequence[Ring], frame: Bbox) -> list[tuple[float, float]]:
    """Where the badge of each outline stands, degrees: on its line, where no other badge is in the way.

    The smallest choose first, for a long line has most places to offer; where all of a line is taken, its badge goes as
    far out as it must.
    """
    squeeze = math.cos(math.radians((frame[1] + frame[3]) / 2))
    apart = _APART * max((frame[2] - frame[0]) * squeeze, frame[3] - frame[1])
    stretch = np.array([squeeze, 1.0])
    shapes = [np.array(ring, float) * stretch for ring in rings]
    placed: dict[int, NDArray[np.float64]] = {}
    for i in sorted(range(len(shapes)), key=lambda i: float(np.ptp(shapes[i], axis=0).max())):
        taken = list(placed.values())
        placed[i] = next(at for at in _tried(shapes[i], apart) if all(math.dist(at, other) >= apart for other in taken))
    return [(round(float(x), 4), round(float(y), 4)) for x, y in (placed[i] / stretch for i in range(len(shapes)))]


def _tried(ring: NDArray[np.float64], apart: float) -> Iterator[NDArray[np.float64]]:
    """The corners that reach furthest to each side, then places beyond them, further and further out."""
    radians = np.radians(_SIDES)
    sides = np.column_stack([np.cos(radians), np.sin(radians)])
    corners = ring[np.argmax(ring @ sides.T, axis=0)]
    yield from corners
    step = 0
    while True:
        step += 1
        yield from corners + sides * apart * step / 4
