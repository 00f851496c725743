"""Which column of a file is which field: as proposed, as a person confirmed it, and as it is remembered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from typing import Any

from geo.errors import InputError
from geo.ingest.recognising.fields import FIELDS
from geo.schema import MONTHLY_MEASURES, Dataset, Measure

__all__ = ["Mapping", "signature"]


@dataclass(frozen=True)
class Mapping:
    """Fields to columns for one table.

    Attributes
    ----------
    dataset : Dataset
    columns : dict of str to str
        Column by field name (`geo.ingest.recognising.fields.FIELDS`).
    measures : dict of str to str
        Column by measure, for a monthly table with one column per measure; `measure` and `value` are then not mapped.
    confidence : dict of str to float
        How sure the proposal of each field is, 0 to 1; 1 where a person chose.
    unmapped : tuple of str
        Columns that are not used.
    """

    dataset: Dataset
    columns: dict[str, str]
    measures: dict[str, str] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict, compare=False)
    unmapped: tuple[str, ...] = field(default=(), compare=False)

    @property
    def used(self) -> tuple[str, ...]:
        """Columns that are used."""
        return tuple(dict.fromkeys([*self.columns.values(), *self.measures.values()]))

    @property
    def missing(self) -> tuple[str, ...]:
        """Required fields without a column; a place can stand for the unit, columns of measures for `measure`.

        Day, month and year can stand for the date.

        A zone needs a shape, a place with a radius, or a commune.
        """
        needed = [f.name for f in FIELDS[self.dataset] if f.required and f.name not in self.columns]
        if self.measures:
            needed = [name for name in needed if name not in ("measure", "value")]
        if self.dataset in (Dataset.CASES, Dataset.DENS) and self.has_place:
            needed = [name for name in needed if name != "unit"]
        if self.has_split_date:
            needed = [name for name in needed if name != "date"]
        if self.dataset is Dataset.ZONES and not self.has_shape:
            needed.append("shape")
        return tuple(needed)

    @property
    def has_place(self) -> bool:
        """Whether the columns say where."""
        return any(set(pair) <= set(self.columns) for pair in (("lon", "lat"), ("x", "y"), ("place",)))

    @property
    def has_split_date(self) -> bool:
        """Whether the day of an event stands in three columns."""
        return "date" not in self.columns and {"day", "month", "year"} <= set(self.columns)

    @property
    def has_shape(self) -> bool:
        """Whether the columns say what area a zone covers."""
        return bool({"shape", "unit"} & set(self.columns)) or ("radius" in self.columns and self.has_place)

    def without(self, columns: tuple[str, ...]) -> Mapping:
        """The same without some of the file's columns."""
        return Mapping(
            self.dataset,
            {name: column for name, column in self.columns.items() if column not in columns},
            {name: column for name, column in self.measures.items() if column not in columns},
            self.confidence,
            tuple(column for column in self.unmapped if column not in columns),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {"dataset": self.dataset.value, "columns": self.columns, "measures": self.measures}

    @classmethod
    def from_dict(cls, values: MappingType[str, Any]) -> Mapping:
        """Inverse of `to_dict`; fields and measures that do not exist are an InputError."""
        try:
            dataset = Dataset(values["dataset"])
            columns = {str(name): str(column) for name, column in values["columns"].items()}
            measures = {Measure(name).value: str(column) for name, column in values.get("measures", {}).items()}
            known = {f.name for f in FIELDS[dataset]}
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            raise InputError("ingest.mapping_unusable", detail=error) from error
        if strange := sorted((set(columns) - known) | (set(measures) - MONTHLY_MEASURES)):
            raise InputError("ingest.mapping_unusable", detail=", ".join(strange))
        return cls(dataset, columns, measures, dict.fromkeys([*columns, *measures], 1.0))

    def check(self, header: tuple[str, ...]) -> None:
        """Raise InputError where a column does not exist or a required field has none."""
        if lost := [column for column in self.used if column not in header]:
            raise InputError("ingest.mapping_column", columns=", ".join(lost), found=", ".join(header[:30]))
        halves = [pair for pair in (("lon", "lat"), ("x", "y")) if len(set(pair) & set(self.columns)) == 1]
        if halves and not self.has_place:
            raise InputError("ingest.mapping_half_place", fields=" + ".join(halves[0]))
        if self.dataset is Dataset.ZONES and self.missing == ("kind",):
            raise InputError("ingest.zone_kind_missing", found=", ".join(header[:30]))
        if self.missing:
            raise InputError(
                "ingest.mapping_incomplete",
                dataset=self.dataset.value,
                fields=", ".join(self.missing),
                found=", ".join(header[:30]),
            )


def signature(header: tuple[str, ...]) -> str:
    """Names a kind of source by its headings: the same sheet of next month has the same."""
    return hashlib.sha256(json.dumps(list(header), ensure_ascii=False).encode()).hexdigest()[:16]
