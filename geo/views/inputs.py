"""What a map of the situation is made from: the installation, the viewer's choices, and the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.cartography.spec import Bbox, Boundary, Figure, Frame, ZoneLayer
from geo.cartography.window import frames_around
from geo.question import Question, Recipe, Situation
from geo.schema import Measure, Per, Query
from geo.text import Lang, noun_of, period, t


@dataclass(frozen=True)
class Installation:
    """What every map of an installation shares.

    Attributes
    ----------
    boundary : Boundary
    frames : tuple of Frame
        Main window, then insets.
    data_date : date
        Day of the newest record.
    data_version : int
    population_year : int or None
    demo : bool
        True where any record shown is invented.
    """

    lang: Lang
    boundary: Boundary
    frames: tuple[Frame, ...]
    data_date: date
    data_version: int
    organisation: str
    marking: str
    min_count: int
    demo: bool
    population_year: int | None = None

    @property
    def demo_mark(self) -> str:
        """What marks maps of invented data; empty otherwise."""
        return t("map.demo_mark", self.lang) if self.demo else ""

    @property
    def marks(self) -> tuple[str, ...]:
        """Classification and demo mark, as far as they apply."""
        return tuple(filter(None, (self.marking, self.demo_mark)))

    def recipe(self, question: Question) -> Recipe:
        """What a map that answers a question here is made from."""
        return Recipe(question=question, data_version=self.data_version, boundary=self.boundary.sha256)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Cluster:
    """A case cluster ready to draw: its ring in degrees, its size and its share of all events."""

    ring: tuple[tuple[float, float], ...]
    count: int
    share: float


@dataclass(frozen=True)
class ClusterResult:
    """The clusters of one query, largest first, with the settings they were found with."""

    clusters: tuple[Cluster, ...]
    eps_m: float
    min_points: int


@dataclass(frozen=True)
class Numbers:
    """The numbers one map of the situation is made from.

    Attributes
    ----------
    units : DataFrame[name, kind, area_km2, people, minx, miny, maxx, maxy], index code
    counts, before : Series, index code
        Counts of the period and of the one before, masked ones NaN and marked in `hidden`, missing ones NaN.
    hidden : Series of bool
        True where the count of the period is masked.
    total, total_before : float
        Of the whole scope, unattributed ones included.
    unattributed : float
        Counted in the total but in no unit; NaN where that is hidden.
    z : Series of float
        How rare the count of each unit is by the months before, as a normal deviate with the sign of the change; NaN
        where there is nothing to judge by.
    z_total : float
        The same of the total.
    odd_months : tuple of date
        Months of the period in which the scope's count is not usual, each by itself; of a period of several months.
    many_months : bool
        The period has more than one.
    chance : int
        How many units would be called unusual though nothing had changed, rounded up; for a map of change.
    certain : tuple of str
        Codes of the unusual units that stay so when all that were looked at are allowed for, the surest first.
    versus : Series of str, index code, optional
        Where the earlier period was chosen: the label of `analysis.change.verdict` between the two.
    versus_total : str
        The same of the total; empty where there is none.
    reporting : (int, int, int), optional
        Of the scope: units, those that reported at all, those that reported every month; None for events.
    reports : Series of int, index code, optional
        Months of the period that each unit reported.
    months_due : int
        Months of the period in which a report was due.
    waiting : int
        Reports of a masked measure that the total does not hold yet.
    pool : ndarray of float, shape (months, units), optional
        Counts of every month of the period that one month is looked at of: classes and symbols are scaled by all.
    figures : tuple of Figure
    points : ndarray of uint16, shape (n, 2), optional
        Positions in `frame`, for measures that are events.
    frame : Bbox
        Box of `points` in EPSG:3857 metres.
    """

    units: pd.DataFrame
    counts: pd.Series
    before: pd.Series
    hidden: pd.Series
    total: float
    total_before: float
    unattributed: float
    z: pd.Series
    z_total: float
    odd_months: tuple[date, ...] = ()
    many_months: bool = False
    chance: int = 0
    certain: tuple[str, ...] = ()
    versus: pd.Series | None = None
    versus_total: str = ""
    reporting: tuple[int, int, int] | None = None
    reports: pd.Series | None = None
    months_due: int = 1
    waiting: int = 0
    pool: NDArray[np.float64] | None = None
    points: NDArray[np.uint16] | None = None
    frame: Bbox = (0.0, 0.0, 1.0, 1.0)
    clusters: ClusterResult | None = None
    zones: tuple[ZoneLayer, ...] = ()
    figures: tuple[Figure, ...] = ()


POINT_ZOOM = 11.5
"""From this zoom on, single events are told apart on a screen; below it, units show counts."""


@dataclass(frozen=True)
class Draft:
    """One map being written: its three inputs and what several parts of it need."""

    s: Numbers
    installation: Installation
    question: Situation

    @property
    def lang(self) -> Lang:
        """Language of every word on the map."""
        return self.installation.lang

    @property
    def query(self) -> Query:
        """What was counted."""
        return self.question.reading

    @property
    def shows_counts(self) -> bool:
        """Counts are drawn as symbols, rates and changes as fills."""
        return self.query.per is Per.COUNT and not self.question.compare

    @cached_property
    def measure(self) -> str:
        """The measure's name, with the chosen kinds where there are any."""
        return measure_of(self.query, self.lang)

    def noun(self, n: object) -> str:
        """What the measure counts is called after the number `n`."""
        return noun_of(self.query.measure, n, self.lang)

    @property
    def per(self) -> str:
        """The denominator in words."""
        return t(f"map.per_{self.query.per}", self.lang)

    @property
    def digits(self) -> int:
        """Decimals of the values shown."""
        return 0 if self.query.per is Per.COUNT else 2

    @property
    def before(self) -> str:
        """The period before, in words."""
        earlier = self.query.previous()
        return period(earlier.start, earlier.end, self.lang)

    @property
    def against(self) -> str:
        """What the period before is called."""
        return t(f"map.against_{self.query.compared}", self.lang)

    @property
    def against_short(self) -> str:
        """The same, at the start of a line."""
        return t(f"map.against_short_{self.query.compared}", self.lang)

    @property
    def chose_earlier(self) -> bool:
        """The earlier period was chosen, and is not just the one before."""
        return self.s.versus is not None

    @property
    def symbol(self) -> str:
        """Diamonds for dens cleared, circles for everything else."""
        return "diamond" if self.query.measure is Measure.DEN_CLEARED else "circle"

    @cached_property
    def in_scope(self) -> NDArray[np.bool_]:
        """True for the units asked about, in order of the units."""
        index = self.s.units.index
        return index.isin(self.query.units) if self.query.units else np.ones(len(index), bool)

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """The windows of the map: around the units asked about, where some are."""
        chosen = self.s.units[self.in_scope] if self.query.units else self.s.units.iloc[:0]
        boxes = [(float(u.minx), float(u.miny), float(u.maxx), float(u.maxy)) for u in chosen.itertuples()]
        return frames_around(boxes, self.installation.frames)

    @cached_property
    def values(self) -> pd.Series:
        """The values drawn: counts or rates, NaN where hidden or not reported."""
        return rate(self.s.counts, self.s.units, self.query.per)

    @cached_property
    def pool(self) -> NDArray[np.float64] | None:
        """Values of all months of the period, by which the scale is made where one of them is seen."""
        if self.s.pool is None:
            return None
        months = pd.DataFrame(self.s.pool.T, self.s.units.index)
        values = np.concatenate([rate(months[i], self.s.units, self.query.per)[self.in_scope] for i in months])
        return np.asarray(values[np.isfinite(values)], float)


def measure_of(query: Query, lang: Lang) -> str:
    """The name of what a query counts, with the chosen kinds where there are any."""
    name, kinds = t(f"map.measure_{query.measure}", lang), query.kinds
    if not kinds:
        return name
    first = t(f"map.kind_{kinds[0]}", lang)
    rest = t("map.kinds_more", lang, first=first, n=len(kinds) - 1) if len(kinds) > 1 else first
    return t("map.title_kinds", lang, measure=name, kinds=rest.lower())


def rate(counts: pd.Series, units: pd.DataFrame, per: Per) -> pd.Series:
    """Counts as they are, per 10,000 people, or per km2; NaN where the denominator is missing or zero."""
    if per is Per.PEOPLE:
        return counts / units.people.where(units.people > 0) * 10_000
    if per is Per.AREA:
        return counts / units.area_km2.where(units.area_km2 > 0)
    return counts.astype(float)
