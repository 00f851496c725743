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
from geo.units import crosswalk

__all__ = ["Attribution", "attribution_on"]


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
        system, systems = pd.factorize(rows["unit_system"])
        code, codes = pd.factorize(rows["unit_code"])
        pairs = [[(str(a), str(b)) for b in codes] for a in systems]
        known = np.array([[self.whole.get(pair, len(self.layer)) for pair in row] for row in pairs], np.int16)
        found: NDArray[np.int16] = known[system, code]
        went = np.array([[a == UnitSystem.LEGACY and b in self.divided for a, b in row] for row in pairs])[system, code]
        if went.any():
            found[went] = self._by_point(rows[went])
        return found

    def _by_point(self, rows: pd.DataFrame) -> NDArray[np.int16]:
        """A divided unit's record goes to that of its successors which holds the point, if one does."""
        numbered = rows.reset_index(drop=True).astype({"unit_code": str})
        placed, _ = crosswalk.to_current(numbered, code="unit_code", units=self.layer)
        found = np.full(len(rows), len(self.layer), np.int16)
        found[placed.index] = pd.Index(self.layer["code"]).get_indexer(placed["current_code"])
        return found


def attribution_on(layer: gpd.GeoDataFrame, system: UnitSystem) -> Attribution:
    """The rules on a boundary layer of `system`.

    Parameters
    ----------
    layer : GeoDataFrame
        code, name, kind, geometry in WGS 84, in order of code.
    """
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
