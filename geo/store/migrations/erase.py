"""What an update takes out of a store that was written before: numbers of records, names of persons in titles."""

from __future__ import annotations

import json

from sqlalchemy import Connection, Table, bindparam, select, update

from geo.personal.titles import masked_file_name, masked_title
from geo.personal.zone_names import without_person
from geo.store import tables
from geo.store.numbers import hashed, key_of, new_key
from geo.text import t

__all__ = ["erase_personal"]

_TOGETHER = 50_000


def erase_personal(connection: Connection) -> None:
    """Give the store its key, hash the numbers of its records, and mask names of files, columns and areas."""
    connection.execute(update(tables.state).values(number_key=new_key()))
    key = key_of(connection)
    last = 0
    event = tables.event
    while rows := connection.execute(
        select(event.c.id, event.c.record_id).where(event.c.id > last).order_by(event.c.id).limit(_TOGETHER)
    ).all():
        last = rows[-1].id
        _set(connection, event, "record_id", dict(zip((r.id for r in rows), hashed((r.record_id for r in rows), key))))
    batch, zone = tables.batch, tables.zone
    for row in connection.execute(select(batch.c.id, batch.c.source, batch.c.dropped)).all():
        listed = (
            json.dumps([masked_title(c) for c in json.loads(row.dropped)], ensure_ascii=False) if row.dropped else None
        )
        values = {"source": masked_file_name(row.source), "dropped": listed}
        connection.execute(update(batch).where(batch.c.id == row.id).values(values))
    for row in connection.execute(select(zone.c.id, zone.c.name, zone.c.kind)).all():
        if (name := without_person(row.name, f"{t(f'map.zone_{row.kind}', 'vi')} {row.id}")) != row.name:
            _set(connection, zone, "name", {row.id: name})


def _set(connection: Connection, table: Table, column: str, values: dict[int, str]) -> None:
    statement = update(table).where(table.c.id == bindparam("row")).values({column: bindparam("value")})
    connection.execute(statement, [{"row": row, "value": value} for row, value in values.items()])
