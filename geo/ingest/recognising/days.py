"""Days and months as offices write them. Nothing is guessed: what could be two different days is no day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from geo.text import fold

__all__ = ["Read", "birth_year", "has_offset", "is_month_first", "read_day", "read_month"]

_TIME = re.compile(
    r"(?:^|[\s,T])(?:luc\s*)?\d{1,2}\s*(?::|gio|h)\s*(?:\d{1,2})?(?:\s*(?:phut|p))?(?::\d{1,2}(?:\.\d+)?)?"
    r"\s*(?:am|pm|sa|ch|z|\+0?7:?(?:00)?)?(?=$|[\s,])",
    re.IGNORECASE,
)
_YMD = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DMY = re.compile(r"(\d{1,2})\s*[-/.\\]\s*(\d{1,2})\s*[-/.\\]\s*(\d{4}|\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH_WORDS = {
    "mot": 1, "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi mot": 11, "mot chap": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_MONTH_WORD = "|".join(sorted(_MONTH_WORDS, key=len, reverse=True))
_WORDS = re.compile(
    rf"(?:ngay\s*)?(\d{{1,2}})[\s,/.-]*(?:thang|thg\.?|/)\s*(\d{{1,2}}|{_MONTH_WORD})(?:[\s,/.-]*nam\s*|[\s,/.-]+)"
    r"(\d{4}|\d{2})"
)
_NAMED = re.compile(
    r"(\d{1,2})[\s/-]([a-z]{3})[a-z]*\.?[\s,/-]+(\d{4}|\d{2})|([a-z]{3})[a-z]*\.?\s(\d{1,2}),?\s(\d{4})"
)
_WEEKDAY = re.compile(
    r"(?:thu\s*(?:hai|ba|tu|nam|sau|bay|[2-7])|t[2-7]|chu\s*nhat|cn|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)"
    r"(?:day)?)\s*[,.]?\s+(?=(?:ngay\s*)?\d|[a-z]{3,9}\s\d)"
)
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)")
_HERE = timezone(timedelta(hours=7))
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MONTH = re.compile(r"(?:thang|t\.?|ky|month)?\s*(\d{1,2})\s*(?:[-/.,]|nam|\s)\s*(?:nam\s*)?(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})\s*[-/.]\s*(?:t|thang\s*)?(\d{1,2})")
_COMPACT_MONTH = re.compile(r"(20\d{2})(\d{2})")
_MONTH_ALONE = re.compile(r"(?:thang|t\.?|month)?\s*(\d{1,2})")
_MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_EPOCH_1900 = date(1899, 12, 30)
_EPOCH_1904 = date(1904, 1, 1)


class Read(NamedTuple):
    """A day, or the message key of what is wrong with the text."""

    day: date | None
    problem: str = ""


def read_day(text: str, *, month_first: bool = False, since_1904: bool = False) -> Read:
    """The day a text means.

    Parameters
    ----------
    text : str
        `05/03/2024`, `5-3-24`, `2024-03-05 15:30`, `20240305`, `ngày 5 tháng 3 năm 2024`, `5 Mar 2024`, a spreadsheet's
        day number; day before month unless `month_first`.
    month_first : bool
        The column is written in the American order, see `is_month_first`.
    since_1904 : bool
        Day numbers count from 1904.
    """
    plain = _plain(text)
    if not plain:
        return Read(None, "date_empty")
    if moment := _moment(text):
        return moment
    if found := _YMD.fullmatch(plain) or _COMPACT.fullmatch(plain):
        year, month, day = map(int, found.groups())
    elif found := _DMY.fullmatch(plain) or _WORDS.fullmatch(plain):
        day, month, year = int(found[1]), _MONTH_WORDS.get(found[2]) or int(found[2]), int(found[3])
        if month_first and found.re is _DMY:
            day, month = month, day
    elif found := _NAMED.fullmatch(plain):
        name = found[2] or found[4]
        day, month, year = int(found[1] or found[5]), _MONTHS.get(name, 0), int(found[3] or found[6])
    elif _SERIAL.fullmatch(plain):
        return _from_serial(float(plain), since_1904)
    elif read_month(text).day is not None:
        return Read(None, "date_only_month")
    else:
        return Read(None, "date_unreadable")
    return _made(year, month, day)


def read_month(text: str, year: int | None = None, *, since_1904: bool = False) -> Read:
    """The first day of the month a text means.

    Parameters
    ----------
    text : str
        `tháng 3/2024`, `T3-2024`, `03/2024`, `2024-03`, `202403`, or a day in it.
    year : int, optional
        From a column of its own; the text is then the month alone.
    """
    plain = _plain(text)
    if not plain:
        return Read(None, "month_empty")
    if year is not None and (found := _MONTH_ALONE.fullmatch(plain)):
        return _made(year, int(found[1]), 1, problem="month_impossible")
    for pattern, order in ((_YEAR_MONTH, (1, 2)), (_COMPACT_MONTH, (1, 2)), (_MONTH, (2, 1))):
        if found := pattern.fullmatch(plain):
            return _made(int(found[order[0]]), int(found[order[1]]), 1, problem="month_impossible")
    if moment := _moment(text):
        return Read(moment.day.replace(day=1)) if moment.day else moment
    if _YMD.fullmatch(plain) or _DMY.fullmatch(plain) or _WORDS.fullmatch(plain) or _SERIAL.fullmatch(plain):
        found_day = read_day(text, since_1904=since_1904)
        return Read(found_day.day.replace(day=1)) if found_day.day else found_day
    return Read(None, "month_unreadable")


def is_month_first(texts: Iterable[str]) -> bool:
    """Whether a column is written month before day: some days say so, and none says otherwise."""
    says = denies = 0
    for text in texts:
        if found := _DMY.fullmatch(_plain(text)):
            first, second = int(found[1]), int(found[2])
            says += first <= 12 < second <= 31
            denies += second <= 12 < first <= 31
    return bool(says and not denies)


def has_offset(text: str) -> bool:
    """Whether a text is a moment that says how far its clock is from UTC, not by this country's seven hours."""
    found = _MOMENT.fullmatch(fold(text))
    return found is not None and not re.fullmatch(r"\+07(?::?00)?", found[3])


def _moment(text: str) -> Read | None:
    """The day in Vietnam of a moment that says its offset from UTC; None where it is none."""
    found = _MOMENT.fullmatch(fold(text)) if ":" in text else None
    if found is None:
        return None
    offset = "+00:00" if found[3] in ("z", "utc", "gmt") else found[3]
    try:
        return Read(datetime.fromisoformat(f"{found[1]}T{found[2]}{offset}").astimezone(_HERE).date())
    except (ValueError, OverflowError):
        return Read(None, "date_impossible")


def birth_year(text: str) -> int | None:
    """The year of a day, or a year that stands alone."""
    plain = text.strip()
    if re.fullmatch(r"(?:19[2-9]\d|20[01]\d)", plain):
        return int(plain)
    if _SERIAL.fullmatch(plain):
        return None
    found = read_day(plain).day
    return found.year if found else None


def _plain(text: str) -> str:
    folded = _WEEKDAY.sub("", fold(text).strip(" .,;'"), count=1)
    return _TIME.sub(" ", folded).strip(" ,;") if any(c in folded for c in ":hg") else folded


def _from_serial(number: float, since_1904: bool) -> Read:
    if not 14_000 <= number <= 80_000:
        return Read(None, "date_unreadable")
    return Read((_EPOCH_1904 if since_1904 else _EPOCH_1900) + timedelta(days=int(number)))


def _made(year: int, month: int, day: int, *, problem: str = "date_impossible") -> Read:
    try:
        return Read(date(year + 2000 if year < 100 else year, month, day))
    except ValueError:
        return Read(None, problem)
