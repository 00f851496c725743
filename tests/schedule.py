"""Which worker runs what."""

from __future__ import annotations

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

_FIRST = ("tests/browser/", "tests/ingest/", "tests/products/", "tests/test_", "tests/render/")


def in_order(items: list[pytest.Item]) -> None:
    """Slow files first: the quick ones, left for the end, keep all workers busy to the last. In a file nothing moves."""
    items.sort(
        key=lambda item: next((n for n, start in enumerate(_FIRST) if item.nodeid.startswith(start)), len(_FIRST))
    )


class Schedule(LoadFileScheduling):
    """A file stays with one worker, for its fixtures; of two or three workers one has all that drives the application.

    A server and a Chromium take many seconds to start and to warm, so that each pair more must earn them; and they wait for
    each other half of the time, which a neighbour that only reckons puts to use.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return "browser" if self.numnodes < 4 and file.startswith("tests/browser/") else file
