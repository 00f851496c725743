from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, NotFoundError
from geo.schema import CaseCategory, Measure, Query, UnitSystem
from geo.store import Batch, Store, open_store

CODES = {"current": ("30337", "30346", "30352", "99999"), "legacy": ("30337", "30358", "30355", "00000")}
FIRST = date(2024, 1, 1)

days = st.integers(0, 400).map(lambda n: FIRST + timedelta(days=n))
rows = st.fixed_dictionaries(
    {
        "date": days,
        "place": st.sampled_from([(s, c) for s, codes in CODES.items() for c in codes]),
        "kind": st.sampled_from([k.value for k in CaseCategory][:3]),
        "status": st.sampled_from(["cleared", "investigating"]),
        "suspects": st.one_of(st.none(), st.integers(0, 4)),
        "point": st.one_of(st.none(), st.tuples(st.floats(104.95, 105.35), st.floats(9.95, 10.15))),
    }
)


def _row(values: dict) -> dict:
    system, code = values["place"]
    lon, lat = values["point"] or (None, None)
    kept = {name: values[name] for name in ("date", "kind", "status", "suspects")}
    return {**kept, "unit_system": system, "unit_code": code, "lon": lon, "lat": lat}


@pytest.fixture(scope="module")
def fresh() -> Iterator:
    """Opens one empty store after the other in one folder."""
    with TemporaryDirectory() as folder:
        number = iter(range(10_000))
        yield lambda: open_store(f"sqlite:///{Path(folder) / f'{next(number)}.sqlite'}")


def _expected_unit(values: dict) -> str:
    """By hand: a current unit, a whole legacy one (30337 -> 30337), a divided one by its square, or unattributable."""
    system, code = values["place"]
    if code in ("99999", "00000"):
        return ""
    if system == "current" or code == "30337":
        return code
    if values["point"] is None:
        return ""
    lon, lat = values["point"]
    squares = {"30337": 105.0, "30346": 105.1, "30352": 105.2}
    if code == "30355":
        del squares["30352"]
    inside = [c for c, west in squares.items() if west <= lon <= west + 0.1 and 10.0 <= lat <= 10.1]
    return inside[0] if inside else ""


@settings(max_examples=25, deadline=None)
@given(records=st.lists(rows, max_size=40), start=days, length=st.integers(0, 200))
def test_cube_equals_counting_by_hand(fresh, events, add_units, records, start, length):
    store: Store = fresh()
    add_units(store)
    store.append(events(*map(_row, records))) if records else None
    end = start + timedelta(days=length)
    in_period = [r for r in records if start <= r["date"] <= end]
    weight = {
        Measure.CASE: lambda _: 1,
        Measure.CASE_CLEARED: lambda r: r["status"] == "cleared",
        Measure.SUSPECT: lambda r: r["suspects"] or 0,
    }
    for measure, value in weight.items():
        cube = store.snapshot().cube(measure)
        names = [*cube.units, ""]
        for kinds in ((), ("theft",), ("robbery", "violence")):
            expected = np.zeros(len(names), int)
            for record in in_period:
                if not kinds or record["kind"] in kinds:
                    expected[names.index(_expected_unit(record))] += value(record)
            assert cube.counts(start, end, kinds).tolist() == expected.tolist()
            assert cube.series(start, end, kinds=kinds).sum() == expected.sum()
            assert cube.table(start, end, kinds=kinds).sum().tolist() == expected[:-1].tolist()
    drawn = store.snapshot().points(Query(Measure.CASE, start, end))
    assert (
        len(drawn.lon) + drawn.without_point
        == len(in_period)
        == store.snapshot().cube(Measure.CASE).counts(start, end).sum()
    )


@settings(max_examples=15, deadline=None)
@given(first=st.lists(rows, min_size=1, max_size=15), second=st.lists(rows, min_size=1, max_size=15))
def test_append_then_withdraw_restores_every_total(fresh, events, add_units, first, second):
    store: Store = fresh()
    add_units(store)
    store.append(events(*map(_row, first)))
    period = (FIRST, FIRST + timedelta(days=500))

    def totals() -> list[list[int]]:
        return [
            store.snapshot().cube(m).counts(*period).tolist()
            for m in (Measure.CASE, Measure.CASE_CLEARED, Measure.SUSPECT)
        ]

    before, rows_before = totals(), store.query(Query(Measure.CASE, *period))
    number = store.append(events(*map(_row, second)))
    assert sum(totals()[0]) == len(first) + len(second)
    store.withdraw(number)
    assert totals() == before
    pd.testing.assert_frame_equal(store.query(Query(Measure.CASE, *period)), rows_before)


def test_monthly_cube_sums_values_and_counts_divided_units_apart(store, monthly):
    store.append(
        monthly(
            Measure.SESSION,
            (date(2025, 5, 1), "legacy", "30337", 4),
            (date(2025, 5, 1), "legacy", "30358", 3),
            (date(2025, 8, 1), "current", "30337", 6),
        )
    )
    cube = store.snapshot().cube(Measure.SESSION)
    assert cube.counts(date(2025, 5, 20), date(2025, 5, 21)).tolist() == [4, 0, 0, 3]
    assert cube.counts(date(2025, 1, 1), date(2026, 1, 1)).tolist() == [10, 0, 0, 3]
    assert cube.series(date(2025, 4, 1), date(2025, 8, 31)).tolist() == [0, 7, 0, 0, 6]
    assert cube.series(date(2025, 4, 1), date(2025, 8, 31), units=("30337",)).tolist() == [0, 4, 0, 0, 6]
    assert cube.last == date(2025, 8, 1)
    with pytest.raises(InputError, match="by month"):
        cube.series(date(2025, 4, 1), date(2025, 8, 31), by="day")


def test_on_legacy_units_current_codes_cannot_be_attributed(demo_store):
    cube = demo_store.snapshot().cube(Measure.CASE, UnitSystem.LEGACY)
    old = demo_store.query(Query(Measure.CASE, date(2013, 1, 1), date(2025, 6, 30)))
    new = demo_store.query(Query(Measure.CASE, date(2025, 7, 1), date(2026, 10, 31)))
    counts = cube.counts(date(2013, 1, 1), date(2026, 10, 31))
    assert (counts[:-1].sum(), counts[-1]) == (len(old), len(new))


def test_series_by_day_has_every_day(store, events):
    store.append(events({"date": date(2025, 8, 2)}, {"date": date(2025, 8, 2)}, {"date": date(2025, 8, 4)}))
    series = store.snapshot().cube(Measure.CASE).series(date(2025, 8, 1), date(2025, 8, 5), by="day")
    assert series.tolist() == [0, 2, 0, 1, 0]
    assert series.index[0] == pd.Timestamp("2025-08-01")


def test_months_cut_by_the_period_give_their_part(store, events):
    store.append(events(*({"date": date(2025, month, 20)} for month in (8, 9, 10))))
    series = store.snapshot().cube(Measure.CASE).series(date(2025, 8, 21), date(2025, 10, 20))
    assert series.tolist() == [0, 1, 1]
    assert series.index.strftime("%Y-%m").tolist() == ["2025-08", "2025-09", "2025-10"]


def test_cube_of_an_empty_store_counts_nothing(store):
    for measure in Measure:
        assert store.snapshot().cube(measure).counts(date(2013, 1, 1), date(2026, 1, 1)).tolist() == [0, 0, 0, 0]


def test_cube_is_kept_until_the_data_change(store, events):
    store.append(events({}))
    cube = store.snapshot().cube(Measure.CASE)
    assert store.snapshot().cube(Measure.CASE) is cube
    store.append(events({}))
    assert store.snapshot().cube(Measure.CASE).counts(date(2025, 8, 1), date(2025, 8, 1))[0] == 2


def test_cube_cannot_be_changed(store, events):
    store.append(events({}))
    with pytest.raises(ValueError, match="read-only"):
        store.snapshot().cube(Measure.CASE).running[0] = 1


def test_large_totals_do_not_overflow(store, monthly):
    rows = [(date(2025, month, 1), "current", "30337", 70_000) for month in range(7, 13)]
    store.append(monthly(Measure.ATTENDANCE, *rows))
    assert store.snapshot().cube(Measure.ATTENDANCE).counts(date(2025, 7, 1), date(2025, 12, 31))[0] == 420_000


def test_without_boundaries_nothing_can_be_counted(url):
    empty = open_store(url)
    with pytest.raises(NotFoundError):
        empty.snapshot().cube(Measure.CASE)


def test_batches_of_one_dataset_add_up(store, events):
    one: Batch = events({"unit_code": "30352"})
    store.append(one)
    store.append(events({"unit_code": "30352"}, {"unit_code": "30346"}))
    assert store.snapshot().cube(Measure.CASE).counts(date(2025, 1, 1), date(2026, 1, 1)).tolist() == [0, 1, 2, 0]
