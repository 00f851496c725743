"""An import that is killed, that meets another one, or that runs out of room leaves the store whole."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from geo.errors import AnttError, StoreError
from geo.ingest import Preview, commit, prepare
from geo.ingest.reading.read import read
from geo.schema import Measure, Query
from geo.store import Store, open_store
from tests.ingest.conftest import TODAY, write
from tests.ingest.files import HEADER, csv_text

FORK = multiprocessing.get_context("fork")
ROWS = 6000
KILLS = 20


def big(tmp_path: Path, name: str = "lon.csv", prefix: str = "V") -> Path:
    row = ["05/03/2026", "Phường Long Xuyên", "", "Trộm cắp", "Đã làm rõ", "1", "105.435", "10.387"]
    return write(tmp_path / name, csv_text([[f"{prefix}{n}", *row] for n in range(ROWS)], HEADER))


@pytest.fixture(scope="module")
def closed(bare: Store, tmp_path_factory) -> Path:
    """A store file that no connection holds: children of a fork open copies of it."""
    path = tmp_path_factory.mktemp("closed") / "store.sqlite"
    bare.backup(path)
    return path


def copy(closed: Path, tmp_path: Path, name: str) -> str:
    shutil.copy(closed, tmp_path / name)
    return f"sqlite:///{tmp_path / name}"


def bring_in(url: str, path: Path, told=None, barrier=None, outcome=None) -> None:
    """What a child does."""
    store = open_store(url)
    preview = prepare(path, store=store, today=TODAY)
    if barrier is not None:
        barrier.wait()
    if told is not None:
        told.set()
    try:
        number = commit(preview, store, who="child")
    except AnttError as error:
        outcome.put(error.key)
    else:
        if outcome is not None:
            outcome.put(number)


def cases(store: Store) -> int:
    return len(store.query(Query(Measure.CASE, date(2026, 1, 1), date(2026, 12, 31))))


def write_in(url: str, preview: Preview, told=None) -> None:
    """What a child does that is killed."""
    store = open_store(url)
    if told is not None:
        told.set()
    commit(preview, store, who="child")


def test_killed_at_any_moment_all_or_nothing_is_there_and_it_can_be_run_again(closed, tmp_path):
    chance = random.Random(7)
    first = open_store(copy(closed, tmp_path, "first.sqlite"))
    preview = prepare(big(tmp_path), store=first, today=TODAY)
    first.database.close()
    begun = time.perf_counter()
    whole = FORK.Process(target=write_in, args=(copy(closed, tmp_path, "whole.sqlite"), preview))
    whole.start()
    whole.join()
    lasts = time.perf_counter() - begun
    found = []
    for n in range(KILLS):
        url, told = copy(closed, tmp_path, f"s{n}.sqlite"), FORK.Event()
        child = FORK.Process(target=write_in, args=(url, preview, told))
        child.start()
        if n % 2:  # half of them once it begins to write
            told.wait()
        time.sleep(chance.uniform(0, lasts))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        store = open_store(url)
        store.check_integrity()
        found.append(cases(store))
        assert found[-1] in (0, ROWS)
        assert len(store.batches()) == bool(found[-1])
        if not found[-1]:
            commit(preview, store, who="again")
        assert cases(store) == ROWS
        store.database.close()
    assert 0 in found


def both(closed, tmp_path, first: Path, second: Path) -> tuple[Store, list[object]]:
    url, barrier, outcome = copy(closed, tmp_path, "two.sqlite"), FORK.Barrier(2), FORK.Queue()
    children = [FORK.Process(target=bring_in, args=(url, path, None, barrier, outcome)) for path in (first, second)]
    for child in children:
        child.start()
    said = [outcome.get(timeout=60) for _ in children]
    for child in children:
        child.join()
    return open_store(url), said


def test_two_imports_of_different_records_at_once_both_land(closed, tmp_path):
    store, said = both(closed, tmp_path, big(tmp_path, "a.csv", "A"), big(tmp_path, "b.csv", "B"))
    assert sorted(said) == [1, 2]
    assert cases(store) == 2 * ROWS


def test_of_two_imports_of_the_same_file_at_once_one_says_why_not(closed, tmp_path):
    path = big(tmp_path)
    store, said = both(closed, tmp_path, path, path)
    assert sorted(map(str, said)) == ["1", "ingest.came_meanwhile"]
    assert cases(store) == ROWS


def test_a_full_disk_is_reported_and_harms_nothing(store, tmp_path):
    path = big(tmp_path)
    preview = prepare(path, store=store, today=TODAY)
    version = store.version
    store.database.close()

    def fill(connection, *_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    event.listen(store.database.engine, "connect", fill)
    with pytest.raises(StoreError, match="full"):
        commit(preview, store, who="t")
    event.remove(store.database.engine, "connect", fill)
    store.database.close()
    store.check_integrity()
    assert (store.version, len(store.batches()), cases(store)) == (version, 0, 0)
    commit(preview, store, who="t")
    assert cases(store) == ROWS


def test_no_room_for_the_copy_in_utf_8_is_reported(tmp_path, monkeypatch):
    import geo.ingest.reading.delimited as delimited

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(delimited, "to_utf8", full)
    path = write(tmp_path / "a.csv", csv_text().encode("utf-16"))
    with pytest.raises(AnttError, match="No space left"):
        read(path)
