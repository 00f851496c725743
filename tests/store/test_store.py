from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import InputError, NotFoundError, StoreError
from geo.schema import Dataset, Measure, Provenance, Query, UnitSystem
from geo.store import Batch, open_store

ALL = {"start": date(2000, 1, 1), "end": date(2100, 1, 1)}
WHO = Provenance("test.xlsx", "0" * 64, "tester")


def test_append_then_query_gives_the_rows_back(store, events):
    store.append(events({"lon": 105.05, "lat": 10.05, "status": "cleared", "suspects": 3}, {"date": date(2025, 9, 2)}))
    rows = store.query(Query(Measure.CASE, **ALL))
    assert list(rows.columns) == ["date", "unit_system", "unit_code", "kind", "status", "suspects", "lon", "lat"]
    assert rows["date"].tolist() == [pd.Timestamp("2025-08-01"), pd.Timestamp("2025-09-02")]
    assert rows["suspects"].tolist() == [3, pd.NA]
    assert rows["lon"].tolist()[0] == 105.05
    assert rows["lon"].isna().tolist() == [False, True]


def test_measures_select_their_rows(store, events):
    store.append(events({"status": "cleared", "suspects": 2}, {"kind": "drugs"}, {"status": "cleared", "suspects": 0}))
    store.append(events({}, {"kind": "dice"}, dataset=Dataset.DENS))
    count = {m: len(store.query(Query(m, **ALL))) for m in (Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT)}
    assert count == {Measure.CASE: 3, Measure.CASE_CLEARED: 2, Measure.SUSPECT: 1}
    assert store.query(Query(Measure.DEN_CLEARED, **ALL, kinds=("dice",)))["kind"].tolist() == ["dice"]


def test_period_is_closed_and_monthly_measures_are_widened_to_months(store, events, monthly):
    store.append(events(*({"date": date(2025, 8, day)} for day in (1, 15, 31))))
    store.append(
        monthly(Measure.TIP, (date(2025, 8, 1), "current", "30337", 4), (date(2025, 9, 1), "current", "30337", 5))
    )
    mid = {"start": date(2025, 8, 15), "end": date(2025, 8, 31)}
    assert len(store.query(Query(Measure.CASE, **mid))) == 2
    assert store.query(Query(Measure.TIP, **mid))["value"].tolist() == [4]


def test_query_of_units_follows_the_records_to_them(store, events):
    store.append(
        events(
            {"unit_code": "30346"},
            {"unit_system": "legacy", "unit_code": "30358", "lon": 105.15, "lat": 10.05},
            {"unit_system": "legacy", "unit_code": "30358"},
            {"unit_code": "30337"},
        )
    )
    rows = store.query(Query(Measure.CASE, **ALL, units=("30346",)))
    assert sorted(rows["unit_code"]) == ["30346", "30358"]


def test_version_grows_with_every_change(store, events, add_units):
    seen = [store.version]
    number = store.append(events({}))
    seen.append(store.version)
    store.withdraw(number)
    seen.append(store.version)
    first = add_units(store, name="again")
    seen.append(store.version)
    store.activate_boundaries(first)
    seen.append(store.version)
    assert seen == sorted(set(seen))


def test_withdrawn_batch_no_longer_counts_and_stays_on_record(store, events):
    kept, gone = store.append(events({})), store.append(events({}, {}, rejected=7))
    store.withdraw(gone, who="analyst")
    assert len(store.query(Query(Measure.CASE, **ALL))) == 1
    history = store.batches().set_index("id")
    assert history.index.tolist() == [gone, kept]
    assert history.loc[gone, ["rows", "rejected", "withdrawn_by"]].tolist() == [2, 7, "analyst"]
    assert pd.isna(history.loc[kept, "withdrawn_at"])


def test_withdrawing_what_is_not_there_says_so(store, events):
    with pytest.raises(NotFoundError, match="no batch 99"):
        store.withdraw(99)
    number = store.append(events({}))
    store.withdraw(number)
    version = store.version
    with pytest.raises(StoreError, match="already withdrawn"):
        store.withdraw(number)
    assert store.version == version


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"kind": "murder"}, "murder"),
        ({"unit_system": "old"}, "unit_system"),
        ({"status": "closed"}, "closed"),
        ({"unit_code": None}, "unit_code is empty in 1 rows, the first is row 2"),
        ({"suspects": 1.5}, "whole numbers"),
        ({"suspects": -1}, "whole numbers"),
        ({"date": "31 February"}, "not dates"),
    ],
)
def test_rows_the_store_cannot_hold_are_refused(store, events, row, message):
    with pytest.raises(InputError, match=message):
        store.append(events({}, row))
    assert store.batches().empty


def test_batch_without_a_column_is_refused(store, events):
    whole = events({})
    with pytest.raises(InputError, match="lon, lat"):
        store.append(Batch(whole.dataset, whole.rows.drop(columns=["lon", "lat"]), WHO))


def test_failure_in_the_database_leaves_nothing(store, events):
    version = store.version
    with pytest.raises(StoreError, match="CHECK constraint"):
        store.append(events({"lon": 105.0, "lat": 10.0}, {"lon": 105.0, "lat": None}))
    assert (len(store.batches()), store.version) == (0, version)
    assert store.query(Query(Measure.CASE, **ALL)).empty


def test_columns_beyond_the_schema_are_not_stored(store, events):
    batch = events({})
    store.append(Batch(batch.dataset, batch.rows.assign(note="a name"), WHO))
    assert "note" not in store.query(Query(Measure.CASE, **ALL))


def test_zones_come_back_with_their_shapes(store):
    shape = shapely.box(105.01, 10.01, 105.02, 10.02)
    frame = {"name": ["Vùng minh hoạ A"], "kind": ["border"], "invented": [True]}
    number = store.append(Batch(Dataset.ZONES, gpd.GeoDataFrame(frame, geometry=[shape], crs="EPSG:4326"), WHO))
    zones = store.snapshot().zones
    assert zones.crs.to_epsg() == 4326
    assert zones.geometry[0].equals(shape)
    assert zones[["name", "kind", "invented"]].to_numpy().tolist() == [["Vùng minh hoạ A", "border", True]]
    store.withdraw(number)
    assert store.snapshot().zones.empty


def test_population_is_the_latest_year_and_the_latest_batch(store):
    def add(year: int, people: int) -> int:
        frame = {"unit_system": ["current"], "unit_code": ["30337"], "year": [year], "people": [people]}
        return store.append(Batch(Dataset.POPULATION, pd.DataFrame(frame), WHO))

    add(2025, 100)
    correction = add(2025, 110)
    add(2020, 90)
    assert store.snapshot().population(UnitSystem.CURRENT).to_dict() == {"30337": 110}
    store.withdraw(correction)
    assert store.snapshot().population(UnitSystem.CURRENT).to_dict() == {"30337": 100}
    assert store.snapshot().population(UnitSystem.LEGACY).empty


def test_demo_flag_and_period_follow_the_active_batches(store, events):
    assert (store.snapshot().is_demo, store.snapshot().period) == (False, None)
    batch = events({}, {"date": date(2026, 1, 31)})
    number = store.append(Batch(batch.dataset, batch.rows, Provenance("demo", "0" * 64, "demo", demo=True)))
    assert (store.snapshot().is_demo, store.snapshot().period) == (True, (date(2025, 8, 1), date(2026, 1, 31)))
    store.withdraw(number)
    assert (store.snapshot().is_demo, store.snapshot().period) == (False, None)


def test_one_url_gives_one_store(url):
    assert open_store(url) is open_store(url)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "notes.sqlite"
    path.write_text("not a database, but long enough to be read as one " * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store("not a url")


def test_connections_enforce_keys_and_write_ahead(store):
    with store.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 30_000


def test_a_number_that_no_database_takes_is_one_that_is_not_there(store):
    for number in (2**31, 2**63, 10**30):
        with pytest.raises(NotFoundError):
            store.withdraw(number)
        with pytest.raises(NotFoundError):
            store.activate_boundaries(number)
