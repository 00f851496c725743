"""Counts that are reported once a year, on one set of units: what was reported is told from what was not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.schema import Measure
from geo.store.attribution import Attribution

__all__ = ["Years", "years_of"]


@dataclass(frozen=True, eq=False)
class Years:
    """Yearly counts of measures that are not masked.

    Attributes
    ----------
    units : tuple of str
        Codes in order.
    rows : DataFrame[year, measure, kind, unit, value]
        `unit` is a place in `units`; `len(units)` stands for what cannot be attributed.
    """

    units: tuple[str, ...]
    rows: pd.DataFrame

    def on_record(self, *measures: Measure) -> list[int]:
        """Years of which anything was reported, in order."""
        return sorted(int(year) for year in self.rows.loc[self.rows["measure"].isin(measures), "year"].unique())

    def counts(self, measure: Measure, year: int, kind: str | None = None) -> pd.Series:
        """Counts by unit, float, index code; NaN where nothing was reported.

        Parameters
        ----------
        measure : Measure
        year : int
        kind : str, optional
            All kinds together where it is not given.
        """
        summed = self._of(measure, year, kind).groupby("unit")["value"].sum()
        return pd.Series(summed.reindex(range(len(self.units))).to_numpy(float), pd.Index(self.units, name="code"))

    def aside(self, measure: Measure, year: int, kind: str | None = None) -> float:
        """What no unit holds."""
        rows = self._of(measure, year, kind)
        return float(rows.loc[rows["unit"] == len(self.units), "value"].sum())

    def total(self, measure: Measure, year: int, kind: str | None = None) -> float:
        """Of the province, what no unit holds included; NaN where nothing was reported."""
        return float(self._of(measure, year, kind)["value"].sum(min_count=1))

    def _of(self, measure: Measure, year: int, kind: str | None) -> pd.DataFrame:
        chosen = (self.rows["measure"] == measure.value) & (self.rows["year"] == year)
        return self.rows[chosen if kind is None else chosen & (self.rows["kind"] == kind)]


def years_of(attribution: Attribution, rows: pd.DataFrame) -> Years:
    """Yearly counts on a set of units.

    Parameters
    ----------
    rows : DataFrame[year, unit_system, unit_code, measure, kind, value]
    """
    placed = rows.assign(unit=attribution.index(rows).astype(np.int64))
    return Years(attribution.units, placed[["year", "measure", "kind", "unit", "value"]])
