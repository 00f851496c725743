from datetime import date

import pandas as pd
import pytest

from geo.errors import StoreError
from geo.schema import MASKED_MEASURES, YEARLY_MEASURES, Dataset, Measure, Provenance, Query
from geo.store import Batch, VersionError, open_store
from geo.store import store as store_module


def test_records_with_the_same_number_are_given_with_their_batch(store, events):
    number = store.append(events({}, {}, {}))
    found = store.known(Dataset.CASES, pd.DataFrame({"record_id": ["R1", "R9"]}))
    assert found[["record_id", "date", "batch_id"]].values.tolist() == [["R1", "2025-08-01", number]]
    assert store.known(Dataset.DENS, pd.DataFrame({"record_id": ["R1"]})).empty
    store.withdraw(number)
    assert store.known(Dataset.CASES, pd.DataFrame({"record_id": ["R1"]})).empty


def test_monthly_counts_and_people_are_given_by_time(store, monthly):
    store.append(
        monthly(Measure.LETTER, (date(2025, 8, 1), "current", "30337", 4), (date(2026, 8, 1), "current", "30337", 5))
    )
    found = store.known(Dataset.MONTHLY, pd.DataFrame({"month": [date(2026, 7, 1), date(2026, 9, 1)]}))
    assert found[["month", "measure", "value"]].values.tolist() == [["2026-08-01", "letter", 5]]
    people = pd.DataFrame({"unit_system": "current", "unit_code": "30337", "year": [2024, 2025], "people": [1, 2]})
    store.append(Batch(Dataset.POPULATION, people, Provenance("p", "0" * 64, "t")))
    assert store.known(Dataset.POPULATION, pd.DataFrame({"year": [2025]}))["people"].tolist() == [2]


@pytest.mark.parametrize("measure", sorted(MASKED_MEASURES - YEARLY_MEASURES))
def test_of_a_masked_measure_it_is_known_that_a_month_was_reported_and_not_what(store, monthly, measure):
    store.append(monthly(measure, (date(2026, 8, 1), "current", "30337", 12)))
    found = store.known(Dataset.MONTHLY, pd.DataFrame({"month": [date(2026, 8, 1)]}))
    assert found["measure"].tolist() == [measure]
    assert found["value"].isna().all()


def test_a_batch_checked_against_an_older_state_is_not_added(store, events):
    version = store.version
    store.append(events({}), at_version=version)
    with pytest.raises(VersionError) as caught:
        store.append(events({}), at_version=version)
    assert isinstance(caught.value, StoreError)
    assert len(store.batches()) == 1


def test_rows_written_in_parts_are_all_there(url, events, monkeypatch):
    monkeypatch.setattr(store_module, "_WRITTEN", 3)
    opened, shares = open_store(url), []
    opened.append(events(*({} for _ in range(8))), progress=shares.append)
    assert shares == [0.375, 0.75, 1.0]
    assert len(opened.query(Query(Measure.CASE, date(2025, 1, 1), date(2025, 12, 31)))) == 8


def test_names_of_dropped_columns_stay_on_record(store, events):
    batch = events({})
    store.append(Batch(batch.dataset, batch.rows, batch.provenance, 2, ("Họ tên", "Ghi chú")))
    store.append(events({}, dataset=Dataset.DENS))
    assert store.batches()["dropped"].fillna("").tolist() == ["", '["Họ tên", "Ghi chú"]']
