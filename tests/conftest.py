"""Fixtures every part may use: the demo, generated once, a store that holds it, and one browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from geo.demo import Demo, generate
from geo.store import Store
from tests.browser.app import chromium
from tests.homes import demo_store_in

# How long an example takes says something of the machine, not of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def demo() -> Demo:
    """The demo's batches and what was planted in them."""
    return generate()


@pytest.fixture(scope="session")
def demo_store(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with the default boundaries (version 1 current, 2 legacy) and the demo. Read only: it is shared."""
    return demo_store_in(tmp_path_factory.mktemp("demo"), demo)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: a second one at the same time cannot be driven from the same thread."""
    with chromium() as opened:
        yield opened
