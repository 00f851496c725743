"""How often each page alarms where nothing is, and finds what was planted: the rules of before beside those of now.

Maps without structure are drawn under the null that belongs to the question: values dealt out over communes for counts,
events drawn by population for rates, months dealt out within communes for a place against its own past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from libpysal.graph import Graph
from scipy.sparse import csr_array

from geo.analysis import rates, usual
from geo.analysis.emerging import against_own_share
from geo.analysis.hotspots import gi_star, gi_star_exact
from geo.analysis.near_repeat import knox
from geo.analysis.own_past import changed_places
from geo.analysis.scan import spatial_scan
from geo.analysis.space_time import space_time_scan
from geo.demo import generate
from geo.products.analyses.study import touching
from geo.schema import Measure, Query, add_months, month_end, month_start
from geo.store import Snapshot, Store
from tests.bench import former, planted
from tests.contradictions import contradictions
from tests.homes import demo_store_in, home_in
from tests.worlds import REPORTED, world_in

SEED = 20_261_031
NOW_MOST, SIDE_MOST = 0.09, 4.0
"""False alarms of a page in so many of 300 maps; and of a side of a series, as a multiple of its level."""


@dataclass(frozen=True)
class Rate:
    """One alarm rate or power.

    Attributes
    ----------
    page, question : str
        Which page, and what was drawn.
    before, now : float
        Parts of the maps or series; NaN where the rule did not exist.
    of : int
        How many there were.
    most, least : float
        What `now` may at most be, or must at least be; NaN where nothing was asked.
    counted : bool
        `before` and `now` are numbers, not parts.
    """

    page: str
    question: str
    before: float
    now: float
    of: int
    most: float = float("nan")
    least: float = float("nan")
    counted: bool = False

    @property
    def reached(self) -> bool | None:
        """Whether that is enough; None where nothing was asked."""
        if self.most == self.most:
            return bool(self.now <= self.most)
        return bool(self.now >= self.least) if self.least == self.least else None


@dataclass(frozen=True)
class Province:
    """The demo's communes: who touches, how many people and cases, and where they lie."""

    snapshot: Snapshot
    graph: Graph
    people: np.ndarray
    points: np.ndarray

    def months(self, measure: Measure, n: int) -> np.ndarray:
        """The last `n` months by commune."""
        edges = [add_months(month_start(self.snapshot.today), k - n + 1) for k in range(n + 1)]
        return self.snapshot.cube(measure).between(edges)[:, :-1].astype(float)


def all_rates(say: Callable[[str], None], *, maps: int = 300) -> list[Rate]:
    """Every rate, with one seed."""
    with TemporaryDirectory() as folder, home_in(Path(folder)) as home:
        store = demo_store_in(home, generate())
        found: list[Rate] = []
        for alone in (_series, _near_repeats):
            say(f"levels: {alone.__name__.strip('_')}")
            found += alone(maps)
        where = _province(store)
        for make in (_hot_spots, _emerging, _scans, _panel):
            say(f"levels: {make.__name__.strip('_')}")
            found += make(where, maps)
        say("levels: planted in the demo")
        found += _planted(store)
        say("levels: contradictions")
        return [*found, *_said(Path(folder), maps)]


def _province(store: Store) -> Province:
    snapshot = store.snapshot()
    units = snapshot.units()
    middle = np.column_stack([(units.minx + units.maxx) / 2 * 109_500, (units.miny + units.maxy) / 2 * 110_600])
    return Province(snapshot, touching(snapshot), units["people"].to_numpy(float), middle)


def _drawn(rng: np.random.Generator, mean: np.ndarray, phi: float) -> np.ndarray:
    return rng.poisson(mean if phi <= 1 else rng.gamma(mean / (phi - 1), phi - 1)).astype(float)


def _series(maps: int) -> Iterator[Rate]:
    """Months of flat series outside what is usual, and doublings found."""
    rng, n = np.random.default_rng(SEED), 20 * maps
    up, down, former_up, former_down = [], [], [], []
    for mean, phi in product((0.3, 1, 5, 30, 300, 3_000), (1.0, 1.5, 4.0, 20.0)):
        drawn = _drawn(rng, np.full((n, 61), mean), phi)
        found = usual.predict(drawn[:, :60], drawn[:, 60:])
        up.append((found.p_up <= usual.LEVEL).mean())
        down.append((found.p_down <= usual.LEVEL).mean())
        above, below = former.band(drawn[:, :60], drawn[:, 60])
        former_up.append(above.mean())
        former_down.append(below.mean())
    for side, before, now in (("above", former_up, up), ("below", former_down, down)):
        words = f"flat months {side}, 24 settings"
        yield Rate("usual", f"{words}, median", float(np.median(before)), float(np.median(now)), n, usual.LEVEL)
        yield Rate("usual", f"{words}, worst", max(before), max(now), n, usual.LEVEL * SIDE_MOST)
    for words, outlier in (("a doubling of 30 a month", False), ("the same with an outlier of ten times before", True)):
        drawn = rng.poisson(30.0, (n, 61)).astype(float)
        drawn[:, 60] = rng.poisson(60.0, n)
        if outlier:
            drawn[np.arange(n), rng.integers(52, 60, n)] *= 10
        now = float((usual.predict(drawn[:, :60], drawn[:, 60:]).p_up[:, 0] <= usual.LEVEL).mean())
        yield Rate("usual", words, float(former.band(drawn[:, :60], drawn[:, 60])[0].mean()), now, n, least=0.85)


def _hot_spots(where: Province, maps: int) -> Iterator[Rate]:
    """Maps with any hot or cold spot."""
    rng = np.random.default_rng(SEED)
    for measure in (Measure.CASE, Measure.DEN_CLEARED):
        counts = where.months(measure, 36).sum(axis=0)
        dealt = [rng.permutation(counts) for _ in range(maps)]
        yield _any("hot spots, counts", f"{measure} dealt out over communes", dealt, where)
    for total in (350, 3_000):
        dealt = [rng.multinomial(total, where.people / where.people.sum()).astype(float) for _ in range(maps)]
        before = np.mean([(gi_star(m, where.graph)["label"] != "none").any() for m in dealt])
        standard = [rates.standardised(m, where.people) for m in dealt]
        now = np.mean([(gi_star_exact(m, where.graph)["label"] != "none").any() for m in standard])
        yield Rate("hot spots, rates", f"{total} events by population", float(before), float(now), maps, NOW_MOST)
    table = where.months(Measure.CASE, 72)
    alarms = [changed_places(_within(rng, table), [60], where.graph.sparse).side().any() for _ in range(maps)]
    before = [
        (gi_star(_within(rng, table)[60:].sum(axis=0), where.graph)["label"] != "none").any() for _ in range(maps)
    ]
    words = "cases, months dealt out within communes"
    yield Rate("hot spots, own past", words, float(np.mean(before)), float(np.mean(alarms)), maps, NOW_MOST)
    for factor in (2, 3, 5):
        lifted = _lifted(where, rng, 12, factor, maps)
        yield Rate(
            "hot spots, own past", f"a commune and its neighbours times {factor}, any of them named",
            float(np.mean([(gi_star(t[60:].sum(0), where.graph)["label"] == "hot").to_numpy()[g].any() for t, g in lifted])),
            float(np.mean([(changed_places(t, [60], where.graph.sparse).side()[g] > 0).any() for t, g in lifted])),
            len(lifted),
        )  # fmt: skip


def _any(page: str, words: str, maps: list[np.ndarray], where: Province) -> Rate:
    normal, exact = (
        float(np.mean([(rule(m, where.graph)["label"] != "none").any() for m in maps]))
        for rule in (gi_star, gi_star_exact)
    )
    return Rate(page, words, normal, exact, len(maps), NOW_MOST)


def _within(rng: np.random.Generator, table: np.ndarray) -> np.ndarray:
    """Months dealt out within each commune."""
    return np.asarray(rng.permuted(table, axis=0))


def _lifted(
    where: Province, rng: np.random.Generator, months: int, factor: float, maps: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Constant shares, but for the last months of one commune and its neighbours; and who they are."""
    mean = np.maximum(where.months(Measure.CASE, 36).mean(axis=0), 0.05)
    linked = np.flatnonzero(np.asarray(where.graph.sparse.sum(axis=1)).ravel() > 0)
    found = []
    for _ in range(max(30, maps // 3)):
        centre = rng.choice(linked)
        group = np.append(csr_array(where.graph.sparse)[[centre]].indices, centre)
        level = np.tile(mean, (72, 1))
        level[-months:, group] *= factor
        found.append((rng.poisson(level).astype(float), group))
    return found


def _emerging(where: Province, maps: int) -> Iterator[Rate]:
    """Maps with any category, over 12 and 24 months."""
    rng = np.random.default_rng(SEED)
    mean = np.maximum(where.months(Measure.CASE, 36).mean(axis=0), 0.05)
    for months in (12, 24):
        tables = {
            "cases, months dealt out within communes": [_within(rng, where.months(Measure.CASE, 84)) for _ in range(maps)],
            "constant means of 3": [rng.poisson(np.full((84, 102), 3.0)).astype(float) for _ in range(maps)],
            "the demo's means, varying four times as much": [
                _drawn(rng, np.tile(mean, (84, 1)), 4.0) for _ in range(maps)
            ],
        }  # fmt: skip
        for words, drawn in tables.items():
            before = float(np.mean([former.emerging(t[-months:], where.graph).any() for t in drawn]))
            found = [against_own_share(t, months, where.people, where.graph) for t in drawn]
            now = float(np.mean([(f["change"] != 0).any() for f in found]))
            yield Rate("emerging", f"{words}, {months} months, a change", before, now, maps, NOW_MOST)
        drawn = [rng.multinomial(90, where.people / where.people.sum(), 84).astype(float) for _ in range(maps)]
        found = [against_own_share(t, months, where.people, where.graph) for t in drawn]
        now = float(np.mean([(f["category"] != "no pattern").any() for f in found]))
        before = float(np.mean([former.emerging(t[-months:], where.graph).any() for t in drawn]))
        yield Rate("emerging", f"90 a month by population, {months} months, any category", before, now, maps, NOW_MOST)
        for factor in (2, 3, 5):
            lifted = _lifted(where, rng, max(3, months // 4), factor, maps)
            before = float(np.mean([former.emerging(t[-months:], where.graph)[g].any() for t, g in lifted]))
            named = [
                (against_own_share(t, months, where.people, where.graph)["change"].to_numpy()[g] > 0).any()
                for t, g in lifted
            ]
            words = f"last quarter of {months} months times {factor}, any of the group named"
            yield Rate("emerging", words, before, float(np.mean(named)), len(lifted))


def _scans(where: Province, maps: int) -> Iterator[Rate]:
    """Maps with a first area at 5 %."""
    rng, some = np.random.default_rng(SEED), max(30, maps // 3)
    x, y = where.points.T
    chance = where.people / where.people.sum()
    dealt = [rng.multinomial(1_000, chance) for _ in range(some)]
    now = np.mean(
        [spatial_scan(x, y, m, where.people, permutations=99, seed=i)[0].p <= 0.05 for i, m in enumerate(dealt)]
    )
    yield Rate("scan", "1,000 events by population", float(now), float(now), some, NOW_MOST)
    unlike = chance * np.random.default_rng(1).lognormal(0, 0.6, len(chance))
    few = max(20, maps // 10)
    tables = [rng.multinomial(90, unlike / unlike.sum(), 12) for _ in range(some)]
    before = np.mean(
        [
            former.cylinder_p(where.points, t.astype(float), where.people, 6, i) <= 0.05
            for i, t in enumerate(tables[:few])
        ]
    )
    now = np.mean([space_time_scan(x, y, t, permutations=99, seed=i)[0].p <= 0.05 for i, t in enumerate(tables)])
    yield Rate("scan in time", "unlike rates that never change", float(before), float(now), some, NOW_MOST)


def _near_repeats(maps: int) -> Iterator[Rate]:
    """Patterns with any band beyond chance."""
    some = max(30, maps // 3)
    bands = {"distance_breaks_m": [100, 200, 400], "day_breaks": [7, 14, 28], "permutations": 399}
    for words, drifting in (("towns without repeats", False), ("towns that grow and shrink, without repeats", True)):
        before = now = 0
        for i in range(some):
            x, y, day, town = _towns(SEED + i, drifting=drifting)
            before += (knox(x, y, day, **bands).p <= 0.05).any(axis=None)
            now += (knox(x, y, day, areas=town, **bands).p_adjusted <= 0.05).any(axis=None)
        yield Rate("near repeats", words, before / some, now / some, some, NOW_MOST)


def _towns(seed: int, *, drifting: bool) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    town, share = rng.integers(12, size=600), rng.random(600)
    if drifting:
        share = np.where(town % 2 == 0, np.sqrt(share), 1 - np.sqrt(share))
    x, y = rng.normal(0, 400, 600) + 3_000 * (town % 4), rng.normal(0, 400, 600) + 3_000 * (town // 4)
    return x, y, np.floor(365 * share), town


def _panel(where: Province, maps: int) -> Iterator[Rate]:
    """Of 102 communes that did not change, how many are called changed: what comes, beside what is said of it."""
    rng = np.random.default_rng(SEED)
    mean = np.maximum(where.months(Measure.CASE, 36).mean(axis=0), 0.05)
    came, said, before = [], [], []
    for _ in range(max(30, maps // 3)):
        drawn = rng.poisson(np.tile(mean, (72, 1))).T.astype(float)
        found = usual.predict(drawn[:, :60], drawn[:, 60:])
        came.append(((found.total_p_up <= usual.LEVEL) | (found.total_p_down <= usual.LEVEL)).sum())
        said.append(found.by_chance.sum())
        then, now = drawn[:, 48:60].sum(axis=1), drawn[:, 60:].sum(axis=1)
        before.append((np.abs(2 * np.sqrt(now) - 2 * np.sqrt(then)) > 3.0).sum())
    words = "communes called changed, of 102 that were not"
    yield Rate("change", words, float(np.mean(before)), float(np.mean(came)), len(came), counted=True)
    yield Rate("change", "the same as the sentence reckons them", 4.0, float(np.mean(said)), len(said), counted=True)


def _planted(store: Store) -> Iterator[Rate]:
    """What each page finds of what was planted in the demo, and what it names besides; numbers, not parts."""
    for page, n, found_before, found, more_before, more in planted.pages(store):
        yield Rate(page, f"planted and found, of {n}", found_before, found, n, counted=True)
        yield Rate(page, "named besides", more_before, more, n, counted=True)


def _said(folder: Path, maps: int) -> Iterator[Rate]:
    """Series of which two places say different things."""
    wrong = series = 0
    worlds = max(1, round(maps / 300 * 4))
    for seed in range(1, worlds + 1):
        store = world_in(folder, seed)
        last = month_start(store.snapshot().today)
        for measure in (*REPORTED, Measure.CASE):
            query = Query(measure, add_months(last, -11), month_end(last))
            disagree = {said.code for said in contradictions(store, query, sentences=4)}
            wrong += len(disagree)
            series += len(store.snapshot().units())
    yield Rate(
        "all", "random series of which two places say different things", float("nan"), wrong / series, series, 0.0
    )
