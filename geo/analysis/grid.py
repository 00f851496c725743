"""Square cells over a province: where units differ in size, equal cells compare places alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.spatial import cKDTree

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Grid:
    """The cells of a square grid whose middles lie in one of the given shapes.

    Attributes
    ----------
    column, row : ndarray of int, shape (n,)
        Position of each cell, counted from the corner.
    shape_of : ndarray of int, shape (n,)
        The shape in which each cell's middle lies.
    x0, y0 : float
        Lower left corner of the grid, metres.
    cell_m : float
    """

    column: Ints
    row: Ints
    shape_of: Ints
    x0: float
    y0: float
    cell_m: float

    @property
    def centres(self) -> NDArray[np.float64]:
        """Middles of the cells, metres, shape (n, 2)."""
        corner = np.array([self.x0, self.y0])
        return np.asarray((np.column_stack([self.column, self.row]) + 0.5) * self.cell_m + corner)

    def outline(self, cells: ArrayLike) -> Any:
        """Some cells as one geometry, edges between them dissolved."""
        low = self.centres[np.asarray(cells)] - self.cell_m / 2
        high = low + self.cell_m
        return shapely.union_all(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))


def grid_over(shapes: ArrayLike, *, cell_m: float) -> Grid:
    """A grid over polygons in metres; its lines lie on whole multiples of the cell, so that it never shifts.

    Raises
    ------
    ValueError
        If the cell is not positive.
    """
    if cell_m <= 0:
        raise ValueError("cells must be positive")
    polygons = np.asarray(shapes, dtype=object)
    bounds = shapely.total_bounds(polygons)
    first = np.floor(bounds[:2] / cell_m).astype(np.int64)
    size = np.ceil(bounds[2:] / cell_m).astype(np.int64) - first
    column, row = (part.ravel() for part in np.meshgrid(np.arange(size[0]), np.arange(size[1])))
    x0, y0 = (first * cell_m).tolist()
    middles = shapely.points((column + 0.5) * cell_m + x0, (row + 0.5) * cell_m + y0)
    point, shape = shapely.STRtree(polygons).query(middles, predicate="intersects")
    point, once = np.unique(point, return_index=True)
    return Grid(column[point], row[point], shape[once].astype(np.int64), x0, y0, cell_m)


def counted(grid: Grid, x: ArrayLike, y: ArrayLike) -> Ints:
    """Events per cell; those outside every cell are left out.

    Parameters
    ----------
    x, y : array_like of float
        Metres.
    """
    width = int(grid.column.max(initial=0)) + 1
    column = np.floor((np.asarray(x, float) - grid.x0) / grid.cell_m).astype(np.int64)
    row = np.floor((np.asarray(y, float) - grid.y0) / grid.cell_m).astype(np.int64)
    inside = (column >= 0) & (column < width) & (row >= 0)
    place = np.full(width * (int(grid.row.max(initial=0)) + 1), -1, np.int64)
    place[grid.row * width + grid.column] = np.arange(len(grid.row))
    flat = row[inside] * width + column[inside]
    cell = place[flat[flat < len(place)]]
    return np.bincount(cell[cell >= 0], minlength=len(grid.row)).astype(np.int64)


def adjacency(grid: Grid, *, reach: float = 1.5) -> Any:
    """Which cells are neighbours, as a sparse matrix of ones: middles within `reach` cells (1.5: the eight around)."""
    points = np.column_stack([grid.column, grid.row]).astype(float)
    pairs = cKDTree(points).query_pairs(reach, output_type="ndarray")
    one, other = np.concatenate([pairs[:, 0], pairs[:, 1]]), np.concatenate([pairs[:, 1], pairs[:, 0]])
    n = len(points)
    return coo_array((np.ones(len(one)), (one, other)), shape=(n, n)).tocsr()
