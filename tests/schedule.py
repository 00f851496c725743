"""Which worker runs what."""

from __future__ import annotations

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

_FIRST = ("tests/browser/", "tests/ingest/", "tests/products/", "tests/test_", "tests/render/")
_LAST = tuple(f"tests/browser/test_{name}.py" for name in ("addresses", "keys", "layout", "downloads"))
"""Files that drive the application, too, but after all that reckons: about as long as what is left by then elsewhere."""


def in_order(items: list[pytest.Item]) -> None:
    """Slow files first: the quick ones, left for the end, keep all workers busy to the last. In a file nothing moves."""

    def place(item: pytest.Item) -> int:
        if item.nodeid.startswith(_LAST):
            return len(_FIRST) + 1
        return next((n for n, start in enumerate(_FIRST) if item.nodeid.startswith(start)), len(_FIRST))

    items.sort(key=place)


class Schedule(LoadFileScheduling):
    """A file stays with one worker, for its fixtures; of two or three workers one drives the application from the start.

    Another takes the rest of what drives it, when it has reckoned all there is.

    A server and a Chromium take many seconds to start and to warm, so that each pair more must earn them; and they wait for
    each other half of the time, which a neighbour that only reckons puts to use.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        if self.numnodes >= 4 or not file.startswith("tests/browser/"):
            return file
        return "browser at the end" if file.startswith(_LAST) else "browser"
