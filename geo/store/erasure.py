"""Taking rows out for good: out of the table, the write-ahead log and the free pages of the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from geo.errors import StoreError, cause
from geo.store.engine import Database

__all__ = ["scrub"]

_BUSY_S = 60.0


def scrub(database: Database) -> None:
    """Write a SQLite file anew from what it holds, and empty its write-ahead log.

    Raises
    ------
    StoreError
        If another process keeps reading, or there is no room for the copy; what was deleted may then still be found in
        free pages, and the next call takes it out.
    """
    if database.file is None:
        return
    try:
        with closing(sqlite3.connect(database.file, timeout=_BUSY_S, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError("store.not_scrubbed", path=database.file, detail=cause(error)) from error
    if busy:
        raise StoreError("store.not_scrubbed_busy", path=database.file)
