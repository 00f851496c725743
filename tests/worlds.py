"""Invented worlds of random series: what a month holds, with gaps, outliers, drift, steps and Tết, by commune."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from geo.analysis import season
from geo.schema import Dataset, Measure, Provenance, add_months
from geo.store import Batch, Store, open_store
from geo.store.default_boundaries import add_default_boundaries

FIRST, MONTHS = date(2020, 1, 1), 82
"""Of every series; the last month is October 2026."""

REPORTED = (Measure.SESSION, Measure.ATTENDANCE, Measure.LEAFLET, Measure.LETTER, Measure.SESSION_192)
"""Measures that are series of reports; cases are events."""


def series(seed: int, units: int) -> np.ndarray:
    """Random monthly counts, shape (months, units), NaN where there is no report.

    Each unit draws its own mean (0.1 to 3,000), dispersion (1 to 20) and what happens to it: nothing, a drift, a step,
    an outlier, or all its months around Tết higher; a quarter of the units leave gaps, and some report late or never.
    """
    rng = np.random.default_rng(seed)
    level = np.exp(rng.uniform(np.log(0.1), np.log(3_000), units))
    phi = rng.choice([1.0, 1.5, 4.0, 20.0], units)
    mean = np.tile(level, (MONTHS, 1))
    fate = rng.choice(["none", "drift", "step", "outlier", "tet"], units)
    share = season.tet_share([add_months(FIRST, n) for n in range(MONTHS + 1)])
    for unit, what in enumerate(fate):
        if what == "drift":
            mean[:, unit] *= np.linspace(1, rng.uniform(0.2, 4), MONTHS)
        elif what == "step":
            mean[rng.integers(20, MONTHS) :, unit] *= rng.choice([0.0, 0.3, 2.0, 6.0])
        elif what == "outlier":
            mean[rng.integers(0, MONTHS, 2), unit] *= rng.uniform(5, 40)
        elif what == "tet":
            mean[:, unit] *= 1 + 2 * share
    spread = np.maximum(phi - 1, 1e-9)
    drawn = rng.poisson(np.where(phi > 1, rng.gamma(np.maximum(mean / spread, 1e-12), spread), mean)).astype(float)
    gaps = rng.random(drawn.shape) < np.where(rng.random(units) < 0.25, 0.3, 0.0)
    gaps |= np.arange(MONTHS)[:, None] < rng.choice([0, 0, 0, 0, 30, 60, MONTHS], units)
    return np.where(gaps, np.nan, drawn)


def world_in(folder: Path, seed: int) -> Store:
    """A store whose communes hold such series, of every measure of `REPORTED` its own, and events of small ones."""
    store = open_store(f"sqlite:///{folder / f'world-{seed}.sqlite'}")
    add_default_boundaries(store)
    codes = list(store.snapshot().units().index)
    months = pd.to_datetime([add_months(FIRST, n) for n in range(MONTHS)]).astype("datetime64[s]")
    tables = [_reports(series(100 * seed + i, len(codes)), months, codes, m) for i, m in enumerate(REPORTED)]
    rows = pd.concat(tables, ignore_index=True)
    store.append(Batch(Dataset.MONTHLY, rows, _source(f"reports {seed}")))
    events = np.minimum(np.nan_to_num(series(100 * seed + 99, len(codes))), 40).astype(int)
    store.append(Batch(Dataset.CASES, _events(events, months, codes), _source(f"events {seed}")))
    return store


def _source(name: str) -> Provenance:
    return Provenance(source=name, sha256=f"{abs(hash(name)):064x}"[:64], who="test", demo=True)


def _reports(table: np.ndarray, months: pd.DatetimeIndex, codes: list[str], measure: Measure) -> pd.DataFrame:
    month, unit = np.nonzero(~np.isnan(table))
    return pd.DataFrame({
        "month": months[month], "unit_system": "current", "unit_code": np.array(codes)[unit],
        "measure": str(measure), "value": table[month, unit].astype(np.int64),
    })  # fmt: skip


def _events(table: np.ndarray, months: pd.DatetimeIndex, codes: list[str]) -> pd.DataFrame:
    month, unit = (np.repeat(place.ravel(), table.ravel()) for place in np.indices(table.shape))
    n = len(month)
    day = np.random.default_rng(n).integers(0, 28, n)
    return pd.DataFrame({
        "record_id": [f"V-{i:06d}" for i in range(n)],
        "date": (months[month] + pd.to_timedelta(day, unit="D")).astype("datetime64[s]"),
        "unit_system": "current", "unit_code": np.array(codes)[unit], "kind": "theft", "status": "cleared",
        "suspects": pd.array([pd.NA] * n, dtype="Int64"), "lon": np.nan, "lat": np.nan,
    })  # fmt: skip
