"""What is asked on the pages of the programme and of the priority areas."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from geo.question.base import Analysis, Code, Question, Year, of_province, plain_title
from geo.question.periods import Dated, Span, days_of, span_of
from geo.schema import (
    FIRST_TERM,
    RETURN_MEASURES,
    SAFE_MEASURES,
    SESSION_MEASURES,
    TARGET_MEASURES,
    YEARLY_MEASURES,
    Against,
    Measure,
    Query,
    ZoneKind,
)

__all__ = [
    "Areas", "Coverage", "Festivals", "Models", "OfYear", "Report", "Results", "Returns", "SafeUnits", "Targets",
]  # fmt: skip


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
        Whose figures stand in the table: the communes', or those of each priority area, which are those of the communes
        that it lies in where reports do not name it.
    topic : Topic or ""
        Sessions about one thing, or all.
    organiser : Organiser or ""
        Sessions of one organiser, or all.
    """

    measures = frozenset(SESSION_MEASURES)

    reach: Literal["rate", "since"] = "rate"
    over: Literal["communes", "areas"] = "communes"
    topic: Literal[
        "", "crime", "drugs", "trafficking", "gambling", "fraud", "smuggling", "border", "movement", "other"
    ] = ""
    organiser: Literal["", "police", "front", "member"] = ""

    def _offered(self, query: Query) -> dict[str, Any]:
        return {"query": of_province(replace(query, kinds=()))}


class OfYear(Analysis, frozen=True, kw_only=True):
    """Something of the programme in one year.

    Attributes
    ----------
    year : str
        YYYY; empty for the latest of which anything is on record.
    """

    year: Year = ""

    def _offered(self, query: Query) -> dict[str, Any]:
        query = of_province(replace(query, kinds=()))
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
        query = of_province(replace(query, kinds=()))
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
        return {"query": of_province(query), "area_kinds": tuple(sorted(set(self.area_kinds)))}
