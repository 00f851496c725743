"""Periods that have a name, counted from the day of the newest record."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from geo.schema import FIRST_TERM, add_months, month_end, month_start

__all__ = ["EARLIEST", "Preset", "chosen_period", "first_of", "months_of", "preset_period"]


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
