"""A batch of records, and how its rows become columns of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from secrets import token_hex
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from sqlalchemy import Table

from geo.errors import InputError
from geo.schema import (
    EVENT_COLUMNS,
    MODEL_COLUMNS,
    MONTHLY_COLUMNS,
    MONTHLY_MEASURES,
    PART_COLUMNS,
    SESSION_MEASURES,
    TARGET_COLUMNS,
    TARGET_MEASURES,
    YEARLY_COLUMNS,
    YEARLY_KINDS,
    ZONE_COLUMNS,
    CaseCategory,
    CaseStatus,
    Dataset,
    GameType,
    ModelKind,
    Organiser,
    Provenance,
    Topic,
    UnitSystem,
    ZoneKind,
)
from geo.store import tables
from geo.store.numbers import hashed

__all__ = [
    "POPULATION_COLUMNS", "Batch", "check", "columns_of", "completed", "constants_of", "in_order", "period_of",
    "table_of",
]  # fmt: skip

POPULATION_COLUMNS = ("unit_system", "unit_code", "year", "people")
"""People by unit and year."""

_COLUMNS: dict[Dataset, tuple[str, ...]] = {
    Dataset.CASES: EVENT_COLUMNS,
    Dataset.DENS: EVENT_COLUMNS,
    Dataset.MONTHLY: (*MONTHLY_COLUMNS, *PART_COLUMNS),
    Dataset.ZONES: ZONE_COLUMNS,
    Dataset.POPULATION: POPULATION_COLUMNS,
    Dataset.YEARLY: YEARLY_COLUMNS,
    Dataset.TARGETS: TARGET_COLUMNS,
    Dataset.MODELS: MODEL_COLUMNS,
}

_TABLES: dict[Dataset, Table] = {
    Dataset.CASES: tables.event,
    Dataset.DENS: tables.event,
    Dataset.MONTHLY: tables.monthly,
    Dataset.ZONES: tables.zone,
    Dataset.POPULATION: tables.population,
    Dataset.YEARLY: tables.yearly,
    Dataset.TARGETS: tables.target,
    Dataset.MODELS: tables.community_model,
}

_CODE_LISTS: dict[Dataset, dict[str, frozenset[str]]] = {
    Dataset.CASES: {"kind": frozenset(CaseCategory), "status": frozenset(CaseStatus)},
    Dataset.DENS: {"kind": frozenset(GameType), "status": frozenset()},
    Dataset.MONTHLY: {
        "measure": MONTHLY_MEASURES,
        "topic": frozenset(("", *Topic)),
        "organiser": frozenset(("", *Organiser)),
    },
    Dataset.ZONES: {"kind": frozenset(ZoneKind)},
    Dataset.POPULATION: {},
    Dataset.YEARLY: {"measure": frozenset(YEARLY_KINDS)},
    Dataset.TARGETS: {"measure": frozenset(TARGET_MEASURES)},
    Dataset.MODELS: {"kind": frozenset(ModelKind)},
}

_DATES = {"date", "month", "since", "until"}
_WHOLE = {"suspects", "value", "year", "people", "members"}
_OPTIONAL = {"status", "suspects", "lon", "lat", "until", "members"}
_ALSO_OPTIONAL = {Dataset.ZONES: {"since"}}
_UNSAID: dict[Dataset, dict[str, Any]] = {
    Dataset.ZONES: {"key": "", "since": None, "until": None, "source": "", "decision": "", "divided": False},
    Dataset.MONTHLY: dict.fromkeys(PART_COLUMNS, ""),
}
"""What a drawing alone does not say of a zone, and a count of a month not of its parts."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows that come in together and can be taken back together.

    Attributes
    ----------
    dataset : Dataset
    rows : DataFrame
        The columns `geo.schema` names for the dataset; others are not stored. Dates may be ISO text.
    provenance : Provenance
    rejected : int
        Rows of the source that were refused before; kept for the history.
    dropped : tuple of str
        Names of the source's columns that were left out because they identify persons or are free text.
    """

    dataset: Dataset
    rows: pd.DataFrame
    provenance: Provenance
    rejected: int = 0
    dropped: tuple[str, ...] = ()


def table_of(dataset: Dataset) -> Table:
    """The table that holds the dataset's rows."""
    return _TABLES[dataset]


def completed(batch: Batch) -> Batch:
    """The batch with what its rows do not say: no parts, dates or decision, and for a new zone a key of its own."""
    unsaid = _UNSAID.get(batch.dataset)
    if unsaid is None:
        return batch
    rows = batch.rows.assign(**{name: value for name, value in unsaid.items() if name not in batch.rows})
    if batch.dataset is Dataset.ZONES:
        rows["key"] = [key or token_hex(8) for key in rows["key"].fillna("")]
    return replace(batch, rows=rows)


def check(batch: Batch) -> None:
    """Refuse a batch the store cannot hold; the full, friendlier check is `geo.ingest`.

    Raises
    ------
    InputError
        If a column is missing, a required value is empty, a date is none, a count is not a whole number from 0 up, or a
        value is not in its code list.
    """
    dataset, rows = batch.dataset, batch.rows
    if missing := [c for c in _COLUMNS[dataset] if c not in rows.columns]:
        raise InputError("store.columns_missing", columns=", ".join(missing), dataset=dataset)
    for column in _COLUMNS[dataset]:
        empty = rows[column].isna().to_numpy(bool)
        if column not in _OPTIONAL | _ALSO_OPTIONAL.get(dataset, set()) and empty.any():
            raise InputError("store.value_empty", column=column, count=int(empty.sum()), row=int(empty.argmax()) + 1)
    for column in _WHOLE.intersection(_COLUMNS[dataset]):
        _check_whole(rows[column])
    period_of(batch)
    lists = dict(_CODE_LISTS[dataset])
    if "unit_system" in _COLUMNS[dataset]:
        lists["unit_system"] = frozenset(UnitSystem)
    for column, allowed in lists.items():
        _check_codes(rows[column], allowed)
    if dataset is Dataset.MONTHLY:
        parted = (rows[list(PART_COLUMNS)] != "").any(axis=1)
        _check_codes(rows.loc[parted, "measure"], frozenset(SESSION_MEASURES))
    if dataset is Dataset.YEARLY:
        for measure, kinds in YEARLY_KINDS.items():
            _check_codes(rows.loc[rows["measure"] == measure, "kind"], frozenset(kinds))


def _check_whole(values: pd.Series) -> None:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(float, na_value=np.nan)
    wrong = values.notna().to_numpy(bool) & ~((numbers >= 0) & (numbers == np.floor(numbers)))
    if wrong.any():
        raise InputError("store.value_not_whole", **_first(values, wrong))


def _first(values: pd.Series, wrong: NDArray[np.bool_]) -> dict[str, object]:
    """How many are wrong and the first of them, for a message."""
    row = int(wrong.argmax())
    return {"column": values.name, "count": int(wrong.sum()), "row": row + 1, "value": values.iloc[row]}


def _check_codes(values: pd.Series, allowed: frozenset[str]) -> None:
    wrong = (values.notna() & ~values.isin(allowed)).to_numpy(bool)
    if wrong.any():
        raise InputError("store.value_unknown", **_first(values, wrong))


def in_order(batch: Batch) -> Batch:
    """The batch with its events by day: an index that grows at its end is written once, not a page here and there."""
    if table_of(batch.dataset) is not tables.event or batch.rows["date"].is_monotonic_increasing:
        return batch
    return replace(batch, rows=batch.rows.sort_values("date", kind="stable", ignore_index=True))


def constants_of(batch: Batch, batch_id: int) -> dict[str, Any]:
    """What is the same in every row of a batch, by column."""
    constants: dict[str, Any] = {"batch_id": batch_id, "active": True}
    if table_of(batch.dataset) is tables.event:
        constants["dataset"] = batch.dataset.value
    return constants


def columns_of(batch: Batch, *, iso_dates: bool, key: bytes) -> dict[str, Sequence[Any]]:
    """Lists of plain Python values by column, empty values as None, record numbers as hashes.

    Parameters
    ----------
    iso_dates : bool
        Dates as ISO text (what SQLite stores) rather than `date`.
    key : bytes
        The store's key for record numbers.
    """
    found: dict[str, Sequence[Any]] = {
        name: _plain(batch.rows[name], name, iso_dates=iso_dates) for name in _COLUMNS[batch.dataset]
    }
    if "record_id" in found:
        found["record_id"] = hashed(found["record_id"], key)
    return found


def _plain(values: pd.Series, name: str, *, iso_dates: bool) -> list[Any]:
    if name in _DATES:
        if (empty := values.isna().to_numpy(bool)).any():
            some = iter(_plain(values[~empty], "date", iso_dates=iso_dates)) if not empty.all() else iter(())
            return [None if nothing else next(some) for nothing in empty]
        days = _days(values)
        return list(days.astype(str).tolist() if iso_dates else days.tolist())
    if name == "geometry":
        return list(shapely.to_wkb(np.asarray(gpd.GeoSeries(values).to_numpy())))
    if name in _WHOLE:
        values = pd.to_numeric(values).astype("Int64")
    if values.notna().all():
        return list(values.tolist())
    return list(values.astype(object).where(values.notna(), None).tolist())


def _days(values: pd.Series) -> NDArray[np.datetime64]:
    stamps = pd.to_datetime(values, errors="coerce")
    if (wrong := stamps.isna().to_numpy(bool)).any():
        raise InputError("store.value_not_date", **_first(values, wrong))
    return np.asarray(stamps.to_numpy(), dtype="datetime64[D]")


def period_of(batch: Batch) -> tuple[date | None, date | None]:
    """First and last day in the rows; None twice where they carry no dates."""
    if batch.dataset in (Dataset.YEARLY, Dataset.TARGETS) and len(batch.rows):
        first, last = pd.to_numeric(batch.rows["year"]).agg(["min", "max"])
        return date(int(first), 1, 1), date(int(last), 12, 31)
    if batch.dataset is Dataset.ZONES:
        return None, None
    name = next((c for c in _COLUMNS[batch.dataset] if c in _DATES), None)
    if name is None or batch.rows.empty:
        return None, None
    days = _days(batch.rows[name])
    return days.min().item(), days.max().item()
