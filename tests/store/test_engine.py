from datetime import date

import pandas as pd
import pytest

from geo.errors import StoreError
from geo.schema import Measure, Query
from geo.store import open_store
from geo.store.engine import Database

PERIOD = (date(2025, 1, 1), date(2026, 1, 1))


def test_the_way_other_databases_are_written_stores_the_same(store, events, monkeypatch):
    batch = events({"lon": 105.05, "lat": 10.05, "status": "cleared", "suspects": 2}, {"date": date(2025, 9, 9)})
    number = store.append(batch)
    fast = store.query(Query(Measure.CASE, *PERIOD))
    store.withdraw(number)
    monkeypatch.setattr(store.database, "is_sqlite", False)
    store.append(batch)
    pd.testing.assert_frame_equal(store.query(Query(Measure.CASE, *PERIOD)), fast)


@pytest.mark.parametrize("count", [1, 109, 110, 111, 700])
def test_any_number_of_rows_is_stored_as_given(store, events, count):
    rows = [{"suspects": n if n % 3 else None, "status": (None, "cleared")[n % 2]} for n in range(count)]
    store.append(events(*rows))
    stored = store.query(Query(Measure.CASE, *PERIOD))
    assert stored["suspects"].fillna(-1).tolist() == [n if n % 3 else -1 for n in range(count)]
    assert stored["status"].isna().tolist() == [n % 2 == 0 for n in range(count)]


@pytest.mark.parametrize("wrong", [0, 109, 699])
def test_one_wrong_row_among_many_of_a_statement_leaves_nothing(store, events, monkeypatch, wrong):
    monkeypatch.setattr("geo.store.store.check", lambda _batch: None)
    batch = events(*({"status": "unknown" if n == wrong else "cleared"} for n in range(700)))
    with pytest.raises(StoreError):
        store.append(batch)
    assert store.query(Query(Measure.CASE, *PERIOD)).empty
    assert store.batches().empty


def test_a_write_that_fails_half_way_is_undone(store):
    def write() -> None:
        with store.database.write() as connection:
            connection.exec_driver_sql("UPDATE store_state SET version = 77")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write()
    assert store.version != 77


def test_the_folder_is_made(tmp_path):
    url = f"sqlite:///{tmp_path / 'a' / 'b' / 'store.sqlite'}"
    assert open_store(url).version == 0


def test_a_password_never_shows_in_a_message():
    with pytest.raises(StoreError) as caught:
        Database("nodialect://user:secret@host/name")
    assert "secret" not in str(caught.value)
