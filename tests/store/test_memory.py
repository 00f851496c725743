from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest

from geo.schema import Measure, UnitSystem
from geo.store import remembered
from geo.store.memory import Memory


def test_sessions_that_ask_at_once_share_one_computation():
    built: list[int] = []

    def build() -> int:
        sleep(0.05)
        built.append(1)
        return 42

    memory: Memory[int] = Memory(2)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: memory.get("key", build), range(4)))
    assert found == [42] * 4
    assert len(built) == 1


def test_one_key_being_built_makes_no_other_wait():
    memory: Memory[int] = Memory(3)
    begun, go_on = Event(), Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(20)
        return 1

    memory.get("there", lambda: 2)
    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(memory.get, "slow", slow)
        assert begun.wait(20)
        # Both would wait for ever, were there one lock for all: nobody lets the slow one go on before them.
        assert memory.get("there", lambda: 0) == 2
        assert memory.get("new", lambda: 3) == 3
        go_on.set()
        assert building.result() == 1


def test_what_fails_is_kept_by_nobody_and_tried_again():
    memory: Memory[int] = Memory(2)
    with pytest.raises(ZeroDivisionError):
        memory.get("key", lambda: 1 // 0)
    assert memory.get("key", lambda: 5) == 5
    assert not memory._building


def test_the_least_recently_used_is_given_up_first():
    memory: Memory[int] = Memory(2)
    for key in ("a", "b", "a", "c"):
        memory.get(key, lambda key=key: ord(key))
    assert memory.get("a", lambda: 0) == ord("a")
    assert memory.get("b", lambda: 0) == 0


def test_what_a_function_made_of_a_snapshot_goes_with_it(store, events):
    calls = []

    @remembered(2)
    def counted(snapshot, measure, *, system=UnitSystem.CURRENT):
        calls.append(measure)
        return snapshot.cube(measure, system).counts(*snapshot.period).sum()

    store.append(events({}))
    first = store.snapshot()
    assert [counted(first, Measure.CASE) for _ in range(3)] == [1, 1, 1]
    store.append(events({"record_id": "other"}))
    assert counted(store.snapshot(), Measure.CASE) == 2
    assert counted(first, Measure.CASE) == 1
    assert len(calls) == 2


def test_a_call_is_one_however_it_is_written(demo_store):
    snapshot = demo_store.snapshot()
    cube = snapshot.cube(Measure.CASE)
    assert snapshot.cube(Measure.CASE, UnitSystem.CURRENT) is cube
    assert snapshot.cube(measure=Measure.CASE, system=UnitSystem.CURRENT) is cube
    assert snapshot.units() is snapshot.units(UnitSystem.CURRENT)


def test_after_a_failure_one_still_builds_at_a_time():
    memory: Memory[int] = Memory(2)
    at_once, most = [], []

    def build() -> int:
        at_once.append(1)
        most.append(len(at_once))
        sleep(0.02)
        at_once.pop()
        if len(most) < 4:
            raise ZeroDivisionError
        return 7

    def ask(_: int) -> int:
        try:
            return memory.get("key", build)
        except ZeroDivisionError:
            return 0

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(16)))
    assert max(most) == 1
    assert found.count(0) == 3
    assert not memory._building
