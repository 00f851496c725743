import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from geo.schema import Measure, Query
from geo.settings import ROOT
from geo.store import open_store

PERIOD = (date(2025, 1, 1), date(2026, 1, 1))

APPEND = """
import sys
from datetime import date
import pandas as pd
from geo.schema import Dataset, Provenance
from geo.store import Batch, open_store
store = open_store(sys.argv[1])
for batch in range(5):
    rows = pd.DataFrame({"record_id": [f"{sys.argv[2]}-{batch}-{n}" for n in range(200)], "date": date(2025, 8, 1),
        "unit_system": "current", "unit_code": sys.argv[2], "kind": "theft", "status": "cleared", "suspects": 1,
        "lon": None, "lat": None})
    store.append(Batch(Dataset.CASES, rows, Provenance("test", "0", sys.argv[2])))
"""

DIE = """
import os, signal, sys
from sqlalchemy import insert
from geo.store import open_store, tables
store = open_store(sys.argv[1])
with store.database.write() as connection:
    connection.execute(insert(tables.batch).values(dataset="cases", source="x", sha256="x", who="x", demo=False, rows=1,
        rejected=0, imported_at="x"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _start(code: str, *args: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", code, *args], cwd=ROOT, stderr=subprocess.PIPE)


def test_two_processes_open_a_new_store_and_append_at_once(url, add_units):
    started = [_start(APPEND, url, code) for code in ("30337", "30346")]
    errors = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], errors
    store = open_store(url)
    add_units(store)
    assert store.snapshot().cube(Measure.CASE).counts(*PERIOD).tolist() == [1000, 1000, 0, 0]
    assert len(store.batches()) == 10
    store.check_integrity()


def test_threads_append_withdraw_and_read_at_once(store, events):
    def work(n: int) -> int:
        number = store.append(events(*[{}] * 10))
        if n % 2:
            store.withdraw(number)
        counted = int(store.snapshot().cube(Measure.CASE).counts(*PERIOD).sum())
        assert counted % 10 == 0  # never half a batch
        return number

    before = store.version
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(work, range(24)))
    assert len(set(numbers)) == 24
    assert store.snapshot().cube(Measure.CASE).counts(*PERIOD).sum() == 120
    assert store.version == before + 24 + 12


def test_a_killed_writer_leaves_nothing_behind(store):
    process = _start(DIE, store.url)
    process.communicate(timeout=60)
    assert process.returncode == -9
    assert store.batches().empty
    store.check_integrity()
    assert store.query(Query(Measure.CASE, *PERIOD)).empty
