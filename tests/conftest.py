"""Fixtures every part may use: the demo, generated once, and a store that holds it."""

from __future__ import annotations

import pytest
from hypothesis import settings

from geo.demo import Demo, generate
from geo.store import Store, open_store
from geo.store.default_boundaries import add_default_boundaries

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
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite'}")
    add_default_boundaries(store)
    for batch in demo.batches:
        store.append(batch)
    return store
