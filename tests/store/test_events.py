from datetime import date
from time import perf_counter

import numpy as np
import pandas as pd
import pytest

from geo.errors import InputError
from geo.schema import Dataset, Measure, Provenance, Query
from geo.store import Batch


def test_points_match_the_query_row_by_row(demo_store):
    query = Query(Measure.CASE_CLEARED, date(2019, 3, 1), date(2022, 2, 28), kinds=("theft", "drugs"))
    drawn, rows = demo_store.snapshot().points(query), demo_store.query(query)
    placed = rows[rows["lon"].notna()]
    assert len(drawn.lon) == len(placed)
    assert drawn.without_point == len(rows) - len(placed)
    np.testing.assert_array_equal(drawn.lon, placed["lon"])
    assert [drawn.kinds[k] for k in drawn.kind] == placed["kind"].tolist()
    assert [date.fromordinal(int(d)) for d in drawn.day] == placed["date"].dt.date.tolist()


def test_points_of_some_units_lie_in_them(store, events):
    store.append(
        events(
            {"lon": 105.05, "lat": 10.05},
            {"unit_code": "30346", "lon": 105.15, "lat": 10.05},
            {"unit_system": "legacy", "unit_code": "30355", "lon": 105.12, "lat": 10.01},
        )
    )
    drawn = store.snapshot().points(Query(Measure.CASE, date(2025, 1, 1), date(2026, 1, 1), units=("30346",)))
    assert sorted(drawn.lon) == [105.12, 105.15]
    assert [drawn.units[u] for u in drawn.unit] == ["30346", "30346"]


def test_dens_carry_game_types(store, events):
    store.append(events({"kind": "lottery", "lon": 105.05, "lat": 10.05}, dataset=Dataset.DENS))
    drawn = store.snapshot().points(Query(Measure.DEN_CLEARED, date(2025, 1, 1), date(2026, 1, 1)))
    assert drawn.kinds[drawn.kind[0]] == "lottery"
    assert not store.snapshot().events(Measure.DEN_CLEARED).cleared.any()


def test_monthly_measures_have_no_points(store):
    with pytest.raises(InputError, match="no points"):
        store.snapshot().points(Query(Measure.TIP, date(2025, 1, 1), date(2025, 1, 31)))


def test_a_hundred_thousand_events_are_filtered_in_milliseconds(store):
    rng, n = np.random.default_rng(1), 100_000
    frame = {
        "record_id": [f"R{i}" for i in range(n)],
        "date": pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 4000, n), "D"),
        "unit_system": "current",
        "unit_code": rng.choice(["30337", "30346", "30352"], n),
        "kind": rng.choice(["theft", "drugs", "violence"], n),
        "status": "cleared",
        "suspects": 1,
        "lon": rng.uniform(105.0, 105.3, n),
        "lat": rng.uniform(10.0, 10.1, n),
    }
    store.append(Batch(Dataset.CASES, pd.DataFrame(frame), Provenance("test", "0" * 64, "tester")))
    query = Query(Measure.CASE, date(2016, 1, 1), date(2024, 12, 31), kinds=("theft",), units=("30346",))
    store.snapshot().points(query)  # the first call loads the columns
    taken = []
    for _ in range(7):
        start = perf_counter()
        found = store.snapshot().points(query)
        taken.append(perf_counter() - start)
    assert 5_000 < len(found.lon) < 15_000
    assert min(taken) < 0.02
