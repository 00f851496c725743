"""All demo batches and the truth planted in them, from one seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.demo.events import make_cases, make_dens
from geo.demo.monthly import make_monthly
from geo.demo.plan import PLAN_FILE, TERMS, Plan, load_plan
from geo.demo.planted import Disc, discs
from geo.demo.programme import make_models, make_targets, make_yearly
from geo.demo.session_parts import in_parts
from geo.demo.sites import Sites, load_sites
from geo.demo.zones import make_population, make_zones
from geo.schema import EVENT_COLUMNS, Dataset, Provenance
from geo.settings import ROOT
from geo.store import Batch

__all__ = ["SEED", "TRUTH_FILE", "Demo", "Progress", "generate", "write_truth"]

SEED = load_plan().seed
TRUTH_FILE = ROOT / "data" / "demo" / "truth.json"

Progress = Callable[[float, str], None]
"""Called with the share done, 0 to 1, and the message key of what comes next."""


@dataclass(frozen=True, eq=False)
class Demo:
    """Batches in the order in which they are appended, and what was planted in them (JSON values)."""

    batches: tuple[Batch, ...]
    truth: dict[str, Any]


_PARTS = 99
"""Names the stream of numbers that parts of sessions are drawn from."""


def _silent(_share: float, _key: str) -> None:
    """No progress wanted."""


def generate(seed: int = SEED, progress: Progress = _silent) -> Demo:
    """The whole demo; the same seed gives the same bytes.

    Parameters
    ----------
    seed : int
    progress : callable
    """
    plan = load_plan()
    progress(0.0, "demo.sites")
    rng_place, rng_disc, rng_case, rng_den, rng_month, rng_zone, rng_people = np.random.default_rng(seed).spawn(7)
    sites = load_sites(plan, rng_place)
    planted = discs(sites, (*plan.case_clusters, plan.emerging, *plan.den_clusters), rng_disc)
    in_cases, emerging, in_dens = np.split(np.array(planted, dtype=object), _edges(plan))
    progress(0.25, "demo.cases")
    cases = make_cases(sites, plan, list(in_cases), emerging[0], rng_case)
    progress(0.5, "demo.dens")
    dens = make_dens(sites, plan, list(in_dens), rng_den)
    progress(0.65, "demo.monthly")
    monthly = [make_monthly(sites, plan, term, rng_month) for term in range(len(TERMS))]
    progress(0.85, "demo.zones")
    zones = make_zones(sites, planted, rng_zone)
    # Apart, so that what was made before stays as it was.
    rng_programme, rng_parts = np.random.default_rng([seed, len(Dataset)]), np.random.default_rng([seed, _PARTS])
    parts = [monthly[0], in_parts(monthly[1], zones, sites.layer, rng_parts)]
    batches = (
        _batch(Dataset.ZONES, zones, "", seed),
        _batch(Dataset.POPULATION, make_population(sites, plan, rng_people), "", seed),
        *(
            _batch(dataset, rows, f"{TERMS[term][0].year}-{TERMS[term][1].year}", seed)
            for dataset, frames in (
                (Dataset.CASES, _by_term(cases.rows)),
                (Dataset.DENS, _by_term(dens)),
                (Dataset.MONTHLY, parts),
            )
            for term, rows in enumerate(frames)
        ),
        _batch(Dataset.YEARLY, make_yearly(sites, rng_programme), "", seed),
        _batch(Dataset.TARGETS, make_targets(sites, plan, rng_programme), "", seed),
        _batch(Dataset.MODELS, make_models(pd.concat(monthly), rng_programme), "", seed),
    )
    progress(1.0, "demo.ready")
    truth = _truth(sites, plan, seed, list(in_cases), emerging[0], list(in_dens), cases.repeats)
    return Demo(batches, {**truth, "fingerprint": _fingerprint(batches)})


def write_truth(demo: Demo, path: Path = TRUTH_FILE) -> None:
    """Write what was planted as JSON, sorted, one value per line."""
    text = json.dumps(demo.truth, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", "utf-8")


def _edges(plan: Plan) -> list[int]:
    return [len(plan.case_clusters), len(plan.case_clusters) + 1]


def _by_term(rows: pd.DataFrame) -> list[pd.DataFrame]:
    columns = rows[list(EVENT_COLUMNS)]
    days = rows["date"]
    return [columns[(days >= str(a)) & (days <= str(b))].reset_index(drop=True) for a, b in TERMS]


def _batch(dataset: Dataset, rows: pd.DataFrame, years: str, seed: int) -> Batch:
    parameters = hashlib.sha256(PLAN_FILE.read_bytes() + f"{seed} {dataset} {years}".encode()).hexdigest()
    source = f"demo {dataset.value} {years}".strip()
    return Batch(dataset, rows, Provenance(source=source, sha256=parameters, who="demo", demo=True))


def _fingerprint(batches: tuple[Batch, ...]) -> dict[str, str]:
    """SHA-256 of each batch's rows, so that any change of the data shows in the committed file."""
    found = {}
    for batch in batches:
        rows = batch.rows
        plain = (
            pd.DataFrame(rows).assign(geometry=rows.geometry.to_wkb()) if isinstance(rows, gpd.GeoDataFrame) else rows
        )
        hashes = pd.util.hash_pandas_object(plain, index=False).to_numpy()
        found[batch.provenance.source] = hashlib.sha256(hashes.tobytes()).hexdigest()
    return found


def _truth(
    sites: Sites, plan: Plan, seed: int, in_cases: list[Disc], emerging: Disc, in_dens: list[Disc], repeats: int
) -> dict[str, Any]:
    repeat = plan.near_repeat
    return {
        "seed": seed,
        "totals": {measure.value: list(pair) for measure, pair in plan.totals.items()} | {"case": list(plan.cases)},
        "case_clusters": [disc.truth(sites) for disc in in_cases],
        "den_clusters": [disc.truth(sites) for disc in in_dens],
        "emerging": emerging.truth(sites),
        "tet": {"lift": plan.tet_lift, "first_days": [day.isoformat() for day in plan.tet_days]},
        "near_repeat": {"kind": repeat.kind, "distance_m": repeat.distance_m, "days": repeat.days, "pairs": repeats},
        "clearing": {
            "factor": plan.clearing_factor,
            "days": plan.clearing_days,
            "campaigns": [
                {"units": list(c.units), "start": c.start.isoformat(), "end": c.end.isoformat(), "dens": c.dens}
                for c in plan.campaigns
            ],
        },
        "changes": [
            {"units": list(c.units), "start": c.start.isoformat(), "end": c.end.isoformat(), "factor": c.factor}
            for c in plan.changes
        ],
    }
