"""A small store: three adjoining squares with real codes, so that the real links between old and new units hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.schema import CURRENT_SINCE, Dataset, Measure, Provenance, UnitSystem
from geo.store import Batch, Store, migrations, open_store
from geo.store.engine import Database

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


SECRETS = ("Nguyễn Văn Tèo 1980", "089 203 001 230", "8,9203E+10")
"""Record numbers that are names and numbers of persons."""


def old_store(path: Path) -> Path:
    """A store as an earlier version wrote it, which kept record numbers, names of zones and of files as they came."""
    with pytest.MonkeyPatch.context() as before:
        before.setattr(migrations, "LATEST", 2)
        database = Database(f"sqlite:///{path}")
        migrations.migrate(database)
        database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO batch (id, dataset, source, sha256, who, demo, rows, rejected, imported_at, dropped)"
            """ VALUES (1, 'cases', 'Nguyễn Văn Tèo.csv', '0', 't', 0, 3, 0, '2026-01-01T00:00:00+00:00', '["Lê Văn Kín"]')"""
        )
        connection.executemany(
            "INSERT INTO event (batch_id, active, dataset, record_id, date, unit_system, unit_code, kind)"
            " VALUES (1, 1, 'cases', ?, '2026-01-05', 'current', '30307', 'theft')",
            [(number,) for number in SECRETS],
        )
        connection.execute(
            "INSERT INTO zone (batch_id, active, name, kind, invented, geometry)"
            " VALUES (1, 1, 'Nhà ông Bạch Văn Tèo', 'complex_area', 0, x'00')"
        )
        connection.commit()
    return path
