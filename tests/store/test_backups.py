import errno
import os
import sqlite3
from contextlib import closing
from datetime import date

import geopandas as gpd
import pytest
import shapely

from geo.errors import InputError, StoreError
from geo.schema import Dataset, Measure, Provenance
from geo.settings import Settings
from geo.store import Batch, copying, open_store
from geo.store.migrations import LATEST

PERIOD = (date(2025, 1, 1), date(2026, 1, 1))


def _count(store) -> int:
    return int(store.snapshot().cube(Measure.CASE).counts(*PERIOD).sum())


def test_restore_brings_back_the_state_of_the_backup(store, events, tmp_path):
    number = store.append(events({}, {}))
    store.backup(tmp_path / "copy.sqlite")
    store.append(events({}))
    store.withdraw(number)
    assert _count(store) == 1
    version = store.version
    store.restore(tmp_path / "copy.sqlite")
    assert _count(store) == 2
    assert store.version > version
    assert len(store.batches()) == 1
    store.check_integrity()


def test_backup_is_one_whole_file_and_a_store_of_its_own(store, events, tmp_path):
    store.append(events({}))
    store.backup(tmp_path / "copy.sqlite")
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == ["copy.sqlite"]
    assert _count(open_store(f"sqlite:///{tmp_path / 'copy.sqlite'}")) == 1


def test_backup_replaces_an_earlier_one(store, events, tmp_path):
    path = tmp_path / "copy.sqlite"
    store.backup(path)
    store.append(events({}))
    store.backup(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (1,)


def _damaged(path) -> None:
    data = bytearray(path.read_bytes())
    data[4096 : 4096 * 6] = b"\xff" * (4096 * 5)
    path.write_bytes(data)


def _other(path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE something (id INTEGER)")


def _newer(path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO schema_migration VALUES (?, 'later', '2030')", (LATEST + 1,))
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_damaged, "damaged|cannot be copied"),
        (lambda path: path.write_text("not a database" * 1000), "damaged|cannot be copied"),
        (_other, "not a store"),
        (_newer, "newer program"),
        (lambda path: path.unlink(), "no backup"),
    ],
)
def test_a_backup_that_cannot_be_used_changes_nothing(store, events, tmp_path, spoil, message):
    path = tmp_path / "copy.sqlite"
    store.backup(path)
    spoil(path)
    store.append(events({}))
    version = store.version
    with pytest.raises(StoreError, match=message):
        store.restore(path)
    assert (_count(store), store.version) == (1, version)
    assert not list(tmp_path.glob(".*"))


def test_damage_is_found(store, events, tmp_path):
    store.append(events(*[{}] * 2000))
    store.check_integrity()
    path = tmp_path / "copy.sqlite"
    store.backup(path)
    data = bytearray(path.read_bytes())
    data[-4096 * 20 : -4096 * 5] = b"\xff" * (4096 * 15)
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"damaged|malformed"):
        open_store(f"sqlite:///{path}").check_integrity()


SPOILT = {
    "a table gone": "DROP TABLE population",
    "an index gone": "DROP INDEX {index}",
    "a trigger that deletes": "CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END",
    "a view": "CREATE VIEW v AS SELECT * FROM event",
    "a table more": "CREATE TABLE more (id INTEGER)",
    "a column more": "ALTER TABLE event ADD COLUMN name TEXT",
    "rows of a batch gone": "DELETE FROM event WHERE id = (SELECT min(id) FROM event)",
    "all rows gone": "DELETE FROM event",
    "rows more": "INSERT INTO event SELECT id + 1000, batch_id, active, dataset, record_id || 'x', date, unit_system, unit_code, "
    "kind, status, suspects, lon, lat FROM event",
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_backup_that_is_not_as_it_was_written_is_refused_and_so_is_such_a_store(store, events, tmp_path, what):
    store.append(events({}, {}, {}))
    store.backup(tmp_path / "copy.sqlite")
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as connection:
        index = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL").fetchone()[0]
        connection.execute(SPOILT[what].format(index=index))
        connection.commit()
    version = store.version
    with pytest.raises(StoreError) as caught:
        store.restore(tmp_path / "copy.sqlite")
    assert caught.value.key in ("store.other_schema", "store.rows_gone", "store.values_strange")
    assert (store.version, _count(store)) == (version, 3)
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{tmp_path / 'copy.sqlite'}").check_integrity()


def test_what_was_there_before_is_kept_and_can_be_had_again(store, events, tmp_path):
    store.backup(tmp_path / "empty.sqlite")
    store.append(events({}, {}))
    kept = store.restore(tmp_path / "empty.sqlite")
    assert _count(store) == 0
    store.restore(kept)
    assert _count(store) == 2


@pytest.mark.parametrize("name", ["antt.sqlite", "antt.sqlite-wal", "antt.sqlite-shm", "antt.before-restore.sqlite"])
def test_a_backup_is_never_written_onto_the_store_itself(events, tmp_path, name):
    store = open_store(f"sqlite:///{tmp_path / 'antt.sqlite'}")
    store.append(events({}))
    (tmp_path / "link").symlink_to(tmp_path / name)
    for target in (tmp_path / name, tmp_path / "link", tmp_path / "." / name):
        with pytest.raises(InputError) as caught:
            store.backup(target)
        assert caught.value.key == "store.backup_onto_store"
    assert len(store.batches()) == 1


def test_a_backup_replaces_neither_folders_nor_devices(store, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, why in (("pipe", "thiết bị"), ("folder", "thư mục"), ("x" * 300, "tên quá dài")):
        with pytest.raises(InputError) as caught:
            store.backup(tmp_path / name)
        assert why in caught.value.message("vi")
    assert (tmp_path / "pipe").is_fifo()
    assert not list(tmp_path.glob(".antt-*"))


def test_what_is_wrong_with_a_backup_is_said_of_the_file_that_was_given(store, tmp_path):
    for name, spoil in (("other.sqlite", _other), ("damaged.sqlite", _damaged)):
        path = tmp_path / name
        store.backup(path)
        spoil(path)
        with pytest.raises(StoreError) as caught:
            store.restore(path)
        assert str(path) in caught.value.message("vi")
        assert ".antt-" not in caught.value.message("vi")


@pytest.mark.parametrize(("code", "why"), [(errno.ENOSPC, "đĩa đã đầy"), (errno.EROFS, "không có quyền")])
def test_no_room_for_the_copy_that_restore_needs_is_said(store, tmp_path, monkeypatch, code, why):
    store.backup(tmp_path / "copy.sqlite")

    def refuse(*_args, **_named):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(copying.tempfile, "mkstemp", refuse)
    with pytest.raises(StoreError) as caught:
        store.restore(tmp_path / "copy.sqlite")
    assert caught.value.key == "store.restore_failed"
    assert why in caught.value.message("vi")
    assert str(tmp_path / "copy.sqlite") in caught.value.message("vi")


def test_a_store_without_room_says_that_its_disk_is_full(store, events):
    store.append(events({}))
    with store.database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def fill() -> None:
        with store.database.write() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.exec_driver_sql("CREATE TABLE filler AS SELECT randomblob(10000000)")

    with pytest.raises(StoreError) as caught:
        fill()
    assert "đĩa đã đầy" in caught.value.message("vi")
    store.database.close()
    assert _count(store) == 1


@pytest.mark.parametrize("name", ["a?b", "a#b", "100%", "a%20b", "Trụ sở An Giang", "a'b", "a&b=c"])
def test_a_home_may_be_called_anything(events, tmp_path, name):
    home = tmp_path / name
    store = open_store(Settings(home=home).url)
    store.append(events({}))
    store.backup(home / "copy.sqlite")
    store.restore(home / "copy.sqlite")
    store.check_integrity()
    assert len(store.batches()) == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert {"antt.sqlite", "copy.sqlite", "antt.before-restore.sqlite"} <= {path.name for path in home.iterdir()}


ALTERED = {
    "a batch taken back with its rows in use": "UPDATE batch SET withdrawn_at = '2026-01-01T00:00:00+00:00' WHERE id = 1",
    "rows set aside": "UPDATE event SET active = 0",
    "a month that is none": "UPDATE monthly SET month = '2026-13-01'",
    "a month on the 17th": "UPDATE monthly SET month = '2026-01-17'",
    "a count that is none": "UPDATE monthly SET value = 'abc'",
    "a measure that is none": "UPDATE monthly SET measure = 'homicide'",
    "a day that is none": "UPDATE event SET date = 'garbage'",
    "a kind that is none": "UPDATE event SET kind = 'homicide'",
    "a kind of another dataset": "UPDATE event SET kind = 'cockfight'",
    "a unit that is none": "UPDATE event SET unit_code = 'ZZZ'",
    "a number in clear": "UPDATE event SET record_id = 'Nguyễn Văn Tèo 1980'",
    "a place far away": "UPDATE event SET lon = 2.0, lat = 48.0",
    "a shape that is none": "UPDATE zone SET geometry = x'00'",
    "months that are no JSON": "UPDATE batch SET erased_months = '{'",
    "a key that is none": "UPDATE store_state SET number_key = 'zz'",
    "no key": "UPDATE store_state SET number_key = ''",
    "a version that is none": "UPDATE store_state SET version = 'x'",
    "a version beyond all": "UPDATE store_state SET version = 9223372036854775807",
    "no state": "DELETE FROM store_state",
    "a moment that is none": "UPDATE batch SET imported_at = 'garbage'",
}


@pytest.mark.parametrize("what", ALTERED)
def test_values_that_this_program_never_writes_are_refused_and_named(store, events, monthly, tmp_path, what):
    store.append(events({}, {}, {}))
    store.append(monthly(Measure.SESSION, (date(2026, 1, 1), "current", "30337", 4)))
    zone = gpd.GeoDataFrame(
        {"name": ["Khu 1"], "kind": ["border"], "invented": [True]},
        geometry=[shapely.box(105, 10, 105.1, 10.1)],
        crs=4326,
    )
    store.append(Batch(Dataset.ZONES, zone, Provenance("z", "1", "t")))
    store.backup(tmp_path / "copy.sqlite")
    store.check_integrity()
    with closing(sqlite3.connect(tmp_path / "copy.sqlite")) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(ALTERED[what])
        connection.commit()
    version = store.version
    with pytest.raises(StoreError) as caught:
        store.restore(tmp_path / "copy.sqlite")
    assert caught.value.key in ("store.values_strange", "store.damaged")
    assert store.version == version
    store.check_integrity()
