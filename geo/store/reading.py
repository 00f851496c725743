"""What a snapshot reads of the store: rows of each kind as columns, in the order in which cubes are made of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, String, Table, cast, select

from geo.schema import MASKED_MEASURES, PART_COLUMNS, Dataset, Measure
from geo.store import tables
from geo.store.engine import Database

__all__ = ["EPOCH", "events", "models", "monthly", "people", "sealed", "targets", "yearly"]

EPOCH = date(1970, 1, 1).toordinal()
"""Day numbers of events are those of `date.toordinal`; those of numpy begin here."""


def people(database: Database, connection: Connection) -> pd.DataFrame:
    table = tables.population
    chosen = select(table.c.unit_system, table.c.unit_code, table.c.year, table.c.people).where(table.c.active)
    return pd.DataFrame(database.columns(connection, chosen.order_by(table.c.year, table.c.batch_id)))


def events(database: Database, connection: Connection, dataset: Dataset) -> pd.DataFrame:
    """In order of day, repeated texts once."""
    names = ("unit_system", "unit_code", "kind", "status", "suspects", "lon", "lat", "batch_id")
    event = tables.event
    found = database.columns(connection, _active(event, "date", names).where(event.c.dataset == dataset.value))
    frame = {name: pd.Categorical(found[name]) for name in ("unit_system", "unit_code", "kind", "status")}
    days = np.array(found["date"], "datetime64[D]").astype(np.int64) + EPOCH
    return pd.DataFrame(
        {
            "day": days.astype(np.int32),
            **frame,
            "suspects": pd.Series(found["suspects"], dtype=float).fillna(0).astype(np.int32),
            "lon": np.array(found["lon"], float),
            "lat": np.array(found["lat"], float),
            "batch": np.array(found["batch_id"], np.int32),
        }
    )


def monthly(database: Database, connection: Connection) -> pd.DataFrame:
    """Reports of measures that are not masked, in order of month, repeated texts once; with what part each is."""
    chosen = tables.monthly.c.active & tables.monthly.c.measure.not_in(_MASKED)
    return _reports(database, connection, chosen, PART_COLUMNS)


def sealed(database: Database, connection: Connection) -> pd.DataFrame:
    """Reports of masked measures, those that were taken back too; nothing but a publication is made of them."""
    monthly = _reports(database, connection, tables.monthly.c.measure.in_(_MASKED))
    yearly = _years(database, connection, tables.yearly.c.measure.in_(_MASKED))
    if yearly.empty:
        return monthly
    both = pd.concat([monthly.astype(dict.fromkeys(_TEXTS, object)), yearly[monthly.columns]], ignore_index=True)
    return both.sort_values("month", kind="stable", ignore_index=True)


_TEXTS = ("unit_system", "unit_code", "measure")


def yearly(database: Database, connection: Connection) -> pd.DataFrame:
    """Yearly counts of measures that are not masked."""
    return _years(database, connection, tables.yearly.c.active & tables.yearly.c.measure.not_in(_MASKED))


def _years(database: Database, connection: Connection, chosen: ColumnElement[bool]) -> pd.DataFrame:
    """Yearly counts, each in the last month of its year."""
    table = tables.yearly
    names = ("year", *_TEXTS, "kind", "value", "active", "batch_id")
    found = database.columns(connection, select(*(table.c[name] for name in names)).where(chosen).order_by(table.c.id))
    frame = pd.DataFrame(found, columns=list(names)).rename(columns={"batch_id": "batch"})
    frame = frame.astype({"year": np.int64, "value": np.int64, "batch": np.int32, "active": bool})
    return frame.assign(month=(frame["year"] - 1970) * 12 + 11).sort_values("month", kind="stable", ignore_index=True)


def targets(database: Database, connection: Connection) -> pd.DataFrame:
    table = tables.target
    names = ("year", "unit_code", "measure", "value", "batch_id")
    chosen = select(*(table.c[name] for name in names)).where(table.c.active).order_by(table.c.id)
    frame = pd.DataFrame(database.columns(connection, chosen), columns=list(names)).rename(
        columns={"batch_id": "batch"}
    )
    return frame.astype({"year": int, "value": int})


def models(database: Database, connection: Connection) -> pd.DataFrame:
    names = ("name", "kind", "unit_system", "unit_code", "until", "members")
    found = database.columns(connection, _active(tables.community_model, "since", names))
    frame = pd.DataFrame(found, columns=["since", *names])
    days = {name: pd.to_datetime(frame[name]) for name in ("since", "until")}
    return frame.assign(**days, members=frame["members"].astype(float).astype("Int64"))


_MASKED = [measure.value for measure in Measure if measure in MASKED_MEASURES]


def _reports(
    database: Database, connection: Connection, chosen: ColumnElement[bool], also: tuple[str, ...] = ()
) -> pd.DataFrame:
    names = ("unit_system", "unit_code", "measure", "value", "batch_id", "active", *also)
    found = database.columns(connection, _by_day(tables.monthly, "month", names).where(chosen))
    frame = {name: pd.Categorical(found[name]) for name in (*_TEXTS, *also)}
    months = np.array(found["month"], "datetime64[M]").astype(np.int64)
    values = {"value": np.array(found["value"], np.int64), "batch": np.array(found["batch_id"], np.int32)}
    return pd.DataFrame({"month": months, **frame, **values, "active": np.array(found["active"], bool)})


def _active(table: Table, day: str, names: tuple[str, ...]) -> Select[Any]:
    """Active rows in order of day, which comes as text."""
    return _by_day(table, day, names).where(table.c.active)


def _by_day(table: Table, day: str, names: tuple[str, ...]) -> Select[Any]:
    columns = (cast(table.c[day], String).label(day), *(table.c[name] for name in names))
    return select(*columns).order_by(table.c[day], table.c.id)
