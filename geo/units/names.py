"""Names of communes as people write them: matched without guessing, and searched as they are typed.

A Vietnamese syllable is compared as its letters and its tone apart, so that where the tone mark stands (Hòa, Hoà) does
not matter; nor does y or i after a consonant (Mỹ, Mĩ). Marks that are left out are forgiven, marks that contradict are
not: Tân Thành is not Tân Thạnh.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from geo.text import fold
from geo.units.crosswalk import links

__all__ = ["LONGEST", "Hit", "match", "search", "split_kind", "tidy_name"]

LONGEST = 120
"""Characters that the name of a commune or a zone may have."""

_PREFIX = re.compile(
    r"^(?:(?P<ward>phường\b|phuong\b|p\.|p(?=\s*\d))|(?P<town>thị trấn\b|thi tran\b|t\.t\.?|tt\.|tt(?=\s))"
    r"|(?P<zone>đặc khu\b|dac khu\b|đk\.|đk(?=\s))|(?P<commune>xã\b|xa\b|x\.))\s*",
    re.IGNORECASE,
)
_KINDS = {"ward": "phường", "town": "thị trấn", "zone": "đặc khu", "commune": "xã"}
_UPPER_LEVEL = re.compile(
    r"^(?:huyện|huyen|thị xã|thi xa|thành phố|thanh pho|quận|quan|tỉnh|tinh|tp\.?|tx\.?|h\.|q\.|t\.)\s*", re.IGNORECASE
)
_SEPARATORS = re.compile(r"\s*[,;()/]\s*|\s+[-–]\s+")
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_Y_ENDING = re.compile(r"^(qu|[bcdđghklmnpqrstvx]+)y$")
_MATCH_COLUMNS = ["input", "code", "score", "how", "candidates"]


class Syllable(NamedTuple):
    """Letters with their own marks (ă â đ ê ô ơ ư), and the tone."""

    letters: str
    tone: str


@dataclass(frozen=True)
class Hit:
    """One line of the search box.

    Attributes
    ----------
    label : str
        The unit as people call it; a former unit with its district.
    codes : tuple of str
        Current units it is, or became part of.
    legacy_code : str or None
        Set where the name is a former unit's.
    """

    label: str
    codes: tuple[str, ...]
    legacy_code: str | None = None


def split_kind(full: str) -> tuple[str, str]:
    """Kind and bare name: `Phường Mỹ Thới` gives `("phường", "Mỹ Thới")`; no prefix gives an empty kind."""
    text = unicodedata.normalize("NFC", full).strip()
    found = _PREFIX.match(text)
    if not found or not found.lastgroup:
        return "", text
    return _KINDS[found.lastgroup], text[found.end() :].strip()


def tidy_name(name: str) -> str:
    """Capitals put right: all-capital names, and initials like Ó that TCVN3 has only as small letters."""
    shouting = name.isupper() and len(name) > 2
    words = (word.capitalize() if shouting else word for word in name.split(" "))
    return " ".join(word[:1].upper() + word[1:] if word[:1] > "\x7f" else word for word in words)


def syllables(name: str) -> tuple[Syllable, ...]:
    """The name in the form in which names are compared."""
    text = re.sub(r"[-–.'’]", " ", unicodedata.normalize("NFC", name).casefold())
    return tuple(_syllable(word) for word in text.split())


def match(names: Iterable[str], units: pd.DataFrame) -> pd.DataFrame:
    """Which unit each name means.

    Parameters
    ----------
    names : iterable of str
        As written: with or without kind (`xã`, `P.`, `TT`), diacritics, district and province behind a comma; or a
        code.
    units : DataFrame[code, name, kind] or [code, name, kind, district, province]

    Returns
    -------
    DataFrame[input, code, score, how, candidates]
        One row per input. `how` is "code", "exact", "kind" (the name fits, the kind written does not), "folded" (marks
        left out), "ambiguous" or "none"; `code` is None for the last two, and `candidates` lists the codes that came
        near, comma-separated. Nothing is guessed.
    """
    by_fold: dict[str, list[_Unit]] = {}
    known = [_Unit.of(row) for row in units.to_dict("records")]
    for unit in known:
        by_fold.setdefault(_folded(unit.name), []).append(unit)
    codes = {unit.code for unit in known}
    written = ["" if name is None or name != name else str(name) for name in names]  # NaN is not itself
    found = {name: _match_one(name, by_fold, codes) for name in set(written)}
    table = pd.DataFrame([(name, *found[name]) for name in written], columns=_MATCH_COLUMNS)
    return table.assign(code=pd.Series([found[name][0] for name in written], index=table.index, dtype=object))


def search(text: str, current: pd.DataFrame, legacy: pd.DataFrame | None = None, *, limit: int = 8) -> list[Hit]:
    """Units whose name begins with, or holds, what was typed; current units before former ones.

    Parameters
    ----------
    text : str
        Typed so far; diacritics are optional.
    current : DataFrame[code, name, kind]
    legacy : DataFrame[code, name, kind, district], optional
    limit : int
    """
    if not (wanted := fold(text)):
        return []
    typed = syllables(split_kind(text)[1])
    found: list[tuple[int, int, str, Hit]] = []
    for row in current.to_dict("records"):
        if (rank := _rank(wanted, typed, row)) is not None:
            hit = Hit(_label(row), (row["code"],))
            found.append((rank, 0, fold(hit.label), hit))
    if legacy is not None:
        became = links().groupby("legacy_code").new_code.agg(tuple)
        for row in legacy.to_dict("records"):
            if (rank := _rank(wanted, typed, row)) is not None:
                hit = Hit(f"{_label(row)} ({row['district']})", became.get(row["code"], ()), row["code"])
                found.append((rank, 1, fold(hit.label), hit))
    return [hit for *_, hit in sorted(found, key=lambda entry: entry[:3])[:limit]]


class _Unit(NamedTuple):
    code: str
    name: str
    kind: str
    upper: tuple[str, ...]

    @classmethod
    def of(cls, row: dict[str, str]) -> _Unit:
        upper = tuple(_upper(row[level]) for level in ("district", "province") if isinstance(row.get(level), str))
        return cls(str(row["code"]), str(row["name"]), str(row["kind"]), upper)


def _match_one(text: str, by_fold: dict[str, list[_Unit]], codes: set[str]) -> tuple[str | None, float, str, str]:
    if text.strip().zfill(5) in codes:
        return text.strip().zfill(5), 1.0, "code", ""
    first, *rest = [part for part in _SEPARATORS.split(text.strip()) if part] or [""]
    kind, bare = split_kind(first)
    near = {unit.code: unit for name in {first, bare} for unit in by_fold.get(_folded(name), [])}
    listed = ",".join(sorted(near))
    fitting = [unit for unit in near.values() if _fits(bare, unit) or _fits(first, unit)]
    exact = [unit for unit in fitting if syllables(unit.name) in (syllables(bare), syllables(first))]
    chosen = _in_district(exact or fitting, rest)
    if kind and any(unit.kind == kind for unit in chosen):
        chosen = [unit for unit in chosen if unit.kind == kind]
    if not chosen:
        return None, 0.0, "none", listed
    if len(chosen) > 1:
        return None, 0.0, "ambiguous", ",".join(sorted(unit.code for unit in chosen))
    kind_fits = kind in ("", chosen[0].kind)
    how, score = ("exact", 1.0) if exact else ("folded", 0.9)
    return (chosen[0].code, score, how, "") if kind_fits else (chosen[0].code, score - 0.2, "kind", "")


def _in_district(units: list[_Unit], parts: list[str]) -> list[_Unit]:
    """Units in the district and province written behind the name; parts no unit knows rule all out."""
    for part in parts:
        place = _upper(part)
        if place and any(unit.upper for unit in units):
            units = [unit for unit in units if not unit.upper or place in unit.upper]
    return units


def _upper(text: str) -> str:
    return _folded(_UPPER_LEVEL.sub("", unicodedata.normalize("NFC", text).strip()))


def _fits(written: str, unit: _Unit) -> bool:
    """Same syllables, except for marks that were left out."""
    given, true = syllables(written), syllables(unit.name)
    return len(given) == len(true) and all(_forgives(a, b) for a, b in zip(given, true))


def _forgives(given: Syllable, true: Syllable) -> bool:
    letters = len(given.letters) == len(true.letters) and all(
        a in (b, fold(b)) for a, b in zip(given.letters, true.letters)
    )
    return letters and given.tone in ("", true.tone)


def _syllable(word: str) -> Syllable:
    decomposed = unicodedata.normalize("NFD", word)
    tone = "".join(c for c in decomposed if c in _TONES)
    letters = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    return Syllable(_Y_ENDING.sub(r"\1i", letters), tone)


def _folded(name: str) -> str:
    return " ".join(fold(syllable.letters) for syllable in syllables(name))


def _label(row: dict[str, str]) -> str:
    return f"{row['kind'].capitalize()} {row['name']}"


def _rank(wanted: str, typed: tuple[Syllable, ...], row: dict[str, str]) -> int | None:
    """0 best: begins with it, has a word that begins with it, holds it, has all its words; None if nothing fits.

    Behind each of these come the names whose marks contradict the ones typed.
    """
    name, full = fold(row["name"]), fold(f"{row['kind']} {row['name']} {row.get('district', '')}")
    words = full.split()
    if name.startswith(wanted) or full.startswith(wanted) or row["code"] == wanted:
        rank = 0
    elif f" {wanted}" in f" {name}":
        rank = 2
    elif wanted in name:
        rank = 4
    elif all(any(word.startswith(part) for word in words) for part in wanted.split()):
        rank = 6
    else:
        return None
    true = syllables(row["name"])
    return rank + (not any(_begins(typed, true[i:]) for i in range(len(true))))


def _begins(typed: tuple[Syllable, ...], true: tuple[Syllable, ...]) -> bool:
    if not typed or len(typed) > len(true):
        return not typed
    *whole, last = zip(typed, true)
    return all(_forgives(a, b) for a, b in whole) and _forgives(
        last[0], Syllable(last[1].letters[: len(last[0].letters)], last[1].tone)
    )
