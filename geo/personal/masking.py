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

from geo.personal.names import PLACE_WORDS, is_name, place_names
from geo.text import fold

__all__ = ["MASK", "is_personal_number", "masked", "masked_cells", "masked_frame", "without_numbers"]

MASK = "•••"

_DAY_FIELDS = frozenset({"date", "month", "day", "year"})
_EDGE, _END = r"(?<![\d.,])", r"(?![\d])(?![.,]\d)"
_NUMBERS = re.compile(
    rf"{_EDGE}(?:\d{{12}}|(?!20[0-3]\d)\d{{9}}|(?:\(?\+?84\)?|0)[\s.-]?(?:[35789]\d|2\d{{2}})(?:[\s.-]?\d){{7}}){_END}"
)
_SPACED_ID = re.compile(rf"{_EDGE}0\d{{2}}[\s.-]?\d{{3}}[\s.-]?\d{{3}}[\s.-]?\d{{3}}{_END}")
_SERIAL = re.compile(r"[1-9]\d{11}")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[a-z]{2,}", re.IGNORECASE)
_PLATE = re.compile(r"\b\d{2}[\s-]?[A-Z]{1,2}\d?[\s.-]+\d{3}[.]?\d{2}\b")
_YEAR = r"(?:19|20)\d{2}"
_DAYS = re.compile(rf"{_EDGE}(?:\d\d?\s*[-/.]\s*\d\d?\s*[-/.]\s*{_YEAR}|{_YEAR}-\d\d-\d\d){_END}")
_BORN = re.compile(r"(?:sinh|sn|năm sinh|born)\s*(?:ngày|năm|:)?\s*\d{4}", re.IGNORECASE)
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
    return "".join(_without_name(piece) for piece in _PIECES.split(without_numbers(text, field)))


def without_numbers(text: str, field: str = "") -> str:
    """The text with numbers of persons, days of birth and addresses of mail replaced by `MASK`; names stay."""
    found = _EMAIL.sub(MASK, text)
    if any(c.isdigit() for c in text):
        found = _SPACED_ID.sub(MASK, _NUMBERS.sub(MASK, _PLATE.sub(MASK, found)))
        found = found if field in _DAY_FIELDS else _BORN.sub(MASK, _DAYS.sub(MASK, found))
    return found


def is_personal_number(text: str) -> bool:
    """Whether a record number is an identity or telephone number, or holds one or a name.

    Twelve digits that do not begin with 0 are none of a citizen.
    """
    return masked(text, "date") != text and not _SERIAL.fullmatch(text.strip())


def _without_name(piece: str) -> str:
    """A piece without the name of a person in it."""
    plain = piece.strip()
    for found in _capitalised(plain):
        if (name := _name_in(found)) and not _nearly_a_place(found):
            plain = _replaced(plain, name)
    return piece if plain == piece.strip() else piece.replace(piece.strip(), plain)


def _replaced(text: str, name: str) -> str:
    """The words of a name replaced, whatever lies between them."""
    return re.sub(r"\s+".join(map(re.escape, name.split())), MASK, text)


def _capitalised(text: str) -> list[str]:
    """Runs of two words and more that begin with a capital."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"\w+|[^\w\s]+", text):
        if word[0].isupper():
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [" ".join(run) for run in runs if len(run) > 1]


def _name_in(words: str) -> str:
    """The name that capitalised words are or end with, as behind a rank or a verb; empty where they are none.

    What is called after a person, a street or a school, is none.
    """
    parts = words.split()
    for n in range(len(parts) - 1):
        ending = " ".join(parts[n:])
        if is_name(ending) and not _nearly_a_place(ending):
            return "" if n and parts[n - 1].lower() in PLACE_WORDS else ending
    return ""


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
