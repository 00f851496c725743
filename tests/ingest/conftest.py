"""A store with the built-in boundaries and nothing recorded, and a shorthand for preparing a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geo.ingest import Preview, prepare
from geo.store import Store, open_store
from geo.store.default_boundaries import add_default_boundaries

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Boundaries only. Read only: it is shared."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('ingest') / 'bare.sqlite'}")
    add_default_boundaries(store)
    return store


@pytest.fixture
def store(bare: Store, tmp_path: Path) -> Store:
    """A copy of it to write to."""
    path = tmp_path / "store.sqlite"
    bare.backup(path)
    return open_store(f"sqlite:///{path}")


@pytest.fixture
def given(bare: Store, tmp_path: Path):
    """Writes a file and prepares it against the bare store."""

    def make(content: str | bytes, name: str = "vu.csv", **options) -> Preview:
        return prepare(write(tmp_path / name, content), store=options.pop("store", bare), today=TODAY, **options)

    return make


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


__all__ = ["TODAY", "write"]
