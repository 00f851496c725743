"""The database connection: SQLite in WAL mode by default, any other SQLAlchemy database by its URL.

Reading takes a snapshot and blocks nobody. Writing takes the one write lock at the start, so that two processes queue
instead of failing half-way.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, create_engine, event, insert
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from geo.errors import Cause, StoreError, cause

__all__ = ["Database"]

_BUSY_S = 60.0
_CACHE_KB = 64_000
"""Pages a connection may keep in memory: with SQLite's own 2 MB a large batch writes its indexes again and again."""

_PARAMETERS = 990
"""Values one statement takes: every SQLite allows 999."""


class Database:
    """An engine with the two kinds of transaction the store uses.

    Parameters
    ----------
    url : str
        SQLAlchemy URL; the folder of a SQLite file is made when it does not exist.

    Raises
    ------
    StoreError
        If the URL is not one, or the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self.file: Path | None = None
        try:
            parsed = make_url(url)
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            self.file = Path(parsed.database) if self.is_sqlite and parsed.database else None
            if self.file is not None:
                self.file.parent.mkdir(parents=True, exist_ok=True)
            self.engine = _sqlite_engine(url) if self.is_sqlite else create_engine(url)
        except ImportError as error:
            raise StoreError(
                "store.cannot_open", url=_shown(url), detail=Cause("core.cause_driver", code=str(error.name))
            ) from error
        except (ArgumentError, NoSuchModuleError) as error:
            raise StoreError(
                "store.cannot_open", url=_shown(url), detail=Cause("core.cause_url", str(error))
            ) from error
        except (OSError, ValueError) as error:
            raise StoreError("store.cannot_open", url=_shown(url), detail=cause(error, at=self.file)) from error
        self.url = url

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the data."""
        # SQLite's transactions see one state anyway; in PostgreSQL each statement would see its own.
        is_postgres = self.engine.dialect.name == "postgresql"
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ") if is_postgres else self.engine
        with self._guarded(), engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock from its start; an error leaves nothing behind."""
        engine = self.engine.execution_options(antt_write=True)
        with self._guarded(), engine.begin() as connection:
            yield connection

    def value(self, statement: Select[tuple[Any]]) -> Any:
        """The one value a statement without parameters finds.

        SQLite is asked by its driver, a tenth of the time of a transaction of SQLAlchemy's: every map asks whether the
        data version is still the same.
        """
        if not self.is_sqlite:
            with self.read() as connection:
                return connection.execute(statement).scalar_one()
        with self._guarded(), closing(self.engine.raw_connection()) as connection:
            return connection.driver_connection.execute(_text(statement)).fetchone()[0]  # type: ignore[union-attr]

    def columns(self, connection: Connection, statement: Select[Any]) -> dict[str, Sequence[Any]]:
        """What a statement without parameters finds, by column; days are to be asked for as text.

        SQLite is asked by its driver, in the transaction of `connection`: SQLAlchemy's rows take three times as long.
        """
        names = [column.name for column in statement.selected_columns]
        if self.is_sqlite:
            driver: Any = connection.connection.driver_connection
            rows = driver.execute(_text(statement)).fetchall()
        else:
            rows = connection.execute(statement).all()
        return {name: tuple(map(itemgetter(place), rows)) for place, name in enumerate(names)}

    def insert(
        self,
        connection: Connection,
        table: Table,
        columns: Mapping[str, Sequence[Any]],
        constants: Mapping[str, Any] | None = None,
    ) -> None:
        """Insert many rows given by column.

        On SQLite values must be what the driver stores: dates as ISO text.

        Parameters
        ----------
        columns : mapping of str to sequence
            Values by column, all of one length.
        constants : mapping of str to value, optional
            Columns that are the same in every row.
        """
        if not columns or not len(next(iter(columns.values()))):
            return
        constants = constants or {}
        if self.is_sqlite:
            _insert_many(connection, table, columns, constants)
        else:
            rows = zip(*columns.values(), strict=True)
            connection.execute(insert(table), [{**constants, **dict(zip(columns, row, strict=True))} for row in rows])

    def close(self) -> None:
        """Give every pooled connection back."""
        self.engine.dispose()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            detail = cause(getattr(error, "orig", None) or error, at=self.file)
            raise StoreError("store.failed", url=_shown(self.url), detail=detail) from error


@lru_cache(maxsize=16)
def _text(statement: Select[Any]) -> str:
    return str(statement.compile(dialect=sqlite_dialect(), compile_kwargs={"literal_binds": True}))


def _shown(url: str) -> str:
    """The URL without a password, a file's with its path as it is called; the text as given where it is not a URL."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return f"sqlite:///{parsed.database or ''}"
        return parsed.render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return url


def _insert_many(
    connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]], constants: Mapping[str, Any]
) -> None:
    """Many rows to a statement, straight to the driver.

    SQLite prepares the lists of its CHECKs once per statement, not once per row, and the constants are bound once: less
    than half the time of one statement per row, and an eighth of one dict per row.
    """
    width = len(columns)
    together = max(1, (_PARAMETERS - len(constants)) // width)
    flat = list(chain.from_iterable(zip(*columns.values(), strict=True)))
    whole = len(flat) - len(flat) % (together * width)
    fixed = tuple(constants.values())
    names = (*constants, *columns)
    if whole:
        rows = [fixed + tuple(flat[n : n + together * width]) for n in range(0, whole, together * width)]
        connection.exec_driver_sql(_insert_statement(table, names, len(fixed), together), rows)
    if left := flat[whole:]:
        statement = _insert_statement(table, names, len(fixed), len(left) // width)
        connection.exec_driver_sql(statement, fixed + tuple(left))


def _insert_statement(table: Table, names: tuple[str, ...], constants: int, rows: int) -> str:
    """Numbered placeholders for the constants, the same in every row; the others count on from there."""
    fixed = [f"?{n + 1}" for n in range(constants)]
    row = ", ".join([*fixed, *["?"] * (len(names) - constants)])
    quoted = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table.name}" ({quoted}) VALUES ' + ", ".join([f"({row})"] * rows)


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late for DDL and for the write lock
    for pragma in ("foreign_keys = ON", "synchronous = FULL", f"cache_size = -{_CACHE_KB}"):
        connection.execute(f"PRAGMA {pragma}")
    _enter_wal(connection)


def _enter_wal(connection: sqlite3.Connection, *, attempts: int = 100) -> None:
    """Switch to WAL; the switch itself ignores the busy timeout, so two first openers must take turns here."""
    for attempt in range(attempts):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == attempts - 1:
                raise
            time.sleep(0.05)


def _begin(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("antt_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
