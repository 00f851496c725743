"""Periods that have a name, counted from the day of the newest record."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from geo.schema import FIRST_TERM, add_months, month_end, month_start

__all__ = [
    "EARLIEST", "Dated", "Preset", "Span", "chosen_period", "days_of", "first_of", "latest_over", "months_of",
    "preset_period", "span_of",
]  # fmt: skip

Span = Literal["month", "quarter", "year"]
"""How much of the calendar a report is about."""

Dated = Annotated[str, Meta(pattern=r"^((19|20)\d\d(-(0[1-9]|1[0-2])|-Q[1-4])?)?$")]
"""A month, quarter or year of the calendar, as YYYY-MM, YYYY-Qn or YYYY; or empty."""


EARLIEST = date(2000, 1, 1)
"""No period begins before this day."""


class Preset(StrEnum):
    """Periods that can be picked by name."""

    LAST12 = "last12"
    YEAR = "year"
    LAST_YEAR = "last_year"
    QUARTER = "quarter"
    THIS_QUARTER = "this_quarter"
    MONTH = "month"
    DAYS28 = "days28"
    TERM1 = "term1"
    TERM2 = "term2"
    CUSTOM = "custom"


def chosen_period(preset: Preset, start: date | None, end: date | None, today: date) -> tuple[date, date]:
    """First and last day of a period: never after the newest record, never the wrong way round."""
    if preset is Preset.CUSTOM and start and end:
        first, last = (min(max(day, EARLIEST), today) for day in sorted((start, end)))
        return first, last
    return preset_period(preset, today)


def first_of(month: str) -> date:
    """The first day of a month written YYYY-MM."""
    return date.fromisoformat(f"{month}-01")


def months_of(start: date, end: date) -> list[str]:
    """The months a period touches, YYYY-MM, in order."""
    first, months = month_start(start), []
    while first <= end:
        months.append(f"{first:%Y-%m}")
        first = add_months(first, 1)
    return months


def preset_period(preset: Preset, today: date) -> tuple[date, date]:
    """First and last day of a named period, seen from the day of the newest record."""
    whole = today if today == month_end(today) else month_start(today) - timedelta(days=1)
    match preset:
        case Preset.YEAR:
            return date(today.year, 1, 1), today
        case Preset.LAST_YEAR:
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
        case Preset.QUARTER:
            closing = add_months(month_start(whole), -(whole.month % 3))
            return add_months(closing, -2), month_end(closing)
        case Preset.THIS_QUARTER:
            return add_months(month_start(today), -((today.month - 1) % 3)), today
        case Preset.MONTH:
            return month_start(whole), whole
        case Preset.DAYS28:
            return today - timedelta(days=27), today
        case Preset.TERM1:
            return FIRST_TERM
        case Preset.TERM2:
            return date(2024, 1, 1), max(today, date(2024, 1, 1))
        case _:
            return add_months(month_start(whole), -11), whole


def span_of(dated: str) -> Span:
    """What a `Dated` text names."""
    return "quarter" if "Q" in dated else "month" if "-" in dated else "year"


def days_of(dated: str) -> tuple[date, date]:
    """First and last day of the month, quarter or year that a `Dated` text names."""
    year = int(dated[:4])
    match span_of(dated):
        case "month":
            first, months = first_of(dated), 1
        case "quarter":
            first, months = date(year, 3 * int(dated[-1]) - 2, 1), 3
        case _:
            first, months = date(year, 1, 1), 12
    return first, month_end(add_months(first, months - 1))


def latest_over(span: Span, today: date, *, back: int = 0) -> str:
    """The latest month, quarter or year that is over on a day, or the one so many before it, as a `Dated` text."""
    months = {"month": 1, "quarter": 3, "year": 12}[span]
    after = month_start(today + timedelta(days=1))
    first = add_months(after, -((after.month - 1) % months) - months * (1 + back))
    if span == "year":
        return f"{first:%Y}"
    return f"{first:%Y-%m}" if span == "month" else f"{first.year}-Q{(first.month + 2) // 3}"
