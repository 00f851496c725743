"""Which worker runs what."""

from __future__ import annotations

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

_FIRST = ("tests/browser/", "tests/ingest/", "tests/products/", "tests/test_", "tests/render/")
_ONE = tuple(f"tests/browser/test_{name}.py" for name in ("products", "pages", "analysis", "analysis_options"))
"""Files that drive the application for about as long as all the others that do."""


def in_order(items: list[pytest.Item]) -> None:
    """Slow files first: the quick ones, left for the end, keep all workers busy to the last. In a file nothing moves."""

    def place(item: pytest.Item) -> int:
        if item.nodeid.startswith(_ONE):
            return -1
        return next((n for n, start in enumerate(_FIRST) if item.nodeid.startswith(start)), len(_FIRST))

    items.sort(key=place)


def workers(cores: int) -> int:
    """Two more than there are cores, for those that drive the application wait half of the time; at most four."""
    return min(cores + 2, 4)


class Schedule(LoadFileScheduling):
    """A file stays with one worker, for its fixtures; two workers drive the application, however many there are.

    A server and a Chromium take many seconds to start and to warm, so that each pair more must earn them.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        if not file.startswith("tests/browser/"):
            return file
        return "browser one" if file.startswith(_ONE) else "browser two"
