"""The window a map opens on: the province, or the communes that were chosen with some of their neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence

from geo.cartography.spec import Bbox, Frame

__all__ = ["frames_around"]

_MARGIN = 0.15
"""Around the chosen communes, over the longer side of their box."""

_LEAST = 0.22
"""Degrees of latitude a window shows at least, some 24 km: one small commune keeps neighbours around it."""


def frames_around(boxes: Sequence[Bbox], frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """The windows of a map of some communes; an island among them keeps its inset where others lie elsewhere.

    Parameters
    ----------
    boxes : sequence of Bbox
        Of the chosen communes, degrees; none for the whole province.
    frames : tuple of Frame
        Of the province.
    """
    if not boxes:
        return frames
    apart = [next((i for i, frame in enumerate(frames[1:], 1) if _holds(frame.bbox, box)), 0) for box in boxes]
    main = [box for box, i in zip(boxes, apart) if i == 0]
    insets = tuple(frames[i] for i in sorted(set(apart)) if i) if main else ()
    return (Frame(_opened(_around(main or boxes))), *insets)


def _holds(outer: Bbox, inner: Bbox) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _around(boxes: Sequence[Bbox]) -> Bbox:
    west, south, east, north = zip(*boxes)
    return (min(west), min(south), max(east), max(north))


def _opened(box: Bbox) -> Bbox:
    """The box with its margin, and no smaller than the least."""
    squeeze = math.cos(math.radians((box[1] + box[3]) / 2))
    wide, high = (box[2] - box[0]) * squeeze, box[3] - box[1]
    margin = _MARGIN * max(wide, high)
    aside = max(wide / 2 + margin, _LEAST / 2) / squeeze
    above = max(high / 2 + margin, _LEAST / 2)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    west, south, east, north = (round(edge, 6) for edge in (x - aside, y - above, x + aside, y + above))
    return (west, south, east, north)
