"""Names shared by every part: measures, code lists, record columns, and the frozen `Query`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from geo.errors import InputError


class Measure(StrEnum):
    """What can be counted: events with a day and, mostly, a place; monthly counts; and counts of a whole year."""

    DEN_CLEARED = "den_cleared"
    CASE = "case"
    CASE_CLEARED = "case_cleared"
    SUSPECT = "suspect"
    TIP = "tip"
    USEFUL_TIP = "useful_tip"
    SESSION = "session"
    ATTENDANCE = "attendance"
    LETTER = "letter"
    LEAFLET = "leaflet"
    SESSION_192 = "session_192"
    ATTENDANCE_192 = "attendance_192"
    SAFE_UNIT = "safe_unit"
    COMMUNITY_MODEL = "community_model"
    FESTIVAL = "festival"
    REINTEGRATED = "reintegrated"
    COMMUNITY_SENTENCE = "community_sentence"
    SAFE_EXISTING = "safe_existing"
    SAFE_REGISTERED = "safe_registered"
    SAFE_RECOGNISED = "safe_recognised"
    SAFE_EXEMPLARY = "safe_exemplary"


EVENT_MEASURES = frozenset({Measure.DEN_CLEARED, Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT})
"""Counted from event records: `case_cleared` is cases with status cleared, `suspect` the sum of suspects in cases."""

SAFE_MEASURES = (
    Measure.SAFE_EXISTING, Measure.SAFE_REGISTERED, Measure.SAFE_RECOGNISED, Measure.SAFE_EXEMPLARY,
)  # fmt: skip
"""How far units "safe in security and order" have come, each a part of those before: how many there are, registered,
recognised, exemplary."""

RETURN_MEASURES = frozenset({Measure.REINTEGRATED, Measure.COMMUNITY_SENTENCE})
"""People who returned to the community and were helped, and who serve a sentence in it: counts, never a list."""

YEARLY_MEASURES = frozenset({Measure.FESTIVAL, *RETURN_MEASURES, *SAFE_MEASURES})
"""Reported as one count per commune and year, some by kind."""

MONTHLY_MEASURES = frozenset(Measure) - EVENT_MEASURES - YEARLY_MEASURES
"""Reported as one count per commune and month; a period is widened to whole months for them."""

MASKED_MEASURES = frozenset({Measure.TIP, Measure.USEFUL_TIP}) | RETURN_MEASURES
"""Counts whose small values could point to an informant, or to one who served a sentence; masked by one rule."""

ENFORCEMENT_MEASURES = frozenset({Measure.DEN_CLEARED})
"""Measures of work done, never of a crime level."""


class CaseCategory(StrEnum):
    """Kinds of case (vụ)."""

    THEFT = "theft"
    ROBBERY = "robbery"
    VIOLENCE = "violence"
    DRUGS = "drugs"
    GAMBLING = "gambling"
    SMUGGLING = "smuggling"
    TRAFFICKING = "trafficking"
    FRAUD = "fraud"
    PUBLIC_ORDER = "public_order"


class GameType(StrEnum):
    """Kinds of gambling at a den."""

    COCKFIGHT = "cockfight"
    CARDS = "cards"
    DICE = "dice"
    LOTTERY = "lottery"
    MACHINES = "machines"
    BETTING = "betting"


class CaseStatus(StrEnum):
    """Where a case stands."""

    CLEARED = "cleared"
    INVESTIGATING = "investigating"
    SUSPENDED = "suspended"


class ZoneKind(StrEnum):
    """Kinds of priority zone (địa bàn trọng điểm)."""

    BORDER = "border"
    INDUSTRIAL_PARK = "industrial_park"
    ETHNIC_MINORITY_AREA = "ethnic_minority_area"
    RELIGIOUS_AREA = "religious_area"
    EDUCATION = "education"
    URBAN_CENTRE = "urban_centre"
    COMPLEX_AREA = "complex_area"
    STRATEGIC_AREA = "strategic_area"


PROTECTED_ZONES = frozenset({ZoneKind.ETHNIC_MINORITY_AREA, ZoneKind.RELIGIOUS_AREA})
"""Context for outreach only: drawn as outlines, never an input of, or a unit for, any offence figure."""


class SafeKind(StrEnum):
    """What can be registered and recognised as safe in security and order."""

    HAMLET = "hamlet"
    COMMUNE = "commune"
    AGENCY = "agency"
    BUSINESS = "business"
    SCHOOL = "school"


class Festival(StrEnum):
    """The two yearly festivals: the movement's on 19 August, and the great unity's on 18 November."""

    AUGUST = "august_19"
    NOVEMBER = "november_18"


class ModelKind(StrEnum):
    """Kinds of self-managed community model: of order, of prevention, of protection, of conciliation."""

    SELF_MANAGED = "self_managed"
    SELF_PREVENTION = "self_prevention"
    SELF_PROTECTION = "self_protection"
    CONCILIATION = "conciliation"


class Topic(StrEnum):
    """What an outreach session was about."""

    CRIME = "crime"
    DRUGS = "drugs"
    TRAFFICKING = "trafficking"
    GAMBLING = "gambling"
    FRAUD = "fraud"
    SMUGGLING = "smuggling"
    BORDER = "border"
    MOVEMENT = "movement"
    OTHER = "other"


class Organiser(StrEnum):
    """Who held an outreach session: the police, the Front, or one of the Front's member organisations."""

    POLICE = "police"
    FRONT = "front"
    MEMBER = "member"


SESSION_MEASURES = (Measure.SESSION, Measure.ATTENDANCE, Measure.SESSION_192, Measure.ATTENDANCE_192)
"""Sessions of outreach and who came to them: what a report may give in parts, see `PART_COLUMNS`."""

YEARLY_KINDS: dict[Measure, tuple[str, ...]] = {
    **dict.fromkeys(SAFE_MEASURES, tuple(SafeKind)),
    Measure.FESTIVAL: tuple(Festival),
    **dict.fromkeys(sorted(RETURN_MEASURES), ("",)),
}
"""Kinds that a yearly count comes by; one empty one where there are none."""


class Per(StrEnum):
    """What a count is set against."""

    COUNT = "count"
    PEOPLE = "per_10k"
    AREA = "per_km2"


class Scheme(StrEnum):
    """How class limits are found."""

    NATURAL = "natural"
    QUANTILES = "quantiles"
    FIXED = "fixed"


class Against(StrEnum):
    """Which earlier period a period is set against: the one just before, or the same days a year earlier."""

    BEFORE = "before"
    YEAR = "year"


class UnitSystem(StrEnum):
    """The two sets of communes: before and since 1 July 2025."""

    CURRENT = "current"
    LEGACY = "legacy"


CURRENT_SINCE = date(2025, 7, 1)
"""First day of the current units; records dated earlier carry legacy codes."""

SINCE = {UnitSystem.CURRENT: CURRENT_SINCE, UnitSystem.LEGACY: date(2013, 1, 1)}
"""First day of each system's units; of the former ones the first that records are kept of."""

FIRST_TERM = (date(2013, 1, 1), date(2023, 12, 31))
"""First and last day of the first term of the programme."""

TARGET_YEARS = range(2023, 2034)
"""Years of the second term, 2023 to 2033; it begins in the year the first one ends."""

TARGET_MEASURES = (
    Measure.SESSION, Measure.ATTENDANCE, Measure.LETTER, Measure.LEAFLET, Measure.SESSION_192, Measure.ATTENDANCE_192,
    Measure.SAFE_UNIT, Measure.COMMUNITY_MODEL,
)  # fmt: skip
"""What targets are set for: work of outreach and of the movement, reported by month. Never tips, cases or dens: a
target of those would reward how they are counted."""

EVENT_COLUMNS = ("record_id", "date", "unit_system", "unit_code", "kind", "status", "suspects", "lon", "lat")
"""An event record: `record_id` is the source's own number (natural key), `kind` a category or a game type; `status` and
`suspects` are empty for dens; `lon`, `lat` in WGS 84 degrees, empty where the place is known to the commune only."""

MONTHLY_COLUMNS = ("month", "unit_system", "unit_code", "measure", "value")
"""A monthly count: `month` is the first day of the month."""

PART_COLUMNS = ("area", "topic", "organiser")
"""What part of a commune's sessions and attendances a monthly count is, each empty where not said: the key of the
priority zone where they were, their topic, and who held them. The parts of a commune's month add up to its count."""

YEARLY_COLUMNS = ("year", "unit_system", "unit_code", "measure", "kind", "value")
"""A yearly count."""

TARGET_COLUMNS = ("year", "unit_code", "measure", "value")
"""A target of the second term: what a present unit, or the province (no code), is to reach in a year."""

MODEL_COLUMNS = ("name", "kind", "unit_system", "unit_code", "since", "until", "members")
"""A community model: `since` the day it began, `until` the day it ended, empty while it lasts; `members` a count."""

ZONE_COLUMNS = ("key", "name", "kind", "since", "until", "source", "decision", "divided", "invented", "geometry")
"""A priority zone as it stands from one save on: `key` stays the same over its changes, the last row of a key holds;
`since` and `until` are the first and last day it holds, empty where not said; `source` and `decision` say who gave it
and by which paper; `divided` that others took its place; `geometry` in WGS 84; `invented` marks demo shapes. A row of
name, kind, `invented` and geometry alone is a new one."""


class Dataset(StrEnum):
    """What a batch holds."""

    CASES = "cases"
    DENS = "dens"
    MONTHLY = "monthly"
    ZONES = "zones"
    POPULATION = "population"
    YEARLY = "yearly"
    TARGETS = "targets"
    MODELS = "models"


@dataclass(frozen=True)
class Provenance:
    """Where a batch came from.

    Attributes
    ----------
    source : str
        File name or generator, as a person would name it.
    sha256 : str
        Hash of the source file; for generated data, of the generator's parameters.
    who : str
        Account or programme that brought it in.
    demo : bool
        True for invented data; every screen and export then says so.
    """

    source: str
    sha256: str
    who: str
    demo: bool = False


_FIRST_DAY, _LAST_DAY = date(1800, 1, 1), date(2200, 12, 31)
"""Days a question can be about, and the earlier period it is set against: beyond, calendars end."""


@dataclass(frozen=True)
class Query:
    """One question to the data: which measure, when, where, of which kinds.

    Attributes
    ----------
    measure : Measure
    start, end : date
        Closed period: both days are in it.
    kinds : tuple of str
        Case categories or game types; empty means all. Ignored by monthly measures.
    units : tuple of str
        Codes in `system`; empty means the whole province.
    per : Per
        Count, per 10,000 people or per km2.
    system : UnitSystem
        On which set of units the answer is given.
    against : Against
        Which earlier period a change is measured from.
    """

    measure: Measure
    start: date
    end: date
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    per: Per = Per.COUNT
    system: UnitSystem = UnitSystem.CURRENT
    against: Against = Against.BEFORE

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InputError("core.period_reversed", start=self.start, end=self.end)
        if self.start < _FIRST_DAY or self.end > _LAST_DAY:
            raise InputError("core.period_far", start=self.start, end=self.end, first=_FIRST_DAY, last=_LAST_DAY)
        for name, kind in (("measure", Measure), ("per", Per), ("system", UnitSystem), ("against", Against)):
            object.__setattr__(self, name, kind(getattr(self, name)))  # a plain string is taken at its word, once
        object.__setattr__(self, "kinds", tuple(sorted(set(self.kinds))))
        object.__setattr__(self, "units", tuple(sorted(set(self.units))))

    def previous(self) -> Query:
        """The same question about the earlier period: of equal length just before, or a year earlier.

        Whole months stay whole months (2024 gives 2023, March gives February), so that a year is set against a year. A
        period of more than a year would overlap with itself a year earlier; it is set against the one before.
        """
        by_year = self.compared is Against.YEAR
        earlier = (year_before(self.start), year_before(self.end)) if by_year else previous_period(self.start, self.end)
        start, end = earlier
        return replace(self, start=start, end=end)

    @property
    def compared(self) -> Against:
        """Which earlier period `previous` gives."""
        overlaps = year_before(self.end) >= self.start
        return Against.BEFORE if overlaps else self.against


def month_start(day: date) -> date:
    """First day of the month that holds `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Last day of the month that holds `day`."""
    return add_months(month_start(day), 1) - timedelta(days=1)


def add_months(first: date, months: int) -> date:
    """The first of the month `months` after the month that starts on `first`."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def months_between(start: date, end: date) -> int:
    """How many months the days from `start` to `end` touch; 0 where the end lies in an earlier month."""
    return max(0, (end.year - start.year) * 12 + end.month - start.month + 1)


def year_before(day: date) -> date:
    """The same day a year earlier; the end of February stays the end of February."""
    if day == month_end(day) and day.month == 2:
        return month_end(date(day.year - 1, 2, 1))
    return day.replace(year=day.year - 1)


def previous_period(start: date, end: date) -> tuple[date, date]:
    """The period of equal length that ends the day before `start`; whole months give whole months."""
    before = start - timedelta(days=1)
    if start.day == 1 and end == month_end(end):
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        return add_months(start, -months), before
    return before - (end - start), before
