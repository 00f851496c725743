"""Monthly counts of the programme's work, which add up to the published totals exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geo.demo.plan import TERMS, Plan
from geo.demo.sites import Floats, Ints, Sites
from geo.schema import CURRENT_SINCE, Measure, UnitSystem, add_months

__all__ = ["make_monthly"]

_SESSION_YEAR = np.array([0.8, 0.6, 0.9, 0.9, 1.0, 1.0, 1.2, 1.7, 1.1, 1.0, 1.6, 0.9])
"""Sessions by month: the festivals of 19 August and 18 November stand out."""

_RECOGNITION_YEAR = np.array([0.3, 0.2, 0.4, 0.5, 0.8, 1.0, 0.9, 1.2, 0.9, 1.1, 2.2, 2.5])
"""Safe units and models are recognised towards the end of the year."""

_FLAT_YEAR = np.ones(12)


@dataclass(frozen=True, eq=False)
class Cells:
    """Every unit in every month of one term: the units of their own time."""

    month: Ints
    system: np.ndarray[tuple[int], np.dtype[np.object_]]
    code: np.ndarray[tuple[int], np.dtype[np.object_]]
    weight: Floats
    first: date

    def shares(self, rng: np.random.Generator, *, year: Floats, growth: float, spread: float) -> Floats:
        """Probability of each cell: size, season, growth over the term, and each commune's own zeal."""
        season = year[(self.first.month - 1 + self.month) % 12]
        trend = 1 + (growth - 1) * self.month / self.month.max()
        zeal = np.exp(rng.normal(0.0, spread, len(self.month)))
        share = self.weight**0.8 * season * trend * zeal
        return np.asarray(share / share.sum())


def make_monthly(sites: Sites, plan: Plan, term: int, rng: np.random.Generator) -> pd.DataFrame:
    """Monthly counts of one term in `MONTHLY_COLUMNS`; communes that report nothing have no row."""
    cells = _cells(sites, term)
    total = {measure: pair[term] for measure, pair in plan.totals.items()}
    counts = _sessions(cells, total, rng) | _tips(cells, total, rng)
    for measure, year, spread in (
        (Measure.LETTER, _SESSION_YEAR, 0.9),
        (Measure.LEAFLET, _SESSION_YEAR, 0.9),
        (Measure.SAFE_UNIT, _RECOGNITION_YEAR, 0.4),
        (Measure.COMMUNITY_MODEL, _RECOGNITION_YEAR, 0.4),
    ):
        share = cells.shares(rng, year=year, growth=1.4, spread=spread)
        counts[measure] = rng.multinomial(total[measure], share)
    return pd.concat([_rows(cells, measure, values) for measure, values in counts.items()], ignore_index=True)


def _cells(sites: Sites, term: int) -> Cells:
    start, end = TERMS[term]
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    split = min((CURRENT_SINCE.year - start.year) * 12 + CURRENT_SINCE.month - start.month, months)
    old = np.bincount(sites.link_legacy, sites.weight, minlength=len(sites.legacy))
    new = np.bincount(sites.link_current, sites.weight, minlength=len(sites.layer))
    parts = [
        (np.arange(split), UnitSystem.LEGACY.value, sites.legacy["code"].to_numpy(), old),
        (np.arange(split, months), UnitSystem.CURRENT.value, sites.layer["code"].to_numpy(), new),
    ]
    return Cells(
        month=np.concatenate([np.repeat(month, len(code)) for month, _, code, _ in parts]),
        system=np.concatenate([np.full(len(month) * len(code), s, object) for month, s, code, _ in parts]),
        code=np.concatenate([np.tile(code, len(month)) for month, _, code, _ in parts]),
        weight=np.concatenate([np.tile(weight, len(month)) for month, _, _, weight in parts]),
        first=start,
    )


def _sessions(cells: Cells, total: dict[Measure, int], rng: np.random.Generator) -> dict[Measure, Ints]:
    """Sessions, those on target 19.2 among them, and who came to each kind."""
    sessions = rng.multinomial(total[Measure.SESSION], cells.shares(rng, year=_SESSION_YEAR, growth=1.3, spread=0.5))
    special = rng.multivariate_hypergeometric(sessions, total[Measure.SESSION_192], method="marginals")
    there = _attendance(special, total[Measure.ATTENDANCE_192], rng)
    elsewhere = _attendance(sessions - special, total[Measure.ATTENDANCE] - total[Measure.ATTENDANCE_192], rng)
    return {
        Measure.SESSION: sessions,
        Measure.SESSION_192: special,
        Measure.ATTENDANCE: there + elsewhere,
        Measure.ATTENDANCE_192: there,
    }


def _attendance(sessions: Ints, total: int, rng: np.random.Generator) -> Ints:
    """At least ten people in each session, the rest unevenly."""
    weight = sessions * np.exp(rng.normal(0.0, 0.4, len(sessions)))
    return np.asarray(10 * sessions + rng.multinomial(total - 10 * int(sessions.sum()), weight / weight.sum()))


def _tips(cells: Cells, total: dict[Measure, int], rng: np.random.Generator) -> dict[Measure, Ints]:
    """Tip-offs, and the useful ones among them."""
    tips = rng.multinomial(total[Measure.TIP], cells.shares(rng, year=_FLAT_YEAR, growth=1.25, spread=0.3))
    useful = rng.multivariate_hypergeometric(tips, total[Measure.USEFUL_TIP], method="marginals")
    return {Measure.TIP: tips, Measure.USEFUL_TIP: useful}


def _rows(cells: Cells, measure: Measure, values: Ints) -> pd.DataFrame:
    some = np.flatnonzero(values)
    months = [add_months(cells.first, n) for n in range(int(cells.month.max()) + 1)]
    return pd.DataFrame(
        {
            "month": np.array(months, dtype="datetime64[D]")[cells.month[some]],
            "unit_system": cells.system[some],
            "unit_code": cells.code[some],
            "measure": measure.value,
            "value": values[some],
        }
    )
