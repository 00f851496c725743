"""The record of what came in, what was taken back, and what was erased: the record itself stays."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pandas as pd
from sqlalchemy import Connection, Table, delete, insert, select, update

from geo.errors import AlreadyDoneError, Moment, NotFoundError
from geo.personal.titles import masked_file_name, masked_title
from geo.schema import MASKED_MEASURES, Dataset, Measure
from geo.store import tables
from geo.store.erasure import owe
from geo.store.numbers import hashed, key_of
from geo.store.publication import Erased
from geo.store.records import Batch, period_of, table_of

__all__ = ["bump", "erase", "erased_of", "record", "utc_now", "withdraw"]


def utc_now() -> str:
    """Now in UTC, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def bump(connection: Connection) -> None:
    """Make every cache that names the data version out of date."""
    connection.execute(update(tables.state).values(version=tables.state.c.version + 1))


def record(connection: Connection, batch: Batch) -> int:
    """Enter a batch in the history; gives its number."""
    first, last = period_of(batch)
    values = {
        "dataset": batch.dataset.value,
        "source": masked_file_name(batch.provenance.source),
        "sha256": batch.provenance.sha256,
        "who": batch.provenance.who,
        "demo": batch.provenance.demo,
        "rows": len(batch.rows),
        "rejected": batch.rejected,
        "first": first,
        "last": last,
        "imported_at": utc_now(),
        "dropped": json.dumps(list(map(masked_title, batch.dropped)), ensure_ascii=False) if batch.dropped else None,
    }
    key = connection.execute(insert(tables.batch).values(values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def withdraw(connection: Connection, batch_id: int, who: str) -> None:
    """Mark a batch and its rows as taken back.

    Raises
    ------
    NotFoundError
        If there is no such batch.
    AlreadyDoneError
        If it was withdrawn before.
    """
    batch = tables.batch
    wanted = select(batch.c.dataset, batch.c.withdrawn_at).where(batch.c.id == batch_id)
    found = connection.execute(wanted).first()
    if found is None:
        raise NotFoundError("store.batch_unknown", batch=batch_id)
    if found.withdrawn_at is not None:
        raise AlreadyDoneError("store.batch_withdrawn", batch=batch_id, when=Moment(found.withdrawn_at))
    table = table_of(Dataset(found.dataset))
    connection.execute(update(table).where(table.c.batch_id == batch_id).values(active=False))
    mark = update(batch).where(batch.c.id == batch_id).values(withdrawn_at=utc_now(), withdrawn_by=who)
    connection.execute(mark)


def erase(connection: Connection, batch_id: int, who: str) -> int:
    """Delete the rows of a batch for good; one that is in use is taken back first. Gives how many there were.

    Raises
    ------
    NotFoundError
        If there is no such batch.
    AlreadyDoneError
        If it was erased before.
    """
    batch = tables.batch
    found = connection.execute(select(batch).where(batch.c.id == batch_id)).first()
    if found is None:
        raise NotFoundError("store.batch_unknown", batch=batch_id)
    if found.erased_at is not None:
        raise AlreadyDoneError("store.batch_erased", batch=batch_id, when=Moment(found.erased_at))
    if found.withdrawn_at is None:
        withdraw(connection, batch_id, who)
    table = table_of(Dataset(found.dataset))
    months = _masked_months(connection, batch_id, table)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    owe(connection)
    rows = connection.execute(delete(table).where(table.c.batch_id == batch_id)).rowcount
    mark = {"erased_at": utc_now(), "erased_months": json.dumps(months) if months else None}
    connection.execute(update(batch).where(batch.c.id == batch_id).values(mark))
    return int(rows)


def _masked_months(connection: Connection, batch_id: int, table: Table) -> dict[str, list[int]]:
    """Months since January 1970 of which a batch reports each masked measure; of a year its last."""
    if table not in (tables.monthly, tables.yearly):
        return {}
    when = table.c.month if table is tables.monthly else table.c.year
    chosen = select(table.c.measure, when).where(table.c.batch_id == batch_id).distinct()
    found: dict[str, list[int]] = {}
    for measure, day in connection.execute(chosen.where(table.c.measure.in_(MASKED_MEASURES))):
        month = date(day, 12, 1) if table is tables.yearly else day
        found.setdefault(measure, []).append((month.year - 1970) * 12 + month.month - 1)
    return {measure: sorted(months) for measure, months in found.items()}


def erased_of(batches: pd.DataFrame, measure: Measure) -> Erased:
    """What was erased of a masked measure; nothing masked is shown for the years of any."""
    listed = batches.set_index("id")["erased_months"].dropna().map(json.loads)
    years = {month // 12 for by_measure in listed for months in by_measure.values() for month in months}
    own = {int(number): tuple(by_measure[measure]) for number, by_measure in listed.items() if measure in by_measure}
    return Erased(frozenset(years), own)


def listed(connection: Connection) -> pd.DataFrame:
    """Every batch ever recorded, newest first: the columns of table `batch`, `file_code` in place of the file's hash.

    The hash alone would tell anybody who can guess a file whether it is the one: of a table of counts that is known but
    for one that is masked, there are few. The code is made under the store's key.
    """
    frame = pd.read_sql(select(tables.batch).order_by(tables.batch.c.id.desc()), connection)
    codes = hashed(frame["sha256"], key_of(connection)) if len(frame) else []
    return (
        frame.drop(columns="sha256")
        .assign(file_code=pd.Series(codes, frame.index, dtype=object))
        .astype({"demo": bool})
    )


def of_file(connection: Connection, sha256: str) -> tuple[int, ...]:
    """Batches in use that came from a file of this hash, newest first; none of those that report a masked measure."""
    batch, counts = tables.batch, (tables.monthly, tables.yearly)
    masked = [select(table.c.batch_id).where(table.c.measure.in_(MASKED_MEASURES)) for table in counts]
    chosen = select(batch.c.id).where(
        batch.c.sha256 == sha256, batch.c.withdrawn_at.is_(None), *(batch.c.id.not_in(one) for one in masked)
    )
    return tuple(connection.scalars(chosen.order_by(batch.c.id.desc())))
