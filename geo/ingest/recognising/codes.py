"""Code lists that an office may edit: words of a file to the codes of the store. Unknown words are never guessed."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo.errors import InputError, cause
from geo.schema import (
    MONTHLY_MEASURES,
    TARGET_MEASURES,
    YEARLY_MEASURES,
    CaseCategory,
    CaseStatus,
    Festival,
    GameType,
    ModelKind,
    Organiser,
    SafeKind,
    Topic,
    ZoneKind,
)
from geo.settings import REFERENCE
from geo.text import Lang, fold, nearest

__all__ = ["FOLDER", "CodeList", "code_list"]

FOLDER = REFERENCE / "code_lists"
_COLUMNS = ["code", "vi", "en", "synonyms"]
_ALLOWED: dict[str, frozenset[str]] = {
    "case_category": frozenset(CaseCategory),
    "game_type": frozenset(GameType),
    "case_status": frozenset(CaseStatus),
    "measure": frozenset(MONTHLY_MEASURES),
    "zone_kind": frozenset(ZoneKind),
    "yearly_measure": frozenset(YEARLY_MEASURES),
    "yearly_kind": frozenset((*SafeKind, *Festival)),
    "model_kind": frozenset(ModelKind),
    "topic": frozenset(Topic),
    "organiser": frozenset(Organiser),
}


@dataclass(frozen=True)
class CodeList:
    """One list.

    Attributes
    ----------
    names : dict of str to (str, str)
        Vietnamese and English name by code, in the list's order.
    words : dict of str to str
        Code by folded word.
    """

    names: dict[str, tuple[str, str]]
    words: dict[str, str]

    def code(self, text: str) -> str | None:
        """The code a word stands for; None where nothing stands for it."""
        return self.words.get(_key(text))

    def suggestion(self, text: str, lang: Lang) -> str:
        """The name nearest to a word nobody knows; "" where none is near."""
        near = nearest(_key(text), self.words, most=1, least=0.6)
        return self.label(self.words[near[0]], lang) if near else ""

    def label(self, code: str, lang: Lang) -> str:
        """A code's name."""
        return self.names[code][0 if lang == "vi" else 1]

    def labels(self, lang: Lang) -> list[str]:
        """All names, in the list's order."""
        return [self.label(code, lang) for code in self.names]


def code_list(name: str, folder: Path = FOLDER) -> CodeList:
    """A list by the name of its file, such as "case_category"; "target_measure" is the part of "measure" with targets.

    Raises
    ------
    InputError
        If the file was edited into something that cannot be used: an unknown code, or one word for two codes.
    """
    if name == "target_measure":
        return _part(code_list("measure", folder), frozenset(TARGET_MEASURES))
    path = folder / f"{name}.csv"
    try:
        return _read(path, name, path.stat().st_mtime_ns)
    except OSError as error:
        raise InputError("ingest.code_list", file=path.name, detail=cause(error)) from error


def _part(known: CodeList, chosen: frozenset[str]) -> CodeList:
    names = {code: names for code, names in known.names.items() if code in chosen}
    return CodeList(names, {word: code for word, code in known.words.items() if code in chosen})


@lru_cache(maxsize=16)
def _read(path: Path, name: str, _changed: int) -> CodeList:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except UnicodeDecodeError as error:
        raise InputError("ingest.code_list", file=path.name, detail="UTF-8") from error
    names: dict[str, tuple[str, str]] = {}
    words: dict[str, str] = {}
    for row in rows:
        if not all(row.get(column) for column in _COLUMNS[:3]) or row["code"] not in _ALLOWED[name]:
            raise InputError("ingest.code_list", file=path.name, detail=f"code = {row.get('code')}")
        names[row["code"]] = row["vi"], row["en"]
        for word in (row["code"], row["vi"], row["en"], *(row["synonyms"] or "").split(";")):
            if (key := _key(word)) and words.setdefault(key, row["code"]) != row["code"]:
                raise InputError("ingest.code_list", file=path.name, detail=f"{word}: {words[key]}, {row['code']}")
    return CodeList(names, words)


def _key(text: str) -> str:
    """Folded, without punctuation; oà and òa, uý and úy fold alike already."""
    return " ".join(re.sub(r"[^a-z0-9.]+|\.(?!\d)", " ", fold(text)).split())
