"""The fields of each dataset, and the words by which offices head their columns (`data/reference/headings.toml`)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from geo.schema import MONTHLY_MEASURES, Dataset, Measure
from geo.settings import REFERENCE
from geo.text import Lang, catalogue, fold, t

__all__ = ["FIELDS", "MEASURE_WORDS", "VOCABULARY", "WORDS_OF", "Field", "header_key", "said", "title_of"]


@dataclass(frozen=True)
class Field:
    """One thing a record says.

    Attributes
    ----------
    name : str
        Name in mappings; shown to a person by the message `ingest.field_<name>`.
    words : tuple of str
        Folded column headings that mean it, best first.
    required : bool
        A record without it is refused.
    """

    name: str
    words: tuple[str, ...]
    required: bool = False


_HEADINGS = tomllib.loads((REFERENCE / "headings.toml").read_text("utf-8"))

_NAMES: dict[Dataset, str] = {
    Dataset.CASES: "record_id date* day month year unit* district province kind* status suspects lon lat x y place",
    Dataset.DENS: "record_id date* day month year unit* district province kind* lon lat x y place",
    Dataset.MONTHLY: "month* year unit* district province area topic organiser measure* value*",
    Dataset.POPULATION: "unit* district province year* people*",
    Dataset.YEARLY: "unit* district province year* measure* kind value*",
    Dataset.TARGETS: "unit year* measure* value*",
    Dataset.MODELS: "name* kind* unit* district province since* until members",
    Dataset.ZONES: "name* kind* shape lon lat x y place radius unit district province since until source decision key",
}
"""Fields by dataset, an asterisk behind those that are required."""


def _field(name: str, dataset: Dataset) -> Field:
    bare = name.rstrip("*")
    headings = _HEADINGS["fields"]
    group = "events" if dataset in (Dataset.CASES, Dataset.DENS) else dataset.value
    heading = next(h for h in (f"{bare}_{dataset}", f"{bare}_{group}", bare) if h in headings)
    return Field(bare, tuple(headings[heading]), name.endswith("*"))


FIELDS: dict[Dataset, tuple[Field, ...]] = {
    dataset: tuple(_field(name, dataset) for name in names.split()) for dataset, names in _NAMES.items()
}
"""What each dataset that comes in as a table can say."""

MEASURE_WORDS: dict[Measure, tuple[str, ...]] = {
    Measure(name): tuple(words) for name, words in _HEADINGS["measures"].items()
}
"""Headings of a wide monthly table, which has one column per measure."""

assert set(MEASURE_WORDS) == MONTHLY_MEASURES


WORDS_OF: dict[tuple[Dataset, str], str] = {
    (Dataset.CASES, "kind"): "case_category",
    (Dataset.CASES, "status"): "case_status",
    (Dataset.DENS, "kind"): "game_type",
    (Dataset.MONTHLY, "measure"): "measure",
    (Dataset.MONTHLY, "topic"): "topic",
    (Dataset.MONTHLY, "organiser"): "organiser",
    (Dataset.ZONES, "kind"): "zone_kind",
    (Dataset.YEARLY, "measure"): "yearly_measure",
    (Dataset.YEARLY, "kind"): "yearly_kind",
    (Dataset.TARGETS, "measure"): "target_measure",
    (Dataset.MODELS, "kind"): "model_kind",
}
"""Code lists of the fields that have one."""


def title_of(name: str, dataset: Dataset, lang: Lang) -> str:
    """What a field of a dataset is called."""
    return said(f"field_{name}", dataset, lang)


def said(key: str, dataset: Dataset, lang: Lang) -> str:
    """A sentence about a field: the dataset's own, or that of all."""
    own = f"ingest.{key}_{dataset}"
    return t(own if own in catalogue() else f"ingest.{key}", lang)


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A heading as it is compared: folded, single spaces, no closing marks or asterisk of a required column."""
    return re.sub(r"\s*([/,(])\s*", r"\1", re.sub(r"[\s*:.]+$", "", fold(text).replace("_", " "))).strip()


VOCABULARY = frozenset(
    form
    for words in (*(field.words for fields in FIELDS.values() for field in fields), *MEASURE_WORDS.values())
    for word in words
    for form in (word, header_key(word))
)
"""Every heading known, to find the header of a sheet by."""
