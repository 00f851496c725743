"""What a person asks: one frozen value per kind of page, each around the `Query` that the store is read by.

A question is always one that can be asked: what its page does not offer has its default, whatever it was made from.
The address bar, a briefing's slide, the recipe in a file, the cache key and the command line are written forms of these
values; `codec` reads and writes them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from msgspec import Meta

from geo.question.base import (
    SHOWS,
    Analysis,
    Code,
    Month,
    Q,
    Question,
    Show,
    altered,
    kinds_of,
    of_province,
    pinned,
    plain_title,
)
from geo.question.programme import (
    Areas,
    Coverage,
    Festivals,
    Models,
    OfYear,
    Report,
    Results,
    Returns,
    SafeUnits,
    Targets,
)
from geo.schema import (
    EVENT_MEASURES,
    MONTHLY_MEASURES,
    Against,
    Measure,
    Per,
    Query,
    Scheme,
    ZoneKind,
    add_months,
    month_end,
    month_start,
    year_before,
)

__all__ = [
    "CELLS_M", "DEFAULT_ZONES", "QUESTIONS", "RADII_M", "SHOWS", "WINDOWS", "AnyQuestion", "Areas", "BeforeAfter",
    "Change", "Clusters", "Code", "Concentration", "Coverage", "Density", "Emerging", "Festivals", "HotSpots", "Models",
    "Month", "Near", "NearRepeat", "OfYear", "Overview", "Q", "Question", "Rates", "Report", "Results", "Returns",
    "SafeUnits", "Scan", "Show", "Situation", "Targets", "altered", "are_limits", "bases", "kinds_of", "measures_for",
    "pinned", "plain_title",
]  # fmt: skip

Cell = Literal[2000, 3000, 5000]
Radius = Literal[500, 1000, 2000]
Days = Literal[90, 180, 365]
Near = Literal["queen", "distance"]
Basis = Literal["past", "rates", "counts"]

CELLS_M: tuple[Cell, ...] = (2000, 3000, 5000)
RADII_M: tuple[Radius, ...] = (500, 1000, 2000)
WINDOWS: tuple[Days, ...] = (90, 180, 365)

DEFAULT_ZONES = (ZoneKind.BORDER, ZoneKind.COMPLEX_AREA, ZoneKind.INDUSTRIAL_PARK, ZoneKind.STRATEGIC_AREA)


def are_limits(values: tuple[float, ...]) -> bool:
    """Whether these can be the upper limits of classes: up to six, positive, rising, no larger than 1e12."""
    return 0 < len(values) <= 6 and values[0] > 0 and values[-1] <= 1e12 and all(a < b for a, b in pairwise(values))


class Situation(Question, frozen=True, kw_only=True, tag="map"):
    """One measure by commune, and how it is drawn.

    Attributes
    ----------
    compare : bool
        The change on the earlier period instead of the level.
    points : {"auto", "always", "never"}
        Single events from a zoom on, at every zoom, or not at all.
    clusters : bool
    zones : tuple of ZoneKind
        Kinds of priority zone that are drawn.
    labels : bool
    scheme : Scheme
    classes : int
        How many, 3 to 7.
    limits : tuple of float
        Upper limits of the classes for `Scheme.FIXED`; without any the breaks are natural ones.
    """

    compare: bool = False
    points: Literal["auto", "always", "never"] = "auto"
    clusters: bool = True
    zones: tuple[ZoneKind, ...] = DEFAULT_ZONES
    labels: bool = True
    scheme: Scheme = Scheme.NATURAL
    classes: Annotated[int, Meta(ge=3, le=7)] = 5
    limits: tuple[float, ...] = ()

    def _offered(self, query: Query) -> dict[str, Any]:
        del query
        if self.limits and not are_limits(self.limits):
            raise ValueError("class limits are rising positive numbers, six at most")
        fixed = self.scheme is Scheme.FIXED and bool(self.limits)
        return {
            "zones": tuple(sorted(set(self.zones))),
            "limits": self.limits if fixed else (),
            "scheme": self.scheme if fixed or self.scheme is not Scheme.FIXED else Scheme.NATURAL,
        }


class Overview(Question, frozen=True, kw_only=True, tag="overview"):
    """The first page: key figures, the trend, what changed most."""


class HotSpots(Analysis, frozen=True, kw_only=True, tag="hotspots"):
    """Where high or low values gather.

    Attributes
    ----------
    by : {"unit", "grid"}
        Communes, or square cells of `cell_m` metres a side; only events have places.
    neighbours : {"queen", "distance"}
        Those that touch, or those within a distance.
    basis : {"past", "rates", "counts"}
        What is high: more than the same place had before, which only events are asked; more than its people would lead
        one to expect; or more than others, which says nothing of risk. Cells hold no people.
    statistic : {"gi", "moran"}
        Getis-Ord Gi*, or local Moran, which asks nothing about the past.
    """

    by: Literal["unit", "grid"] = "unit"
    cell_m: Cell = 3000
    neighbours: Near = "queen"
    basis: Basis = "past"
    statistic: Literal["gi", "moran"] = "gi"

    def _offered(self, query: Query) -> dict[str, Any]:
        grid = self.by == "grid" and query.measure in EVENT_MEASURES
        offered = bases(query.measure, by="grid" if grid else "unit", statistic=self.statistic)
        basis: Basis = self.basis if self.basis in offered else offered[0]
        if basis == "past" and query.per is Per.PEOPLE and "rates" in offered:
            basis = "rates"  # who comes from a map of rates means rates
        return {
            "query": of_province(query, per=Per.PEOPLE if basis == "rates" else Per.COUNT),
            "by": "grid" if grid else "unit",
            "cell_m": self.cell_m if grid else 3000,
            "basis": basis,
        }


def bases(measure: Measure, *, by: str, statistic: str) -> tuple[Basis, ...]:
    """What hot spots can be held against, the one that is asked first in front."""
    past: tuple[Basis, ...] = ("past",) if measure in EVENT_MEASURES and statistic == "gi" else ()
    rates: tuple[Basis, ...] = ("rates",) if by == "unit" else ()
    return (*past, *rates, "counts")


class Change(Analysis, frozen=True, kw_only=True, tag="change"):
    """What changed since an earlier period: that of the query's `against`, or one from a chosen day.

    Attributes
    ----------
    change_of : {"counts", "hot"}
        Counts, or hot spots.
    neighbours : {"queen", "distance"}
        Of hot spots.
    earlier_from : date, optional
        First day of an earlier period of equal length.
    commune : str
        Whose months are looked at.
    """

    change_of: Literal["counts", "hot"] = "counts"
    neighbours: Near = "queen"
    earlier_from: date | None = None
    commune: Code = ""

    def _offered(self, query: Query) -> dict[str, Any]:
        hot = self.change_of == "hot"
        against = Against.BEFORE if self.earlier_from else query.against
        return {
            "earlier_from": self.earlier_from and min(self.earlier_from, query.end),
            "query": of_province(query, per=query.per if hot else Per.COUNT, against=against),
            "neighbours": self.neighbours if hot else "queen",
        }

    @property
    def earlier(self) -> tuple[date, date] | None:
        """First and last day of the period a change is measured from; None for the one just before."""
        start, end, chosen = self.reading.start, self.reading.end, self.earlier_from
        if self.query.measure in MONTHLY_MEASURES:
            start, end, chosen = month_start(start), month_end(end), chosen and month_start(chosen)
        whole = start.day == 1 and end == month_end(end)
        if self.query.against is Against.YEAR:
            return year_before(start), month_end(year_before(end)) if whole else year_before(end)
        if chosen is None:
            return None
        first = min(chosen, end)
        if whole and first.day == 1:
            months = (end.year - start.year) * 12 + end.month - start.month
            return first, month_end(add_months(first, months))
        return first, first + (end - start)


class BeforeAfter(Analysis, frozen=True, kw_only=True, tag="before_after"):
    """Cases before and after dens were cleared.

    Attributes
    ----------
    cleared_by : {"unit", "den"}
        Communes in which dens were cleared in one month, or a circle around one den.
    cleared_month : str
        YYYY-MM; empty for the latest with a campaign.
    cleared_units : tuple of str
        Treated communes; empty for those with clearly more dens than their usual number.
    cleared_den : str
        Key of a den of that month; empty for the one with most others around it.
    radius_m : int
        Of the circle around a den; the ring around it reaches twice as far.
    days : int
        Length of the periods before and after.
    ring : bool
        Whether cases may have moved next door.
    control_units : tuple of str
        Communes where nothing was done; empty for those that had as many cases the year before.
    """

    measures = frozenset({Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT})

    cleared_by: Literal["unit", "den"] = "unit"
    cleared_month: Month = ""
    cleared_units: tuple[Code, ...] = ()
    cleared_den: Code = ""
    radius_m: Radius = 1000
    days: Days = 90
    ring: bool = True
    control_units: tuple[Code, ...] = ()

    def _offered(self, query: Query) -> dict[str, Any]:
        if query.measure not in self.measures:
            query = replace(query, measure=Measure.CASE, kinds=())
        by_unit = self.cleared_by == "unit"
        return {
            "query": of_province(query),
            "cleared_units": self.cleared_units if by_unit else (),
            "cleared_den": "" if by_unit else self.cleared_den,
        }


class Clusters(Analysis, frozen=True, kw_only=True, tag="clusters"):
    """Where events lie thick: of one radius for all (DBSCAN), or of any density (HDBSCAN)."""

    measures = EVENT_MEASURES

    algorithm: Literal["dbscan", "hdbscan"] = "dbscan"


class Density(Analysis, frozen=True, kw_only=True, tag="density"):
    """How thick events lie."""

    measures = EVENT_MEASURES


class Emerging(Analysis, frozen=True, kw_only=True, tag="emerging"):
    """How communes were hot or cold over the months."""


class Scan(Analysis, frozen=True, kw_only=True, tag="scan"):
    """Areas that hold more than their people would lead one to expect.

    Attributes
    ----------
    in_time : bool
        Areas and runs of months that hold more than their own share; only events are asked, since a month without a
        report is no month without any.
    """

    in_time: bool = False

    def _offered(self, query: Query) -> dict[str, Any]:
        return {"query": of_province(query), "in_time": self.in_time and query.measure in EVENT_MEASURES}


class Rates(Analysis, frozen=True, kw_only=True, tag="rates"):
    """Rates per people, smoothed."""


class NearRepeat(Analysis, frozen=True, kw_only=True, tag="near_repeat"):
    """Do events come again close by and soon after?"""

    measures = EVENT_MEASURES


class Concentration(Analysis, frozen=True, kw_only=True, tag="concentration"):
    """The few communes that hold half of everything."""


AnyQuestion = (
    Situation | Overview | HotSpots | Change | BeforeAfter | Clusters | Density | Emerging | Scan | Rates | NearRepeat
    | Concentration | Results | Coverage | Targets | SafeUnits | Models | Returns | Festivals | Report | Areas
)  # fmt: skip

QUESTIONS: dict[str, type[AnyQuestion]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        Situation, Overview, HotSpots, Change, BeforeAfter, Clusters, Density, Emerging, Scan, Rates, NearRepeat,
        Concentration, Results, Coverage, Targets, SafeUnits, Models, Returns, Festivals, Report, Areas,
    )
}  # fmt: skip
"""Types of question by their page."""


def measures_for(page: str) -> tuple[Measure, ...]:
    """The measures that a page can show, in order; all of them where it asks nothing, for they only pass through."""
    shown = QUESTIONS[page].measures if page in QUESTIONS else frozenset(Measure)
    return tuple(measure for measure in Measure if measure in shown)
