"""Invented cases of any number: as a store the product reads, and as columns for the sides it is compared with."""

from __future__ import annotations

import sqlite3
from datetime import date
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.demo import generate
from geo.schema import CaseCategory, Dataset, Provenance
from geo.settings import ROOT
from geo.store import Batch, Store, open_store
from geo.store.default_boundaries import add_default_boundaries
from geo.units import boundaries

HOME = ROOT / "build" / "bench"
"""Everything a run writes."""

START, END = date(2025, 7, 1), date(2026, 10, 31)
"""First and last day of the cases: all since the current communes exist, so every code is a current one."""

COMMON = CaseCategory.THEFT
RARE = tuple(kind for kind in CaseCategory if kind is not COMMON)
"""A change adds or removes one rare kind, half a per cent of the cases, so their number stays about the same."""

_SHARE_OF_RARE = 0.005
_CHUNK = 250_000


@lru_cache(maxsize=1)
def communes() -> gpd.GeoDataFrame:
    """The default layer of current communes: code, name, geometry in degrees."""
    return boundaries.default_units()[["code", "name", "kind", "geometry"]]


@lru_cache(maxsize=2)
def cases(n: int) -> pd.DataFrame:
    """`n` invented cases around the middles of the communes, the same for the same `n`.

    Returns
    -------
    DataFrame
        The columns of an event record.
    """
    rng = np.random.default_rng(n)
    layer = communes()
    weights = rng.pareto(1.5, len(layer)) + 0.2
    unit = rng.choice(len(layer), n, p=weights / weights.sum())
    centre = layer.geometry.representative_point()
    box = layer.geometry.bounds
    spread = 0.22 * np.column_stack([box.maxx - box.minx, box.maxy - box.miny])[unit]
    place = np.column_stack([centre.x, centre.y])[unit] + np.clip(rng.normal(size=(n, 2)), -2, 2) * spread
    rare = rng.random(n) < _SHARE_OF_RARE * len(RARE)
    kind = np.where(rare, rng.integers(1, len(RARE) + 1, n), 0)
    days = np.datetime64(START) + rng.integers(0, (END - START).days + 1, n)
    return pd.DataFrame(
        {
            "record_id": np.char.add("B", np.arange(n).astype(str)),
            "date": days,
            "unit_system": "current",
            "unit_code": layer["code"].to_numpy()[unit],
            "kind": np.array([COMMON, *RARE], dtype=object)[kind],
            "status": np.where(rng.random(n) < 0.8, "cleared", "investigating"),
            "suspects": rng.integers(1, 4, n),
            "lon": place[:, 0].round(6),
            "lat": place[:, 1].round(6),
        }
    )


def home(n: int) -> Path:
    """The folder the application is pointed to for `n` cases; made once and kept."""
    folder = HOME / f"store-{n}"
    if not (folder / "ready").is_file():
        _fill(folder, n)
        (folder / "ready").touch()
    return folder


def _fill(folder: Path, n: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    template = _template()
    path = folder / "antt.sqlite"
    path.unlink(missing_ok=True)
    with sqlite3.connect(template) as source, sqlite3.connect(path) as target:
        source.backup(target)
    store = open_store(f"sqlite:///{path}")
    rows = cases(n)
    for first in range(0, n, _CHUNK):
        store.append(Batch(Dataset.CASES, rows.iloc[first : first + _CHUNK], _origin(f"cases {first}")))


def _template() -> Path:
    """A store with boundaries and everything of the demo but its cases and zones."""
    path = HOME / "template.sqlite"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        store = open_store(f"sqlite:///{path}")
        add_default_boundaries(store)
        for batch in generate().batches:
            if batch.dataset not in (Dataset.CASES, Dataset.ZONES):
                store.append(batch)
    return path


def _origin(source: str) -> Provenance:
    return Provenance(source=f"benchmark {source}", sha256="0" * 64, who="bench", demo=True)


def store(n: int) -> Store:
    """The store of `n` cases, for timings without a browser."""
    return open_store(f"sqlite:///{home(n) / 'antt.sqlite'}")
