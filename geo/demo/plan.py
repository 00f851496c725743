"""What the demo is made to contain: `data/demo/plan.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.schema import FIRST_TERM, Measure
from geo.settings import ROOT

__all__ = ["TERMS", "Campaign", "Change", "Cluster", "NearRepeat", "Plan", "largest_remainder", "load_plan"]

TERMS = (FIRST_TERM, (date(2024, 1, 1), date(2026, 10, 31)))
"""The first term, with published totals, and the second so far, all invented."""

PLAN_FILE = ROOT / "data" / "demo" / "plan.toml"


@dataclass(frozen=True)
class Cluster:
    """Events put into one disc and period: current unit, kinds, days, radius in metres, how many."""

    unit: str
    kinds: tuple[str, ...]
    start: date
    end: date
    radius_m: float
    n: int


@dataclass(frozen=True)
class Campaign:
    """A month in which many dens are cleared in some current units."""

    units: tuple[str, ...]
    start: date
    end: date
    dens: int


@dataclass(frozen=True)
class Change:
    """Cases multiplied by `factor` in some current units over a period."""

    units: tuple[str, ...]
    start: date
    end: date
    factor: float


@dataclass(frozen=True)
class NearRepeat:
    """A share of one kind of case is followed by another within a distance and a number of days."""

    kind: str
    share: float
    distance_m: float
    days: int


@dataclass(frozen=True)
class Plan:
    """The whole plan.

    Attributes
    ----------
    totals : dict
        Totals of both terms by measure.
    cases : tuple of int
        Cases of any status in both terms.
    weights : dict
        How busy a current unit is, by code, where its kind does not say.
    mix, games : dict
        Shares of case categories and game types by kind of place: town, border, rural.
    clearing_factor, clearing_days : float, int
        What gambling cases are multiplied by after a campaign, and for how long.
    """

    seed: int
    population: int
    cases: tuple[int, int]
    totals: dict[Measure, tuple[int, int]]
    weights: dict[str, float]
    mix: dict[str, dict[str, float]]
    games: dict[str, dict[str, float]]
    tet_lift: float
    tet_days: tuple[date, ...]
    near_repeat: NearRepeat
    case_clusters: tuple[Cluster, ...]
    den_clusters: tuple[Cluster, ...]
    emerging: Cluster
    campaigns: tuple[Campaign, ...]
    clearing_factor: float
    clearing_days: int
    changes: tuple[Change, ...]


@cache
def load_plan() -> Plan:
    """The plan in `data/demo/plan.toml`."""
    raw = tomllib.loads(PLAN_FILE.read_text("utf-8"))
    change = raw["change"]
    return Plan(
        seed=raw["seed"],
        population=raw["population"],
        cases=(raw["cases"][0], raw["cases"][1]),
        totals={Measure(name): (pair[0], pair[1]) for name, pair in raw["totals"].items()},
        weights=raw["weights"],
        mix=raw["mix"],
        games=raw["games"],
        tet_lift=raw["tet"]["lift"],
        tet_days=tuple(raw["tet"]["first_days"]),
        near_repeat=NearRepeat(**raw["near_repeat"]),
        case_clusters=tuple(_cluster(entry) for entry in raw["case_clusters"]),
        den_clusters=tuple(_cluster(entry) for entry in raw["den_clusters"]),
        emerging=_cluster(raw["emerging"]),
        campaigns=tuple(Campaign(**{**entry, "units": tuple(entry["units"])}) for entry in raw["campaigns"]),
        clearing_factor=raw["clearing"]["factor"],
        clearing_days=raw["clearing"]["days"],
        changes=tuple(
            Change(tuple(change[way]["units"]), change["start"], change["end"], change[way]["factor"])
            for way in ("up", "down")
        ),
    )


def _cluster(entry: dict[str, Any]) -> Cluster:
    return Cluster(**{**entry, "kinds": tuple(entry["kinds"])})


def largest_remainder(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to `weights` that add up to `total` (Hamilton's method)."""
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return np.asarray(whole)
