"""Positions of events and units as the analyses take them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def positions(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Metric coordinates as one array of shape (n, 2); the index of a Series plays no part.

    Raises
    ------
    ValueError
        If there are not as many x as y, each in one row, or one is not finite.
    """
    across, up = np.asarray(x, float), np.asarray(y, float)
    if across.ndim != 1 or across.shape != up.shape:
        raise ValueError(f"x and y must be one row each and as many, not {across.shape} and {up.shape}")
    points = np.column_stack([across, up])
    if not np.isfinite(points).all():
        bad = int(np.argmin(np.isfinite(points).all(axis=1)))
        raise ValueError(f"coordinates must be finite; the first that is not stands at position {bad}")
    return points
