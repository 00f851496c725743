"""From when to when a zone holds, who gave it, and by which paper."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.cells import EARLIEST, Check
from geo.ingest.recognising.days import read_day
from geo.personal.papers import LONGEST_OFFICE, LONGEST_PAPER, is_office, is_paper

__all__ = ["zone_facts"]

_LATEST = date(2200, 12, 31)


def zone_facts(check: Check) -> dict[str, pd.Series]:
    """Columns `since`, `until`, `source`, `decision`; what is no day, no office or no number of a paper is refused."""
    since, until = _days(check, "since"), _days(check, "until")
    turned = np.array([bool(a and b and b < a) for a, b in zip(since, until)], bool)
    if turned.any():
        text = check.text("until")
        assert text is not None
        check.refuse("zone_reversed", turned & ~check.bad, text)
    places = check.reference.ground.names
    source, decision = _texts(check, "source"), _texts(check, "decision")
    check.refuse("zone_source", _are_none(source, lambda text: is_office(text, places)), source, limit=LONGEST_OFFICE)
    check.refuse("zone_decision", _are_none(decision, is_paper), decision, limit=LONGEST_PAPER)
    return {"since": since, "until": until, "source": source, "decision": decision}


def _texts(check: Check, name: str) -> pd.Series:
    text = check.text(name)
    if text is None:
        return pd.Series("", check.rows.index, dtype=object)
    return text.str.split().str.join(" ").str.normalize("NFC").astype(object).rename(text.name)


def _are_none(texts: pd.Series, is_one: object) -> NDArray[np.bool_]:
    assert callable(is_one)
    return np.array([not is_one(text) for text in texts], bool)


def _days(check: Check, name: str) -> pd.Series:
    """Days, later than today too; None where the cell is empty."""
    text = check.text(name)
    if text is None:
        return pd.Series(None, check.rows.index, dtype=object)
    found = [read_day(cell, since_1904=check.table.since_1904) if cell else None for cell in text]
    problems = np.array([_problem(read.day, read.problem) if read else "" for read in found], object)
    for key in sorted({problem for problem in problems if problem}):
        wrong = problems == key
        check.refuse(key, wrong, text, today=f"{_LATEST:%d/%m/%Y}", earliest=EARLIEST.year)
    return pd.Series([read.day if read else None for read in found], check.rows.index, dtype=object)


def _problem(day: date | None, problem: str) -> str:
    if problem or day is None:
        return problem
    return "date_early" if day < EARLIEST else "date_future" if day > _LATEST else ""
