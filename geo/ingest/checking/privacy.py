"""Columns that identify a person: found by their headings and by what is in them, before anything else is looked at.

A column is stopped when it may hold names, identity numbers, telephone numbers, birth dates, home addresses, a person's
ethnicity or religion, e-mail addresses or number plates. Free text is never stored, so such columns are dropped and
named, without stopping.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from geo.errors import InputError
from geo.ingest.recognising.days import birth_year
from geo.ingest.recognising.fields import header_key
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.source import RawTable
from geo.personal.names import is_name
from geo.text import Lang, t

__all__ = [
    "PrivacyError",
    "PrivacyFinding",
    "Reason",
    "check",
]


class Reason(StrEnum):
    """Why a column may not come in."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    BIRTH = "birth"
    ADDRESS = "address"
    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    EMAIL = "email"
    PLATE = "plate"
    FREE_TEXT = "free_text"


@dataclass(frozen=True)
class PrivacyFinding:
    """One column and what is wrong with it.

    Attributes
    ----------
    column : str
    reason : Reason
    by_content : bool
        Found by what is in it, not by its heading.
    """

    column: str
    reason: Reason
    by_content: bool = False

    @property
    def stops(self) -> bool:
        """Whether the import stops for it; free text is dropped without."""
        return self.reason is not Reason.FREE_TEXT

    def message(self, lang: Lang) -> str:
        """The column and the reason, for a person."""
        seen = t("ingest.privacy_by_content" if self.by_content else "ingest.privacy_by_name", lang)
        return f"«{self.column}»: {t(f'ingest.privacy_{self.reason}', lang)} ({seen})"


class PrivacyError(InputError):
    """The file has columns that identify persons; it comes in only without them.

    Attributes
    ----------
    findings : tuple of PrivacyFinding
        All columns to drop, free text among them.
    """

    def __init__(self, file: str, findings: tuple[PrivacyFinding, ...]) -> None:
        self.findings = findings
        stopping = [finding.column for finding in findings if finding.stops]
        super().__init__("ingest.privacy_stop", file=file, count=len(stopping), columns=", ".join(stopping))


_BY_NAME: tuple[tuple[Reason, str], ...] = (
    (Reason.ID_NUMBER, r"cccd|cmnd|cmtnd|can cuoc|chung minh (?:nhan dan|thu)|dinh danh ca nhan|so dinh danh$|ho chieu"
     r"|passport|national id|identity (?:no|number|card)|id (?:no|number|card)|citizen id|so giay to|so bhxh|bhyt"),
    (Reason.PHONE, r"dien thoai|so dt|sdt|di dong|so may|phone|mobile|telephone|zalo|hotline|^tel$|^dt$"),
    (Reason.BIRTH, r"ngay sinh|nam sinh|sinh ngay|sinh nam|thang nam sinh|date of birth|birth|dob|yob"),
    (Reason.EMAIL, r"e ?mail|thu dien tu|facebook|tai khoan|account"),
    (Reason.PLATE, r"bien so|bien kiem soat|bks|number plate|license plate|licence plate"),
    (Reason.ADDRESS, r"dia chi|noi o|cho o|thuong tru|tam tru|ho khau|cu tru|que quan|nguyen quan|noi sinh"
     r"|address|residence|so nha|hktt"),
    (Reason.ETHNICITY, r"^dan toc|thanh phan dan toc|nguoi dan toc|ethnic"),
    (Reason.RELIGION, r"^ton giao|theo dao|tin do|religio|faith"),
    (Reason.NAME, r"ho ten|ho va ten|ho, ten|ho dem|ten nguoi|ten doi tuong|ten bi (?:can|cao|hai)"
     r"|ten nan nhan|danh tinh"
     r"|nguoi (?:to giac|bao tin|bi hai|lam chung|trinh bao|cung cap|pham toi|lien quan)|nickname"
     r"|^(?:bi hai|bi can|nan nhan|nghi pham)$|ten (?:chu ho|chong|vo|cha|me|thuong goi|khac)|chu ho|biet danh|bi danh"
     r"|full ?name|first ?name|last ?name|surname|informant|name of|^(?:victim|witness|offender)$"
     r"|(?:suspect|victim|person|informant|witness|offender|owner)s? ?name"),
)  # fmt: skip
_NAMES = tuple((reason, re.compile(rf"(?:{pattern})")) for reason, pattern in _BY_NAME)
_COUNTS = re.compile(
    r"^(?:so|so luong|tong so|sl|number of|count)\b(?! (?:cccd|cmnd|dien thoai|dt|may|nha|dinh|ho|tai|giay|bh))"
)
_FREE_TEXT = re.compile(
    r"ghi chu|mo ta|noi dung|dien bien|tom tat|nhan xet|chi tiet|trich yeu|ly do|y kien|dien giai|notes?\b|description"
    r"|remarks?|comments?|summary|details?|narrative|^(?:ten|name|title|tieu de|placemark)$"
)

_ID_12 = re.compile(r"0\d{2}[0-9]\d{8}")
_ID_9 = re.compile(r"(?!20[0-3]\d)\d{9}")
_PHONE = re.compile(r"(?:\(?\+?84\)?|0)[\s.-]?(?:[35789]\d|2\d{2})(?:[\s.-]?\d){7}")
_SHORT_PHONE = re.compile(r"[35789]\d{8}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_PLATE = re.compile(r"\d{2}[\s-]?[A-Z]{1,2}\d?[\s.-]+\d{3}[.]?\d{2}")
_LISTED = frozenset({"kind", "status", "measure"})
_CODED = _LISTED | {"unit", "district", "province", "suspects"}
_SAMPLED_ROWS = 5_000
_SHARE = 0.2
_NAME_SHARE = 0.4
_LONG = 45
_BIRTH_SPREAD = 10


def check(table: RawTable, mapping: Mapping | None = None) -> list[PrivacyFinding]:
    """Every column that may not come in, in the table's order.

    Parameters
    ----------
    table : RawTable
    mapping : Mapping, optional
        Columns matched with a code list are not taken for free text, nor the day of the event for a birth date.
    """
    role = {column: name for name, column in (mapping.columns if mapping else {}).items()}
    role |= dict.fromkeys(mapping.measures.values() if mapping else (), "value")
    step = max(1, len(table.rows) // _SAMPLED_ROWS)
    sample = table.rows.iloc[::step]
    found = []
    for column in table.header:
        if (reason := _by_name(column)) is not None:
            found.append(PrivacyFinding(column, reason))
        elif (reason := _by_content(sample[column], role.get(column))) is not None:
            found.append(PrivacyFinding(column, reason, by_content=True))
        elif column not in role and _FREE_TEXT.search(header_key(column)):
            found.append(PrivacyFinding(column, Reason.FREE_TEXT))
    return found


def _by_name(column: str) -> Reason | None:
    key = re.sub(r"[._/-]+", " ", header_key(column))
    if _COUNTS.match(key):
        return None
    return next((reason for reason, pattern in _NAMES if pattern.search(key)), None)


def _by_content(values: pd.Series, role: str | None) -> Reason | None:
    told = values if role in _CODED else pd.unique(values)  # a code list has few words: each row counts
    cells = [cell.strip() for cell in told if cell.strip()]
    if not cells:
        return None
    if role not in ("lon", "lat", "x", "y", "place", "value", "people", "date", "month", "shape", "radius"):
        for reason, patterns in (
            (Reason.ID_NUMBER, (_ID_12, _ID_9)),
            (Reason.PHONE, (_PHONE, _SHORT_PHONE)),
            (Reason.EMAIL, (_EMAIL,)),
            (Reason.PLATE, (_PLATE,)),
        ):
            if _share(cells, lambda cell, patterns=patterns: any(p.fullmatch(cell) for p in patterns)) >= _SHARE:
                return reason
        if role not in _LISTED and _share(cells, is_name) >= _NAME_SHARE:
            return Reason.NAME
    if role is None and _are_births(cells):
        return Reason.BIRTH
    long = sum(len(cell) for cell in cells) / len(cells) > _LONG
    return Reason.FREE_TEXT if role is None and long else None


def _share(cells: list[str], test) -> float:  # type: ignore[no-untyped-def]
    return sum(bool(test(cell)) for cell in cells) / len(cells)


def _are_births(cells: list[str]) -> bool:
    """Days or years, most before 2010, that spread over as many years as lives do."""
    years = [year for cell in cells[:5000] if (year := birth_year(cell)) is not None]
    if len(years) < max(3, 0.6 * min(len(cells), 5000)):
        return False
    years.sort()
    middle = years[len(years) // 2]
    low, high = years[len(years) // 20], years[-1 - len(years) // 20]
    return middle < 2008 and high - low >= _BIRTH_SPREAD
