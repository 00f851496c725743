"""Real boundaries, which lie beside the product and are never part of it."""

import os
from pathlib import Path

import pytest

from geo.settings import ROOT


@pytest.fixture(scope="session")
def boundaries() -> Path:
    folder = Path(os.environ.get("ANTT_BOUNDARIES", ROOT.parent / "shared" / "boundaries"))
    assert folder.is_dir(), f"the real boundaries are not at {folder}; set ANTT_BOUNDARIES"
    return folder


@pytest.fixture(scope="session")
def real_units(boundaries):
    from geo.units.boundaries import read_units

    return read_units(boundaries / "an_giang_2025.gpkg")


@pytest.fixture(scope="session")
def prepared(real_units):
    from geo.units.boundaries import prepare

    return prepare(real_units, province="91", name="an_giang_2025.gpkg")
