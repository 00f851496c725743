"""What of a GeoPackage is a table: a view is a question that may never end, and is not asked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

__all__ = ["views_of"]


def views_of(path: Path) -> frozenset[str]:
    """Names of the views in a GeoPackage, in lower case; nothing of them is read.

    Raises
    ------
    sqlite3.Error
        If it is no database.
    """
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return frozenset(
            str(name).lower() for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
        )
