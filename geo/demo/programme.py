"""What the demo says of the programme beside its monthly counts, all invented: yearly counts, targets and models.

The models are those that the monthly counts tell of, one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from geo.demo.plan import TERMS, Plan, largest_remainder
from geo.demo.sites import Floats, Ints, Sites
from geo.schema import (
    CURRENT_SINCE,
    MODEL_COLUMNS,
    RETURN_MEASURES,
    SAFE_MEASURES,
    TARGET_MEASURES,
    TARGET_YEARS,
    YEARLY_COLUMNS,
    Festival,
    Measure,
    ModelKind,
    SafeKind,
    UnitSystem,
    months_between,
)

__all__ = ["make_models", "make_targets", "make_yearly"]

_YEARS = range(2014, TERMS[1][1].year)
"""Years that are over; safe units are told of since the first of `_SAFE_YEARS`."""

_SAFE_YEARS = range(2021, TERMS[1][1].year)
_COMMUNE_YEARS = (2024, 2025, 2026)
"""Years in which communes have targets of their own, the parts of the province's."""

_UNITS = {
    SafeKind.HAMLET: 4.0, SafeKind.COMMUNE: 1.0, SafeKind.AGENCY: 2.0, SafeKind.BUSINESS: 2.5, SafeKind.SCHOOL: 3.0,
}  # fmt: skip
"""Units of each kind in a former commune of ordinary size."""

_STAGES = (0.86, 0.85, 0.09)
"""Share of the units that are registered; of those that are recognised; of those that are exemplary."""

_MODELS = (
    ("Tổ liên gia tự quản minh hoạ", ModelKind.SELF_MANAGED, 2013),
    ("Tiếng kẻng an ninh minh hoạ", ModelKind.SELF_PREVENTION, 2013),
    ("Đội tự quản đường biên minh hoạ", ModelKind.SELF_PROTECTION, 2013),
    ("Tổ hòa giải minh hoạ", ModelKind.CONCILIATION, 2013),
    ("Cổng rào an ninh minh hoạ", ModelKind.SELF_PREVENTION, 2016),
    ("Camera an ninh minh hoạ", ModelKind.SELF_PROTECTION, 2018),
    ("Nhóm Zalo an ninh minh hoạ", ModelKind.SELF_MANAGED, 2020),
)
"""Models by name, with the year in which the first began."""


def make_yearly(sites: Sites, rng: np.random.Generator) -> pd.DataFrame:
    """Festivals, returns to the community and safe units by year in `YEARLY_COLUMNS`; some communes do not report."""
    rows = pd.concat([pd.DataFrame(part, columns=list(YEARLY_COLUMNS)) for part in _yearly(sites, rng)])
    return rows.reset_index(drop=True)


def _yearly(sites: Sites, rng: np.random.Generator) -> Iterator[dict[str, object]]:
    old = np.bincount(sites.link_legacy, sites.weight, minlength=len(sites.legacy))
    new = np.bincount(sites.link_current, sites.weight, minlength=len(sites.layer))
    for year in _YEARS:
        is_new = year >= CURRENT_SINCE.year
        system = UnitSystem.CURRENT if is_new else UnitSystem.LEGACY
        codes = (sites.layer if is_new else sites.legacy)["code"].to_numpy()
        weight = new if is_new else old
        weight = weight / weight.mean()
        size = len(sites.legacy) / len(codes)

        def part(
            measure: Measure,
            kind: str,
            values: Ints,
            year: int = year,
            system: UnitSystem = system,
            codes: object = codes,
        ) -> dict[str, object]:
            return {
                "year": year, "unit_system": system.value, "unit_code": codes, "measure": measure.value, "kind": kind,
                "value": values,
            }  # fmt: skip

        for festival in Festival:
            held = rng.random(len(codes)) < 0.93
            places = np.where(held, 1 + rng.poisson(1.5 * size * weight**0.5), 0)
            yield _sent(part(Measure.FESTIVAL, festival, places), rng, 0.97)
        for measure, mean in zip(sorted(RETURN_MEASURES), (2.1, 2.6)):
            yield _sent(part(measure, "", rng.poisson(mean * size * weight)), rng, 0.96)
        if year in _SAFE_YEARS:
            sent = rng.random(len(codes)) < 0.98
            for kind, usual in _UNITS.items():
                fixed = kind is SafeKind.COMMUNE
                there = np.ones(len(codes), np.int64) if fixed else 1 + rng.poisson(usual * size * weight**0.5)
                for measure, count in zip(SAFE_MEASURES, _stages(there, year, rng)):
                    found = part(measure, kind, count)
                    yield {name: v[sent] if isinstance(v, np.ndarray) else v for name, v in found.items()}


def _sent(part: dict[str, object], rng: np.random.Generator, share: float) -> dict[str, object]:
    sent = rng.random(len(np.asarray(part["value"]))) < share
    return {name: v[sent] if isinstance(v, np.ndarray) else v for name, v in part.items()}


def _stages(there: Ints, year: int, rng: np.random.Generator) -> Iterator[Ints]:
    """How many there are, are registered, recognised and exemplary; more of them year by year."""
    yield there
    for n, share in enumerate(_STAGES):
        there = rng.binomial(there, min(share + 0.015 * (year - _SAFE_YEARS[0]), 0.98) if n < 2 else share)
        yield there


def make_targets(sites: Sites, plan: Plan, rng: np.random.Generator) -> pd.DataFrame:
    """Targets of the province for all years of the term, and of its communes for some, which add up to those."""
    months = months_between(*TERMS[1])
    size = np.bincount(sites.link_current, sites.weight, minlength=len(sites.layer))
    weight: Floats = np.asarray(size**0.8, np.float64)
    rows: list[tuple[int, str, str, int]] = []
    for measure in TARGET_MEASURES:
        a_year = plan.totals[measure][1] / months * 12
        share = np.asarray(weight * np.exp(rng.normal(0.0, 0.12, len(weight))), np.float64)
        for year in TARGET_YEARS:
            whole = _rounded(a_year * (1.0 + 0.02 * (year - 2025)))
            rows.append((year, "", measure.value, whole))
            if year in _COMMUNE_YEARS:
                parts = largest_remainder(share, whole)
                rows += [(year, code, measure.value, int(n)) for code, n in zip(sites.layer["code"], parts)]
    return pd.DataFrame(rows, columns=["year", "unit_code", "measure", "value"])


def _rounded(value: float) -> int:
    """To two figures, as targets are set."""
    step: int = 10 ** max(0, len(str(int(value))) - 2)
    return round(value / step) * step


def make_models(monthly: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row in `MODEL_COLUMNS` for each new model of the monthly counts; of one name in one commune the first alone.

    The number behind a name tells the later ones of a commune apart.
    """
    told = monthly[monthly["measure"] == Measure.COMMUNITY_MODEL.value]
    told = told.reset_index(drop=True)
    each = told.loc[told.index.repeat(told["value"])].sort_values(["month", "unit_code"], kind="stable")
    months = pd.to_datetime(each["month"])
    rows, numbers = [], dict[tuple[str, str, str], int]()
    for month, system, code in zip(months, each["unit_system"], each["unit_code"]):
        offered = [entry for entry in _MODELS if entry[2] <= month.year]
        share: Floats = np.array([1.0 + 0.25 * min(month.year - first, 6) for _, _, first in offered])
        name, kind, _ = offered[rng.choice(len(offered), p=share / share.sum())]
        number = numbers[name, system, code] = numbers.get((name, system, code), 0) + 1
        since = date(month.year, month.month, int(rng.integers(1, 29)))
        lasts = rng.random() < 0.9
        until = None if lasts else since.replace(year=min(since.year + int(rng.integers(1, 5)), TERMS[1][1].year - 1))
        until = until if until is not None and until > since else None
        members = int(rng.integers(5, 60)) if rng.random() < 0.9 else None
        rows.append((f"{name} {number}" if number > 1 else name, kind.value, system, code, since, until, members))
    frame = pd.DataFrame(rows, columns=list(MODEL_COLUMNS))
    days = {name: pd.to_datetime(frame[name]) for name in ("since", "until")}
    return frame.assign(**days, members=frame["members"].astype("Int64"))
