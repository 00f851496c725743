from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geo.products.documents import briefings
from geo.products.documents.briefings import Briefing
from tests.browser.app import Watch, Window, drawn, serving

# Workers compete for the cores; what is awaited comes, only later.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def address(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application on a copy of the demo's store."""
    home = tmp_path_factory.mktemp("home")
    shutil.copyfile(demo_folder / "antt.sqlite", home / "antt.sqlite")
    with serving(home) as started:
        yield started


@pytest.fixture
def visit(browser: Window, address: str) -> Iterator[Visit]:
    """Opens pages and, at the end, fails on any foreign request, console error or failed request."""
    opened = Visit(browser, address)
    yield opened
    opened.close()


class Visit:
    """Tabs on the application."""

    def __init__(self, browser: Window, address: str) -> None:
        self.address = address
        self.browser = browser
        self.context = browser.context
        self.watches: list[Watch] = []

    def open(self, path: str = "/", *, width: int = 1366, height: int = 768) -> Page:
        """A page with its first map drawn."""
        page = self.browser.new_page(viewport={"width": width, "height": height})
        self.watches.append(Watch(page))
        page.goto(self.address + path)
        drawn(page)
        return page

    def page_of_briefing(self, briefing: Briefing) -> None:
        """Bring a briefing in through its page, as a person would."""
        page = self.context.new_page()
        page.goto(f"{self.address}/?page=briefings")
        file = {"name": "briefing.yaml", "mimeType": "application/yaml", "buffer": briefings.dump(briefing).encode()}
        page.set_input_files('input[type="file"]', file)
        page.wait_for_url(f"**br={briefing.name}**")
        page.close()

    def close(self) -> None:
        """End the visit; every fault seen is a failure."""
        faults = [fault for watch in self.watches for fault in watch.faults]
        self.browser.tidy()
        assert not faults, faults


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return tmp_path / "map.png"
