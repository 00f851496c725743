"""What rows are checked against: units, places, the day, what the store holds already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.schema import Dataset, UnitSystem
from geo.store import Store
from geo.store.memory import Memory
from geo.text import Lang
from geo.units import boundaries
from geo.units.locate import locate

__all__ = ["Context", "Ground", "context_of"]

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
    """

    current: gpd.GeoDataFrame
    legacy: pd.DataFrame
    approximate: bool

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

    def unit_at(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
        """Code of the present unit at each point, "" for none."""
        codes = np.array([*self.current["code"], ""], dtype=object)
        return np.asarray(codes[locate(lon, lat, self.current.geometry.to_numpy())])


def _nothing(_dataset: Dataset, _rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True, eq=False)
class Context:
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
    """

    ground: Ground
    today: date
    lang: Lang = "vi"
    crs: str | None = None
    known: Known = _nothing


_grounds: Memory[Ground] = Memory()


def context_of(store: Store, *, lang: Lang, crs: str | None = None, today: date | None = None) -> Context:
    """The context of an import into a store.

    Raises
    ------
    NotFoundError
        If the store has no boundaries of present units.
    """
    ground = _grounds.get(store, "ground", lambda: _ground(store))
    return Context(ground, today or date.today(), lang, crs, store.known)


def _ground(store: Store) -> Ground:
    version = store.active_boundaries(UnitSystem.CURRENT)
    return Ground(store.boundary_units(version.id), boundaries.legacy_units(), version.approximate)
