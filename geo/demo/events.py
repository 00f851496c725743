"""Cases and dens: planted structure first, then a background that fills each term up to its exact total."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.demo.days import day_weights, days_of, near_tet
from geo.demo.plan import TERMS, Plan
from geo.demo.planted import Disc, campaign_events, disc_events, in_disc, term_of
from geo.demo.sites import Floats, Ints, Sites
from geo.schema import CURRENT_SINCE, CaseCategory, CaseStatus, GameType, Measure, UnitSystem

__all__ = ["Cases", "make_cases", "make_dens"]

_GAMBLING = CaseCategory.GAMBLING.value
_NO_POINT = 0.06
_TREND = ((1.08, 0.94), (1.0, 0.96))
_CLEARED_ODDS = {"gambling": 4.0, "violence": 3.0, "drugs": 3.0, "smuggling": 2.5, "robbery": 2.0, "public_order": 2.5}
_MORE_SUSPECTS = {"gambling": 3.5, "smuggling": 1.3, "trafficking": 1.3, "drugs": 1.0, "public_order": 1.2}

Factor = Callable[[pd.DataFrame], Floats]


@dataclass(frozen=True, eq=False)
class Cases:
    """Case records of both terms, in `EVENT_COLUMNS` and with x, y, and how many near repeats were planted."""

    rows: pd.DataFrame
    repeats: int


def make_cases(sites: Sites, plan: Plan, clusters: list[Disc], emerging: Disc, rng: np.random.Generator) -> Cases:
    """All cases of both terms."""
    parts, repeats = [], 0
    for term, total in enumerate(plan.cases):
        planted = [disc_events(sites, disc, rng) for disc in clusters if term_of(disc.cluster.start) == term]
        if term_of(emerging.cluster.start) == term:
            planted.append(disc_events(sites, emerging, rng, growing=True))
        missing = total - sum(len(part) for part in planted)
        background = _background(sites, plan, plan.mix, term, missing, rng, factor=_case_factor(sites, plan))
        background, followed = _add_repeats(sites, plan, term, background, rng)
        rows = _finish(pd.concat([*planted, background], ignore_index=True), sites, rng)
        cleared, suspects = plan.totals[Measure.CASE_CLEARED][term], plan.totals[Measure.SUSPECT][term]
        parts.append(_with_outcome(rows, cleared, suspects, TERMS[term][1].toordinal(), rng))
        repeats += followed
    return Cases(_numbered(pd.concat(parts, ignore_index=True), "VV"), repeats)


def make_dens(sites: Sites, plan: Plan, clusters: list[Disc], rng: np.random.Generator) -> pd.DataFrame:
    """All dens cleared in both terms, in `EVENT_COLUMNS`."""
    parts = []
    for term, total in enumerate(plan.totals[Measure.DEN_CLEARED]):
        planted = [disc_events(sites, disc, rng) for disc in clusters if term_of(disc.cluster.start) == term]
        planted += [
            campaign_events(sites, campaign, plan.games["town"], rng)
            for campaign in plan.campaigns
            if term_of(campaign.start) == term
        ]
        missing = total - sum(len(part) for part in planted)
        background = _background(sites, plan, plan.games, term, missing, rng, factor=None)
        parts.append(_finish(pd.concat([*planted, background], ignore_index=True), sites, rng))
    rows = pd.concat(parts, ignore_index=True).assign(status=None, suspects=None)
    return _numbered(rows, "TD")


def _background(
    sites: Sites,
    plan: Plan,
    mix: dict[str, dict[str, float]],
    term: int,
    n: int,
    rng: np.random.Generator,
    *,
    factor: Factor | None,
) -> pd.DataFrame:
    """`n` events without planted structure, thinned by `factor` (values of at most 1)."""
    found: list[pd.DataFrame] = []
    missing = n
    while missing > 0:
        size = int(missing * 1.5) + 50
        points = sites.scatter(rng.choice(len(sites.bank), size, p=sites.bank["p"]), rng)
        kind = _kinds(sites.profile[points["current"]], mix, rng)
        rows = points.assign(kind=kind, day=_days(plan, term, kind, rng), is_background=True)
        if factor is not None:
            rows = rows[rng.random(size) < factor(rows)]
        found.append(rows[:missing])
        missing -= len(found[-1])
    return pd.concat(found, ignore_index=True)


def _kinds(
    profile: NDArray[np.str_], mix: dict[str, dict[str, float]], rng: np.random.Generator
) -> NDArray[np.object_]:
    """A kind for each event by the shares of its kind of place."""
    kinds = np.empty(len(profile), dtype=object)
    for name, shares in mix.items():
        here = np.flatnonzero(profile == name)
        p = np.array(list(shares.values()))
        kinds[here] = rng.choice(np.array(list(shares), dtype=object), len(here), p=p / p.sum())
    return kinds


def _days(plan: Plan, term: int, kind: NDArray[np.object_], rng: np.random.Generator) -> Ints:
    """A day for each event; gambling, as a case or a den, rises around the lunar new year."""
    days = days_of(TERMS[term])
    plain = day_weights(days, trend=_TREND[term])
    festive = day_weights(days, trend=_TREND[term], tet=near_tet(days, plan.tet_days), lift=plan.tet_lift)
    is_gambling = np.isin(kind.astype(str), [_GAMBLING, *(game.value for game in GameType)])
    return np.where(is_gambling, rng.choice(days, len(kind), p=festive), rng.choice(days, len(kind), p=plain))


def _case_factor(sites: Sites, plan: Plan) -> Factor:
    """How likely a case is kept: the changes of the latest year, and fewer gambling cases after a campaign."""
    highest = max(change.factor for change in plan.changes)

    def factor(rows: pd.DataFrame) -> Floats:
        code = sites.layer["code"].to_numpy()[rows["current"]]
        day = rows["day"].to_numpy()
        value = np.ones(len(rows))
        for change in plan.changes:
            hit = np.isin(code, change.units) & (day >= change.start.toordinal()) & (day <= change.end.toordinal())
            value[hit] *= change.factor
        for campaign in plan.campaigns:
            end = campaign.end.toordinal()
            hit = np.isin(code, campaign.units) & (day > end) & (day <= end + plan.clearing_days)
            value[hit & (rows["kind"] == _GAMBLING).to_numpy()] *= plan.clearing_factor
        return value / highest

    return factor


def _add_repeats(
    sites: Sites, plan: Plan, term: int, rows: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, int]:
    """Turn some background events of a kind into followers of others, so that the total stays as it is."""
    rule = plan.near_repeat
    last = TERMS[term][1].toordinal() - rule.days
    candidates = rng.permutation(np.flatnonzero(rows["kind"] == rule.kind))
    n = round(len(candidates) * rule.share)
    followers, rest = candidates[:n], candidates[n:]
    origins = rest[rows["day"].to_numpy()[rest] <= last][:n]
    origin = rows.iloc[origins]
    moved = sites.place(
        origin["x"].to_numpy(), origin["y"].to_numpy(), lambda size: in_disc(size, rule.distance_m, rng)
    )
    day = origin["day"].to_numpy() + rng.integers(1, rule.days + 1, n)
    rows = rows.copy()
    for name in moved:
        rows.loc[followers, name] = moved[name].to_numpy()
    rows.loc[followers, "day"] = day
    rows.loc[np.concatenate([followers, origins]), "is_background"] = False
    return rows, n


def _finish(rows: pd.DataFrame, sites: Sites, rng: np.random.Generator) -> pd.DataFrame:
    """Codes of the day's own units, and no point for some background events."""
    day = rows["day"].to_numpy()
    is_legacy = day < CURRENT_SINCE.toordinal()
    legacy = sites.legacy["code"].to_numpy()[sites.link_legacy[rows["link"]]]
    current = sites.layer["code"].to_numpy()[rows["current"]]
    background = rows["is_background"].eq(True).to_numpy()
    hidden = rng.random(len(rows)) < np.where(background, _NO_POINT * len(rows) / background.sum(), 0.0)
    return rows.assign(
        date=np.datetime64("0001-01-01", "D") + (day - 1),
        unit_system=np.where(is_legacy, UnitSystem.LEGACY.value, UnitSystem.CURRENT.value),
        unit_code=np.where(is_legacy, legacy, current),
        lon=np.where(hidden, np.nan, rows["lon"]),
        lat=np.where(hidden, np.nan, rows["lat"]),
    )


def _with_outcome(rows: pd.DataFrame, cleared: int, suspects: int, last: int, rng: np.random.Generator) -> pd.DataFrame:
    """Exactly `cleared` cleared cases with exactly `suspects` suspects, at least one each."""
    odds = rows["kind"].map(_CLEARED_ODDS).fillna(1.5).to_numpy(float)
    age = last - rows["day"].to_numpy()
    key = rng.random(len(rows)) ** (1 / np.where(age < 120, odds * 0.4, odds))  # Efraimidis and Spirakis, 2006
    done = np.zeros(len(rows), bool)
    done[np.argsort(-key, kind="stable")[:cleared]] = True
    suspended = (age > 240) & (rng.random(len(rows)) < 0.55)
    status = np.where(done, CaseStatus.CLEARED, np.where(suspended, CaseStatus.SUSPENDED, CaseStatus.INVESTIGATING))
    weight = rows["kind"].map(_MORE_SUSPECTS).fillna(0.5).to_numpy(float) * done
    people = rng.multinomial(suspects - cleared, weight / weight.sum()) + 1
    return rows.assign(status=status.astype(str), suspects=pd.array(np.where(done, people, 0), dtype="Int64")).assign(
        suspects=lambda frame: frame["suspects"].where(done)
    )


def _numbered(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Records in order of day with a number per year, as a register would give them."""
    rows = rows.sort_values(["date", "x", "y"], kind="stable", ignore_index=True)
    year = rows["date"].dt.year
    number = rows.groupby(year).cumcount() + 1
    return rows.assign(record_id=[f"{prefix}-{y}-{n:05d}" for y, n in zip(year, number, strict=True)])
