"""Which unit a record belongs to, on either set of units.

A record names the unit of its own time. On the current units a legacy record follows its unit when that went whole into
one, and its own point when it was divided. What stays open is counted in one extra place, never assigned.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.schema import UnitSystem
from geo.store.memory import Memory
from geo.store.store import Store
from geo.units import crosswalk

__all__ = ["Attribution", "attribution_of"]


@dataclass(frozen=True, eq=False)
class Attribution:
    """How codes become positions in a fixed order of units.

    Attributes
    ----------
    system : UnitSystem
    layer : GeoDataFrame
        The units in order of code, WGS 84; position `len(layer)` stands for "cannot be attributed".
    whole : dict
        Position by (unit_system, code).
    divided : frozenset of str
        Codes of legacy units that went into several current ones.
    """

    system: UnitSystem
    layer: gpd.GeoDataFrame
    whole: dict[tuple[str, str], int]
    divided: frozenset[str]

    @property
    def units(self) -> tuple[str, ...]:
        """Codes in order."""
        return tuple(self.layer["code"])

    def index(self, rows: pd.DataFrame) -> NDArray[np.int16]:
        """Position of each row's unit.

        Parameters
        ----------
        rows : DataFrame
            unit_system, unit_code, and lon, lat (degrees, NaN where unknown) where there are points.

        Returns
        -------
        ndarray of int16, shape (n,)
        """
        if rows.empty:
            return np.zeros(0, np.int16)
        outside = len(self.layer)
        pair, pairs = pd.MultiIndex.from_frame(rows[["unit_system", "unit_code"]]).factorize()
        known = np.array([self.whole.get(key, outside) for key in pairs], dtype=np.int16)
        found: NDArray[np.int16] = known[pair]
        is_divided = np.array([system == UnitSystem.LEGACY and code in self.divided for system, code in pairs])[pair]
        if is_divided.any():
            found[is_divided] = self._by_point(rows[is_divided])
        return found

    def _by_point(self, rows: pd.DataFrame) -> NDArray[np.int16]:
        """A divided unit's record goes to that of its successors which holds the point, if one does."""
        numbered = rows.reset_index(drop=True)
        placed, _ = crosswalk.to_current(numbered, code="unit_code", units=self.layer)
        found = np.full(len(rows), len(self.layer), np.int16)
        found[placed.index] = pd.Index(self.layer["code"]).get_indexer(placed["current_code"])
        return found


_attributions: Memory[Attribution] = Memory()


def attribution_of(store: Store, system: UnitSystem) -> Attribution:
    """The rules on the active boundaries of `system`.

    Raises
    ------
    NotFoundError
        If no boundaries of that system were imported.
    """
    return _attributions.get(store, system, lambda: _load(store, system))


def _load(store: Store, system: UnitSystem) -> Attribution:
    layer = store.boundary_units(store.active_boundaries(system).id)
    position = {code: n for n, code in enumerate(layer["code"])}
    whole = {(system.value, code): n for code, n in position.items()}
    divided: frozenset[str] = frozenset()
    if system is UnitSystem.CURRENT:
        former = pd.DataFrame({"code": crosswalk.links()["legacy_code"].unique()})
        placed, open_ = crosswalk.to_current(former, code="code")
        divided = frozenset(open_["code"])
        known = placed[placed["current_code"].isin(position)]
        whole |= {
            (UnitSystem.LEGACY.value, legacy): position[current]
            for legacy, current in known[["code", "current_code"]].itertuples(index=False)
        }
    return Attribution(system=system, layer=layer, whole=whole, divided=divided)
