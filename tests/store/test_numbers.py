"""Record numbers are in no file of the store, neither after an import nor after an update; they still find a record."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from geo.schema import Dataset, Provenance
from geo.store import Batch, open_store
from geo.store.copying import kept_copies
from tests.store.conftest import SECRETS, old_store


def events(numbers):
    row = {"date": "2026-01-05", "unit_system": "current", "unit_code": "30307", "kind": "theft", "status": None}
    rows = pd.DataFrame([{"record_id": n, **row, "suspects": None, "lon": None, "lat": None} for n in numbers])
    return Batch(Dataset.CASES, rows, Provenance("Nguyễn Văn Tèo.csv", "0" * 64, "t"), dropped=("Trần Thị Bình",))


def bytes_of(folder, *, but=()):
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file() and path not in but)


def test_no_number_and_no_name_of_a_file_is_written(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}")
    store.append(events(SECRETS))
    written = bytes_of(tmp_path)
    assert not [s for s in (*SECRETS, "Tèo", "Trần Thị Bình") if s.encode() in written]
    assert store.batches()["source"].tolist() == ["•••.csv"]


def test_a_record_is_found_by_its_number_in_this_store_and_in_a_copy_of_it(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}")
    store.append(events(["V1", "V2"]))
    store.backup(tmp_path / "copy.sqlite")
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.append(events(["V3"]))
    other.restore(tmp_path / "copy.sqlite")
    for one in (store, other):
        assert one.known(Dataset.CASES, events(["V2", "V3"]).rows)["record_id"].tolist() == ["V2"]


def test_two_stores_hash_differently(tmp_path):
    hashes = []
    for name in ("a", "b"):
        open_store(f"sqlite:///{tmp_path / name}.sqlite").append(events(["V1"]))
        with closing(sqlite3.connect(tmp_path / f"{name}.sqlite")) as connection:
            hashes += [row[0] for row in connection.execute("SELECT record_id FROM event")]
    assert len(set(hashes)) == 2


@pytest.fixture
def old(tmp_path):
    return old_store(tmp_path / "s.sqlite")


def test_an_update_leaves_no_number_and_keeps_what_was_there_in_a_file_of_its_own(old):
    assert all(secret.encode() in old.read_bytes() for secret in SECRETS)
    store = open_store(f"sqlite:///{old}")
    (kept,) = kept_copies(old)
    written = bytes_of(old.parent, but=(kept,))
    assert not [s for s in (*SECRETS, "Tèo", "Lê Văn Kín") if s.encode() in written]
    assert all(secret.encode() in kept.read_bytes() for secret in SECRETS)
    assert kept.stat().st_mode & 0o077 == 0
    known = store.known(Dataset.CASES, events([*SECRETS, "V9"]).rows)
    assert sorted(known["record_id"]) == sorted(SECRETS)


def test_an_old_backup_is_restored_without_its_numbers(old, tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'new' / 's.sqlite'}")
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("DELETE FROM zone")
        connection.commit()
    store.restore(old)
    assert not [s for s in SECRETS if s.encode() in bytes_of(tmp_path / "new")]
    assert len(store.known(Dataset.CASES, events(SECRETS).rows)) == 3


def test_names_of_areas_from_before_the_rule_are_told_apart(old, tmp_path):
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(
            "INSERT INTO zone (batch_id, active, name, kind, invented, geometry) VALUES (1, 1, 'Tèo', 'complex_area', 0, x'00')"
        )
        connection.commit()
    store = open_store(f"sqlite:///{old}")
    assert "Tèo" in store.names_of_before()
    store.erase([1])
    store = open_store(f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert store.names_of_before() == []
