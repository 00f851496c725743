"""Whether a SQLite file is a whole store: its schema to the letter, and every batch with the rows it came with."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from geo.errors import StoreError, cause
from geo.files import scratch
from geo.schema import Dataset
from geo.settings import sqlite_url
from geo.store.engine import Database
from geo.store.migrations import migrate
from geo.store.records import table_of
from geo.store.values import strange_values

__all__ = ["refuse_unsound"]

_SHOWN = 5
_SAID = "SELECT id, dataset, CASE WHEN erased_at IS NULL THEN rows ELSE 0 END FROM batch ORDER BY id"


def refuse_unsound(path: Path, *, shown: Path | None = None) -> None:
    """Refuse a store of this program's schema version that is not what the program would have written.

    Parameters
    ----------
    path : Path
    shown : Path, optional
        What the file is called in messages, where it is a copy of the one a person named.

    Raises
    ------
    StoreError
        If tables, columns or indexes are missing or others, there are triggers or views, values are none that this
        program writes, rows of a batch are missing or too many, or boundaries are not those that were stored; it says
        which.
    """
    named = shown or path
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            _refuse(connection, named)
    except (sqlite3.Error, ValueError) as error:  # what no list of ours has is read as a word of none
        detail = cause(error, otherwise="content", at=path)
        raise StoreError("store.damaged", path=named, detail=detail) from error


def _refuse(connection: sqlite3.Connection, named: Path) -> None:
    found, known = dict(_schema(connection)), _own()
    strange = sorted(name for name, sql in found.items() if known.get(name) != sql)
    strange += sorted(set(known) - set(found))
    if strange:
        raise StoreError("store.other_schema", path=named, names=", ".join(strange[:_SHOWN]))
    drawn = connection.execute("SELECT id, sha256, topology FROM boundary_version ORDER BY id")
    other = [str(number) for number, sha256, content in drawn if hashlib.sha256(content).hexdigest() != sha256]
    if other:
        raise StoreError("store.boundaries_altered", path=named, versions=", ".join(other[:_SHOWN]))
    if odd := list(strange_values(connection)):
        raise StoreError("store.values_strange", path=named, columns="; ".join(odd[:_SHOWN]))
    wrong = [f"{number} ({have} ≠ {said})" for number, said, have in _counted(connection) if said != have]
    if wrong:
        raise StoreError("store.rows_gone", path=named, batches=", ".join(wrong[:_SHOWN]))


def _schema(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Everything that has a name, with its definition without spaces and quotes."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    for kind, name, sql in rows:
        yield f"{kind} {name}", re.sub(r"[\s\"`]+", "", str(sql)).lower()


def _own() -> dict[str, str]:
    """The same of an empty store."""
    with scratch() as folder:
        database = Database(sqlite_url(folder / "own.sqlite"))
        try:
            migrate(database)
        finally:
            database.close()
        with closing(sqlite3.connect(folder / "own.sqlite")) as connection:
            return dict(_schema(connection))


def _counted(connection: sqlite3.Connection) -> Iterator[tuple[int, int, int]]:
    """Number of each batch, the rows it came with, and the rows there are."""
    there: dict[str, dict[int, int]] = {}
    for dataset in Dataset:
        table = table_of(dataset).name
        if table not in there:
            there[table] = dict(connection.execute(f"SELECT batch_id, count(*) FROM {table} GROUP BY batch_id"))
    for number, dataset, rows in connection.execute(_SAID):
        yield number, rows, there[table_of(Dataset(dataset)).name].get(number, 0)
