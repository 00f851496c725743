"""One question put to an analysis: its units, their counts, and the pieces every finding is built from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo import crs
from geo.cartography import symbology
from geo.cartography.spec import Cell, Column, Row, Style, Table
from geo.products.context import units_at
from geo.schema import MONTHLY_MEASURES, Query, UnitSystem
from geo.store.cube import build_cube, reported
from geo.store.store import Store
from geo.text import Lang, noun_of, number, period, signed, t
from geo.views.analysis import UnitClass
from geo.views.inputs import rate

Near = Literal["queen", "distance"]

HOT = ("#b8420a", "#ee9a5a")
COLD = ("#1f5a9e", "#8fb6de")
PLAIN = Style(fill="#f3f1ec")

Columns = list[tuple[str, str, int]]
"""Key, label and decimals of each numeric column."""


@dataclass(frozen=True)
class How:
    """What a person chose about the method; each analysis reads the choices that concern it.

    Attributes
    ----------
    grid : bool
        Hot spots on square cells instead of communes.
    cell_m : int
        Side of a cell, metres.
    near : {"queen", "distance"}
        Neighbours are those that touch, or those within a distance.
    moran : bool
        Local Moran instead of Gi*.
    permuted : bool
        p from reshuffling the map instead of the normal distribution.
    hdbscan : bool
        Clusters of any density instead of one radius for all.
    months : bool
        The space-time form of the scan.
    hot : bool
        Change of hot spots instead of change of counts.
    earlier : tuple of (first day, last day) in ISO form
        The period a change is measured from; empty for the one before.
    """

    grid: bool = False
    cell_m: int = 3_000
    near: Near = "queen"
    moran: bool = False
    permuted: bool = False
    hdbscan: bool = False
    months: bool = False
    hot: bool = False
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Case:
    """One question put to an analysis: the units and their counts."""

    store: Store
    query: Query
    lang: Lang
    version: int
    how: How = How()

    @property
    def units(self) -> pd.DataFrame:
        """Present units, indexed by code."""
        return units_at(self.store, self.version)

    @cached_property
    def counts(self) -> pd.Series:
        """Counts of the period by unit; NaN where a monthly measure was not reported."""
        return counts_of(self.store, self.query).reindex(self.units.index)

    @cached_property
    def values(self) -> pd.Series:
        """What is analysed: counts, or rates where the query asks for them; NaN where unknown."""
        return rate(self.counts, self.units, self.query.per)

    @cached_property
    def peopled(self) -> pd.Series:
        """Units whose count and number of people are both on record."""
        return self.counts.notna() & self.units["people"].gt(0)

    @cached_property
    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Middles of the units' boxes, metres."""
        frame = self.units
        x, y = (frame.minx + frame.maxx) / 2, (frame.miny + frame.maxy) / 2
        return crs.project(x, y, crs.WGS84, self.metric)

    @property
    def metric(self) -> str:
        """The metric CRS of the province."""
        return crs.utm_of(float(self.units[["minx", "maxx"]].mean().mean()))

    @property
    def words(self) -> dict[str, str]:
        """Measure and period for titles."""
        name = t(f"map.measure_{self.query.measure}", self.lang)
        return {"measure": name[0].lower() + name[1:], "period": period(self.query.start, self.query.end, self.lang)}

    def names(self, codes: list[str], *, most: int = 4) -> str:
        """The names of some units, in words; of more than `most` the first, and how many others."""
        shown = codes if len(codes) <= most else codes[: most - 1]
        words = ", ".join(self.units["name"][code] for code in shown)
        others = len(codes) - len(shown)
        return t("analysis.names_more", self.lang, names=words, n=others) if others else words

    def value_lines(self) -> list[str]:
        """The first tooltip line of each unit: its count."""
        missing = t("map.tip_no_data", self.lang)
        return [missing if np.isnan(v) else self.counted(v) for v in self.counts]

    def counted(self, value: float) -> str:
        """A count with what it counts."""
        n = number(value, self.lang)
        return t("map.tip_value", self.lang, value=n, noun=self.noun(n))

    def noun(self, n: object) -> str:
        """What the measure counts is called after the number `n`."""
        return noun_of(self.query.measure, n, self.lang)


def sure(p: float, lang: Lang) -> str:
    """How sure one can be, in plain words, of a result whose p comes from reshuffling."""
    return t(f"analysis.sure_{'100' if p < 0.01 else '20' if p <= 0.05 else 'not'}", lang)


def counts_of(store: Store, query: Query) -> pd.Series:
    """Counts of a period by present unit; NaN where a monthly measure was not reported at all."""
    cube = build_cube(store, query.measure)
    values = cube.counts(query.start, query.end, query.kinds)[:-1]
    counts = pd.Series(values.astype(float), index=list(cube.units))
    if query.measure in MONTHLY_MEASURES:
        counts = counts.where(reported(store, query.start, query.end, UnitSystem.CURRENT))
    return counts


@lru_cache(maxsize=4)
def touching(store: Store, _version: int) -> Graph:
    """Which present units touch; islands have none."""
    layer = store.boundary_units(store.active_boundaries(UnitSystem.CURRENT).id).set_index("code")
    return Graph.build_contiguity(layer, rook=False)


def reach_m(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Distance within which units are neighbours: the median to the sixth nearest, in whole kilometres."""
    points = np.column_stack([x, y])
    distance, _ = cKDTree(points).query(points, k=[min(7, len(points))])
    return float(np.ceil(np.median(distance) / 1_000.0) * 1_000.0)


def neighbours(case: Case, chosen: pd.Index) -> Graph:
    """Who is whose neighbour among some units: those that touch, or those within `reach_m`."""
    if case.how.near == "queen":
        graph = touching(case.store, case.version)
        return graph if len(chosen) == graph.n else graph.subgraph(chosen)
    x, y = case.centres
    place = pd.DataFrame({"x": x, "y": y}, index=case.units.index).loc[chosen]
    return Graph.build_distance_band(place.to_numpy(), reach_m(x, y))


def near_words(case: Case) -> str:
    """The neighbours in words."""
    if case.how.near == "queen":
        return t("analysis.near_queen", case.lang)
    return t("analysis.near_distance", case.lang, km=number(reach_m(*case.centres) / 1_000, case.lang))


def with_unknown(
    case: Case, classes: tuple[UnitClass, ...], index: NDArray[np.int64], known: pd.Series
) -> tuple[tuple[UnitClass, ...], NDArray[np.int64]]:
    """The classes with one more for units without data, where there are any; `index` is of the known units."""
    full = np.full(len(case.units), len(classes), np.int64)
    full[known.to_numpy(bool)] = index
    if known.all():
        return classes, full
    return (*classes, UnitClass(symbology.NO_DATA, t("map.class_no_data", case.lang))), full


def cells(case: Case, index: NDArray[np.int64], lines: list[tuple[str, ...]]) -> tuple[Cell, ...]:
    """One cell per unit, in order of the units."""
    rows = zip(case.units.index, case.units["name"], index.tolist(), lines)
    return tuple(Cell(code, name, cls, line) for code, name, cls, line in rows)


def unit_table(case: Case, columns: Columns, frame: pd.DataFrame, labels: list[str]) -> Table:
    """Name, then numeric columns of `frame`, then the result in words; in order of `frame`."""
    lang = case.lang
    heads = (
        Column("name", t("map.column_name", lang)),
        *(Column(key, label, True, digits) for key, label, digits in columns),
        Column("label", t("analysis.column_label", lang)),
    )
    rows = []
    for (code, record), label in zip(frame.iterrows(), labels):
        numbers = [float(record[key]) for key, _, _ in columns]
        texts = [
            "–" if np.isnan(v) else (signed if key == "change" else number)(v, lang, digits=d)
            for v, (key, _, d) in zip(numbers, columns)
        ]
        known = tuple(None if np.isnan(v) else v for v in numbers)
        rows.append(Row(str(code), (case.units["name"][code], *texts, label), (None, *known, None)))
    return Table(heads, tuple(rows))
