"""Stores of an office that has only begun, on an invented layer: squares in rows, of any province and any months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo import settings
from geo.schema import CURRENT_SINCE, Dataset, Measure, Provenance, UnitSystem
from geo.store import Batch, Store, open_store
from geo.units.boundaries import prepare
from geo.units.frames import frames

CODES = tuple(str(31120 + 3 * n) for n in range(12))
"""Codes of province 92, which the product lists no units of."""


def squares(codes: Sequence[str] = CODES) -> gpd.GeoDataFrame:
    """Units named "Ô 1", "Ô 2" and so on: squares of a tenth of a degree, four in a row."""
    boxes = [
        shapely.box(x, y, x + 0.1, y + 0.1)
        for x, y in ((105.4 + n % 4 / 10, 9.8 + n // 4 / 10) for n in range(len(codes)))
    ]
    names = [f"Ô {n}" for n in range(1, len(codes) + 1)]
    return gpd.GeoDataFrame({"code": list(codes), "name": names, "kind": "xã"}, geometry=boxes, crs=4326)


def young_store_in(
    folder: Path, months: Sequence[date] = (), *, codes: Sequence[str] = CODES, province: str = "92"
) -> Store:
    """A store with boundaries of the present units alone, and in each of the months some records of every dataset."""
    store = open_store(f"sqlite:///{folder / 'antt.sqlite'}")
    ready = prepare(squares(codes), province=province, name="ô vuông")
    store.add_boundaries(
        ready.units, system=UnitSystem.CURRENT, name="ô vuông", valid_from=CURRENT_SINCE, source="–", licence="",
        topology=ready.topology, frames=[asdict(frame) for frame in frames(ready.units)], approximate=False,
    )  # fmt: skip
    for dataset, rows in _records(months, codes) if months else ():
        store.append(Batch(dataset, rows, Provenance(f"{dataset}.csv", "ab" * 32, "test")))
    return store


def _records(months: Sequence[date], codes: Sequence[str]) -> Iterator[tuple[Dataset, pd.DataFrame]]:
    for dataset, kind in ((Dataset.CASES, "theft"), (Dataset.DENS, "cards")):
        yield dataset, _events(months, codes, kind)
    reported = {Measure.SESSION: 4, Measure.TIP: 9}
    yield Dataset.MONTHLY, pd.DataFrame(
        [
            {"month": pd.Timestamp(month), "unit_system": "current", "unit_code": code, "measure": str(measure), "value": n}
            for month in months for code in codes for measure, n in reported.items()
        ]
    )  # fmt: skip


def _events(months: Sequence[date], codes: Sequence[str], kind: str) -> pd.DataFrame:
    """Three in every unit and month, but for the first unit, which has six."""
    at = squares(codes).geometry.representative_point()
    places = [n for n in range(len(codes)) for _ in range(6 if n == 0 else 3)]
    days = [(pd.Timestamp(month) + pd.Timedelta(days=i % 28), n) for month in months for i, n in enumerate(places)]
    return pd.DataFrame({
        "record_id": [f"{kind}-{i}" for i in range(len(days))], "date": [day for day, _ in days],
        "unit_system": "current", "unit_code": [codes[n] for _, n in days], "kind": kind,
        "status": "cleared" if kind == "theft" else None, "suspects": pd.array([pd.NA] * len(days), dtype="Int64"),
        "lon": [at.x[n] + i % 5 / 500 for i, (_, n) in enumerate(days)], "lat": [at.y[n] for _, n in days],
    })  # fmt: skip


@contextmanager
def province(code: str) -> Iterator[None]:
    """The installation is set to a province, until the end of the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANTT_PROVINCE", code)
        settings.load.cache_clear()
        try:
            yield
        finally:
            patch.undo()
            settings.load.cache_clear()
