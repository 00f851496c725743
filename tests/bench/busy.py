"""Ten visits that change filters, in a quiet house, beside somebody who brings in bad and large files, and beside near
repeats among 100,000 cases: how long a change takes."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from tests.bench import data
from tests.bench.goals import Goal
from tests.browser.app import chromium, serving, settled
from tests.ingest import files
from tests.visits import Visit

__all__ = ["all_goals"]

VISITS, SECONDS, QUICK_SECONDS = 10, 60, 20
_CASES, _QUICK_CASES = 100_000, 20_000
_ROWS = 100_000
_TWICE, _HEAVY_S = 2.0, 1.0
_PAGES = ("map", "overview", "change")

Work = Callable[[Page, str], Iterator[bool]]
"""What somebody does in a browser: whether a round of it is done, told again and again."""


def all_goals(say: Callable[[str], None], *, quick: bool) -> list[Goal]:
    """The 95th percentile of a change beside each, and in a quiet house, in one run."""
    cases, seconds = (_QUICK_CASES, QUICK_SECONDS) if quick else (_CASES, SECONDS)
    home = data.home(cases)
    beside: dict[str, Work] = {"a bad file": _bad_file, "a large file": _large_file,
                                                               "near repeats": _near_repeats}  # fmt: skip
    found = {}
    with serving(home) as address:
        asyncio.run(_visits(address, 5))  # what is kept is warm
        say("changes of filters in a quiet house")
        found["quiet"] = asyncio.run(_visits(address, seconds))
        for name, work in beside.items():
            say(f"changes of filters beside {name}")
            with _going_on(address, work) as rounds:
                found[name] = asyncio.run(_visits(address, seconds))
            say(f"{rounds[0]} rounds")
        say("changes of filters in a quiet house again")
        found["quiet again"] = asyncio.run(_visits(address, seconds))
    p95 = {name: float(np.percentile(times, 95)) for name, times in found.items()}
    quiet = max(p95["quiet"], p95["quiet again"])
    words = f"95th percentile of a change of {VISITS} visits"
    told = {name: f"{p95[name]:.2f} s, {p95[name] / quiet:.1f} times the quiet one" for name in beside}
    return [
        Goal(f"{words} beside a bad file", told["a bad file"], p95["a bad file"] <= _TWICE * quiet),
        Goal(f"{words} beside a large file", told["a large file"], p95["a large file"] <= _TWICE * quiet),
        Goal(
            f"{words} beside near repeats", told["near repeats"], p95["near repeats"] <= max(_HEAVY_S, _TWICE * quiet)
        ),
    ]


async def _visits(address: str, seconds: float) -> list[float]:
    """Seconds of every change that ten visits ask for, each after a pause as of a person."""
    visits = [Visit(address) for _ in range(VISITS)]
    for visit in visits:
        await visit.open("map?m=case")
    until, taken = time.perf_counter() + seconds, []

    async def change(visit: Visit, seed: int) -> None:
        chance = random.Random(seed)
        while time.perf_counter() < until:
            measure, period = chance.choice(("case", "den_cleared")), chance.choice(("year", "last_year", "quarter"))
            await asyncio.sleep(chance.uniform(1.0, 3.0))
            begun = time.perf_counter()
            await visit.run(f"{chance.choice(_PAGES)}?m={measure}&t={period}")
            taken.append(time.perf_counter() - begun)

    await asyncio.gather(*(change(visit, n) for n, visit in enumerate(visits)))
    for visit in visits:
        await visit.close()
    return taken


@contextmanager
def _going_on(address: str, work: Work) -> Iterator[list[int]]:
    """Somebody at it in a browser, over and over, until the end of the block; gives how often."""
    over, begun, rounds = threading.Event(), threading.Event(), [0]

    def go_on() -> None:
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            for is_done in work(page, address):
                begun.set()
                rounds[0] += is_done
                if over.is_set():
                    return

    thread = threading.Thread(target=go_on)
    thread.start()
    begun.wait(120)
    try:
        yield rounds
    finally:
        over.set()
        thread.join(120)


def _until_rests(page: Page) -> Iterator[bool]:
    """Ticks until the script rests, then that a round is done."""
    page.wait_for_timeout(1_000)
    while not page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').count():
        yield False
        page.wait_for_timeout(500)
    yield True


def _given(page: Page, address: str, path: Path) -> Iterator[bool]:
    while True:
        page.goto(f"{address}/imports")
        settled(page)
        page.locator("input[type=file]").set_input_files(path)
        yield from _until_rests(page)


def _bad_file(page: Page, address: str) -> Iterator[bool]:
    """A workbook that unpacks to 800 MB."""
    path = data.HOME / "bomb.xlsx"
    path.write_bytes(files.zip_bomb(800))
    return _given(page, address, path)


def _large_file(page: Page, address: str) -> Iterator[bool]:
    """A good one of 100,000 cases, checked and not committed."""
    path = data.HOME / "large.csv"
    day = ("05/03/2026", "Phường Long Xuyên", "", "Trộm cắp", "Đã làm rõ", "1", "105.435", "10.387")
    path.write_text(files.csv_text([[f"L{n}", *day] for n in range(_ROWS)], files.HEADER), "utf-8")
    return _given(page, address, path)


def _near_repeats(page: Page, address: str) -> Iterator[bool]:
    """Among all cases, of a period after another, so that nothing is kept."""
    for first in cycle(range(1, 29)):
        page.goto(f"{address}/near_repeat?m=case&t=custom&a=2025-07-{first:02}&b=2026-10-31")
        yield from _until_rests(page)
