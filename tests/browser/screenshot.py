"""Make the README's picture: the map page on demo data, as a browser shows it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from geo import demo
from geo.settings import ROOT
from geo.store import open_store
from tests.browser.app import chromium, drawn, serving, settled

PICTURE = ROOT / "data" / "demo" / "screenshot.png"


def main() -> None:
    """Start the application on a fresh demo store and photograph it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        demo.install(open_store(f"sqlite:///{home / 'antt.sqlite'}"), lambda _share, _key: None)
        with serving(home) as address, chromium() as browser:
            page = browser.new_page(viewport={"width": 1600, "height": 900})
            page.goto(f"{address}/?u=31078")
            drawn(page)
            settled(page)
            page.wait_for_timeout(1_500)
            page.screenshot(path=PICTURE)


if __name__ == "__main__":
    main()
