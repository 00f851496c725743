"""The geometry of a boundary version as matplotlib paths in a metric system, decoded once and kept.

The document is the TopoJSON that the screen draws from (`geo.units.topology`), so both show the same lines.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.path import Path
from numpy.typing import NDArray

from geo.cartography import basemap
from geo.cartography.spec import Bbox
from geo.crs import WGS84, project, utm_of

__all__ = ["Ground", "Unit", "ground", "polygon_path"]

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Unit:
    """One commune in metres: its outline, what of it no other commune shares, its label point and its box."""

    name: str
    path: Path
    outer: Path
    at: tuple[float, float]
    box: Bbox


@dataclass(frozen=True)
class Ground:
    """Everything of a map that is not data.

    Attributes
    ----------
    crs : str
        The metric system of all paths: the UTM zone of the province.
    units : dict of str to Unit
        By code.
    inner : Path
        Borders between two communes, each once; the province's outline is the units' `outer`.
    land : Path
        Neighbouring land.
    frontier : Path
        The national border.
    """

    crs: str
    units: dict[str, Unit]
    inner: Path
    land: Path
    frontier: Path

    def metres(self, lonlat: Iterable[Sequence[float]]) -> Points:
        """Positions in degrees as metres, shape (n, 2)."""
        lon, lat = np.asarray(list(lonlat), float).reshape(-1, 2).T
        return np.column_stack(project(lon, lat, WGS84, self.crs))

    def box(self, bbox: Bbox) -> Bbox:
        """The metric box around a box in degrees; its edges are curves there, so their middles count too."""
        west, south, east, north = bbox
        middle = ((west + east) / 2, (south + north) / 2)
        edges = self.metres((x, y) for x in (west, middle[0], east) for y in (south, middle[1], north))
        (x0, y0), (x1, y1) = edges.min(axis=0), edges.max(axis=0)
        return (float(x0), float(y0), float(x1), float(y1))


def polygon_path(rings: Iterable[Points]) -> Path:
    """One path of closed rings."""
    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings if len(ring) > 3))


def _lines(lines: Iterable[Points]) -> Path:
    return Path.make_compound_path(*(Path(line) for line in lines))


@lru_cache(maxsize=4)
def ground(sha256: str) -> Ground:
    """The geometry of that hash.

    Raises
    ------
    NotFoundError
        If this installation does not have it.
    """
    topology = json.loads(basemap.load(sha256))
    crs = utm_of((topology["bbox"][0] + topology["bbox"][2]) / 2)
    arcs = _arcs(topology, crs)
    communes = topology["objects"]["units"]["geometries"]
    used = np.bincount([i if i >= 0 else ~i for i in _flat(g["arcs"] for g in communes)], minlength=len(arcs))
    around = topology["objects"].get("surroundings", {"geometries": []})["geometries"]
    borders = [g["arcs"] for g in around if "Line" in g["type"]]
    return Ground(
        crs=crs,
        units={g["properties"]["code"]: _unit(g, arcs, used, crs) for g in communes},
        inner=_lines(arc for arc, n in zip(arcs, used) if n > 1),
        land=polygon_path(r for g in around if "Polygon" in g["type"] for r in _rings(g, arcs)),
        frontier=_lines(_joined(line, arcs) for lines in borders for line in lines),
    )


def _arcs(topology: dict[str, Any], crs: str) -> list[Points]:
    """Every arc in metres; all of them are projected in one call."""
    scale, translate = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    degrees = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    lon, lat = np.vstack(degrees).T
    x, y = project(lon, lat, WGS84, crs)
    ends = np.cumsum([len(arc) for arc in degrees])[:-1]
    return list(np.split(np.column_stack([x, y]), ends))


def _flat(nested: Iterable[Any]) -> Iterable[int]:
    for item in nested:
        if isinstance(item, int):
            yield item
        else:
            yield from _flat(item)


def _joined(numbers: Sequence[int], arcs: Sequence[Points]) -> Points:
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in numbers]
    return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _rings(geometry: dict[str, Any], arcs: Sequence[Points]) -> list[Points]:
    return [_joined(ring, arcs) for polygon in geometry["arcs"] for ring in polygon]


def _unit(geometry: dict[str, Any], arcs: Sequence[Points], used: NDArray[np.int_], crs: str) -> Unit:
    outer = _lines(arcs[i] for i in sorted({i if i >= 0 else ~i for i in _flat(geometry["arcs"])}) if used[i] == 1)
    properties = geometry["properties"]
    path = polygon_path(_rings(geometry, arcs))
    corners = np.asarray(path.vertices, float)
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    lon, lat = properties["label"]
    x, y = project([lon], [lat], WGS84, crs)
    box = (float(x0), float(y0), float(x1), float(y1))
    return Unit(properties["name"], path, outer, (float(x[0]), float(y[0])), box)
