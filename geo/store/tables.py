"""Tables of the store, as SQLAlchemy Core sees them.

The numbered migrations create them; a test asserts that both agree. Free text from records is never a column here.
Event and monthly rows repeat their batch's `active` flag, so that a query is one table scan and a natural key that is
unique among active rows stays one partial index away.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

__all__ = [
    "batch",
    "boundary_unit",
    "boundary_version",
    "community_model",
    "event",
    "kept_text",
    "metadata",
    "migration",
    "monthly",
    "population",
    "state",
    "target",
    "yearly",
    "zone",
]

metadata = MetaData()


def _of_a_batch() -> tuple[Column[Any], ...]:
    """The first columns of every table of records."""
    return (
        Column("id", Integer, primary_key=True),
        Column("batch_id", Integer, ForeignKey("batch.id"), nullable=False),
        Column("active", Boolean, nullable=False),
    )


def _unit() -> tuple[Column[Any], ...]:
    """Which unit a record is of."""
    return Column("unit_system", String, nullable=False), Column("unit_code", String, nullable=False)


migration = Table(
    "schema_migration",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False),
    Column("applied_at", String, nullable=False),
)

state = Table(
    "store_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("number_key", String, nullable=False, server_default=""),
)

batch = Table(
    "batch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dataset", String, nullable=False),
    Column("source", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("who", String, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("first", Date),
    Column("last", Date),
    Column("imported_at", String, nullable=False),
    Column("withdrawn_at", String),
    Column("withdrawn_by", String),
    Column("dropped", String),
    Column("erased_at", String),
    Column("erased_months", String),
)

event = Table(
    "event",
    metadata,
    *_of_a_batch(),
    Column("dataset", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("date", Date, nullable=False),
    *_unit(),
    Column("kind", String, nullable=False),
    Column("status", String),
    Column("suspects", Integer),
    Column("lon", Float),
    Column("lat", Float),
)

monthly = Table(
    "monthly",
    metadata,
    *_of_a_batch(),
    Column("month", Date, nullable=False),
    *_unit(),
    Column("measure", String, nullable=False),
    Column("value", Integer, nullable=False),
    Column("area", String, nullable=False, server_default=""),
    Column("topic", String, nullable=False, server_default=""),
    Column("organiser", String, nullable=False, server_default=""),
)

zone = Table(
    "zone",
    metadata,
    *_of_a_batch(),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("geometry", LargeBinary, nullable=False),
    Column("key", String, nullable=False, server_default=""),
    Column("since", Date),
    Column("until", Date),
    Column("source", String, nullable=False, server_default=""),
    Column("decision", String, nullable=False, server_default=""),
    Column("divided", Boolean, nullable=False, server_default="0"),
)

kept_text = Table(
    "kept_text",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("text", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", String, nullable=False),
)

population = Table(
    "population",
    metadata,
    *_of_a_batch(),
    *_unit(),
    Column("year", Integer, nullable=False),
    Column("people", Integer, nullable=False),
)

yearly = Table(
    "yearly",
    metadata,
    *_of_a_batch(),
    Column("year", Integer, nullable=False),
    *_unit(),
    Column("measure", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("value", Integer, nullable=False),
)

target = Table(
    "target",
    metadata,
    *_of_a_batch(),
    Column("year", Integer, nullable=False),
    Column("unit_code", String, nullable=False),
    Column("measure", String, nullable=False),
    Column("value", Integer, nullable=False),
)

community_model = Table(
    "community_model",
    metadata,
    *_of_a_batch(),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    *_unit(),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("members", Integer),
)

boundary_version = Table(
    "boundary_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("system", String, nullable=False),
    Column("name", String, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("imported_at", String, nullable=False),
    Column("approximate", Boolean, nullable=False),
    Column("source", String, nullable=False),
    Column("licence", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("topology", LargeBinary, nullable=False),
    Column("frames", String, nullable=False),
)

boundary_unit = Table(
    "boundary_unit",
    metadata,
    Column("version_id", Integer, ForeignKey("boundary_version.id"), primary_key=True),
    Column("code", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("geometry", LargeBinary, nullable=False),
)
