"""Draw the golden set anew."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from geo.demo import generate
from tests.browser.app import chromium
from tests.golden.pictures import HOME, all_pictures
from tests.homes import demo_store_in, home_in


def main() -> None:
    """Make the demo in a folder of its own, and every picture of it."""
    with TemporaryDirectory() as folder, home_in(Path(folder)) as home, chromium() as browser:
        store = demo_store_in(home, generate())
        for name, picture in all_pictures(store, home, browser).items():
            picture.quantize(192).save(HOME / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
