"""Whether the name of an area is one: made of words that areas are called by, of a person, or for somebody to say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from functools import cache

from geo.personal.masking import without_numbers
from geo.personal.names import MIDDLE, is_name, place_names
from geo.personal.titles import masked_title
from geo.settings import REFERENCE
from geo.text import fold

__all__ = ["NameOf", "name_of", "without_person"]


class NameOf(StrEnum):
    """What the name of an area names."""

    AREA = "area"
    """Every word of it is one of areas, or it names a commune, a number or a letter."""

    UNKNOWN = "unknown"
    """It has other words: a memorial name, a local one, or a person's; somebody who knows has to say."""

    PERSON = "person"
    """A person, by name, number or house."""


_WORDS = re.compile(r"[^\W_]+")
_CODE = re.compile(r"[a-zđ]{0,2}\d{0,4}[a-zđ]?", re.IGNORECASE)
_ROMAN = re.compile(r"[ivxlc]+", re.IGNORECASE)
_LONGEST = 5
"""Words in the name of a commune with its kind."""

_PEOPLE = frozenset(
    ["ông", "bà", "anh", "chị", "cô", "chú", "bác", "cậu", "dì", "thím", "mợ", "cụ", "thằng", "hộ", "chủ", "của", "tức"]
)
"""Words before what a person is called."""

_OF_A_HOUSE = frozenset(["của", "chủ", "hộ", "tức", "thằng"])
"""Of those, the ones that no place is called by."""

_CALLED_AFTER = frozenset(
    ["trường", "đường", "phố", "cầu", "cống", "kênh", "rạch", "vàm", "xẻo", "cồn", "lao", "đập", "chợ", "bến", "phà",
     "chùa", "đình", "đền", "miếu", "lăng", "thất", "viện", "viên", "quảng", "phường", "xã", "ấp", "khóm", "núi",
     "thpt", "thcs", "học", "thông", "hẻm", "lộ", "ngã", "ba", "tư", "giồng", "gò", "đảo", "hòn", "mũi"]
)  # fmt: skip
"""Words before the name of somebody that a place is called after."""


def name_of(name: str, places: Collection[str] = ()) -> NameOf:
    """What the name of an area names.

    Parameters
    ----------
    name : str
    places : collection of str, optional
        Folded names of communes, with and without their kind, besides those of the reference.
    """
    if without_numbers(name, "name") != name or re.search(r"\d{5}", name) or _is_persons(name, places):
        return NameOf.PERSON
    if (name == name.casefold() and masked_title(name) != name) or _HOUSE.search(name.casefold()):
        return NameOf.PERSON
    is_area = _is_area(name, places) and not _may_be_persons(name, places)
    return NameOf.AREA if is_area else NameOf.UNKNOWN


_HOUSE = re.compile(r"\bnhà\s+(?:số\s+)?\d|\bsố\s+nhà\b|^số\s+\d+\S*\s+(?:đường|hẻm|ngõ|phố|tổ|ấp|khóm|kiệt)\b")
"""An address of a house."""


def _may_be_persons(name: str, places: Collection[str]) -> bool:
    """Whether words of areas are put together as the names of persons are: for somebody to say which they are."""
    words = _WORDS.findall(name)
    plain = [word.casefold() for word in words]
    n = 0
    while n < len(words):
        if place := _length_at(plain[n:], places):
            n += place
            continue
        called = n + 1 < len(words) and words[n + 1][0].isupper()
        if plain[n] in _BY_NAME and called and not words[n][0].isupper():
            return True
        behind_place = n > 0 and plain[n - 1] in _CALLED_AFTER
        if not behind_place and len(words) - n >= 3 and is_name(" ".join(words[n : n + 3])):
            return True
        n += 1
    return False


_BY_NAME = frozenset(["anh", "chị", "cô", "chú", "thím", "mợ", "dì", "cậu", "bé"])
"""Words before what a person is called, by which few places are."""


def without_person(name: str, kind: str) -> str:
    """What an area named after a person is called instead: by its kind."""
    return kind if name_of(name) is NameOf.PERSON else name


def _is_persons(name: str, places: Collection[str]) -> bool:
    """Whether it says whose house it is, or is the name of a person that no place is called after."""
    words = _WORDS.findall(name)
    plain = [word.casefold() for word in words]
    if _name_at(words) and not _length_at(plain, places):
        return True
    n = 0
    while n < len(words):
        after, called = words[n + 1 :], n + 1 < len(words) and words[n + 1][0].isupper()
        if place := _length_at(plain[n:], places):
            n += place
        elif not called or _length_at(plain[n + 1 :], places):
            n += 1
        elif _says_whose(plain, n) or (_name_at(after) and plain[n] not in _CALLED_AFTER):
            return True
        else:
            n += 1 + _name_at(after)
    return False


def _says_whose(plain: list[str], n: int) -> bool:
    """Whether a word says that a person is named behind it."""
    word, before = plain[n], plain[n - 1] if n else ""
    if word == "nhà":
        return not all(map(_is_allowed, plain[n + 1 :]))
    return word in _OF_A_HOUSE or (word in _PEOPLE and before not in _CALLED_AFTER)


def _name_at(words: list[str]) -> int:
    """How many words at the beginning are the name of a person; 0 for none."""
    lengths = range(min(len(words), 4), 1, -1)
    named = (
        n for n in lengths
        if is_name(" ".join(words[:n]))
        and ((n > 2 and words[1].casefold() in MIDDLE) or not all(map(_is_allowed, words[:n])))
    )  # fmt: skip
    return next(named, 0)


def _is_area(name: str, places: Collection[str]) -> bool:
    """Whether it is put together of names of communes, words of areas, numbers and letters."""
    plain = [word.casefold() for word in _WORDS.findall(name)]
    reached = {0}
    for n, word in enumerate(plain):
        if n in reached:
            reached |= {n + length for length in _lengths_at(plain[n:], places)}
            if _is_allowed(word) or _CODE.fullmatch(word) or _ROMAN.fullmatch(word):
                reached.add(n + 1)
    return len(plain) in reached


def _length_at(words: list[str], places: Collection[str]) -> int:
    """How many words at the beginning are the name of a commune or district, the longest there is; 0 for none."""
    return max(_lengths_at(words, places), default=0)


def _lengths_at(words: list[str], places: Collection[str]) -> list[int]:
    told = [fold(word) for word in words[:_LONGEST]]
    joined = [(n, " ".join(told[:n])) for n in range(1, len(told) + 1)]
    return [n for n, name in joined if name in places or (n > 1 and name in place_names())]


def _is_allowed(word: str) -> bool:
    marked, plain = _allowed()
    return _even(word) in marked or (word in plain and fold(word) == word)


@cache
def _allowed() -> tuple[frozenset[str], frozenset[str]]:
    """Words of areas with their marks, and without."""
    lines = (REFERENCE / "place_words.txt").read_text("utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    return frozenset(map(_even, words)), frozenset(map(fold, words))


def _even(word: str) -> str:
    """A word with the mark of its tone at the end: hòa and hoà are one."""
    parts = unicodedata.normalize("NFD", word.casefold())
    bare = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
    return bare + "".join(sorted(c for c in parts if c in _TONES))


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
