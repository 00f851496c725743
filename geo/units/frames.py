"""Which islands go into an inset, so that the mainland fills the map."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from geo.units.coverage import metric

__all__ = ["Frame", "frames"]


@dataclass(frozen=True)
class Frame:
    """A piece of the map.

    Attributes
    ----------
    bounds : tuple of float
        West, south, east, north in degrees.
    codes : tuple of str
        Units in it, in order of code.
    """

    bounds: tuple[float, float, float, float]
    codes: tuple[str, ...]


def frames(units: gpd.GeoDataFrame, *, gap_m: float = 15_000, stretch: float = 0.25) -> list[Frame]:
    """The main body first, then one frame per group of islands that would stretch the map.

    Parameters
    ----------
    units : GeoDataFrame[code, geometry]
        In EPSG:4326.
    gap_m : float
        Units nearer to each other than this belong to one group.
    stretch : float
        A group goes into an inset if the main box would grow by more than this share to take it in.
    """
    crs = metric(units)
    shapes = units.geometry.to_crs(crs)
    group = _groups(shapes.to_numpy(), gap_m)
    boxes = shapes.bounds.to_numpy()
    areas = np.bincount(group, weights=shapes.area)
    main, *others = np.argsort(-areas, kind="stable")
    inside, insets = group == main, []
    for number in sorted(others, key=lambda g: _growth(boxes, inside, group == g)):
        if _growth(boxes, inside, group == number) > stretch:
            insets.append(number)
        else:
            inside |= group == number
    insets.sort(key=lambda g: -areas[g])
    return [_frame(units, chosen) for chosen in [inside, *(group == g for g in insets)]]


def _groups(shapes: NDArray[np.object_], gap_m: float) -> NDArray[np.int_]:
    """Single-linkage clusters of units by the distance between their largest parts.

    The largest part stands for the unit: chains of islets would tie far islands to the mainland.
    """
    largest = np.array([max(shapely.get_parts(shape), key=lambda part: part.area) for shape in shapes], object)
    first, second = shapely.STRtree(largest).query(largest, predicate="dwithin", distance=gap_m)
    links = coo_matrix((np.ones(len(first)), (first, second)), shape=(len(shapes),) * 2)
    return np.asarray(connected_components(links, directed=False)[1])


def _growth(boxes: NDArray[np.float64], inside: NDArray[np.bool_], group: NDArray[np.bool_]) -> float:
    """By which share the box around the units inside grows to take in the group."""
    return _box_area(boxes[inside | group]) / _box_area(boxes[inside]) - 1


def _box_area(boxes: NDArray[np.float64]) -> float:
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    return float((east - west) * (north - south))


def _frame(units: gpd.GeoDataFrame, chosen: NDArray[np.bool_]) -> Frame:
    west, south, east, north = (float(v) for v in units.geometry[chosen].total_bounds)
    return Frame((west, south, east, north), tuple(sorted(units.code[chosen])))
