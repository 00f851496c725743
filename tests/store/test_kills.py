"""Whatever is being done when the process is killed: it is done or it is not, and the store is whole.

And whatever is damaged afterwards is named.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import time
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geo.errors import StoreError
from geo.schema import Dataset, Measure, Provenance, Query, UnitSystem
from geo.store import Batch, open_store
from geo.store.default_boundaries import add_default_boundaries
from tests.store.conftest import _units

FORK = multiprocessing.get_context("fork")
ROWS = 4_000
KILLS = 3
DAMAGED = 4


def batch(name: str, rows: int = ROWS) -> Batch:
    row = {"date": "2026-01-05", "unit_system": "current", "unit_code": "30337", "kind": "theft", "status": None}
    frame = pd.DataFrame(
        [{"record_id": f"{name}{n}", **row, "suspects": None, "lon": None, "lat": None} for n in range(rows)]
    )
    return Batch(Dataset.CASES, frame, Provenance(f"{name}.csv", name, "t"))


def cases(url: str) -> int:
    return len(open_store(url).query(Query(Measure.CASE, date(2026, 1, 1), date(2026, 12, 31))))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A folder with a store of two batches, and a backup of another with one; nothing holds them open."""
    folder = tmp_path_factory.mktemp("made")
    for name, batches in (("store", "AB"), ("backup", "C")):
        store = open_store(f"sqlite:///{folder / name}.sqlite")
        store.add_boundaries(
            _units(), system=UnitSystem.CURRENT, name="squares", valid_from=date(2025, 7, 1), source="t", licence="t",
            topology=b"{}", frames=[], approximate=True,
        )  # fmt: skip
        for one in batches:
            store.append(batch(one))
        store.database.close()
        with closing(sqlite3.connect(folder / f"{name}.sqlite")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


def erase(url: str, _folder: Path) -> None:
    open_store(url).erase([2], who="t")


def restore(url: str, folder: Path) -> None:
    open_store(url).restore(folder / "backup.sqlite")


def append_several(url: str, _folder: Path) -> None:
    open_store(url).append_all([batch("D"), batch("E"), batch("F")])


def undo(url: str, _folder: Path) -> None:
    open_store(url).withdraw(1)


def bring_boundaries(url: str, _folder: Path) -> None:
    add_default_boundaries(open_store(url))


DEEDS = {erase: (2, 1), restore: (2, 1), append_several: (2, 5), undo: (2, 1), bring_boundaries: (2, 2)}
"""Batches of cases that are shown before, and after."""


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_killed_at_any_moment_it_is_done_or_not(deed, made, tmp_path):
    chance = random.Random(5)

    def begun(n: int) -> tuple[str, multiprocessing.process.BaseProcess]:
        folder = tmp_path / str(n)
        folder.mkdir()
        shutil.copy(made / "store.sqlite", folder / "s.sqlite")
        url = f"sqlite:///{folder / 's.sqlite'}"
        child = FORK.Process(target=deed, args=(url, made))
        child.start()
        return url, child

    start = time.perf_counter()
    _, whole = begun(-1)
    whole.join()
    lasts = time.perf_counter() - start
    assert whole.exitcode == 0
    found = set()
    for n in range(KILLS):
        url, child = begun(n)
        time.sleep(lasts * chance.uniform(0.05, 1.0))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        store = open_store(url)
        store.check_integrity()
        found.add(cases(url) // ROWS)
        assert cases(url) % ROWS == 0
        deed_again(deed, url, made)
        store.check_integrity()
        assert cases(url) // ROWS == DEEDS[deed][1]
        store.database.close()
    assert found <= set(DEEDS[deed])


def deed_again(deed, url: str, folder: Path) -> None:
    """Where it was done, nothing is left to do."""
    if deed is append_several and cases(url) // ROWS == DEEDS[deed][1]:
        return
    with suppress(StoreError):
        deed(url, folder)


DAMAGE = ["cut", "zero", "noise", "swap", "header", "short"]


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_store_is_named_or_shows_what_it_showed(kind, made, tmp_path):
    chance = random.Random(kind)
    whole = (made / "store.sqlite").read_bytes()
    named = 0
    for n in range(DAMAGED):
        path = tmp_path / f"{n}.sqlite"
        path.write_bytes(damaged(whole, kind, chance))
        try:
            store = open_store(f"sqlite:///{path}")
            store.check_integrity()
            assert cases(store.url) == 2 * ROWS
            assert len(store.batches()) == 2
        except StoreError:
            named += 1
        kept = tmp_path / f"{n}-before.sqlite"
        shutil.copy(made / "store.sqlite", kept)
        other = open_store(f"sqlite:///{kept}")
        with suppress(StoreError):
            other.restore(path)
        other.check_integrity()
        assert cases(other.url) == 2 * ROWS
        other.database.close()
    assert named >= (DAMAGED if kind in ("cut", "header", "short") else DAMAGED // 2)


def damaged(content: bytes, kind: str, chance: random.Random) -> bytes:
    page = 4096
    pages = len(content) // page
    a, b = (chance.randrange(1, pages) * page for _ in range(2))
    match kind:
        case "cut":
            return content[: chance.randrange(page, len(content) - page)]
        case "short":
            return content[: chance.randrange(1, page)]
        case "zero":
            return content[:a] + bytes(page) + content[a + page :]
        case "noise":
            return content[:a] + chance.randbytes(page) + content[a + page :]
        case "swap":
            b = b if b != a else a - page if a > page else a + page
            a, b = sorted((a, b))
            return (
                content[:a]
                + content[b : b + page]
                + content[a + page : b]
                + content[a : a + page]
                + content[b + page :]
            )
        case _:
            at = chance.randrange(0, 16)
            return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
