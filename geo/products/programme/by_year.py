"""What the pages of one year share: which years are on record, a class for each unit, and a chart of the years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from geo.cartography import legend, symbology
from geo.cartography.charts import round_ticks
from geo.cartography.classify import classify
from geo.cartography.spec import Planned, Series, Style
from geo.errors import InputError
from geo.question import OfYear, pinned
from geo.question.types import Q
from geo.schema import Measure
from geo.text import Lang, number, t
from geo.views.analysis import UnitClass

__all__ = ["MASKED", "NONE", "NOT_REPORTED", "at_year", "classes_of", "placed", "year_chart"]

NONE = Style(fill="#fbe3d0", pattern="slant", ink="#b8420a")
"""Where there is none: what these maps are for."""

NOT_REPORTED = symbology.NO_DATA
MASKED = symbology.MASKED


def at_year(question: Q, years: Sequence[int]) -> Q:
    """The question about a year: the one it names, or the latest of `years`.

    Raises
    ------
    InputError
        If it names none and there is none.
    """
    assert isinstance(question, OfYear)
    if not question.year and not years:
        raise InputError("programme.nothing_by_year")
    year = int(question.year or years[-1])
    query = replace(question.query, start=date(year, 1, 1), end=date(year, 12, 31))
    return pinned(question, query, year=str(year))


def classes_of(
    values: pd.Series, measure: Measure, lang: Lang, *, none: str, digits: int | None = None, unit: str = ""
) -> tuple[list[UnitClass], np.ndarray]:
    """Classes of the values that are more than none, the highest first, then none; and the class of each value.

    Parameters
    ----------
    values : Series of float
        NaN where not known: their class is one behind the last.
    none : str
        What the class of those without any is called.
    digits : int, optional
        Decimals of the limits; as they need where not given.
    unit : str
        Written behind the limits.
    """
    some = (values > 0).to_numpy(bool)
    shown: list[UnitClass] = []
    index = np.full(len(values), 0, np.int64)
    if some.any():
        classes = classify(values[some], k=5)
        needed = legend.digits_for(classes) if digits is None else digits
        words = legend.class_labels(classes, lang, digits=needed)
        styles = symbology.ramp(measure, len(classes.upper))
        shown = [UnitClass(style, f"{word}{unit}") for style, word in zip(styles, words)][::-1]
        index[some] = len(shown) - 1 - classes.index
    zero = (values == 0).to_numpy(bool)
    if zero.any():
        index[zero] = len(shown)
        shown.append(UnitClass(NONE, none))
    index[values.isna().to_numpy(bool)] = len(shown)
    return shown, index


def placed(
    shown: list[UnitClass], index: np.ndarray, hidden: pd.Series | None, silent: pd.Series, lang: Lang
) -> tuple[tuple[UnitClass, ...], np.ndarray]:
    """The classes with those of hidden counts and of units that did not report, where there are any."""
    every, found = list(shown), index.copy()
    for flags, style, key in ((hidden, MASKED, "map.class_masked_text"), (silent, NOT_REPORTED, "map.class_no_data")):
        if flags is not None and flags.any():
            found[flags.to_numpy(bool)] = len(every)
            every.append(UnitClass(style, t(key, lang)))
    return tuple(every), found


def year_chart(
    title: str,
    note: str,
    names: Sequence[str],
    values: Iterable[float],
    lang: Lang,
    *,
    word: str,
    line: Iterable[float] | None = None,
    line_word: str = "",
) -> Series:
    """A chart over years or months, beside the line of what was planned where there is one; NaN where not known."""
    known = tuple(None if np.isnan(v) else float(v) for v in values)
    plan = tuple(None if np.isnan(v) else float(v) for v in (line if line is not None else ()))
    nothing = (None,) * len(known)
    highest = max((v for v in (*known, *plan) if v is not None), default=1.0)
    step = max(1, len(names) // 12)
    shared: dict[str, Any] = {
        "title": title,
        "note": note,
        "names": tuple(names),
        "marks": tuple((n, name) for n, name in enumerate(names) if n % step == 0),
        "counts": known,
        "low": nothing,
        "high": nothing,
        "ticks": tuple((v, number(v, lang)) for v in round_ticks(max(highest, 1.0))),
        "words": (word, "", ""),
    }
    return Planned(**shared, plan=plan, plan_word=line_word) if any(v is not None for v in plan) else Series(**shared)
