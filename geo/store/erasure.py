"""Taking rows out for good: out of the table, the write-ahead log and the free pages of the file.

Rows go in a transaction, and with them the file is marked as one that has to be written anew. Whatever comes between
the two, a full disk or a process that is killed, the mark stays, and whoever opens the store next goes on.
"""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing

from sqlalchemy import Connection

from geo.errors import StoreError, cause
from geo.store.engine import Database

__all__ = ["finish", "finish_soon", "owe", "scrub"]

_BUSY_S = 60.0
_SOON_S = 0.5


def owe(connection: Connection) -> None:
    """Mark the file, in the transaction that deletes, as one to be written anew."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version = 1")


def finish(database: Database, *, patience_s: float = _BUSY_S) -> None:
    """Write a file anew that is marked so.

    Raises
    ------
    StoreError
        As `scrub`.
    """
    if database.file is None:
        return
    with database.read() as connection:
        owed = connection.exec_driver_sql("PRAGMA user_version").scalar()
    if owed:
        scrub(database, patience_s=patience_s)


def finish_soon(database: Database) -> None:
    """Do the same if nobody else is at it and there is room; else it stays marked, and `check` says so."""
    with contextlib.suppress(StoreError):
        finish(database, patience_s=_SOON_S)


def scrub(database: Database, *, patience_s: float = _BUSY_S) -> None:
    """Write a SQLite file anew from what it holds, and empty its write-ahead log.

    Parameters
    ----------
    database : Database
    patience_s : float
        How long others may go on reading and writing before it is given up.

    Raises
    ------
    StoreError
        If another process keeps reading, or there is no room for the copy; what was deleted may then still be found in
        free pages, and the file stays marked.
    """
    if database.file is None:
        return
    try:
        with closing(sqlite3.connect(database.file, timeout=patience_s, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                connection.execute("PRAGMA user_version = 0")
    except sqlite3.Error as error:
        raise StoreError("store.not_scrubbed", path=database.file, detail=cause(error)) from error
    if busy:
        raise StoreError("store.not_scrubbed_busy", path=database.file)
