from concurrent.futures import ThreadPoolExecutor
from time import sleep

from geo.store.memory import Memory


def test_sessions_that_ask_at_once_share_one_computation(store):
    built: list[int] = []

    def build() -> int:
        sleep(0.05)
        built.append(1)
        return 42

    memory: Memory[int] = Memory()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: memory.get(store, "key", build), range(4)))
    assert found == [42] * 4
    assert len(built) == 1


def test_a_new_version_drops_what_was_kept(store, events):
    memory: Memory[int] = Memory()
    assert memory.get(store, "key", lambda: 1) == 1
    assert memory.get(store, "key", lambda: 2) == 1
    store.append(events({}))
    assert memory.get(store, "key", lambda: 3) == 3
