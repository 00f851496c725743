"""Approximate commune boundaries, for the time before an office has loaded its real ones.

No open registry carries the polygons of the present communes. What can be had openly is, for each commune, its area,
its centre point and the bounding boxes of the former communes it was made from. Each cell of a fine raster goes to the
commune whose boxes and centre fit it best; the raster is then made into smooth polygons that meet without gaps, cut to
the coast and the national border. All coordinates are metres in one projected system.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
import shapely.ops
from numpy.typing import NDArray
from scipy import ndimage

from geo.units.coverage import clean_polygons

__all__ = ["Method", "allocate", "divide"]

Floats = NDArray[np.float32]
Labels = NDArray[np.int32]

_REACH_M = 4000.0
_AT_SEA_M = 500.0
_NOWHERE = -1
_TOO_SMALL = 0.02
_DISC_SCALES = (0.8, 0.5, 0.3, 0.2)


@dataclass(frozen=True)
class Method:
    """Constants of the allocation.

    Attributes
    ----------
    cell_m : float
        Raster cell.
    centre_share : float
        Weight of the distance to the commune's centre against the fit of the boxes, 0 to 1.
    exponent : float
        Shape of a box's iso-lines: 2 is an ellipse, infinity the box itself.
    rounds, push, push_limit : int, float, float
        How often, how strongly and how far the misfit is shifted to bring areas towards the stated ones. Kept small,
        because some stated areas are wrong.
    smooth_m : float
        Tolerance of the line simplification that takes the raster's steps out.
    island_share : float
        A commune with its points at sea that is given less than this share of its stated area lies on islands which the
        coast line does not show.
    """

    cell_m: float = 200.0
    centre_share: float = 0.25
    exponent: float = 4.0
    rounds: int = 2
    push: float = 0.1
    push_limit: float = 0.2
    smooth_m: float = 350.0
    island_share: float = 0.2


class _Grid(NamedTuple):
    x0: float
    y1: float
    cell: float
    rows: int
    cols: int

    def x(self) -> NDArray[np.float64]:
        return np.asarray(self.x0 + (np.arange(self.cols) + 0.5) * self.cell, float)

    def y(self) -> NDArray[np.float64]:
        return np.asarray(self.y1 - (np.arange(self.rows) + 0.5) * self.cell, float)


class _Misfit(NamedTuple):
    window: tuple[slice, slice]
    values: Floats


def allocate(
    units: pd.DataFrame, boxes: pd.DataFrame, land: shapely.Geometry, *, keep: list[str], method: Method | None = None
) -> pd.Series:
    """Polygons that approximate the communes.

    Parameters
    ----------
    units : DataFrame[code, x, y, area_km2]
        The communes wanted and their neighbours, with centre points in metres.
    boxes : DataFrame[code, x, y, x0, y0, x1, y1]
        Bounding box and centre of every former commune, with the code of the commune that took it in.
    land : Geometry
        Land of the country, metres.
    keep : list of str
        Codes of the communes wanted.
    method : Method, optional

    Returns
    -------
    Series of Geometry
        One MultiPolygon per code in `keep`, forming a valid coverage.
    """
    method = method or Method()
    wanted = boxes[boxes.code.isin(keep)]
    grid = _grid(wanted, method.cell_m)
    misfits = [_misfit(unit, boxes[boxes.code == unit.code], grid, method) for unit in units.itertuples()]
    on_land = _contains(land, grid)
    labels = _balanced(misfits, units, on_land, grid, method)
    labels = _without_fragments(labels, on_land, len(units))
    mine = np.flatnonzero(units.code.isin(keep))
    shapes = _polygons(labels, len(units), grid)
    shapes = shapely.coverage_simplify(shapes, method.smooth_m)
    cut = _clipped(shapes[mine], land)
    found = pd.Series(cut, index=units.code.to_numpy()[mine])
    return _with_islands(found, units.set_index("code"), wanted, land, method)


def divide(whole: shapely.Geometry, boxes: pd.DataFrame, *, method: Method | None = None) -> pd.Series:
    """Parts of one commune that approximate the former communes it was made from.

    Parameters
    ----------
    whole : Geometry
        The commune, metres.
    boxes : DataFrame[code, x, y, x0, y0, x1, y1]
        Bounding box and centre of every former commune, with its own code.
    method : Method, optional

    Returns
    -------
    Series of Geometry
        One MultiPolygon per code. A former commune whose box lies elsewhere gets a disc at the nearest place.
    """
    if len(boxes) == 1:
        return pd.Series([_multi(whole)], index=boxes.code)
    spread = np.sqrt(np.maximum((boxes.x1 - boxes.x0) * (boxes.y1 - boxes.y0), 1e6))
    units = boxes[["code", "x", "y"]].assign(area_km2=whole.area / 1e6 * spread / spread.sum())
    method = method or Method(rounds=0, island_share=0.0, smooth_m=250.0)
    found = allocate(units, boxes, whole, keep=list(boxes.code), method=method)
    for scale in _DISC_SCALES:
        for unit in units[
            [found[c].area < 1e6 * _TOO_SMALL * a for c, a in zip(units.code, units.area_km2)]
        ].itertuples():
            found = _with_disc(found, unit, whole, scale)
    return found


def _with_disc(found: pd.Series, unit: pd.Series, whole: shapely.Geometry, scale: float) -> pd.Series:
    """The unit as a disc at the place in `whole` that is nearest to its centre, cut out of the others."""
    centre = shapely.ops.nearest_points(whole, shapely.Point(unit.x, unit.y))[0]
    disc = shapely.buffer(centre, scale * np.sqrt(unit.area_km2 * 1e6 / np.pi), quad_segs=4)
    cut = [_multi(shape) for shape in shapely.difference(found.to_numpy(), disc)]
    found = pd.Series(cut, index=found.index)
    found[unit.code] = _multi(shapely.intersection(disc, whole))
    return found


def _grid(boxes: pd.DataFrame, cell: float) -> _Grid:
    margin = 1.5 * _REACH_M
    x0, y1 = boxes.x0.min() - margin, boxes.y1.max() + margin
    cols, rows = (boxes.x1.max() + margin - x0) / cell, (y1 - boxes.y0.min() + margin) / cell
    return _Grid(x0, y1, cell, int(rows) + 1, int(cols) + 1)


def _misfit(unit: pd.Series, boxes: pd.DataFrame, grid: _Grid, method: Method) -> _Misfit:
    """How badly each nearby cell fits the unit: 1 on the rim of a box or at one radius from the centre."""
    radius = np.sqrt(unit.area_km2 * 1e6 / np.pi)
    west, east = min([unit.x - radius, *boxes.x0]) - _REACH_M, max([unit.x + radius, *boxes.x1]) + _REACH_M
    south, north = min([unit.y - radius, *boxes.y0]) - _REACH_M, max([unit.y + radius, *boxes.y1]) + _REACH_M
    columns = slice(*np.clip([(west - grid.x0) // grid.cell, (east - grid.x0) // grid.cell], 0, grid.cols).astype(int))
    rows = slice(*np.clip([(grid.y1 - north) // grid.cell, (grid.y1 - south) // grid.cell], 0, grid.rows).astype(int))
    x, y = grid.x()[columns][None, :], grid.y()[rows][:, None]
    fit = np.full(np.broadcast_shapes(x.shape, y.shape), 9.0)
    for box in boxes.itertuples():
        across = np.abs(x - (box.x0 + box.x1) / 2) / max((box.x1 - box.x0) / 2, 300)
        along = np.abs(y - (box.y0 + box.y1) / 2) / max((box.y1 - box.y0) / 2, 300)
        power = across**method.exponent + along**method.exponent
        fit = np.minimum(fit, power ** (1 / method.exponent))
    centre = np.hypot(x - unit.x, y - unit.y) / radius
    values = (1 - method.centre_share) * fit + method.centre_share * centre
    return _Misfit((rows, columns), values.astype(np.float32))


def _contains(land: shapely.Geometry, grid: _Grid) -> NDArray[np.bool_]:
    shapely.prepare(land)
    x, y = np.meshgrid(grid.x(), grid.y())
    return np.asarray(shapely.contains_xy(land, x, y))


def _best(misfits: list[_Misfit], shift: NDArray[np.float64], grid: _Grid) -> Labels:
    best = np.full((grid.rows, grid.cols), np.inf, np.float32)
    labels = np.full(best.shape, _NOWHERE, np.int32)
    for number, (window, values) in enumerate(misfits):
        moved = values + np.float32(shift[number])
        better = moved < best[window]
        best[window][better] = moved[better]
        labels[window][better] = number
    return labels


def _balanced(
    misfits: list[_Misfit], units: pd.DataFrame, on_land: NDArray[np.bool_], grid: _Grid, method: Method
) -> Labels:
    shift = np.zeros(len(units))
    stated = units.area_km2.to_numpy()
    for _ in range(method.rounds):
        labels = _best(misfits, shift, grid)
        given = np.bincount(labels[on_land & (labels >= 0)], minlength=len(units)) * grid.cell**2 / 1e6
        change = np.where(given > 0, np.log(np.maximum(given, 0.1) / stated), 0)
        shift = np.clip(shift + method.push * change, -method.push_limit, method.push_limit)
    return _best(misfits, shift, grid)


def _without_fragments(labels: Labels, on_land: NDArray[np.bool_], count: int) -> Labels:
    """Each unit keeps its largest piece on land; the rest goes to the nearest unit."""
    keep = np.zeros(labels.shape, bool)
    for number, window in enumerate(ndimage.find_objects(labels + 1, count)):
        if window is None:
            continue
        pieces, _ = ndimage.label(labels[window] == number)
        sizes = np.bincount(pieces.ravel(), weights=0.001 + on_land[window].ravel())
        sizes[0] = 0
        keep[window] |= pieces == sizes.argmax()
    nearest = ndimage.distance_transform_edt(~keep, return_distances=False, return_indices=True)
    filled = labels[tuple(nearest)]
    return np.where(keep | (labels >= 0), filled, labels).astype(np.int32)


def _polygons(labels: Labels, count: int, grid: _Grid) -> NDArray[np.object_]:
    shapes = [shapely.MultiPolygon() for _ in range(count)]
    for number, boxes in _runs(labels, grid):
        shapes[number] = _multi(shapely.union_all(boxes))
    return clean_polygons(np.array(shapes, object))


def _runs(labels: Labels, grid: _Grid) -> Iterator[tuple[int, NDArray[np.object_]]]:
    """Per label, its cells as one box per run along a row."""
    change = np.diff(labels, axis=1, prepend=-2) != 0
    row, start = np.nonzero(change)
    stop = np.append(start[1:], grid.cols)
    stop[stop == 0] = grid.cols
    value = labels[row, start]
    west, east = grid.x0 + start * grid.cell, grid.x0 + stop * grid.cell
    north = grid.y1 - row * grid.cell
    boxes = shapely.box(west, north - grid.cell, east, north)
    for number in np.unique(value[value >= 0]):
        yield int(number), boxes[value == number]


def _clipped(shapes: NDArray[np.object_], land: shapely.Geometry) -> NDArray[np.object_]:
    """The part on land; slivers that a bent coast cuts off are left out."""
    cut = shapely.intersection(shapes, land)
    out = []
    for shape in cut:
        parts = np.array([p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"], object)
        areas = shapely.area(parts)
        out.append(shapely.MultiPolygon(list(parts[areas >= 0.05 * areas.max()]) if len(parts) else []))
    return np.array(out, object)


def _with_islands(
    found: pd.Series, units: pd.DataFrame, boxes: pd.DataFrame, land: shapely.Geometry, method: Method
) -> pd.Series:
    """Discs in place of islands the coast line does not show, one per former commune, together of the stated area."""
    found = found.copy()
    for code, shape in found.items():
        unit, points = units.loc[code], boxes[boxes.code == code]
        at = shapely.points(points.x, points.y) if len(points) > 1 else np.array([shapely.Point(unit.x, unit.y)])
        at_sea = shapely.distance(at, land) > _AT_SEA_M
        if shape.area >= method.island_share * unit.area_km2 * 1e6 or not at_sea.all():
            continue
        radius = np.sqrt(unit.area_km2 * 1e6 / len(at) / np.pi)
        discs = shapely.union_all(shapely.buffer(at, radius, quad_segs=4))
        found[code] = _multi(shapely.difference(discs, land))
    return found


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape] if not shape.is_empty else [])
