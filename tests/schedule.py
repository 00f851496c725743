"""Which worker runs what."""

from __future__ import annotations

import pytest
from xdist.scheduler.loadfile import LoadFileScheduling

_FIRST = ("tests/browser/", "tests/test_cli", "tests/ingest/", "tests/products/", "tests/test_", "tests/render/")
_TOGETHER = (
    ("addresses", "keys", "downloads", "window", "pages", "layout", "months"),
    ("products", "areas", "import", "hostile_text", "golden", "analysis", "analysis_options", "page_file"),
)
"""Files that drive the application, in groups that take about as long."""


def _group(nodeid: str) -> int | None:
    """The group of a file that drives the application; None of any other."""
    name = nodeid.partition("::")[0].removeprefix("tests/browser/test_").removesuffix(".py")
    return next((n for n, names in enumerate(_TOGETHER) if name in names), None)


def in_order(items: list[pytest.Item]) -> None:
    """Slow files first: the quick ones, left for the end, keep all workers busy to the last. In a file nothing moves."""

    def place(item: pytest.Item) -> tuple[int, int]:
        first = next((n for n, start in enumerate(_FIRST) if item.nodeid.startswith(start)), len(_FIRST))
        return first, _group(item.nodeid) or 0

    items.sort(key=place)


def workers(cores: int) -> int:
    """One more than there are cores, for those that drive the application wait now and then; at most four."""
    return min(cores + 1, 4)


class Schedule(LoadFileScheduling):
    """A file stays with one worker, for its fixtures, and those that drive the application go in groups.

    A server and a Chromium take many seconds to start and to warm, so that each pair more must earn them.
    """

    def _split_scope(self, nodeid: str) -> str:
        group = _group(nodeid)
        return str(super()._split_scope(nodeid)) if group is None else f"browser {group}"
