import re
from datetime import date

import pytest
from sqlalchemy import create_engine, insert, inspect
from sqlalchemy.dialects import postgresql

from geo.errors import StoreError
from geo.schema import EVENT_MEASURES, MONTHLY_MEASURES, Query
from geo.store import migrations, open_store, tables
from geo.store.engine import Database
from geo.store.migrations import LATEST, applied, migrate
from geo.store.queries import selection


def test_migrated_database_has_exactly_the_declared_tables(store):
    found = inspect(store.database.engine)
    assert set(found.get_table_names()) == set(tables.metadata.tables)
    for name, table in tables.metadata.tables.items():
        columns = {c["name"]: bool(c["nullable"]) for c in found.get_columns(name)}
        assert columns == {c.name: bool(c.nullable) and not c.primary_key for c in table.columns} | {
            c.name: columns[c.name] for c in table.primary_key
        }
        keys = {(k["constrained_columns"][0], k["referred_table"]) for k in found.get_foreign_keys(name)}
        assert keys == {(k.parent.name, k.column.table.name) for k in table.foreign_keys}


def test_each_migration_is_recorded_once(url):
    database = open_store(url).database
    migrate(database)
    with database.read() as connection:
        assert applied(connection) == LATEST
        assert len(connection.execute(tables.migration.select()).all()) == LATEST


def test_a_store_of_a_newer_program_is_refused_untouched(url):
    database = Database(url)
    migrate(database)
    with database.write() as connection:
        row = {"number": LATEST + 1, "name": "later", "applied_at": "2030-01-01T00:00:00+00:00"}
        connection.execute(insert(tables.migration).values(row))
    with pytest.raises(StoreError, match=f"schema {LATEST + 1}; this program knows {LATEST}") as caught:
        open_store(url)
    assert "phiên bản mới hơn" in caught.value.message("vi")


def test_a_migration_that_fails_leaves_the_schema_before_it(url, monkeypatch, tmp_path):
    migrate(database := Database(url))
    broken = tmp_path / "0002_broken.sql"
    broken.write_text("CREATE TABLE half (id INTEGER);\nCREATE TABLE event (id INTEGER);\n")
    monkeypatch.setitem(migrations._FILES, LATEST + 1, broken)
    monkeypatch.setattr(migrations, "LATEST", LATEST + 1)
    with pytest.raises(StoreError):
        migrate(database)
    with database.read() as connection:
        assert applied(connection) == LATEST
        assert not inspect(connection).has_table("half")


def test_statements_are_written_for_postgresql_too():
    text = migrations._FILES[1].read_text("utf-8")
    statements = migrations._statements(text, "postgresql")
    assert not re.search(r"BLOB|AUTOINCREMENT|\{", " ".join(statements))
    for measure in EVENT_MEASURES | MONTHLY_MEASURES:
        query = selection(Query(measure, date(2024, 1, 1), date(2024, 12, 31)))
        assert "CAST(" in str(query.compile(dialect=postgresql.dialect()))


def test_empty_database_is_at_zero():
    with create_engine("sqlite://").connect() as connection:
        assert applied(connection) == 0
