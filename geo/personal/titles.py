"""Names of files, sheets and columns as they may be kept: without what identifies a person.

They are written any way there is: without marks, without capitals, run together, with a line for a space.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from itertools import pairwise

from geo.personal.masking import MASK, masked, without_numbers
from geo.personal.names import FAMILY_NAMES, OF_REPORTS_UNMARKED, is_name, place_names
from geo.settings import REFERENCE
from geo.text import catalogue, fold

__all__ = ["masked_file_name", "masked_title", "masked_titles"]

_GAP = re.compile(r"[\s_.+~-]+")
_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\+?\d[\d _.\-]{7,}\d")
_SHORTEST_ID = 9
_DAY = re.compile(r"(?:19|20)\d{2}([ _.-]?)\d{2}(?:\1\d{2}(?:[ _.T-]?\d{4,6})?)?|\d{2}([ _.-]?)\d{2}\2(?:19|20)\d{2}")
_LONGEST = 4
"""Words in the name of a person, or of a place."""

_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,8}$")
_BESIDE = frozenset(
    ["bo", "cua", "danh", "do", "hop", "ket", "khu", "qua", "quan", "quyet", "tap", "tham", "theo", "thong", "tinh",
     "tra", "tu", "vung"]
)  # fmt: skip
_UNMARKED = OF_REPORTS_UNMARKED | _BESIDE
"""Words of reports without their marks, and words that stand beside them."""


def masked_title(text: str) -> str:
    """The name of a file, a sheet or a column with what identifies a person replaced by `MASK`.

    A name written without marks and capitals is told by three words of which the first is a family name and none a
    word of reports, or by the middle name Văn or Thị.
    """
    suffix = end[0] if (end := _SUFFIX.search(text)) else ""
    found = _DIGITS.sub(_without_number, masked(text.removesuffix(suffix), "date"))
    for first, last in reversed(_names_in(found)):
        found = f"{found[:first]}{MASK}{found[last:]}"
    return found + suffix


def masked_file_name(name: str) -> str:
    """The name of a file as it may be kept: of its words those that reports and places have, and of its numbers days.

    Who names a file after a person writes as they please, run together and backwards; no list of names has them all.
    """
    suffix = end[0] if (end := _SUFFIX.search(name)) else ""
    found = masked_title(name).removesuffix(suffix)
    known = _known_words()
    for start, stop in reversed(
        [(m.start() + s, m.start() + e) for m in _PIECE.finditer(found) for s, e in _humps(m[0])]
    ):
        if fold(found[start:stop]) not in known:
            found = f"{found[:start]}{MASK}{found[stop:]}"
    return _SEVERAL.sub(MASK, _BORN.sub(MASK, found)) + suffix


_PIECE = re.compile(r"[^\s_.+~-]+")
_SEVERAL = re.compile(rf"{re.escape(MASK)}(?:[\s_.+~-]*{re.escape(MASK)})+")
_BORN = re.compile(r"(?<!\d)(?:\d{2}[ _.-]?\d{2}[ _.-]?)?19\d\d(?!\d)")
"""A year of the last century, with the day before it: of no report."""


@cache
def _known_words() -> frozenset[str]:
    """Folded words of the product's own sentences, of headings and codes, of places, and of names of files."""
    texts = [sentence for said in catalogue().values() for sentence in said.values()]
    for file in (
        "headings.toml",
        "place_words.txt",
        *(f"code_lists/{path.name}" for path in (REFERENCE / "code_lists").glob("*.csv")),
    ):
        texts.append((REFERENCE / file).read_text("utf-8"))
    words = {fold(word) for text in texts for word in _WORD.findall(text)}
    return frozenset(words | {word for place in place_names() for word in place.split()} | _OF_FILES) - _NEVER_ALONE


_OF_FILES = frozenset(
    [
        *"abcdefghijklmnopqrstuvwxyz",
        *("ag", "anh", "ban", "bang", "bc", "bieu", "bk", "book", "cax", "caxp", "copy", "csv", "data", "dbf", "ds"),
        *("excel", "export", "file", "final", "form", "gis", "gui", "import", "kem", "kml", "luc", "moi", "new", "nop"),
        *("phu", "sheet", "shp", "tcvn", "test", "tong", "trang", "tuan", "ubnd", "utf", "ver", "vn", "xlsx"),
    ]
)
"""Words of names of files, and letters alone."""

_NEVER_ALONE = frozenset(["nguyen", "tran", "le", "pham", "huynh", "vo", "dang", "bui", "ngo", "teo"])
"""Family names that are words of reports or places too; of a file's name nobody misses them."""


def masked_titles(texts: tuple[str, ...], *, but: Collection[str] = ()) -> tuple[str, ...]:
    """Titles that stand beside each other, masked and still told apart.

    Parameters
    ----------
    but : collection of str
        Titles that are known to name nobody; numbers are masked in them too.
    """
    found: list[str] = []
    for text in texts:
        plain = _DIGITS.sub(_without_number, without_numbers(text, "date")) if text in but else masked_title(text)
        title, n = plain, 1
        while title in found:
            n += 1
            title = f"{plain} {n}"
        found.append(title)
    return tuple(found)


def _without_number(match: re.Match[str]) -> str:
    """A long number masked, a day or a moment as files carry it left alone."""
    text = match[0]
    digits = re.sub(r"\D", "", text)
    if len(digits) < _SHORTEST_ID or _DAY.fullmatch(text):
        return text
    return MASK


def _names_in(text: str) -> list[tuple[int, int]]:
    """Where names of persons begin and end."""
    words = [(m.start() + s, m.start() + e) for m in re.finditer(r"[^\s_.+~-]+", text) for s, e in _humps(m[0])]
    found: list[tuple[int, int]] = []
    n = 0
    while n < len(words):
        length = next((k for k in range(_LONGEST, 1, -1) if _is_named(text, words[n : n + k], k)), 0)
        if length:
            found.append((words[n][0], words[n + length - 1][1]))
        n += max(length, _place_at(text, words[n:]), 1)
    return found


def _humps(piece: str) -> list[tuple[int, int]]:
    """Where the words of a piece without gaps begin and end: `NguyenVanAn2024` has four."""
    edges = [0, *(n for n in range(1, len(piece)) if _is_edge(piece[n - 1], piece[n])), len(piece)]
    return [(a + m.start(), a + m.end()) for a, b in pairwise(edges) for m in _WORD.finditer(piece[a:b])]


def _is_edge(left: str, right: str) -> bool:
    return (left.islower() and right.isupper()) or left.isdigit() != right.isdigit()


def _place_at(text: str, words: list[tuple[int, int]]) -> int:
    """How many words the name of a place at the beginning has; 0 for none."""
    told = [fold(text[a:b]) for a, b in words[:_LONGEST]]
    return next((k for k in range(len(told), 1, -1) if " ".join(told[:k]) in place_names()), 0)


def _is_named(text: str, words: list[tuple[int, int]], length: int) -> bool:
    """Whether words are the name of a person, the way they are written considered."""
    if len(words) < length or _place_at(text, words):
        return False
    if any(not _GAP.fullmatch(text[a:b]) for (_, a), (b, _) in pairwise(words) if a != b):
        return False
    plain = [text[a:b] for a, b in words]
    told = [fold(word) for word in plain]
    if told[0] not in FAMILY_NAMES:
        return False
    if length > 2 and told[1] in ("van", "thi") and told[2] not in ("xa", "tran", "truong"):
        return True
    if told != [word.casefold() for word in plain]:
        return is_name(" ".join(plain))
    if any(word in _UNMARKED for word in told):
        return False
    return is_name(" ".join(plain)) if plain[0][0].isupper() else length > 2
