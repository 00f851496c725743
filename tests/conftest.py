"""Fixtures every part may use: the demo and a store that holds it, made once per run, and one browser per worker."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from geo.demo import Demo, generate
from geo.store import Store, open_store
from tests.browser.app import Window, chromium
from tests.homes import demo_store_in
from tests.once import once
from tests.schedule import Schedule, in_order, workers

# How long an example takes says something of the machine, not of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first."""
    in_order(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """With `-n auto`."""
    return workers(len(os.sched_getaffinity(0)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Schedule:
    """With `-n`: by file, in the order given."""
    config.option.loadscopereorder = False
    return Schedule(config, log)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as `demo.pickle` and as the store `antt.sqlite`, closed. Read only: every worker takes copies."""

    def make(folder: Path) -> None:
        made = generate()
        (folder / "demo.pickle").write_bytes(pickle.dumps(made))
        demo_store_in(folder, made).database.close()

    return once(tmp_path_factory, "demo-of-the-run", make)


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Demo:
    """The demo's batches and what was planted in them."""
    return pickle.loads((demo_folder / "demo.pickle").read_bytes())


@pytest.fixture(scope="session")
def demo_store(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with the default boundaries (version 1 current, 2 legacy) and the demo. Read only: it is shared."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(demo_folder / "antt.sqlite", folder / "antt.sqlite")
    return open_store(f"sqlite:///{folder / 'antt.sqlite'}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Window]:
    """One Chromium for all tests of a worker: a second one at the same time cannot be driven from the same thread."""
    with chromium() as opened:
        yield Window(opened)


@pytest.fixture(autouse=True)
def tidy_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing that one test did in the browser is there for the next."""
    yield
    if "browser" in request.fixturenames:
        request.getfixturevalue("browser").tidy()
