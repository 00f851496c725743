"""How thick events lie: a Gaussian density surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import gaussian_filter

from geo.analysis.positions import positions

_REACH = 5.0
"""Standard deviations after which the kernel is cut off: less than a millionth lies beyond."""


_MOST_CELLS = 50_000_000


@dataclass(frozen=True, eq=False)
class Surface:
    """A grid of densities.

    Attributes
    ----------
    values : ndarray, shape (rows, columns)
        Events per km2 at the cell centres; row 0 is the southernmost.
    x0, y0 : float
        Lower left corner of the grid, metres.
    cell_m : float
        Side of a cell, metres.
    """

    values: NDArray[np.float64]
    x0: float
    y0: float
    cell_m: float


def kde(
    x: ArrayLike,
    y: ArrayLike,
    *,
    cell_m: float,
    bandwidth_m: float,
    extent: tuple[float, float, float, float] | None = None,
) -> Surface:
    """Kernel density with a Gaussian of standard deviation `bandwidth_m`.

    Events are shared out over the nine nearest cell centres by a quadratic spline, and the grid is smoothed by one
    Gaussian filter. Sharing out widens the kernel by a variance of a quarter of a cell squared, by which the filter is
    narrower. Cells larger than half a bandwidth are worked out on cells a third as large, whose every third centre is
    theirs. The result is within 1 % of the peak of the exact sum.

    Parameters
    ----------
    x, y : array_like of float, shape (n,)
        Metres.
    cell_m, bandwidth_m : float
        Metres.
    extent : (west, south, east, north), optional
        Metres; three bandwidths around the events where not given. Events outside still count near the edge.

    Returns
    -------
    Surface

    Raises
    ------
    ValueError
        If a length is not positive, the cells are larger than the bandwidth, the extent is empty or too large, sizes
        differ, a coordinate is not finite, or there are neither events nor extent.

    References
    ----------
    Wand (1994), Fast computation of multivariate kernel estimators, doi:10.1080/10618600.1994.10474656.
    """
    points = positions(x, y)
    if not (0 < cell_m <= bandwidth_m < np.inf):
        raise ValueError("cells must be positive and not larger than the bandwidth")
    west, south, east, north = _extent(points, bandwidth_m) if extent is None else extent
    if not (np.isfinite([west, south, east, north]).all() and west < east and south < north):
        raise ValueError("the extent must be finite and reach from west to east and from south to north")
    columns, rows = (int(np.ceil(round((b - a) / cell_m, 9))) for a, b in ((west, east), (south, north)))
    parts = 1 if 2 * cell_m <= bandwidth_m else 3
    if rows * columns * parts**2 > _MOST_CELLS:
        raise ValueError(f"{rows} x {columns} cells are too many: widen the cells or narrow the extent")
    fine = cell_m / parts
    smooth = _smoothed((points - (west, south)) / fine, (rows * parts, columns * parts), bandwidth_m / fine)
    values = smooth[parts // 2 :: parts, parts // 2 :: parts] / (fine / 1000.0) ** 2
    return Surface(values, float(west), float(south), cell_m)


def _extent(points: NDArray[np.float64], bandwidth_m: float) -> tuple[float, float, float, float]:
    """Three bandwidths around the events."""
    if not len(points):
        raise ValueError("without events an extent is needed")
    (west, south), (east, north) = points.min(axis=0) - 3 * bandwidth_m, points.max(axis=0) + 3 * bandwidth_m
    return west, south, east, north


def _smoothed(places: NDArray[np.float64], shape: tuple[int, int], bandwidth: float) -> NDArray[np.float64]:
    """Events per cell, smoothed; places and bandwidth in cells from the corner of the grid."""
    margin = int(np.ceil(_REACH * bandwidth)) + 2
    u, v = (places - 0.5 + margin).T
    counts = _shared_out(u, v, (shape[0] + 2 * margin, shape[1] + 2 * margin))
    sigma = np.sqrt(bandwidth**2 - 1 / 4)
    smooth = gaussian_filter(counts, sigma, mode="constant", truncate=_REACH)
    return np.asarray(smooth[margin : margin + shape[0], margin : margin + shape[1]])


def _shared_out(u: NDArray[np.float64], v: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    """Each event over the nine nearest cell centres with quadratic spline weights; what lies outside is left out."""
    keep = (u >= 1) & (v >= 1) & (u < shape[1] - 2) & (v < shape[0] - 2)
    u, v = u[keep], v[keep]
    i, j = np.rint(u).astype(np.int64), np.rint(v).astype(np.int64)
    across, along = _spline(u - i), _spline(v - j)
    flat = np.zeros(shape[0] * shape[1])
    for dj in (-1, 0, 1):
        for di in (-1, 0, 1):
            share = across[di + 1] * along[dj + 1]
            flat += np.bincount((j + dj) * shape[1] + i + di, share, minlength=len(flat))
    return flat.reshape(shape)


def _spline(offset: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Weights of the cells before, at and after; their variance is a quarter of a cell squared wherever it lies."""
    return 0.5 * (0.5 - offset) ** 2, 0.75 - offset**2, 0.5 * (0.5 + offset) ** 2
