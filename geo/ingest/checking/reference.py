"""What rows are checked against: units, places, the day, what the store holds already."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84, project, utm_of
from geo.errors import NotFoundError
from geo.schema import ZONE_COLUMNS, Dataset, UnitSystem
from geo.store import Store
from geo.store.memory import Memory
from geo.text import Lang, fold
from geo.units import boundaries
from geo.units.crosswalk import links
from geo.units.locate import locate

__all__ = ["Ground", "Reference", "reference_of"]

_TOLERANCE = {True: 0.03, False: 0.003}
"""How far a point may lie outside the outline, degrees: some 3 km where boundaries are approximate, else 300 m."""

Known = Callable[[Dataset, pd.DataFrame], pd.DataFrame]
"""Records of a dataset with the keys of the rows that the store holds, see `geo.store.Store.known`."""


@dataclass(frozen=True, eq=False)
class Ground:
    """The units, as names and as shapes.

    Attributes
    ----------
    current : GeoDataFrame[code, name, kind, geometry]
        Present units in WGS 84.
    legacy : DataFrame[code, name, kind, district, province, lon, lat]
        Former units.
    approximate : bool
        The shapes of `current` are approximate.
    former : GeoDataFrame[code, name, kind, geometry], optional
        Former units on their own boundaries, where the store has a version of them.
    former_approximate : bool
        The shapes of `former` are approximate.
    """

    current: gpd.GeoDataFrame
    legacy: pd.DataFrame
    approximate: bool
    former: gpd.GeoDataFrame | None = None
    former_approximate: bool = True

    @cached_property
    def centres(self) -> pd.DataFrame:
        """A point inside every unit, former ones too: DataFrame[lon, lat] by code."""
        inside = self.current.geometry.representative_point()
        current = pd.DataFrame({"lon": inside.x.to_numpy(), "lat": inside.y.to_numpy()}, index=self.current["code"])
        former = self.legacy.set_index("code")[["lon", "lat"]]
        return pd.concat([current, former[~former.index.isin(current.index)]])

    @cached_property
    def outline(self) -> shapely.Geometry:
        """The province with a margin."""
        margin = _TOLERANCE[self.approximate]
        plain = shapely.make_valid(shapely.simplify(self.current.geometry.to_numpy(), margin / 10))
        return shapely.union_all(shapely.buffer(plain, margin, quad_segs=2))

    def inside(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each point lies in the province, with the margin."""
        return np.equal(locate(lon, lat, [self.outline]), 0)

    @cached_property
    def names(self) -> frozenset[str]:
        """Folded names of present and former units, with and without their kind."""
        layers = (self.current, self.legacy, *(() if self.former is None else (self.former,)))
        named = [(kind, name) for units in layers for kind, name in zip(units["kind"], units["name"])]
        return frozenset(fold(text) for kind, name in named for text in (name, f"{kind} {name}"))

    @cached_property
    def by_folded_name(self) -> dict[str, str]:
        """Names of former and present units by themselves in folded form."""
        return {fold(name): name for name in [*self.legacy["name"], *self.current["name"]]}

    @cached_property
    def metric(self) -> str:
        """The metric system distances are measured in."""
        return utm_of(float(self.current.total_bounds[0]))

    @cached_property
    def _shapes_m(self) -> dict[str, shapely.Geometry]:
        """Present units by code, in metres."""
        shapes = self.current.geometry.to_crs(self.metric).to_numpy()
        shapely.prepare(shapes)
        return dict(zip(self.current["code"], shapes))

    @cached_property
    def heirs(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Present units that hold each unit's ground, by system and code: of a former one those it went into."""
        heirs_of = links().groupby("legacy_code")["new_code"].agg(tuple)
        former = {(UnitSystem.LEGACY.value, str(code)): heirs for code, heirs in heirs_of.items()}
        return former | {(UnitSystem.CURRENT.value, code): (code,) for code in self.current["code"]}

    def metres_outside(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        system: NDArray[np.object_],
        code: NDArray[np.object_],
    ) -> NDArray[np.float64]:
        """How far each point lies outside the unit its row names; 0 inside, NaN where either is unknown."""
        metres = np.full(len(lon), np.nan)
        number, pairs = _distinct(system, code)
        there = np.isfinite(lon)
        x, y = project(lon, lat, WGS84, self.metric)
        order = np.argsort(number, kind="stable")
        edges = np.searchsorted(number[order], np.arange(len(pairs) + 1))
        for n, pair in enumerate(pairs):
            heirs = [self._shapes_m[heir] for heir in self.heirs.get(pair, ()) if heir in self._shapes_m]
            rows = order[edges[n] : edges[n + 1]]
            rows = rows[there[rows]]
            if heirs and len(rows):
                metres[rows] = _distance(heirs, x[rows], y[rows])
        return metres

    def names_at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str]:
        """Kind and name of the present unit at each point, "" for none."""
        units = self.current
        named = {code: f"{kind} {name}" for code, kind, name in zip(units["code"], units["kind"], units["name"])}
        return [named.get(code, "") for code in self.unit_at(lon, lat)]

    def listed(self, codes: Iterable[str]) -> str:
        """Kind, name and code of present units, for a message."""
        chosen = self.current[self.current["code"].isin(list(codes))]
        named = zip(chosen["kind"], chosen["name"], chosen["code"])
        return "; ".join(f"{kind} {name} ({code})" for kind, name, code in named)

    def unit_at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
        """Code of the present unit at each point, "" for none."""
        codes = np.array([*self.current["code"], ""], dtype=object)
        return np.asarray(codes[locate(lon, lat, self.current.geometry.to_numpy())])


def _distinct(
    system: NDArray[np.object_], code: NDArray[np.object_]
) -> tuple[NDArray[np.int64], list[tuple[str, str]]]:
    """Number of each row's system and code together, and the pairs by number."""
    of_system, systems = pd.factorize(system)
    of_code, codes = pd.factorize(code)
    number, both = pd.factorize(of_system * len(codes) + of_code)
    return number, [(systems[pair // len(codes)], codes[pair % len(codes)]) for pair in both]


def _distance(shapes: list[shapely.Geometry], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres from each point to the nearest of the shapes; exact only outside them, where it costs more."""
    inside = np.logical_or.reduce([shapely.contains_xy(shape, x, y) for shape in shapes])
    metres = np.where(inside, 0.0, np.inf)
    points = shapely.points(x[~inside], y[~inside])
    for shape in shapes:
        metres[~inside] = np.minimum(metres[~inside], shapely.distance(points, shape))
    return metres


def _no_zones() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns=[*ZONE_COLUMNS, "batch"], geometry="geometry", crs=WGS84)


def _nothing(_dataset: Dataset, _rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True, eq=False)
class Reference:
    """One check.

    Attributes
    ----------
    ground : Ground
    today : date
        Later days are in the future.
    lang : {"vi", "en"}
        Language of problems.
    crs : str, optional
        System of metric coordinates, as a person names it.
    known : callable
        Gives what the store holds of a dataset.
    names_confirmed : bool
        Somebody who knows has said that names of areas with words nobody knows are not of persons.
    zones : callable
        Gives the zones of the store as they stand.
    leaving : frozenset of str
        Keys of zones that the same batch ends: others may take their place.
    overlaps : bool
        Zones over others of their kind come in with a warning, as offices draw them; else they are refused.
    """

    ground: Ground
    today: date
    lang: Lang = "vi"
    crs: str | None = None
    known: Known = _nothing
    names_confirmed: bool = False
    zones: Callable[[], gpd.GeoDataFrame] = _no_zones
    leaving: frozenset[str] = frozenset()
    overlaps: bool = True


_grounds: Memory[Ground] = Memory(2)


def reference_of(
    store: Store, *, lang: Lang, crs: str | None = None, today: date | None = None, names_confirmed: bool = False
) -> Reference:
    """The reference of an import into a store.

    Raises
    ------
    NotFoundError
        If the store has no boundaries of present units.
    """
    ground = _grounds.get((store.url, store.version), lambda: _ground(store))
    return Reference(ground, today or date.today(), lang, crs, store.known, names_confirmed, store.zones)


def _ground(store: Store) -> Ground:
    version = store.active_boundaries(UnitSystem.CURRENT)
    present = Ground(store.boundary_units(version.id), boundaries.legacy_units(), version.approximate)
    try:
        former = store.active_boundaries(UnitSystem.LEGACY)
    except NotFoundError:
        return present
    layer = store.boundary_units(former.id)
    listed = present.legacy if len(present.legacy) else _as_listed(layer)
    return replace(present, legacy=listed, former=layer, former_approximate=former.approximate)


def _as_listed(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    """Former units of a province that the product has no list of, as that list would have them."""
    inside = layer.geometry.representative_point()
    places = {"district": "", "province": "", "lon": inside.x, "lat": inside.y}
    return pd.DataFrame(layer[["code", "name", "kind"]]).assign(**places)
