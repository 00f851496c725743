"""A small store: three adjoining squares with real codes, so that the real links between old and new units hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.schema import CURRENT_SINCE, Dataset, Measure, Provenance, UnitSystem
from geo.store import Batch, Store, open_store

SQUARES = {"30337": 105.0, "30346": 105.1, "30352": 105.2}
"""West edge of each current unit, 0.1 degrees wide, from 10.0 to 10.1 N."""


def _units() -> gpd.GeoDataFrame:
    """The squares as a layer of current units."""
    shapes = [shapely.box(west, 10.0, west + 0.1, 10.1) for west in SQUARES.values()]
    frame = {"code": list(SQUARES), "name": ["An Phú", "Nhơn Hội", "Phú Hữu"], "kind": "xã"}
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")


def _add_units(store: Store, *, name: str = "squares") -> int:
    """Register the squares as the active current units."""
    return store.add_boundaries(
        _units(),
        system=UnitSystem.CURRENT,
        name=name,
        valid_from=CURRENT_SINCE,
        source="test",
        licence="none",
        topology=name.encode(),
        frames=[],
        approximate=True,
    )


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Address of a store that does not exist yet."""
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def store(url: str) -> Store:
    """An empty store with the three squares as current units."""
    opened = open_store(url)
    _add_units(opened)
    return opened


def _events(*rows: dict[str, object], dataset: Dataset = Dataset.CASES, rejected: int = 0) -> Batch:
    """A batch of events; each row gives what differs from an ordinary one."""
    usual = {
        "date": date(2025, 8, 1),
        "unit_system": "current",
        "unit_code": "30337",
        "kind": "theft" if dataset is Dataset.CASES else "cards",
        "status": "investigating" if dataset is Dataset.CASES else None,
        "suspects": None,
        "lon": None,
        "lat": None,
    }
    frame = pd.DataFrame([{"record_id": f"R{n}", **usual, **row} for n, row in enumerate(rows)])
    return Batch(dataset, frame, Provenance("test.xlsx", "0" * 64, "tester"), rejected)


def _monthly(measure: Measure, *rows: tuple[date, str, str, int]) -> Batch:
    """A batch of one monthly measure from (month, system, code, value)."""
    frame = pd.DataFrame(rows, columns=["month", "unit_system", "unit_code", "value"]).assign(measure=measure.value)
    return Batch(Dataset.MONTHLY, frame, Provenance("test.xlsx", "0" * 64, "tester"))


@pytest.fixture(scope="session")
def events() -> Callable[..., Batch]:
    """Makes a batch of events; each row given says what differs from an ordinary theft in unit 30337."""
    return _events


@pytest.fixture(scope="session")
def monthly() -> Callable[..., Batch]:
    """Makes a batch of one monthly measure from rows (month, system, code, value)."""
    return _monthly


@pytest.fixture(scope="session")
def add_units() -> Callable[..., int]:
    """Registers the three squares as a new version of the current units."""
    return _add_units
