"""Files taken while others work: how many of them arrive, and how long the slowest takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from geo.demo import generate
from tests.bench.goals import Goal
from tests.browser.app import serving
from tests.homes import demo_store_in, home_in
from tests.load import beside

BUSY, FILES = 50, 100
"""Visits that ask for page after page, and files that ten others ask for meanwhile, all at once."""


def all_goals(say: Callable[[str], None], *, quick: bool) -> list[Goal]:
    """The share of files that arrive; fewer of them, beside fewer visits, where it is to be quick."""
    busy, files = (BUSY // 5, FILES // 5) if quick else (BUSY, FILES)
    say(f"{files} files beside {busy} visits")
    with TemporaryDirectory() as folder, home_in(Path(folder)) as home:
        demo_store_in(home, generate())
        with serving(home) as address:
            found = asyncio.run(beside(address, busy=busy, files=files))
    slowest = f"slowest {max(found.seconds, default=0):.0f} s, {found.runs} runs of the others meanwhile"
    words = f"files that arrive beside {busy} busy visits"
    return [Goal(words, f"{found.arrived} of {files}; {slowest}", found.arrived == files)]
