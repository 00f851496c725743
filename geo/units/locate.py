"""Placing points into units, many at a time.

A fine raster is laid over the units. Cells that no edge touches lie wholly in one unit (or in none), so that a point in
one needs a look-up only; points in the other cells, a few per cent, are tested against the polygons. The answer is that
of the exact test for every point.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

__all__ = ["locate"]

_CELLS = 2048
_MARGIN = 1e-9
"""Widening of the cells an edge touches, as a share of a cell: more than rounding can move a point."""

_PIECE = 0.9
"""Length of the pieces edges are cut into, as a share of a cell."""

_EDGE, _OUT = -2, -1


def locate(x: ArrayLike, y: ArrayLike, units: Sequence[shapely.Geometry] | NDArray[np.object_]) -> NDArray[np.int64]:
    """The unit each point lies within, as `geopandas.sjoin(predicate="within")` has it: a point on an edge is in none.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Coordinates in the units' system; NaN for no point.
    units : sequence of (multi)polygons, length m

    Returns
    -------
    ndarray of int64, shape (n,)
        Position in `units`, -1 for none; of several units that overlap there, the first.
    """
    px, py = np.asarray(x, float), np.asarray(y, float)
    shapes = np.asarray(units, dtype=object)
    found = np.full(len(px), _OUT, np.int64)
    if not len(shapes) or not len(px):
        return found
    west, south, east, north = shapely.total_bounds(shapes)
    within = (px > west) & (px < east) & (py > south) & (py < north)
    if len(px) < _CELLS:  # the raster would cost more than it saves
        near = np.flatnonzero(within)
        found[near] = _exactly(px[near], py[near], shapes)
        return found
    chosen = slice(None) if within.all() else np.flatnonzero(within)
    columns, rows = _frame(shapes)
    raster = _raster(shapes, columns, rows)
    qx, qy = px[chosen], py[chosen]
    cell = columns.cell(qx) + rows.cell(qy) * columns.count
    answer = raster.ravel()[cell]
    near = np.flatnonzero(answer == _EDGE)
    answer[near] = _exactly(qx[near], qy[near], shapes)
    found[chosen] = answer
    return found


class _Axis:
    """One direction of the raster."""

    def __init__(self, low: float, high: float, count: int) -> None:
        self.low, self.count = low, count
        self.per_unit = count / (high - low) if high > low else 1.0

    def cell(self, values: NDArray[np.float64]) -> NDArray[np.int64]:
        """The cell of each value."""
        cells = ((values - self.low) * self.per_unit).astype(np.int64)
        return np.clip(cells, 0, self.count - 1, out=cells)

    def middle(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """The middle of each cell."""
        return np.asarray(self.low + (cells + 0.5) / self.per_unit, float)


def _frame(shapes: NDArray[np.object_]) -> tuple[_Axis, _Axis]:
    west, south, east, north = shapely.total_bounds(shapes)
    longer = max(east - west, north - south)
    return (
        _Axis(west, east, max(1, int(np.ceil(_CELLS * (east - west) / longer)))),
        _Axis(south, north, max(1, int(np.ceil(_CELLS * (north - south) / longer)))),
    )


def _raster(shapes: NDArray[np.object_], columns: _Axis, rows: _Axis) -> NDArray[np.int64]:
    """Position of the unit in every cell, -1 for none, -2 where an edge touches the cell."""
    touched = _touched(shapes, columns, rows)
    # a region of cells that no edge touches is all in or all out of a unit: one of its cells speaks for it
    regions, count = ndimage.label(~touched)
    first = np.full(count + 1, -1, np.int64)
    flat = regions.ravel()
    first[flat[::-1]] = np.arange(flat.size - 1, -1, -1)
    at = first[1:]
    of_region = np.full(count + 1, _EDGE, np.int64)
    of_region[1:] = _exactly(columns.middle(at % columns.count), rows.middle(at // columns.count), shapes)
    found: NDArray[np.int64] = of_region[regions]
    return found


def _touched(shapes: NDArray[np.object_], columns: _Axis, rows: _Axis) -> NDArray[np.bool_]:
    """Cells that an edge passes through or comes within a hair's breadth of."""
    size = min(1 / columns.per_unit, 1 / rows.per_unit)
    lines = shapely.get_parts(shapely.boundary(shapes))
    points, line = shapely.get_coordinates(shapely.segmentize(lines, _PIECE * size), return_index=True)
    same = line[1:] == line[:-1]
    start, stop = points[:-1][same], points[1:][same]
    low = np.minimum(start, stop) - _MARGIN * size
    high = np.maximum(start, stop) + _MARGIN * size
    left, right = columns.cell(low[:, 0]), columns.cell(high[:, 0])
    bottom, top = rows.cell(low[:, 1]), rows.cell(high[:, 1])
    touched = np.zeros((rows.count, columns.count), bool)
    # a piece is shorter than a cell, so its widened box covers two by two cells at most
    for row in (bottom, top):
        for column in (left, right):
            touched[row, column] = True
    return touched


def _exactly(x: NDArray[np.float64], y: NDArray[np.float64], shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """The first unit that holds each point, by the prepared polygons."""
    found = np.full(len(x), _OUT, np.int64)
    order = np.argsort(x, kind="stable")
    sorted_x = x[order]
    for number, (west, south, east, north) in enumerate(shapely.bounds(shapes)):
        near = order[np.searchsorted(sorted_x, west) : np.searchsorted(sorted_x, east, side="right")]
        near = near[(y[near] >= south) & (y[near] <= north) & (found[near] < 0)]
        if len(near):
            shapely.prepare(shapes[number])
            found[near[shapely.contains_xy(shapes[number], x[near], y[near])]] = number
    return found
