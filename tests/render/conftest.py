"""Maps of the demo to draw, and what a drawn file says."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import fontpkg_be_vietnam_pro
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from geo import settings
from geo.cartography.spec import MapSpec
from geo.schema import Measure, Per, Query, ZoneKind
from geo.store import Store
from tests.asking import situation
from tests.homes import home_in

YEAR = (date(2025, 11, 1), date(2026, 10, 31))
ZONES = tuple(str(kind) for kind in ZoneKind)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of its own for boundary geometry."""
    folder = tmp_path_factory.mktemp("home")
    with home_in(folder):
        yield folder


@pytest.fixture(scope="session")
def make(demo_store: Store, home: Path) -> Callable[..., MapSpec]:
    """Make the map of a measure of the demo; its geometry is kept in `home`."""
    assert settings.load().home == home

    def build(
        measure: Measure = Measure.DEN_CLEARED, *, period: tuple[date, date] = YEAR, per: Per = Per.COUNT,
        lang: Any = "vi", **options: Any,
    ) -> MapSpec:  # fmt: skip
        return situation(demo_store, Query(measure, *period, per=per), lang, **options)

    return build


@pytest.fixture(scope="session")
def kinds_of_map(make: Callable[..., MapSpec]) -> dict[str, MapSpec]:
    """One map of every kind."""
    return {
        "dens": make(clusters=True, zones=ZONES),
        "cases": make(Measure.CASE, clusters=True, points="always", lang="en"),
        "rate": make(Measure.CASE, per=Per.PEOPLE, classes=7),
        "change": make(Measure.CASE, compare=True),
        "tips": make(Measure.TIP, period=(date(2026, 10, 1), date(2026, 10, 31))),
        "empty": make(period=(date(2001, 1, 1), date(2001, 1, 31))),
    }


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """The text of a PDF as a reader copies it, spaces single."""
    path = tmp_path / "read.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


def pixels(png: bytes) -> NDArray[np.uint8]:
    """The picture's colours, shape (height, width, 3)."""
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def fonts_home(folder: Path) -> dict[str, str]:
    """An environment in which LibreOffice finds the product's typeface, in a home of its own."""
    source = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"
    target = folder / ".fonts"
    if not target.exists():
        shutil.copytree(source, target)
    return {**os.environ, "HOME": str(folder)}
