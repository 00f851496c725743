"""One reading is of one version, whatever is written meanwhile; and it is one reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from geo.products.answer import answer
from geo.question import Situation
from geo.schema import MASKED_MEASURES, Measure, Query, UnitSystem
from geo.store import EVERYBODY, open_store, reading
from geo.store import snapshot as snapshots
from geo.store.engine import Database
from geo.store.store import Store
from tests.homes import home_in

AUGUST = Situation(query=Query(Measure.CASE, date(2025, 8, 1), date(2025, 8, 31)), clusters=False, zones=())
STEPS = (
    *((snapshots, name) for name in ("listed", "zones_saved", "_layers")),
    *((reading, name) for name in ("people", "events", "monthly", "sealed", "yearly", "targets", "models")),
)
"""Every reading that a snapshot is made of."""


@pytest.fixture
def filled(store, events, monthly, tmp_path):
    """A store with a case and a month of sessions."""
    store.append(events({}))
    store.append(monthly(Measure.SESSION, (date(2025, 8, 1), "current", "30337", 4)))
    with home_in(tmp_path / "home"):
        yield store


def test_what_was_read_is_what_is_on_record(demo_store):
    snapshot = demo_store.snapshot()
    assert snapshot.version == demo_store.version
    assert snapshot.reader is EVERYBODY
    assert snapshot.period == (date(2013, 1, 1), date(2026, 10, 31))
    assert snapshot.today == date(2026, 10, 31)
    assert snapshot.is_demo
    assert len(snapshot.batches) == len(demo_store.batches())
    year = (date(2026, 1, 1), date(2026, 10, 31))
    for measure in Measure:
        rows = demo_store.query(Query(measure, *year))
        total = rows["suspects"].sum() if measure is Measure.SUSPECT else len(rows)
        if "value" in rows:
            total = rows["value"].sum()
        for system in UnitSystem if measure not in MASKED_MEASURES else [UnitSystem.CURRENT]:
            assert snapshot.cube(measure, system).counts(*year).sum() == total


def test_a_unit_that_did_not_report_a_measure_is_told_from_one_that_reported_nothing(filled, monthly):
    filled.append(monthly(Measure.SESSION, (date(2025, 8, 1), "current", "30346", 0)))
    filled.append(monthly(Measure.LETTER, (date(2025, 8, 1), "current", "30352", 7)))
    snapshot = filled.snapshot()
    august = (date(2025, 8, 1), date(2025, 8, 31))
    assert snapshot.cube(Measure.SESSION).reported(*august).tolist() == [True, True, False]
    assert snapshot.cube(Measure.LETTER).reported(*august).tolist() == [False, False, True]
    assert not snapshot.cube(Measure.SESSION).reported(date(2025, 9, 1), date(2025, 9, 30)).any()
    assert snapshot.cube(Measure.CASE).reported(*august).all()


def test_a_version_is_read_once_and_an_old_one_stays_what_it_was(filled, events):
    first = filled.snapshot()
    assert filled.snapshot() is first
    batch = filled.append(events({"record_id": "new"}))
    second = filled.snapshot()
    assert second is not first
    august = (date(2025, 8, 1), date(2025, 8, 31))
    assert [s.cube(Measure.CASE).counts(*august).sum() for s in (first, second)] == [1, 2]
    filled.withdraw(batch)
    assert [s.cube(Measure.CASE).counts(*august).sum() for s in (filled.snapshot(), first)] == [1, 1]


@contextmanager
def _counted() -> Iterator[dict[str, int]]:
    """How often the store is read meanwhile."""
    found = {"transactions": 0, "versions": 0}
    read, value = Database.read, Database.value

    @contextmanager
    def counted_read(self):
        found["transactions"] += 1
        with read(self) as connection:
            yield connection

    def counted_value(self, statement):
        found["versions"] += 1
        return value(self, statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "read", counted_read)
        patch.setattr(Database, "value", counted_value)
        yield found


def test_a_map_reads_the_store_in_one_transaction(filled):
    filled._taken.clear()
    with _counted() as reads:
        answer(filled.snapshot(), AUGUST)
    assert reads["transactions"] == 1
    assert reads["versions"] <= 2
    with _counted() as reads:
        answer(filled.snapshot(), AUGUST)
    assert reads == {"transactions": 0, "versions": 1}


@pytest.mark.parametrize("step", range(len(STEPS) + 1))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_whatever_is_written_between_two_reads_a_map_is_of_one_version(filled, events, monkeypatch, step, moment):
    """Another session adds a case at every point of the reading in turn; events are read twice."""
    writer = Store(Database(filled.url))
    wanted = {filled.version: answer(filled.snapshot(), AUGUST)}
    filled._taken.clear()
    passed = iter(range(99))

    def meddle() -> None:
        if next(passed) == step:
            writer.append(events({"record_id": "meanwhile", "suspects": 3}))

    for module, name in STEPS:
        original = getattr(module, name)

        def meddled(*args, original=original):
            if moment == "before":
                meddle()
            made = original(*args)
            if moment == "after":
                meddle()
            return made

        monkeypatch.setattr(module, name, meddled)
    snapshot = filled.snapshot()
    spec = answer(snapshot, AUGUST)
    monkeypatch.undo()
    wanted[writer.version] = answer(filled.snapshot(), AUGUST)
    assert len({s.fingerprint for s in wanted.values()}) == len(wanted)
    assert spec == wanted[snapshot.version]
    writer.database.close()


def test_two_sessions_see_their_own_versions_through(filled, events):
    """A map that is being made goes on with what it has; the next one sees what came."""
    snapshot = filled.snapshot()
    before = answer(snapshot, AUGUST)
    other = Store(Database(filled.url))
    other.append(events({"record_id": "meanwhile"}))
    assert answer(snapshot, AUGUST) == before
    after = answer(open_store(filled.url).snapshot(), AUGUST)
    assert after != before
    assert after.recipe.data_version == other.version > before.recipe.data_version
    other.database.close()


def test_what_a_batch_did_not_touch_is_taken_over_and_all_is_as_a_fresh_reading_has_it(filled, events, monthly):
    """After every kind of change the totals are those of somebody who never read before."""
    august = (date(2025, 8, 1), date(2025, 8, 31))

    def totals(snapshot) -> list[int]:
        return [int(snapshot.cube(measure).counts(*august).sum()) for measure in Measure]

    def check() -> None:
        assert totals(filled.snapshot()) == totals(snapshots.take(filled.database, EVERYBODY))

    first = filled.snapshot()
    cases = filled.append(events({"record_id": "a", "suspects": 2}))
    second = filled.snapshot()
    assert second._monthly is first._monthly
    assert second._cases is not first._cases
    check()
    filled.append(monthly(Measure.LETTER, (date(2025, 8, 1), "current", "30346", 9)))
    assert filled.snapshot()._cases is second._cases
    check()
    filled.withdraw(cases)
    check()
    filled.append(events({"record_id": "a", "suspects": 5}))
    check()
    assert totals(first) != totals(filled.snapshot())


def test_a_restored_store_is_read_anew(filled, events, tmp_path):
    filled.backup(tmp_path / "backup.sqlite")
    filled.append(events({"record_id": "later"}))
    with_later = filled.snapshot()
    filled.restore(tmp_path / "backup.sqlite")
    august = (date(2025, 8, 1), date(2025, 8, 31))
    assert [s.cube(Measure.CASE).counts(*august).sum() for s in (with_later, filled.snapshot())] == [2, 1]
