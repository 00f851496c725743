"""Draw the golden set anew."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from geo import settings
from geo.demo import generate
from geo.store import open_store
from geo.store.default_boundaries import add_default_boundaries
from tests.browser.app import chromium
from tests.golden.pictures import HOME, all_pictures


def main() -> None:
    """Make the demo in a folder of its own, and every picture of it."""
    with TemporaryDirectory() as folder, chromium() as browser:
        os.environ["ANTT_HOME"] = folder
        settings.load.cache_clear()
        store = open_store(settings.load().url)
        add_default_boundaries(store)
        for batch in generate().batches:
            store.append(batch)
        for name, picture in all_pictures(store, Path(folder), browser).items():
            picture.quantize(192).save(HOME / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
