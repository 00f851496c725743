"""Homes and stores of their own, for whatever needs the demo without the installation's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo import settings
from geo.demo import Demo
from geo.store import Store, open_store
from geo.store.default_boundaries import add_default_boundaries

FORMER = Path(__file__).parent / "question" / "former"
"""Addresses, a briefing and files that earlier versions of the program made; of PNG, PDF, PPTX and HTML what they
say of themselves."""


@contextmanager
def home_in(folder: Path) -> Iterator[Path]:
    """Whatever the application writes goes into `folder`, until the end of the block."""
    before = os.environ.get("ANTT_HOME")
    os.environ["ANTT_HOME"] = str(folder)
    settings.load.cache_clear()
    try:
        yield folder
    finally:
        if before is None:
            del os.environ["ANTT_HOME"]
        else:
            os.environ["ANTT_HOME"] = before
        settings.load.cache_clear()


def demo_store_in(folder: Path, demo: Demo) -> Store:
    """A new store in `folder` with the default boundaries (version 1 current, 2 legacy) and the demo."""
    store = open_store(f"sqlite:///{folder / 'antt.sqlite'}")
    add_default_boundaries(store)
    for batch in demo.batches:
        store.append(batch)
    return store
