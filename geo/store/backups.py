"""Copies of the whole store through SQLite's online backup, which neither stops writers nor sees half a transaction."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from geo.errors import Cause, InputError, StoreError, cause
from geo.files import target_of
from geo.settings import sqlite_url
from geo.store.copying import beside, copy, kept_copy, own_files
from geo.store.engine import Database
from geo.store.erasure import finish
from geo.store.migrations import migrate
from geo.store.soundness import refuse_unsound

__all__ = ["backup", "check_integrity", "restore"]

_VERSION_GAP = 1000
"""A restored store's data version jumps this far past both, so that no cache from before can answer for it."""


def check_integrity(database: Database) -> None:
    """Raise StoreError when SQLite finds damage, or what was deleted cannot be taken out of the file.

    Other databases look after themselves.
    """
    if database.file is None:
        return
    with database.read() as connection:
        answer = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if answer != "ok" or broken is not None:
        raise StoreError("store.damaged", path=database.file, detail=Cause("core.cause_damaged", str(answer)))
    refuse_unsound(database.file)
    finish(database)


def backup(database: Database, path: Path) -> None:
    """Write a checked copy of the store to `path`, which is replaced in one step; of a link, the file it leads to.

    Raises
    ------
    InputError
        If there is a folder, a device or a file of the store's own at `path`, or it may not be written.
    StoreError
        If the store is not a SQLite file, cannot be copied, or still holds what was deleted.
    """
    source = _file(database)
    with _written(path):
        target = target_of(path)
    if _is_own(target, source):
        raise InputError("store.backup_onto_store", path=path)
    finish(database)  # free pages go along
    with beside(target, partial(_written, path)) as temporary:
        copy(source, temporary)
        _check_file(temporary, path)
        with _written(path):
            os.replace(temporary, target)


def _is_own(target: Path, store: Path) -> bool:
    """Whether a file is one that the store consists of, or keeps."""
    own = own_files(store)
    return any(
        target == Path(os.path.realpath(one)) or (one.exists() and target.exists() and one.samefile(target))
        for one in own
    )


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """What fails in the block is that `path`, which a person named, cannot be written."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise InputError("core.unwritable", file=path, detail=cause(error)) from error


def restore(database: Database, path: Path) -> Path:
    """Replace the store's contents by a backup's, in one transaction.

    The backup is first copied aside, checked and brought to this program's schema; the live file itself stays in place,
    so that processes that have it open see the new contents instead of an orphan.

    Returns
    -------
    Path
        Where what the store held before is kept, until the next time.

    Raises
    ------
    StoreError
        If the backup is damaged, is not a store, is not as this program would have written it, lacks rows, or was
        written by a newer program, or there is no room or no right beside the store; the store is then unchanged.
    """
    target = _file(database)
    if not os.path.isfile(path):  # also of names that no file can have
        raise StoreError("store.backup_missing", path=path)
    failed = partial(_restored, path, target)
    with beside(target, failed) as temporary, failed():
        copy(Path(path), temporary)
        _check_file(temporary, path)
        _upgrade(temporary)
        refuse_unsound(temporary, shown=path)
        _advance(temporary, beyond=_version(target))
        with kept_copy(target, "restore") as kept:
            copy(temporary, target)
    return kept


@contextmanager
def _restored(path: Path, store: Path) -> Iterator[None]:
    """What fails in the block is the restoring, of the file a person named, beside the store."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise StoreError("store.restore_failed", path=path, detail=cause(error, at=store)) from error


def _file(database: Database) -> Path:
    if database.file is None:
        raise StoreError("store.backup_not_sqlite")
    return database.file


def _check_file(path: Path, shown: Path) -> None:
    """Refuse a copy that is damaged, or no store, under the name that a person knows."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
            answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        raise StoreError("store.damaged", path=shown, detail=cause(error, at=path)) from error
    if answer != "ok":
        raise StoreError("store.damaged", path=shown, detail=Cause("core.cause_damaged", str(answer)))
    if not {"schema_migration", "store_state", "batch"} <= tables:
        raise StoreError("store.not_a_store", path=shown)


def _upgrade(path: Path) -> None:
    database = Database(sqlite_url(path))
    try:
        migrate(database, keep=False)
    finally:
        database.close()


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT version FROM store_state").fetchone()[0])


def _advance(path: Path, *, beyond: int) -> None:
    version = max(beyond, _version(path)) + _VERSION_GAP
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE store_state SET version = ?", (version,))
        connection.commit()
