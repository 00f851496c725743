"""Communes as a coverage: no overlaps, no gaps, shared borders identical to the vertex.

The work is done in metres; what comes in and goes out is in longitude and latitude.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84, utm_of

__all__ = ["CoverageReport", "Issue", "IssueKind", "clean_coverage", "clean_polygons", "metric", "simplify"]

Shapes = NDArray[np.object_]
IssueKind = Literal["invalid", "overlap", "gap", "edge", "unknown", "missing", "kind", "outline", "file", "layer"]

GAP_M = 30.0
"""Gaps narrower than this, between two communes, are drawing errors and are closed."""

SNAP_M = 0.1
"""Vertices nearer to each other than this are one; it is the precision at which boundaries are stored."""

DECIMALS_GRID = 1e-6
"""Stored precision in degrees, some 0.1 m. Coarser rounding (1e-5) breaks validity."""


@dataclass(frozen=True)
class Issue:
    """One thing found in a layer.

    Attributes
    ----------
    kind : IssueKind
        "edge" is an edge that does not match the neighbour's; "unknown", "missing" and "kind" compare with the expected
        list; "outline" and "file" are rows that cover others, and files, that were left out.
    units : tuple of str
        Codes concerned, sorted.
    names : tuple of str
        Their names.
    area_m2 : float
        Size of the overlap or gap; 0 where it has none.
    """

    kind: IssueKind
    units: tuple[str, ...]
    names: tuple[str, ...]
    area_m2: float = 0.0


@dataclass(frozen=True)
class CoverageReport:
    """What was found in a layer, and whether it needed repair."""

    issues: tuple[Issue, ...] = field(default=())

    def of(self, kind: IssueKind) -> tuple[Issue, ...]:
        """The issues of one kind."""
        return tuple(issue for issue in self.issues if issue.kind == kind)

    @property
    def clean(self) -> bool:
        """True where nothing was found."""
        return not self.issues


def metric(units: gpd.GeoDataFrame) -> str:
    """The projected system to measure `units` in: the UTM zone of the middle of their extent."""
    west, _, east, _ = units.total_bounds
    return utm_of((west + east) / 2)


def clean_polygons(shapes: Shapes, *, gap_m: float = 0.0) -> Shapes:
    """The same polygons as a valid coverage of MultiPolygons; coordinates in metres.

    Parameters
    ----------
    shapes : array of Geometry
    gap_m : float
        Gaps narrower than this are given to the neighbour with the longest border.
    """
    if gap_m > 0 or not shapely.coverage_is_valid(shapes):
        with np.errstate(over="ignore"):  # a coordinate next to nothing sets the flag, and does no harm
            shapes = shapely.coverage_clean(shapes, gap_width=gap_m, snapping_distance=SNAP_M)
    return as_multi(shapes)


def as_multi(shapes: Sequence[shapely.Geometry] | Shapes) -> Shapes:
    """Every shape as a MultiPolygon of its polygons; lines and points that repairs leave behind are dropped."""
    out = np.empty(len(shapes), object)
    for i, shape in enumerate(shapes):
        flat = shapely.get_parts(shapely.get_parts(shape))
        out[i] = shapely.MultiPolygon([part for part in flat if part.geom_type == "Polygon"])
    return out


def clean_coverage(
    units: gpd.GeoDataFrame, *, expected: Mapping[str, str] | None = None, gap_m: float = GAP_M
) -> tuple[gpd.GeoDataFrame, CoverageReport]:
    """Repair a layer and say what was wrong with it.

    Parameters
    ----------
    units : GeoDataFrame[code, name, kind, geometry]
        In EPSG:4326.
    expected : mapping of code to name, optional
        The units there should be; the difference is reported as unknown and missing.
    gap_m : float
        Gaps narrower than this are closed; wider ones are reported and left.

    Returns
    -------
    units : GeoDataFrame
        A valid coverage; edges that did not meet now share their vertices.
    report : CoverageReport
    """
    crs = metric(units)
    names = dict(zip(units.code, units.name))
    issues = _listing_issues(names, expected or names)
    geometry = units.geometry.to_crs(crs).to_numpy()
    invalid = ~shapely.is_valid(geometry)
    issues += [_issue("invalid", [code], names) for code in units.code[invalid]]
    geometry = as_multi(shapely.make_valid(geometry))
    unmet = ~shapely.is_empty(shapely.coverage_invalid_edges(geometry))
    broken = unmet | ~shapely.is_empty(shapely.coverage_invalid_edges(geometry, gap_width=gap_m))
    cleaned = clean_polygons(geometry, gap_m=gap_m if broken.any() else 0.0)
    codes = units.code.to_numpy()
    issues += _overlaps(geometry, unmet, codes, names) if unmet.any() else []
    issues += _gaps(geometry, cleaned, broken, codes, names)
    issues += [_issue("edge", [code], names) for code in codes[unmet]]
    out = units.set_geometry(gpd.GeoSeries(cleaned, index=units.index, crs=crs).to_crs(WGS84))
    return out, CoverageReport(tuple(issues))


def simplify(units: gpd.GeoDataFrame, tolerance_m: float) -> gpd.GeoDataFrame:
    """Fewer vertices, the shared borders kept shared.

    Visvalingam and Whyatt's method (doi:10.1179/000870493786962263) applied to each border once; coordinates rounded to
    six decimals of a degree.

    Parameters
    ----------
    units : GeoDataFrame
        A valid coverage in EPSG:4326, as `clean_coverage` gives it.
    tolerance_m : float
        Triangles with an area below its square are taken out.
    """
    crs = metric(units)
    geometry = units.geometry.to_crs(crs).to_numpy()
    if not shapely.coverage_is_valid(geometry):
        geometry = clean_polygons(geometry)
    simple = shapely.coverage_simplify(geometry, tolerance_m)
    degrees = gpd.GeoSeries(simple, index=units.index, crs=crs).to_crs(WGS84).to_numpy()
    return units.set_geometry(gpd.GeoSeries(rounded(degrees), index=units.index, crs=WGS84))


def rounded(shapes: Shapes, grid: float = DECIMALS_GRID) -> Shapes:
    """A valid coverage on the grid: rounded vertex by vertex, so that shared vertices stay shared, then checked.

    Where rounding makes a border touch itself the coverage is noded again, which may leave a few vertices off the grid;
    a second pass brings them onto it.
    """
    for _ in range(4):
        shapes = shapely.set_precision(shapes, grid, mode="pointwise")
        shapes = shapely.set_precision(shapely.remove_repeated_points(shapes), 0, mode="pointwise")
        if shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes):
            break
        with np.errstate(over="ignore"):
            shapes = shapely.coverage_clean(as_multi(shapely.make_valid(shapes)), snapping_distance=grid)
    return as_multi(shapes)


def _issue(kind: IssueKind, codes: Iterable[str], names: Mapping[str, str], area_m2: float = 0.0) -> Issue:
    ordered = tuple(sorted(codes))
    return Issue(kind, ordered, tuple(names.get(code, code) for code in ordered), area_m2)


def _listing_issues(names: Mapping[str, str], expected: Mapping[str, str]) -> list[Issue]:
    unknown = [_issue("unknown", [code], names) for code in sorted(set(names) - set(expected))]
    return unknown + [_issue("missing", [code], expected) for code in sorted(set(expected) - set(names))]


def _with_neighbours(geometry: Shapes, broken: NDArray[np.bool_]) -> NDArray[np.bool_]:
    tree = shapely.STRtree(geometry)
    _, near = tree.query(geometry[broken])
    chosen = broken.copy()
    chosen[near] = True
    return chosen


def _overlaps(
    geometry: Shapes, broken: NDArray[np.bool_], codes: NDArray[np.object_], names: Mapping[str, str]
) -> list[Issue]:
    numbers = np.flatnonzero(broken)
    first, second = shapely.STRtree(geometry).query(geometry[numbers])
    first = numbers[first]
    pairs = {(min(a, b), max(a, b)) for a, b in zip(first, second) if a != b}
    found = []
    for a, b in sorted(pairs):
        area = float(shapely.intersection(geometry[a], geometry[b]).area)
        if area >= 1:
            found.append(_issue("overlap", [codes[a], codes[b]], names, area))
    return found


def _gaps(
    geometry: Shapes, cleaned: Shapes, broken: NDArray[np.bool_], codes: NDArray[np.object_], names: Mapping[str, str]
) -> list[Issue]:
    """What cleaning filled in, and the holes it left, each with the units on its rim."""
    around = _with_neighbours(geometry, broken) if broken.any() else broken
    filled = shapely.difference(shapely.union_all(cleaned[around]), shapely.union_all(geometry[around]))
    whole = shapely.get_parts(shapely.coverage_union_all(cleaned))
    left = [shapely.Polygon(ring) for part in whole for ring in part.interiors]
    tree, found = shapely.STRtree(cleaned), []
    for gap in [*shapely.get_parts(filled), *left]:
        if gap.area >= 1:
            rim = tree.query(gap, predicate="dwithin", distance=1)
            found.append(_issue("gap", codes[rim], names, float(gap.area)))
    return sorted(found, key=lambda issue: -issue.area_m2)
