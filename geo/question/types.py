"""What a person asks: one frozen value per kind of page, each around the `Query` that the store is read by.

A question is always one that can be asked: what its page does not offer has its default, whatever it was made from.
The address bar, a briefing's slide, the recipe in a file, the cache key and the command line are written forms of these
values; `codec` reads and writes them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import msgspec
from msgspec import Meta
from msgspec.structs import force_setattr

from geo.question.periods import Dated, Preset, Span, days_of, first_of, months_of, span_of
from geo.schema import (
    EVENT_MEASURES,
    FIRST_TERM,
    MASKED_MEASURES,
    MONTHLY_MEASURES,
    RETURN_MEASURES,
    SAFE_MEASURES,
    TARGET_MEASURES,
    YEARLY_MEASURES,
    Against,
    CaseCategory,
    GameType,
    Measure,
    Per,
    Query,
    Scheme,
    UnitSystem,
    ZoneKind,
    add_months,
    month_end,
    month_start,
    year_before,
)
from geo.text import Lang, printable

__all__ = [
    "CELLS_M", "DEFAULT_ZONES", "QUESTIONS", "RADII_M", "SHOWS", "WINDOWS", "AnyQuestion", "Areas",
    "BeforeAfter", "Change", "Clusters", "Concentration", "Coverage", "Density", "Emerging", "Festivals", "HotSpots",
    "Models", "NearRepeat", "OfYear", "Overview", "Question", "Rates", "Report", "Results", "Returns", "SafeUnits",
    "Scan", "Situation", "Targets", "altered", "are_limits", "bases", "kinds_of",
    "measures_for", "pinned", "plain_title",
]  # fmt: skip

Code = Annotated[str, Meta(pattern="^[0-9A-Za-z]*$")]
"""Of a unit, or the key of a den; empty for none."""

Month = Annotated[str, Meta(pattern=r"^((19|20)\d\d-(0[1-9]|1[0-2]))?$")]
"""YYYY-MM, or empty."""

Year = Annotated[str, Meta(pattern=r"^((19|20)\d\d)?$")]
"""YYYY, or empty for the latest on record."""

Cell = Literal[2000, 3000, 5000]
Radius = Literal[500, 1000, 2000]
Days = Literal[90, 180, 365]
Near = Literal["queen", "distance"]
Basis = Literal["past", "rates", "counts"]
Show = Literal["map", "table", "chart", "months"]

SHOWS: tuple[Show, ...] = ("map", "table", "chart", "months")
CELLS_M: tuple[Cell, ...] = (2000, 3000, 5000)
RADII_M: tuple[Radius, ...] = (500, 1000, 2000)
WINDOWS: tuple[Days, ...] = (90, 180, 365)

DEFAULT_ZONES = (ZoneKind.BORDER, ZoneKind.COMPLEX_AREA, ZoneKind.INDUSTRIAL_PARK, ZoneKind.STRATEGIC_AREA)

Q = TypeVar("Q", bound="Question")


class Question(msgspec.Struct, frozen=True, kw_only=True, tag_field="page"):
    """What every page asks.

    Attributes
    ----------
    query : Query
        Measure, the whole period, kinds, units, denominator, set of units, against which earlier period.
    period : Preset
        What the period is called, so that it moves with the data; "custom" where it stays.
    month : str
        The single month that is looked at of the period, YYYY-MM, or empty.
    show : {"map", "table", "chart", "months"}
        What stands in place of the map.
    title : str
        A title of one's own, or empty.
    public : bool
        An edition for the public: communes only.
    lang : {"vi", "en"}
    """

    measures: ClassVar[frozenset[Measure]] = frozenset(Measure) - YEARLY_MEASURES
    """What the page can show."""

    query: Query
    period: Preset = Preset.CUSTOM
    month: Month = ""
    show: Show = "map"
    title: str = ""
    public: bool = False
    lang: Lang = "vi"

    def __post_init__(self) -> None:
        query = self.query
        if self.title != plain_title(self.title):
            raise ValueError("a title is one printable line, and not that long")
        if unknown := set(query.kinds) - _KNOWN_KINDS:
            raise ValueError(f"no kinds: {', '.join(sorted(unknown))}")
        system = UnitSystem.CURRENT if query.measure in MASKED_MEASURES else query.system
        allowed = kinds_of(query.measure)
        query = replace(query, kinds=tuple(kind for kind in query.kinds if kind in allowed), system=system)
        month = self.month if self.month and self.month in months_of(query.start, query.end) else ""
        for name, value in {"query": query, "month": month, **self._offered(query)}.items():
            force_setattr(self, name, value)

    def _offered(self, query: Query) -> dict[str, Any]:
        """Fields as the page offers them, where that is not what was given."""
        del query
        return {}

    @property
    def page(self) -> str:
        """The page it is asked on."""
        return str(self.__struct_config__.tag)

    @property
    def reading(self) -> Query:
        """What the store is to be read for: the month that is looked at, or the whole period."""
        if not self.month:
            return self.query
        first = first_of(self.month)
        return replace(self.query, start=first, end=month_end(first))


_KNOWN_KINDS = {str(kind) for kind in (*CaseCategory, *GameType)}
_LONGEST_TITLE = 160


def plain_title(text: str) -> str:
    """A title of one's own as it is kept: one printable line of at most 160 letters."""
    return printable(text).strip()[:_LONGEST_TITLE].strip()


def are_limits(values: tuple[float, ...]) -> bool:
    """Whether these can be the upper limits of classes: up to six, positive, rising, no larger than 1e12."""
    return 0 < len(values) <= 6 and values[0] > 0 and values[-1] <= 1e12 and all(a < b for a, b in pairwise(values))


def kinds_of(measure: Measure) -> tuple[str, ...]:
    """The kinds a measure can be asked by; none for monthly counts."""
    if measure not in EVENT_MEASURES:
        return ()
    return tuple(map(str, GameType if measure is Measure.DEN_CLEARED else CaseCategory))


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


class Analysis(Question, frozen=True, kw_only=True):
    """On all present communes, since neighbours matter; as counts where the page offers nothing else.

    A score per commune could give a hidden count away, so that masked measures are none of its own.
    """

    measures = frozenset(Measure) - MASKED_MEASURES - YEARLY_MEASURES

    def _offered(self, query: Query) -> dict[str, Any]:
        return {"query": _of_province(query)}


def _of_province(query: Query, *, per: Per = Per.COUNT, against: Against = Against.BEFORE) -> Query:
    return replace(query, units=(), system=UnitSystem.CURRENT, per=per, against=against)


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
            "query": _of_province(query, per=Per.PEOPLE if basis == "rates" else Per.COUNT),
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
            "query": _of_province(query, per=query.per if hot else Per.COUNT, against=against),
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
            "query": _of_province(query),
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
        return {"query": _of_province(query), "in_time": self.in_time and query.measure in EVENT_MEASURES}


class Rates(Analysis, frozen=True, kw_only=True, tag="rates"):
    """Rates per people, smoothed."""


class NearRepeat(Analysis, frozen=True, kw_only=True, tag="near_repeat"):
    """Do events come again close by and soon after?"""

    measures = EVENT_MEASURES


class Concentration(Analysis, frozen=True, kw_only=True, tag="concentration"):
    """The few communes that hold half of everything."""


class Results(Question, frozen=True, kw_only=True, tag="results"):
    """What the first term of the programme came to: one measure over its years, by commune."""

    measures = frozenset(Measure) - {Measure.CASE} - YEARLY_MEASURES

    def _offered(self, query: Query) -> dict[str, Any]:
        first, last = FIRST_TERM
        whole = replace(query, start=first, end=last, kinds=(), units=(), against=Against.BEFORE)
        return {"query": whole, "month": ""}


class Coverage(Analysis, frozen=True, kw_only=True, tag="coverage"):
    """How far outreach reached.

    Attributes
    ----------
    reach : {"rate", "since"}
        For a thousand people, or how long ago the last was.
    over : {"communes", "areas"}
        Whose figures stand in the table: the communes', or those of the communes that each priority area lies in.
    """

    measures = frozenset({Measure.SESSION, Measure.ATTENDANCE, Measure.SESSION_192, Measure.ATTENDANCE_192})

    reach: Literal["rate", "since"] = "rate"
    over: Literal["communes", "areas"] = "communes"

    def _offered(self, query: Query) -> dict[str, Any]:
        return {"query": _of_province(replace(query, kinds=()))}


class OfYear(Analysis, frozen=True, kw_only=True):
    """Something of the programme in one year.

    Attributes
    ----------
    year : str
        YYYY; empty for the latest of which anything is on record.
    """

    year: Year = ""

    def _offered(self, query: Query) -> dict[str, Any]:
        query = _of_province(replace(query, kinds=()))
        if self.year:
            query = replace(query, start=date(int(self.year), 1, 1), end=date(int(self.year), 12, 31))
        return {"query": query, "month": ""}


class Targets(OfYear, frozen=True, kw_only=True, tag="targets"):
    """How far the targets of the second term are reached in a year."""

    measures = frozenset(TARGET_MEASURES)


class SafeUnits(OfYear, frozen=True, kw_only=True, tag="safe_units"):
    """Units registered and recognised as safe in security and order.

    Attributes
    ----------
    safe_kind : SafeKind or ""
        Of one kind, or of all.
    share : bool
        Of the units there are, where that is on record.
    """

    measures = frozenset(SAFE_MEASURES)

    safe_kind: Literal["", "hamlet", "commune", "agency", "business", "school"] = ""
    share: bool = False


class Models(OfYear, frozen=True, kw_only=True, tag="models"):
    """Community models that are at work at the end of a year.

    Attributes
    ----------
    model_kind : ModelKind or ""
        Of one kind, or of all.
    model : str
        One model, by its name without a number: where it came to by year. Empty for all.
    """

    measures = frozenset({Measure.COMMUNITY_MODEL})

    model_kind: Literal["", "self_managed", "self_prevention", "self_protection", "conciliation"] = ""
    model: str = ""

    def _offered(self, query: Query) -> dict[str, Any]:
        return {**super()._offered(query), "model": plain_title(self.model)}


class Returns(OfYear, frozen=True, kw_only=True, tag="returns"):
    """People who returned to the community and were helped, or who serve a sentence in it: counts, masked like tips."""

    measures = RETURN_MEASURES


class Festivals(OfYear, frozen=True, kw_only=True, tag="festivals"):
    """The movement's year: which communes held a festival, and sessions month by month.

    Attributes
    ----------
    festival : {"august_19", "november_18"}
    """

    measures = frozenset({Measure.FESTIVAL})

    festival: Literal["august_19", "november_18"] = "august_19"


class Report(Analysis, frozen=True, kw_only=True, tag="report"):
    """The programme in one month, quarter or year: each indicator against what is usual, and who did not report.

    Attributes
    ----------
    span : {"month", "quarter", "year"}
    dated : str
        Which one, as `periods.days_of` reads it; empty for the latest that is over.
    about : str
        Code of a commune; empty for the province.
    part : {"map", "figures", "gaps"}
        The map of the measure; the table of all indicators; the table of communes that did not report.
    """

    measures = frozenset(Measure) - {Measure.CASE, Measure.SUSPECT} - YEARLY_MEASURES

    span: Span = "month"
    dated: Dated = ""
    about: Code = ""
    part: Literal["map", "figures", "gaps"] = "map"

    def _offered(self, query: Query) -> dict[str, Any]:
        query = _of_province(replace(query, kinds=()))
        fixed: dict[str, Any] = {"show": "map"} if self.part != "map" else {}
        if self.dated:
            first, last = days_of(self.dated)
            query = replace(query, start=first, end=last)
            fixed |= {"span": span_of(self.dated)}
        return {"query": query, "month": "", **fixed}


class Areas(Analysis, frozen=True, kw_only=True, tag="areas"):
    """Priority areas on the map, and what is recorded inside them.

    Attributes
    ----------
    area : str
        Key of the one that is open, or empty.
    area_kinds : tuple of ZoneKind
        Kinds that are shown; empty for all.
    """

    area: Code = ""
    area_kinds: tuple[ZoneKind, ...] = ()

    def _offered(self, query: Query) -> dict[str, Any]:
        return {"query": _of_province(query), "area_kinds": tuple(sorted(set(self.area_kinds)))}


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


def altered(question: Q, **changes: object) -> Q:
    """A copy with some fields replaced."""
    return msgspec.structs.replace(question, **changes)


def pinned(question: Q, query: Query, **changes: object) -> Q:
    """The question as a file keeps it: about the days of `query`, whatever they are called tomorrow."""
    return altered(question, query=query, period=Preset.CUSTOM, month="", **changes)
