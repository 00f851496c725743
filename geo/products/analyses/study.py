"""What all analyses share: the question with its units and counts, and the pieces every finding is built from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo import crs
from geo.cartography import symbology
from geo.cartography.spec import Cell, Column, Row, Style, Table
from geo.products.situation.counts import counts, counts_of
from geo.question import Question
from geo.question.types import Near
from geo.schema import Query
from geo.store import Snapshot, remembered
from geo.text import Lang, measure_within, noun_of, number, period, signed, t
from geo.views.analysis import UnitClass
from geo.views.inputs import rate
from geo.views.wording import names_of

HOT = ("#b8420a", "#ee9a5a")
COLD = ("#1f5a9e", "#8fb6de")
PLAIN = Style(fill="#f3f1ec")
_APART = Style(fill="#e9e6df", pattern="slant", ink="#c3bdb1")

Q = TypeVar("Q", bound=Question, covariant=True)

Columns = list[tuple[str, str, int]]
"""Key, label and decimals of each numeric column."""


@dataclass(frozen=True, eq=False)
class Study(Generic[Q]):
    """One question put to an analysis: the units and their counts."""

    snapshot: Snapshot
    question: Q

    @property
    def query(self) -> Query:
        """What is counted."""
        return self.question.query

    @property
    def lang(self) -> Lang:
        """Language of every word."""
        return self.question.lang

    @property
    def units(self) -> pd.DataFrame:
        """Present units, indexed by code."""
        return self.snapshot.units()

    @cached_property
    def counts(self) -> pd.Series:
        """Counts of the period by unit; NaN where a monthly measure was not reported."""
        return counts_of(self.snapshot, self.query).reindex(self.units.index)

    @cached_property
    def reports(self) -> tuple[pd.Series | None, int]:
        """In how many months of the period each unit reported, and how many there were; None for events."""
        found = counts(self.snapshot, self.query)
        return found.reports, found.months

    @cached_property
    def values(self) -> pd.Series:
        """What is analysed: counts, or rates where the query asks for them; NaN where unknown."""
        return rate(self.counts, self.units, self.query.per)

    @cached_property
    def peopled(self) -> pd.Series:
        """Units whose count and number of people are both on record."""
        return self.counts.notna() & self.units["people"].gt(0)

    @cached_property
    def exposure(self) -> pd.Series:
        """People of each unit, of those that did not report every month the part that their reports speak for."""
        people, (reports, months) = self.units["people"], self.reports
        return people if reports is None else people * reports.reindex(people.index) / months

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
        query, lang = self.query, self.lang
        return {"measure": measure_within(query.measure, lang), "period": period(query.start, query.end, lang)}

    def names(self, codes: list[str], *, most: int = 4) -> str:
        """See `names_of`."""
        return names_of(self.units, codes, self.lang, most=most)

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


@remembered(1)
def touching(snapshot: Snapshot) -> Graph:
    """Which present units touch; islands have none."""
    layer = snapshot.layer().set_index("code")
    return Graph.build_contiguity(layer, rook=False)


def reach_m(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Distance within which units are neighbours: the median to the sixth nearest, in whole kilometres."""
    points = np.column_stack([x, y])
    distance, _ = cKDTree(points).query(points, k=[min(7, len(points))])
    return float(np.ceil(np.median(distance) / 1_000.0) * 1_000.0)


def neighbours(study: Study[Question], near: Near, chosen: pd.Index) -> Graph:
    """Who is whose neighbour among some units: those that touch, or those within `reach_m`."""
    if near == "queen":
        graph = touching(study.snapshot)
        return graph if len(chosen) == graph.n else graph.subgraph(chosen)
    x, y = study.centres
    place = pd.DataFrame({"x": x, "y": y}, index=study.units.index).loc[chosen]
    return Graph.build_distance_band(place.to_numpy(), reach_m(x, y))


def near_words(study: Study[Question], near: Near) -> str:
    """The neighbours in words."""
    if near == "queen":
        return t("analysis.near_queen", study.lang)
    return t("analysis.near_distance", study.lang, km=number(reach_m(*study.centres) / 1_000, study.lang))


def with_unknown(
    study: Study[Question], classes: tuple[UnitClass, ...], index: NDArray[np.int64], known: pd.Series
) -> tuple[tuple[UnitClass, ...], NDArray[np.int64]]:
    """The classes with one more for units without data, where there are any; `index` is of the known units."""
    full = np.full(len(study.units), len(classes), np.int64)
    full[known.to_numpy(bool)] = index
    if known.all():
        return classes, full
    return (*classes, UnitClass(symbology.NO_DATA, t("map.class_no_data", study.lang))), full


def set_apart(
    study: Study[Question],
    classes: tuple[UnitClass, ...],
    index: NDArray[np.int64],
    apart: NDArray[np.bool_],
    why: str = "analysis.no_neighbours",
) -> tuple[tuple[UnitClass, ...], NDArray[np.int64]]:
    """The classes with one more for units without neighbours, which are not judged, where there are any."""
    if not apart.any():
        return classes, index
    found = index.copy()
    found[apart] = len(classes)
    return (*classes, UnitClass(_APART, t(why, study.lang))), found


def cells(study: Study[Question], index: NDArray[np.int64], lines: list[tuple[str, ...]]) -> tuple[Cell, ...]:
    """One cell per unit, in order of the units."""
    rows = zip(study.units.index, study.units["name"], index.tolist(), lines)
    return tuple(Cell(code, name, cls, line) for code, name, cls, line in rows)


def unit_table(
    study: Study[Question],
    columns: Columns,
    frame: pd.DataFrame,
    labels: list[str],
    beside: Sequence[tuple[str, list[str]]] = (),
) -> Table:
    """Name, then numeric columns of `frame`, then columns of words `beside`, then the result in words."""
    lang = study.lang
    heads = (
        Column("name", t("map.column_name", lang)),
        *(Column(key, label, True, digits) for key, label, digits in columns),
        *(Column(f"beside_{i}", heading) for i, (heading, _) in enumerate(beside)),
        Column("label", t("analysis.column_label", lang)),
    )
    rows = []
    words = zip(*(texts for _, texts in beside), labels)
    for (code, record), said in zip(frame.iterrows(), words):
        numbers = [float(record[key]) for key, _, _ in columns]
        texts = [
            "–" if np.isnan(v) else (signed if key == "change" else number)(v, lang, digits=d)
            for v, (key, _, d) in zip(numbers, columns)
        ]
        known = tuple(None if np.isnan(v) else v for v in numbers)
        rows.append(Row(str(code), (study.units["name"][code], *texts, *said), (None, *known, *(None for _ in said))))
    return Table(heads, tuple(rows))
