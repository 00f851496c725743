"""Many visits at once, for tests and the benchmark: some work on and on, others take files."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from tests.visits import Visit

_PAGES = ("map", "overview", "hotspots", "density", "change")
_FILES = (
    "Ảnh PNG 1080p", "PDF khổ A4", "Bảng XLSX", "Bảng CSV", "GeoJSON", "Mô tả bản đồ (JSON)", "Trang chiếu PPTX 16:9",
)  # fmt: skip


@dataclass
class Load:
    """What came of it: files that arrived, what the others got instead, seconds of each, runs of scripts meanwhile."""

    arrived: int = 0
    failed: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    runs: int = 0


async def beside(address: str, *, busy: int, files: int, takers: int = 10) -> Load:
    """Ask for `files` files at once, from `takers` visits, while `busy` others ask for page after page."""
    found = Load()
    workers, asking = [Visit(address) for _ in range(busy)], [Visit(address) for _ in range(min(takers, files))]
    for visit in (*workers, *asking):
        await visit.open("map?m=case")
    over = asyncio.Event()
    working = [asyncio.create_task(_work(visit, n, over, found)) for n, visit in enumerate(workers)]
    await asyncio.sleep(1)
    await asyncio.gather(*(_take(asking[n % len(asking)], _FILES[n % len(_FILES)], found) for n in range(files)))
    over.set()
    await asyncio.gather(*working)
    for visit in (*workers, *asking):
        await visit.close()
    return found


async def _work(visit: Visit, seed: int, over: asyncio.Event, found: Load) -> None:
    chance = random.Random(seed)
    while not over.is_set():
        measure, period = chance.choice(("case", "den_cleared")), chance.choice(("year", "last_year", "quarter"))
        await visit.run(f"{chance.choice(_PAGES)}?m={measure}&t={period}")
        found.runs += 1
        await asyncio.sleep(chance.random())


async def _take(visit: Visit, label: str, found: Load) -> None:
    begun = time.perf_counter()
    try:
        name, content = await visit.take(label)
    except (AssertionError, OSError, TimeoutError, KeyError) as error:
        found.failed.append(f"{label}: {error!r}"[:300])
        return
    assert name, content
    found.arrived += 1
    found.seconds.append(time.perf_counter() - begun)
