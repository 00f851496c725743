"""Coordinates as text: decimal degrees with point or comma, degrees-minutes-seconds, metres with thousands marks."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["Numbers", "pairs", "to_numbers"]

_DMS = re.compile(
    r"[^\d-]{0,12}?(\d{1,3})\s*(?:[°º˚*dđo]|độ|do\b|\s|-)\s*(\d{1,2}(?:[.,]\d+)?)\s*"
    r"(?:(?:['′’´`m]|phút|phut|\s|-)\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:[\"″”“s]|''|′′|’’|giây|giay)?)?)?\s*[^\d]{0,8}",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"-?\d{1,3}(?:[ .,\u00a0]\d{3})+(?:[.,]\d+)?")
_COMMA = re.compile(r"-?\d+,\d+")
_DECIMAL_PAIR = re.compile(r"[(\[]?\s*(-?\d{1,3}(?:\.\d+)?)\s*[°]?\s*[,;/ \t]\s*(-?\d{1,3}(?:\.\d+)?)\s*[°]?\s*[)\]]?")
_COMMA_PAIR = re.compile(r"[(\[]?\s*(-?\d{1,3},\d+)\s*(?:;|,\s|/|\s)\s*(-?\d{1,3},\d+)\s*[)\]]?")
_DMS_IN_PAIR = re.compile(
    r"\d{1,3}\s*[°º˚]\s*\d{1,2}(?:[.,]\d+)?\s*['′’´]?\s*(?:\d{1,2}(?:[.,]\d+)?\s*(?:[\"″”“]|''|’’)?)?"
)


_PLAIN = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"


class Numbers(NamedTuple):
    """Values of a column; NaN where there is none or it cannot be read.

    `sexagesimal` counts the cells in degrees-minutes-seconds.
    """

    values: NDArray[np.float64]
    sexagesimal: int = 0


def to_numbers(texts: pd.Series) -> Numbers:
    """Numbers of a column of text; what is a plain number is read all at once."""
    cells = pa.array(texts, pa.large_string())
    is_plain = pc.match_substring_regex(cells, _PLAIN)
    values = pc.cast(pc.if_else(is_plain, cells, None), pa.float64()).to_numpy(zero_copy_only=False).copy()
    left = np.flatnonzero(np.isnan(values) & pc.not_equal(cells, "").to_numpy(zero_copy_only=False))
    if not len(left):
        return Numbers(_finite(values))
    rest = texts.iloc[left].str.strip()
    has_comma = rest.str.fullmatch(_COMMA.pattern)
    with_point = rest.where(~has_comma, rest.str.replace(",", ".", regex=False))
    values[left] = pd.to_numeric(with_point, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    codes, unique = pd.factorize(rest)
    read = [_one(text) for text in unique]
    single = np.array([value for value, _ in read])[codes]
    dms = np.array([is_dms for _, is_dms in read], bool)[codes]
    slow = np.isnan(values[left]) | dms
    values[left[slow]] = single[slow]
    return Numbers(_finite(values), int(dms.sum()))


def _finite(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values[~np.isfinite(values)] = np.nan
    return values


def _one(text: str) -> tuple[float, bool]:
    """A number that is not written plainly, and whether it is degrees-minutes-seconds."""
    plain = text.strip().rstrip("°º˚ ")
    if _GROUPED.fullmatch(plain):
        return _grouped(plain), False
    if re.fullmatch(r"-?\d+(?:[.,]\d+)?", plain):
        return float(plain.replace(",", ".")), False
    if found := _DMS.fullmatch(text.strip()):
        degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in found.groups())
        if minutes < 60 and seconds < 60:
            return degrees + minutes / 60 + seconds / 3600, True
    return float("nan"), False


def _grouped(text: str) -> float:
    """A number with marks between thousands; a single mark followed by three digits is a decimal mark of degrees."""
    marks = [c for c in text if c in " .,\u00a0"]
    if len(marks) == 1:
        return float(text.replace(marks[0], ".")) if marks[0] in ".," else float(text.replace(marks[0], ""))
    last = marks[-1]
    if last in ".," and last != marks[0]:
        whole, _, part = text.rpartition(last)
        return float(re.sub(r"[ .,\u00a0]", "", whole) + "." + part)
    return float(re.sub(r"[ .,\u00a0]", "", text))


def pairs(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """The two halves of cells that hold both coordinates ("10.3871, 105.4352"); "" where they cannot be told apart."""
    codes, unique = pd.factorize(texts)
    halves = [_halves(text) for text in unique]
    first = pd.Series(np.array([a for a, _ in halves], object)[codes], index=texts.index, dtype="str")
    second = pd.Series(np.array([b for _, b in halves], object)[codes], index=texts.index, dtype="str")
    return first, second


def _halves(text: str) -> tuple[str, str]:
    plain = text.strip()
    if found := _COMMA_PAIR.fullmatch(plain) or _DECIMAL_PAIR.fullmatch(plain):
        return found[1], found[2]
    parts = _DMS_IN_PAIR.findall(plain)
    return (parts[0], parts[1]) if len(parts) == 2 else ("", "")
