"""Whole files of the database, copied beside where they are needed and put in place in one step."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path

from geo.errors import StoreError, cause

__all__ = ["AFTER", "SIDECARS", "beside", "copy", "kept_copies", "kept_copy", "own_files"]

AFTER = {"restore": ".before-restore", "update": ".before-update"}
"""What stands in the name of a file that keeps what a store held before something was done to it."""


SIDECARS = ("-wal", "-shm", "-journal")
"""What SQLite puts after the name of its file for those it works with."""


@contextmanager
def beside(path: Path, failing: Callable[[], AbstractContextManager[None]] = nullcontext) -> Iterator[Path]:
    """A temporary file on the same disk, so that a replacement is atomic; nothing of it is left behind.

    Parameters
    ----------
    path : Path
    failing : callable
        Gives the block that names the cause where there can be no such file.
    """
    with failing():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".antt-")
        os.close(handle)
    try:
        yield Path(name)
    finally:
        for suffix in ("", *SIDECARS):
            Path(name + suffix).unlink(missing_ok=True)


def copy(source: Path, target: Path) -> None:
    """Copy a database through SQLite's online backup.

    Raises
    ------
    StoreError
        If either cannot be read or written.
    """
    try:
        with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target, timeout=60)) as made:
            origin.backup(made)
    except sqlite3.Error as error:
        raise StoreError("store.backup_failed", path=source, detail=cause(error, at=target)) from error


@contextmanager
def kept_copy(store: Path, after: str) -> Iterator[Path]:
    """Keep what a store holds now in a file of its own, for the owner alone to read; gives where.

    Where the block fails the store holds that still, and the copy of an earlier time is there again.

    Parameters
    ----------
    after : {"restore", "update"}
        What is done in the block.
    """
    kept = _kept(store, AFTER[after])
    with beside(kept) as former, beside(kept) as earlier:
        copy(store, former)
        had_one = kept.is_file()
        if had_one:
            os.replace(kept, earlier)
        os.replace(former, kept)
        try:
            yield kept
        except BaseException:
            if had_one:
                os.replace(earlier, kept)
            else:
                kept.unlink(missing_ok=True)
            raise


def kept_copies(store: Path) -> list[Path]:
    """Copies of an earlier state that lie beside a store."""
    return [path for mark in AFTER.values() if (path := _kept(store, mark)).is_file()]


def own_files(store: Path) -> list[Path]:
    """Every file that a store consists of or keeps, there or not."""
    return [store, *(Path(f"{store}{suffix}") for suffix in SIDECARS), *(_kept(store, m) for m in AFTER.values())]


def _kept(store: Path, mark: str) -> Path:
    return store.with_name(f"{store.stem}{mark}{store.suffix}")
