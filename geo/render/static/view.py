"""Where on the sheet a piece of land lies: windows, their scale, and which islands need an inset."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

from geo.cartography.spec import Bbox
from geo.render.static.canvas import Rect

__all__ = ["View", "arrange", "fit", "round_length"]


@dataclass(frozen=True)
class View:
    """A window: its place on the sheet, px per metre, and the metric position of its centre."""

    rect: Rect
    scale: float
    x: float
    y: float

    @property
    def place(self) -> Affine2D:
        """Metres to px."""
        centre = ((self.rect.x0 + self.rect.x1) / 2, (self.rect.y0 + self.rect.y1) / 2)
        return Affine2D().translate(-self.x, -self.y).scale(self.scale, -self.scale).translate(*centre)

    def at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions in metres as px, shape (n, 2)."""
        return np.asarray(self.place.transform(points), float)

    def on_sheet(self, box: Bbox) -> Rect:
        """A metric box in px."""
        (x0, y1), (x1, y0) = self.at(np.array([(box[0], box[1]), (box[2], box[3])], float))
        return Rect(float(x0), float(y0), float(x1), float(y1))

    def too_small(self, rings: Sequence[NDArray[np.float64]], size: float) -> tuple[float, float] | None:
        """The middle, px, of an area of rings in metres that is drawn smaller than `size` px; None of a larger one."""
        corners = np.vstack(rings)
        low, high = corners.min(axis=0), corners.max(axis=0)
        if (high - low).max() * self.scale >= size:
            return None
        x, y = self.at(np.array([(low + high) / 2]))[0]
        return float(x), float(y)


def fit(rect: Rect, box: Bbox, *, margin: float) -> View:
    """The largest window in `rect` that shows the whole box with a margin of `margin` px around it."""
    room = rect.inset(margin)
    scale = min(room.width / (box[2] - box[0]), room.height / (box[3] - box[1]))
    return View(rect, scale, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def arrange(rect: Rect, boxes: Sequence[Bbox], *, margin: float, column: float) -> tuple[View, list[int]]:
    """The main window, and which of the other boxes it leaves to insets in a column along its left edge.

    The main box sets the scale. An island that can be shown in its true place without making everything smaller is.

    Parameters
    ----------
    rect : Rect
        The map face.
    boxes : sequence of Bbox
        Metric boxes, the main one first.
    margin, column : float
        Space around the land, and width of the column of insets, px.
    """
    free = Rect(rect.x0 + column, rect.y0, rect.x1, rect.y1) if len(boxes) > 1 else rect
    shown = boxes[0]
    left: list[int] = []
    scale = fit(free, shown, margin=margin).scale
    for number, box in enumerate(boxes[1:], 1):
        wider = _union(shown, box)
        last = not left and number == len(boxes) - 1
        if fit(rect if last else free, wider, margin=margin).scale >= scale * 0.97:
            shown = wider
        else:
            left.append(number)
    room = free if left else rect
    inner = fit(room, shown, margin=margin)
    shift = (room.x0 - rect.x0) / 2 / inner.scale
    return View(rect, inner.scale, inner.x - shift, inner.y), left


def _union(a: Bbox, b: Bbox) -> Bbox:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def round_length(longest: float) -> float:
    """The longest of 1, 2 and 5 times a power of ten that is not longer than `longest`."""
    power = 10.0 ** math.floor(math.log10(longest))
    return max(n for n in (1, 2, 5) if n * power <= longest * 1.0001) * power
