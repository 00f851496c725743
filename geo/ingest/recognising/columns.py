"""Recognising what each column of a table is from its heading."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache, lru_cache

import pandas as pd

from geo.errors import InputError
from geo.ingest.recognising.codes import code_list
from geo.ingest.recognising.fields import FIELDS, MEASURE_WORDS, VOCABULARY, WORDS_OF, Field, header_key
from geo.ingest.recognising.mapping import Mapping
from geo.ingest.recognising.split_dates import PARTS, split_date
from geo.ingest.source import RawTable
from geo.schema import Dataset

__all__ = ["is_known_heading", "propose"]

_CLOSE = 0.88
_PART = 0.75
_BELOW = 0.8
"""How sure a word below a shared heading is: surer than a heading that only begins with a known word."""

_TOGETHER = ("unit", "district", "province", "lon", "lat", "x", "y")
_SURE_WORDS = 2
_ORDER = (
    Dataset.DENS, Dataset.CASES, Dataset.MONTHLY, Dataset.POPULATION, Dataset.ZONES, Dataset.YEARLY, Dataset.TARGETS,
    Dataset.MODELS,
)  # fmt: skip


def propose(table: RawTable, dataset: Dataset | None = None) -> Mapping:
    """Which column is which field.

    Parameters
    ----------
    table : RawTable
    dataset : Dataset, optional
        What the table holds; guessed from its headings, its name and its kinds of case or game where it is not given.

    Raises
    ------
    InputError
        If none is named and none can be guessed.
    """
    if dataset is not None:
        return _propose(table, dataset)
    proposals = [_propose(table, one) for one in _ORDER]
    complete = [mapping for mapping in proposals if not mapping.missing]
    if not complete:
        best = max(proposals, key=_merit)
        if _merit(best) <= 0:
            raise InputError("ingest.dataset_unknown", found=", ".join(table.header[:30]))
        return best
    return max(complete, key=lambda mapping: (_told(table, mapping), _merit(mapping)))


def _merit(mapping: Mapping) -> float:
    return sum(mapping.confidence.values()) - len(mapping.missing)


def _told(table: RawTable, mapping: Mapping) -> float:
    """How much of the table's kinds and measures the dataset's code lists know."""
    told = ("measure", "kind") if mapping.dataset is Dataset.YEARLY else ("kind", "measure")
    name = next((name for name in told if name in mapping.columns), None)
    if name is None:
        return 0.5
    values = pd.unique(table.rows[mapping.columns[name]].iloc[:2000])[:200]
    known = code_list(WORDS_OF[mapping.dataset, name])
    return sum(known.code(value) is not None for value in values) / max(1, len(values))


def _propose(table: RawTable, dataset: Dataset) -> Mapping:
    split = split_date(table, dataset)
    keys = {column: header_key(column) for column in table.header if column not in split.values()}
    known = [f for f in FIELDS[dataset] if f.name not in _told_otherwise(dataset, split)]
    measures: dict[str, str] = {}
    confidence = dict.fromkeys(split, 1.0)
    if dataset is Dataset.MONTHLY:
        measures, sure_measures = _measures(keys)
        if len(measures) < _SURE_WORDS and {"measure", "value"} <= set(_assign(keys, known)[0]):
            measures, sure_measures = {}, {}
        confidence |= sure_measures
    fields = [f for f in known if not (measures and f.name in ("measure", "value"))]
    columns, sure = _assign({c: key for c, key in keys.items() if c not in measures.values()}, fields)
    columns |= split
    _one_place(columns, sure)
    used = {*columns.values(), *measures.values()}
    unmapped = tuple(column for column in table.header if column not in used)
    return Mapping(dataset, columns, measures, {**sure, **confidence}, unmapped)


def _told_otherwise(dataset: Dataset, split: dict[str, str]) -> tuple[str, ...]:
    """Fields of the date that no single column is looked for."""
    if dataset is Dataset.MONTHLY:
        return tuple(split)
    return (*PARTS.get(dataset, ()), *(["date"] if split else []))


def is_known_heading(heading: str) -> bool:
    """Whether a heading is one of those that are known, as a field or as a measure, or has words of theirs alone."""
    key = header_key(heading)
    words = _words(key)
    return (
        key in VOCABULARY or code_list("measure").code(heading) is not None or bool(words and words <= _known_words())
    )


def _words(key: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", key))


@cache
def _known_words() -> set[str]:
    """Words of known headings, but for the commonest middle names."""
    return {word for key in VOCABULARY for word in _words(key)} - {"van", "thi"}


def _measures(keys: dict[str, str]) -> tuple[dict[str, str], dict[str, float]]:
    """Columns of measures: by the words of the code list, which an office may add to, then by known headings."""
    known = code_list("measure")
    told = {code: column for column in keys if (code := known.code(column)) is not None}
    left = {column: key for column, key in keys.items() if column not in told.values()}
    fields = [Field(measure.value, words) for measure, words in MEASURE_WORDS.items() if measure.value not in told]
    columns, sure = _assign(left, fields)
    found, below = {**told, **columns}, _measures_below(keys, {**told, **columns})
    return {**found, **below}, {**dict.fromkeys(told, 1.0), **sure, **dict.fromkeys(below, _BELOW)}


def _measures_below(keys: dict[str, str], found: dict[str, str]) -> dict[str, str]:
    """Measures not found yet that stand below a heading which other columns share ("Tin tố giác": "Tin có giá trị")."""
    words = {header_key(w): m.value for m, own in MEASURE_WORDS.items() if m.value not in found for w in own}
    below: dict[str, str] = {}
    for column, key in keys.items():
        parts = key.split()
        for n in range(1, len(parts) - 1):
            above, word = " ".join(parts[:n]), " ".join(parts[n:])
            shared = sum(other.startswith(f"{above} ") for other in keys.values()) > 1
            if shared and column not in found.values() and word in words:
                below.setdefault(words[word], column)
    return below


def _assign(keys: dict[str, str], fields: list[Field]) -> tuple[dict[str, str], dict[str, float]]:
    """The best pairs of field and column first; each of them once."""
    below = _below(keys, fields)
    scored = [
        (max(_score(key, word_no, word), _BELOW * (below.get(column) == header_key(word))), -order, field.name, column)
        for order, field in enumerate(fields)
        for word_no, word in enumerate(field.words)
        for column, key in keys.items()
    ]
    columns: dict[str, str] = {}
    sure: dict[str, float] = {}
    for score, _, name, column in sorted(scored, key=lambda entry: entry[:2], reverse=True):
        if score > 0 and name not in columns and column not in columns.values():
            columns[name], sure[name] = column, round(min(score, 1.0), 2)
    return columns, sure


def _below(keys: dict[str, str], fields: list[Field]) -> dict[str, str]:
    """What stands below a heading that reaches over several columns, by column: "Tọa độ: Kinh độ" and "Tọa độ: Vĩ độ".

    At least two columns must share the heading above and say different things that belong together below it.
    """
    words = {header_key(word): field.name for field in fields if field.name in _TOGETHER for word in field.words}
    groups: dict[str, dict[str, str]] = {}
    said: dict[str, set[str]] = {}
    for column, key in keys.items():
        parts = key.split()
        for n in range(1, len(parts)):
            if (word := " ".join(parts[n:]).strip(" -:")) in words:
                above = " ".join(parts[:n]).strip(" -:,")
                groups.setdefault(above, {})[column] = word
                said.setdefault(above, set()).add(words[word])
                break
    return {c: word for above, found in groups.items() if len(said[above]) > 1 for c, word in found.items()}


def _score(key: str, word_no: int, word: str) -> float:
    """1 and a little less for later words where the heading is the word; less where it is nearly so or holds it."""
    alike = _likeness(key, word)
    return alike - word_no * 0.001 if alike else 0.0


@lru_cache(maxsize=100_000)
def _likeness(key: str, word: str) -> float:
    """Kept, for the files of a year and the datasets that are tried have the same headings."""
    if key == header_key(word):
        return 1.0
    if len(word) >= 6 and not _differ_by_word(key, word) and _nearly(key, word):
        return 0.85
    if len(word.split()) >= _SURE_WORDS and f" {key} ".startswith((f" {word} ", f" {word}(", f" {word},")):
        return _PART
    return 0.0


def _nearly(key: str, word: str) -> bool:
    """All but a letter or two; the two upper bounds cost little and rule out most."""
    alike = SequenceMatcher(None, key, word)
    return all(ratio() >= _CLOSE for ratio in (alike.real_quick_ratio, alike.quick_ratio, alike.ratio))


def _differ_by_word(key: str, word: str) -> bool:
    """One has a short word more, or another number: "tin" and "tin co gia tri", "19.1" and "19.2"."""
    a, b = key.split(), word.split()
    digits = [[c for c in text if c.isdigit()] for text in (key, word)]
    return len(a) != len(b) or digits[0] != digits[1]


def _one_place(columns: dict[str, str], sure: dict[str, float]) -> None:
    """Degrees before metres before one column of both; half a pair is none."""
    for pair in (("lon", "lat"), ("x", "y")):
        if len(set(pair) & set(columns)) == 1:
            for name in pair:
                columns.pop(name, None), sure.pop(name, None)
    chosen = next((pair for pair in (("lon", "lat"), ("x", "y"), ("place",)) if set(pair) <= set(columns)), ())
    for name in ("lon", "lat", "x", "y", "place"):
        if name not in chosen:
            columns.pop(name, None), sure.pop(name, None)
