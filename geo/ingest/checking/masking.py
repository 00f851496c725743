"""Personal content in cells of columns that come in: it is not said again, on no screen and in no file of errors.

A column of kinds may hold, in some rows, what its heading does not say: a name, an identity number, a telephone. Such a
row is refused for its unknown kind; the cell itself is masked wherever it would be repeated.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.ingest.checking.privacy import is_name, place_names
from geo.text import fold

__all__ = ["MASK", "masked", "masked_cells", "masked_frame"]

MASK = "•••"

_DAY_FIELDS = frozenset({"date", "month", "day", "year"})
_NUMBER_FIELDS = frozenset({"lon", "lat", "x", "y", "place", "radius", "value", "people", "suspects"})
_EDGE, _END = r"(?<![\d.,])", r"(?![\d])(?![.,]\d)"
_NUMBERS = re.compile(
    rf"{_EDGE}(?:\d{{12}}|(?!20[0-3]\d)\d{{9}}|(?:\(?\+?84\)?|0)[\s.-]?(?:[35789]\d|2\d{{2}})(?:[\s.-]?\d){{7}}){_END}"
)
_SPACED_ID = re.compile(rf"{_EDGE}0\d{{2}}[\s.-]?\d{{3}}[\s.-]?\d{{3}}[\s.-]?\d{{3}}{_END}")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[a-z]{2,}", re.IGNORECASE)
_PLATE = re.compile(r"\b\d{2}[\s-]?[A-Z]{1,2}\d?[\s.-]+\d{3}[.]?\d{2}\b")
_YEAR = r"(?:19|20)\d{2}"
_DAYS = re.compile(rf"{_EDGE}(?:\d\d?\s*[-/.]\s*\d\d?\s*[-/.]\s*{_YEAR}|{_YEAR}-\d\d-\d\d){_END}")
_BORN = re.compile(r"(?:sinh|sn|năm sinh|born)\s*(?:ngày|năm|:)?\s*\d{4}", re.IGNORECASE)
_CAPITALISED = re.compile(r"[^\W\d_a-z]\w*(?:\s+[^\W\d_a-z]\w*){1,4}")
_PIECES = re.compile(r"([,;|\t\n()/]|\s-\s|\s+(?=\d))")
_CELLS = re.compile(r"([,;|\t\n])")
_LIKE_A_PLACE = 0.8


def masked(text: str, field: str = "") -> str:
    """The text with numbers, days of birth, addresses of mail and names of persons replaced by `MASK`.

    Parameters
    ----------
    text : str
    field : str
        What the column is (`geo.ingest.recognising.fields`): days stay in a column of days. Empty for a cell of which
        nothing is known.
    """
    if field == "shape":
        return text
    if not field and (cells := _CELLS.split(text))[1:]:  # a whole line
        return "".join(masked(cell, "text") for cell in cells)
    found = _EMAIL.sub(MASK, text)
    if any(c.isdigit() for c in text):
        found = _SPACED_ID.sub(MASK, _NUMBERS.sub(MASK, _PLATE.sub(MASK, found)))
        found = found if field in _DAY_FIELDS else _BORN.sub(MASK, _DAYS.sub(MASK, found))
    if field in _DAY_FIELDS | _NUMBER_FIELDS:
        return found
    return "".join(_without_name(piece) for piece in _PIECES.split(found))


def _without_name(piece: str) -> str:
    """A piece without the name of a person in it."""
    plain = piece.strip()
    for found in _CAPITALISED.findall(plain):
        if is_name(found) and not _nearly_a_place(found):
            plain = plain.replace(found, MASK)
    return piece if plain == piece.strip() else piece.replace(piece.strip(), plain)


def _nearly_a_place(text: str) -> bool:
    return bool(get_close_matches(fold(text), place_names(), n=1, cutoff=_LIKE_A_PLACE))


def masked_frame(rows: pd.DataFrame, fields: dict[str, str]) -> pd.DataFrame:
    """Rows of a file with every cell masked; each distinct text is looked at once.

    Parameters
    ----------
    rows : DataFrame of str
    fields : dict of str to str
        Field by column.
    """
    return rows.assign(**{column: masked_cells(rows[column], fields.get(column, "")) for column in rows})


def masked_cells(cells: pd.Series, field: str) -> NDArray[np.object_]:
    """The cells of one column, masked."""
    codes, unique = pd.factorize(cells)
    if not len(unique):
        return np.array([], object)
    return np.asarray(np.array([masked(text, field) for text in unique], object)[codes])
