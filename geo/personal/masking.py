"""Personal content in cells of columns that come in: it is not said again, on no screen and in no file of errors.

A column of kinds may hold, in some rows, what its heading does not say: a name, an identity number, a telephone. Such a
row is refused for its unknown kind; the cell itself is masked wherever it would be repeated.
"""

from __future__ import annotations

import re
from itertools import pairwise, product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.personal.names import MIDDLE, OF_REPORTS, OF_REPORTS_UNMARKED, PLACE_WORDS, is_name, place_names
from geo.text import fold, nearest

__all__ = ["MASK", "is_personal_number", "masked", "masked_cells", "masked_frame", "without_numbers"]

MASK = "•••"

_SERIAL_FIELD = "serial"
"""A number that offices give their records, looked at for what it is and shown to nobody."""

_DAY_FIELDS = frozenset({"date", "month", "day", "year", _SERIAL_FIELD})
_EDGE, _END = r"(?<![\d.,])", r"(?![\d])(?![.,]\d)"
_NUMBERS = re.compile(
    rf"{_EDGE}(?:\d{{12}}|(?!20[0-3]\d)\d{{9}}|(?:\(?\+?84\)?|0)[\s.-]?(?:[35789]\d|2\d{{2}})(?:[\s.-]?\d){{7}}){_END}"
)
_SPACED_ID = re.compile(rf"{_EDGE}0\d{{2}}[\s.-]?\d{{3}}[\s.-]?\d{{3}}[\s.-]?\d{{3}}{_END}")
_SERIAL = re.compile(r"[1-9]\d{9,11}")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[a-z]{2,}", re.IGNORECASE)
_PLATE = re.compile(r"\b\d{2}[\s-]?[A-Z]{1,2}\d?[\s.-]+\d{3}[.]?\d{2}\b")
_YEAR = r"(?:19|20)\d{2}"
_DAYS = re.compile(rf"{_EDGE}(?:\d\d?\s*[-/.]\s*\d\d?\s*[-/.]\s*{_YEAR}|{_YEAR}-\d\d-\d\d){_END}")
_BORN = re.compile(
    r"(?:sinh|sn|năm sinh|born)\s*(?:ngày|năm|:)?\s*(?:\d{1,2}\s*tháng\s*\d{1,2}\s*(?:năm)?\s*)?\d{4}", re.IGNORECASE
)
_LONG = re.compile(r"(?<![\w.,])[+(]{0,2}[\dOo](?:[ ._()-]{0,3}\d){8,}(?![\w])")
"""Digits however they are set apart, nine and more; the first of them may be typed as a letter."""

_NO_ID = re.compile(
    r"-?\d{1,3}[.,]\d+|[1-9]\d{0,2}(?:[.,]\d{3})+|(?:19|20)\d\d([-./ ]?)\d\d\1\d\d(?:[ T_-]?\d{2,6})?"
    r"|\d\d?([-./])\d\d?\2(?:19|20)\d\d(?: \d\d?)?|20[0-3]\d[-./_ ]?\d{3,7}"
)
"""Such digits that are a coordinate, a count with thousands marked, a day, or a number that begins with a year."""

_MANGLED = re.compile(r"\b[1-9][.,]\d{2,}[eE]\+?1[01]\b")
"""A number of eleven or twelve digits as Excel writes it."""

_HONORED = re.compile(
    r"\b([Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Cc]ậu|[Dd]ì|[Mm]ợ|[Tt]hím|[Bb]é)((?:\s+[^\W\d_]+){1,4})"
)
"""What a person is called by, and the words behind it."""

_BEFORE_PLACE = re.compile(
    r"(?:chùa|cầu|miếu|núi|chợ|đình|kênh|rạch|cống|bến|vàm|cồn|cù lao|hòn|ấp|khóm|xã|phường|đường)\s+$", re.IGNORECASE
)
_TOKEN = re.compile(r"\S+")
_STRICT_FIELDS = frozenset({"lon", "lat", "x", "y", "place", "value", "people", "shape", _SERIAL_FIELD})
"""Fields whose digits are not those of a person."""

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
    plain = _HONORED.sub(_without_honored, without_numbers(text, field))
    return "".join(_without_name(piece) for piece in _PIECES.split(_TOKEN.sub(_without_joined, plain)))


def _without_honored(match: re.Match[str]) -> str:
    """How somebody is called, and their name masked; a place such as Cầu Ông Hội as it is."""
    words = match[2].split()
    called = next((n for n, word in enumerate(words) if not word[0].isupper()), len(words))
    if not called or _BEFORE_PLACE.search(match.string[: match.start()]) or _nearly_a_place(match[0]):
        return match[0]
    return " ".join([match[1], MASK, *words[called:]])


def _without_joined(match: re.Match[str]) -> str:
    """A word without the name of a person whose parts are joined in it: Nguyễn_Văn_An, Nguyễn.Văn.An, NguyễnVănAn."""
    word = match[0]
    edges = [n for n in range(1, len(word)) if word[n - 1].islower() and word[n].isupper()]
    spaced = " ".join(word[a:b] for a, b in pairwise([0, *edges, len(word)]))
    parts = re.findall(r"[^\W\d_]+", spaced) if edges or _JOINED.search(word) else []
    for n, length in product(range(len(parts) - 1), range(4, 1, -1)):
        name = " ".join(parts[n : n + length])
        if _is_persons(name):
            return re.sub("[._-]?".join(map(re.escape, name.split())), MASK, word)
    return word


_JOINED = re.compile(r"[^\W\d_][._-][^\W\d_]")


def without_numbers(text: str, field: str = "") -> str:
    """The text with numbers of persons, days of birth and addresses of mail replaced by `MASK`; names stay."""
    found = _EMAIL.sub(MASK, text)
    if any(c.isdigit() for c in text):
        found = _SPACED_ID.sub(MASK, _NUMBERS.sub(MASK, _PLATE.sub(MASK, found)))
        found = _BORN.sub(MASK, found)
        found = found if field in _DAY_FIELDS else _DAYS.sub(MASK, found)
        if field not in _STRICT_FIELDS:
            found = _LONG.sub(lambda m: m[0] if _NO_ID.fullmatch(m[0].strip()) else MASK, _MANGLED.sub(MASK, found))
    return found


def is_personal_number(text: str) -> bool:
    """Whether a record number is an identity or telephone number, or holds one or a name.

    Ten to twelve digits that do not begin with 0 are taken for a serial: none but its hash is kept.
    """
    return masked(text, _SERIAL_FIELD) != text and not _SERIAL.fullmatch(text.strip())


def _without_name(piece: str) -> str:
    """A piece without the name of a person in it."""
    plain = piece.strip()
    if _is_in_one_case(plain):
        return piece.replace(plain, MASK)
    for found in _capitalised(plain):
        if (name := _name_in(found)) and (_has_middle(name) or not _nearly_a_place(found)):
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
        if _is_persons(ending):
            return "" if n and parts[n - 1].lower() in PLACE_WORDS else ending
    return ""


def _is_persons(words: str) -> bool:
    """Whether words are a name, and not nearly that of a place."""
    return is_name(words) and (_has_middle(words) or not _nearly_a_place(words))


def _has_middle(name: str) -> bool:
    """Whether its middle name is one that no place has."""
    words = name.split()
    return len(words) > 2 and words[1].casefold() in MIDDLE


def _is_in_one_case(text: str) -> bool:
    """Whether all of it is a name of three or four words written small, or in capitals, alone."""
    if text not in (text.lower(), text.upper()) or not 3 <= len(text.split()) <= 4:
        return False
    words = text.lower().split()
    if words[0] not in _SURELY_FAMILY or not all(word.isalpha() for word in words) or _nearly_a_place(text):
        return False
    marked = fold(text) != text.lower()
    return not OF_REPORTS.intersection(words) if marked else sum(word in OF_REPORTS_UNMARKED for word in words[1:]) < 2


_SURELY_FAMILY = frozenset(
    [
        *("nguyễn", "trần", "lê", "phạm", "huỳnh", "hoàng", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "ngô", "dương"),
        *("nguyen", "tran", "pham", "huynh", "hoang", "dang", "bui"),
    ]
)
"""Family names that are hardly ever another word."""


def _nearly_a_place(text: str) -> bool:
    return bool(nearest(fold(text), place_names(), most=1, least=_LIKE_A_PLACE))


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
