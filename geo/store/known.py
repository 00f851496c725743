"""Which records of a batch to come the store holds already, by natural key."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, String, Table, cast, select, true

from geo.schema import MASKED_MEASURES, Dataset
from geo.store import tables
from geo.store.numbers import hashed, key_of
from geo.store.zones import zones_saved, zones_standing

__all__ = ["known"]

_FETCHED = 50_000
_EVENT = ["record_id", "date", "unit_system", "unit_code", "kind", "batch_id"]
_MONTHLY = ["month", "unit_system", "unit_code", "measure", "value", "batch_id"]
_YEARLY = ["year", "unit_system", "unit_code", "measure", "kind", "value", "batch_id"]
_TARGET = ["year", "unit_code", "measure", "value", "batch_id"]
_MODEL = ["name", "kind", "unit_system", "unit_code", "since", "until", "members", "batch_id"]
_PEOPLE = ["unit_system", "unit_code", "year", "people", "batch_id"]


def known(connection: Connection, dataset: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """Active records with the natural key of any of the rows.

    The key is the record number of cases and dens; month, unit and measure of monthly counts, year, unit, measure and
    kind of yearly ones; unit and year of people; key, or name and kind, of zones; name and unit of models. A target is
    known by all it says, and only the one that holds: another value is a change of it.

    Parameters
    ----------
    rows : DataFrame
        The columns of the dataset.

    Returns
    -------
    DataFrame
        The key, the columns that tell whether it is the same record, and `batch_id`. May hold more than was asked for.
        The value of a masked measure is missing: whoever may bring one in must not find out by trying.
    """
    match dataset:
        case Dataset.CASES | Dataset.DENS:
            if not _has_any(connection, dataset):
                return _columns([], _EVENT)
            numbers = pd.unique(rows["record_id"]).tolist()
            return _events(connection, dataset, dict(zip(hashed(numbers, key_of(connection)), numbers)))
        case Dataset.MONTHLY:
            month = tables.monthly.c.month
            first, last = pd.to_datetime(rows["month"]).agg(["min", "max"])
            found = _frame(connection, tables.monthly, _MONTHLY, month.between(first.date(), last.date()))
            found = _added_up(found, _MONTHLY[:4])
            return _sealed(found)
        case Dataset.POPULATION:
            year = tables.population.c.year
            return _frame(
                connection, tables.population, _PEOPLE, year.between(int(rows["year"].min()), int(rows["year"].max()))
            )
        case Dataset.YEARLY:
            years = tables.yearly.c.year.between(int(rows["year"].min()), int(rows["year"].max()))
            found = _frame(connection, tables.yearly, _YEARLY, years)
            return _sealed(found)
        case Dataset.TARGETS:
            found = _frame(connection, tables.target, _TARGET, true())
            return found.drop_duplicates(["year", "unit_code", "measure"], keep="last", ignore_index=True)
        case Dataset.MODELS:
            found = _frame(connection, tables.community_model, _MODEL, true())
            return found.assign(members=found["members"].astype(float).astype("Int64"))
        case Dataset.ZONES:
            return pd.DataFrame(zones_standing(zones_saved(connection))).rename(columns={"batch": "batch_id"})


def _sealed(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts without those of masked measures; the others stay whole numbers, as they are compared."""
    return counts.assign(value=counts["value"].astype("Int64").mask(counts["measure"].isin(MASKED_MEASURES)))


def _added_up(counts: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Counts that came in parts as one."""
    if not counts.duplicated(key).any():
        return counts
    return counts.groupby(key, sort=False, as_index=False).agg({"value": "sum", "batch_id": "max"})


def _has_any(connection: Connection, dataset: Dataset) -> bool:
    event = tables.event
    there = select(event.c.id).where(event.c.active, event.c.dataset == dataset.value).limit(1)
    return connection.execute(there).first() is not None


def _events(connection: Connection, dataset: Dataset, wanted: dict[str, str]) -> pd.DataFrame:
    """One pass over what is on record, so that it is never all in memory at once.

    Parameters
    ----------
    wanted : dict of str to str
        Record numbers by their hash.
    """
    event = tables.event
    chosen = select(*(_column(event, name) for name in _EVENT)).where(event.c.active, event.c.dataset == dataset.value)
    parts = []
    with connection.execution_options(yield_per=_FETCHED).execute(chosen.order_by(event.c.id)) as result:
        for rows in result.partitions():
            if found := [(wanted[row[0]], *row[1:]) for row in rows if row[0] in wanted]:
                parts.append(_columns(found, _EVENT))
    return pd.concat(parts, ignore_index=True) if parts else _columns([], _EVENT)


def _frame(connection: Connection, table: Table, names: list[str], condition: Any) -> pd.DataFrame:
    chosen = select(*(_column(table, name) for name in names)).where(table.c.active, condition).order_by(table.c.id)
    return _columns(list(map(tuple, connection.execute(chosen))), names)


def _column(table: Table, name: str) -> ColumnElement[Any]:
    """Days as ISO text: what is compared is text, and a million `date` objects are slow to make."""
    return cast(table.c[name], String) if name in ("date", "month", "since", "until") else table.c[name]


def _columns(rows: list[tuple[Any, ...]], names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(names, zip(*rows))) if rows else {}, columns=names)
