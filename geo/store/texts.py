"""Texts that people keep beside the records: by kind and name, each with the number of its version.

Who writes one says which version it was made from; if somebody else has written meanwhile, nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from geo.errors import InputError
from geo.store import tables
from geo.store.engine import Database
from geo.store.history import utc_now

__all__ = ["Text", "TextChangedError", "Texts"]

_ATTEMPTS = 100
_table = tables.kept_text


class TextChangedError(InputError):
    """A text is not any more the one that was to be changed; nothing was written."""


@dataclass(frozen=True)
class Text:
    """One text.

    Attributes
    ----------
    name : str
    text : str
    version : int
        Counted from 1.
    """

    name: str
    text: str
    version: int


class Texts:
    """The texts of a store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, kind: str) -> list[Text]:
        """Every text of a kind, in order of name."""
        chosen = select(_table.c.name, _table.c.text, _table.c.version).where(_table.c.kind == kind)
        with self._database.read() as connection:
            return [Text(*row) for row in connection.execute(chosen.order_by(_table.c.name))]

    def get(self, kind: str, name: str) -> Text | None:
        """A text; None where there is none."""
        with self._database.read() as connection:
            return _found(connection, kind, name)

    def keep(self, kind: str, name: str, text: str, *, after: int) -> int:
        """Write a text in place of the version it was made from; gives its new version.

        Parameters
        ----------
        after : int
            Version that it was made from; 0 where there was none.

        Raises
        ------
        TextChangedError
            If there is another version by now.
        """
        with self._database.write() as connection:
            self._refuse_other(connection, kind, name, after)
            values = {"text": text, "version": after + 1, "changed_at": utc_now()}
            if after:
                connection.execute(update(_table).where(_table.c.kind == kind, _table.c.name == name).values(values))
            else:
                connection.execute(insert(_table).values(kind=kind, name=name, **values))
        return after + 1

    def change(self, kind: str, name: str, deed: Callable[[Text | None], str]) -> int:
        """Write what a function makes of a text; made again of what somebody else has written meanwhile.

        Raises
        ------
        TextChangedError
            If others were faster a hundred times.
        Exception
            What the function raises; nothing is written then.
        """
        for _ in range(_ATTEMPTS):
            found = self.get(kind, name)
            try:
                return self.keep(kind, name, deed(found), after=found.version if found else 0)
            except TextChangedError:
                continue
        raise TextChangedError("store.text_changed", name=name)

    def forget(self, kind: str, name: str, *, after: int) -> None:
        """Delete a version of a text.

        Raises
        ------
        TextChangedError
            If there is another version by now.
        """
        with self._database.write() as connection:
            self._refuse_other(connection, kind, name, after)
            connection.execute(delete(_table).where(_table.c.kind == kind, _table.c.name == name))

    def keep_newest(self, kind: str, most: int) -> None:
        """Delete all but the texts of a kind that were changed last."""
        newest = select(_table.c.name).where(_table.c.kind == kind).order_by(_table.c.changed_at.desc()).limit(most)
        with self._database.write() as connection:
            names = list(connection.scalars(newest))
            connection.execute(delete(_table).where(_table.c.kind == kind, _table.c.name.not_in(names)))

    @staticmethod
    def _refuse_other(connection: Connection, kind: str, name: str, after: int) -> None:
        found = _found(connection, kind, name)
        if (found.version if found else 0) != after:
            raise TextChangedError("store.text_changed", name=name)


def _found(connection: Connection, kind: str, name: str) -> Text | None:
    chosen = select(_table.c.name, _table.c.text, _table.c.version)
    row = connection.execute(chosen.where(_table.c.kind == kind, _table.c.name == name)).first()
    return None if row is None else Text(*row)
