"""Neighbouring land and the national border, fitted to the communes they are drawn with.

The reference files come from a coarse source. A real layer of communes never agrees with it to the metre, and neither
strips of stray land along the coast nor a border that cuts through communes should show.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
import shapely.ops

from geo.crs import WGS84
from geo.units.coverage import Shapes, as_multi, metric

__all__ = ["surroundings_for"]

_SLIVER_M = 1500.0
_BORDER_M = 2500.0
_STEP_M = 250.0


def surroundings_for(units: gpd.GeoDataFrame, surroundings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Land to draw beneath `units`, and the national border along their outline.

    Land outside the units that is narrower than 3 km is taken away; real neighbours stay, and reach under the units, so
    that no gap opens along the edge. The border follows the units' own outline where it runs within 2.5 km of it.

    Parameters
    ----------
    units : GeoDataFrame
        A valid coverage in EPSG:4326.
    surroundings : GeoDataFrame[kind, name, geometry]
        Kinds "land" and "national_border", EPSG:4326.
    """
    crs = metric(units)
    mine = shapely.union_all(units.geometry.to_crs(crs).to_numpy())
    shapes = surroundings.geometry.to_crs(crs).to_numpy().copy()
    land = (surroundings.kind == "land").to_numpy()
    shapes[land] = _land(shapes[land], mine)
    shapes[~land] = [_border(line, mine) for line in shapes[~land]]
    degrees = gpd.GeoSeries(shapes, index=surroundings.index, crs=crs).to_crs(WGS84)
    found = surroundings.set_geometry(degrees)
    return found[~found.geometry.is_empty].reset_index(drop=True)


def _land(shapes: Shapes, mine: shapely.Geometry) -> Shapes:
    outside = shapely.difference(shapely.union_all(shapes), mine)
    wide = shapely.buffer(shapely.buffer(outside, -_SLIVER_M), 2 * _SLIVER_M, quad_segs=4)
    return as_multi(shapely.coverage_simplify(as_multi(shapely.intersection(shapes, wide)), 50))


def _border(line: shapely.Geometry, mine: shapely.Geometry) -> shapely.MultiLineString:
    """The line, replaced by the outline of `mine` from where the two first run side by side to where they last do."""
    outline = max(shapely.get_parts(mine), key=lambda part: part.area).exterior
    return shapely.MultiLineString([_fitted(part, outline) for part in shapely.get_parts(shapely.line_merge(line))])


def _fitted(line: shapely.LineString, outline: shapely.LinearRing) -> shapely.LineString:
    points = shapely.points(shapely.get_coordinates(shapely.segmentize(line, _STEP_M)))
    beside = points[shapely.distance(points, outline) <= _BORDER_M]
    if len(beside) < 2:
        return line
    ring = _starting_far_from(outline, line)
    along = shapely.line_locate_point(ring, beside)
    middle = shapely.get_coordinates(shapely.ops.substring(ring, along.min(), along.max()))
    if along[0] > along[-1]:
        middle = middle[::-1]
    first, last = shapely.line_locate_point(line, beside[[0, -1]])
    before, after = shapely.ops.substring(line, 0, first), shapely.ops.substring(line, last, line.length)
    ends = [shapely.get_coordinates(piece)[: None if piece.length else 0] for piece in (before, after)]
    return shapely.LineString(np.vstack([ends[0], middle, ends[1]]))


def _starting_far_from(ring: shapely.LinearRing, line: shapely.Geometry) -> shapely.LineString:
    """The ring as a line that begins where it is farthest from `line`, so that no stretch beside it is cut in two."""
    coordinates = shapely.get_coordinates(ring)[:-1]
    start = int(np.argmax(shapely.distance(shapely.points(coordinates), line)))
    return shapely.LineString(np.roll(coordinates, -start, axis=0)[[*range(len(coordinates)), 0]])
