"""What is erased is in no file of the store, the history says so, and no hidden count comes to light by it."""

import sqlite3
from contextlib import closing
from datetime import date

import numpy as np
import pandas as pd
import pytest

from geo.errors import AlreadyDoneError, NotFoundError, StoreError
from geo.schema import Dataset, Measure, Provenance, Query
from geo.store import Batch, erasure, open_store
from geo.store import store as store_module
from geo.store.publication import Erased, publication_of
from tests.store.test_numbers import bytes_of, events
from tests.store.test_publication import LEAST, History

MARK = "30307"


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}")
    store.append(events([f"A{n}" for n in range(500)]))
    other = events([f"B{n}" for n in range(20)])
    store.append(Batch(Dataset.CASES, other.rows.assign(kind="drugs", lon=105.123456, lat=10.4), other.provenance))
    return store


def test_the_rows_are_in_no_file_and_the_history_stays(store, tmp_path):
    point = np.float64(105.123456).tobytes()[::-1]
    assert point in bytes_of(tmp_path)
    assert store.erase([2], who="t") == 20
    assert point not in bytes_of(tmp_path)
    batches = store.batches().set_index("id")
    assert batches.loc[2, "rows"] == 20
    assert batches.loc[2, ["erased_at", "withdrawn_at"]].notna().all()
    assert pd.isna(batches.loc[1, "erased_at"])
    assert len(store.query(Query(Measure.CASE, date(2026, 1, 1), date(2026, 1, 31)))) == 500
    store.check_integrity()


def _opened_again(url):
    """As by another process."""
    store_module._opened.cache_clear()
    return open_store(url)


def _fails(*_args, **_options):
    raise StoreError("store.not_scrubbed", path="s", detail="x")


def test_what_could_not_be_taken_out_at_once_is_taken_out_by_whoever_opens_the_store_next(store, tmp_path, monkeypatch):
    point = np.float64(105.123456).tobytes()[::-1]
    with monkeypatch.context() as failing:
        failing.setattr(store_module, "scrub", _fails)
        failing.setattr(erasure, "scrub", _fails)
        with pytest.raises(StoreError, match="antt check"):
            store.erase([2])
        assert point in bytes_of(tmp_path)
        _opened_again(store.url)
        with pytest.raises(StoreError, match="antt check"):
            store.check_integrity()
        with pytest.raises(StoreError):
            store.backup(tmp_path / "copies" / "b.sqlite")
    _opened_again(store.url)
    assert point not in bytes_of(tmp_path)
    store.check_integrity()
    monkeypatch.setattr(erasure, "scrub", _fails)  # nothing is owed any more
    _opened_again(store.url).check_integrity()


def test_while_another_reads_opening_does_not_wait(store, tmp_path, monkeypatch):
    with monkeypatch.context() as failing:
        failing.setattr(store_module, "scrub", lambda _: None)
        store.erase([2])
    point = np.float64(105.123456).tobytes()[::-1]
    with closing(sqlite3.connect(tmp_path / "s.sqlite", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM batch").fetchall()
        _opened_again(store.url)
        assert point in bytes_of(tmp_path)
    _opened_again(store.url)
    assert point not in bytes_of(tmp_path)


def test_rows_gone_without_being_erased_are_still_found(store, tmp_path):
    store.erase([2])
    with closing(sqlite3.connect(tmp_path / "s.sqlite")) as connection:
        connection.execute("DELETE FROM event WHERE id = 1")
        connection.commit()
    with pytest.raises(Exception, match=r"1 \(499 ≠ 500\)"):
        store.check_integrity()


def test_all_or_none(store):
    with pytest.raises(NotFoundError):
        store.erase([1, 9])
    assert store.batches()["erased_at"].isna().all()
    store.erase([1])
    with pytest.raises(AlreadyDoneError):
        store.erase([2, 1])
    assert pd.isna(store.batches().set_index("id").loc[2, "erased_at"])


def test_an_erased_batch_of_tips_closes_its_years(store):
    rows = [
        {"month": f"{year}-0{m}-01", "unit_system": "current", "unit_code": MARK, "measure": "tip", "value": 50}
        for year in (2024, 2025)
        for m in range(1, 4)
    ]
    for year in (2024, 2025):
        chosen = pd.DataFrame([r for r in rows if r["month"].startswith(str(year))])
        store.append(Batch(Dataset.MONTHLY, chosen, Provenance("t.csv", str(year), "t")))
    store.erase([3])
    assert store.batches().set_index("id").loc[3, "erased_months"] == '{"tip": [648, 649, 650]}'


def test_nothing_masked_is_said_of_a_year_with_erased_reports():
    history = History(3)
    history.come([(600, 0, 50), (600, 1, 2), (600, 2, 3), (612, 0, 50), (612, 1, 60), (612, 2, 70)])
    before = history.published()
    found = publication_of(*history.given(), Erased(frozenset({50})))
    assert LEAST == 5
    assert np.isnan(found.months[0]).all()
    assert np.isnan(found.total[0])
    assert found.waiting[0] == 3
    assert found.hidden[0, :3].all()
    np.testing.assert_array_equal(found.months[12], before.months[12])
    assert found.total[12] == before.total[12]
    assert all(np.isnan(known[0]).all() for known in found.spans.values() if len(known))
    counts, hidden = found.counts(600, 611)
    assert hidden[:3].all()
    assert np.isnan(counts[:3]).all()
