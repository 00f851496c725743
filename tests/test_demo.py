import json
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.spatial import cKDTree
from scipy.stats import binom

from geo.crs import WGS84, project
from geo.demo import install
from geo.demo.batches import TRUTH_FILE
from geo.demo.plan import TERMS, largest_remainder, load_plan
from geo.schema import (
    CURRENT_SINCE,
    MASKED_MEASURES,
    MONTHLY_MEASURES,
    PROTECTED_ZONES,
    Dataset,
    Measure,
    Query,
    UnitSystem,
    ZoneKind,
)
from geo.store import open_store
from geo.text import catalogue
from tests.truth import bare_cube

PUBLISHED = {
    Measure.SESSION: 25_400,
    Measure.ATTENDANCE: 1_198_650,
    Measure.LETTER: 503_148,
    Measure.LEAFLET: 502_358,
    Measure.TIP: 53_679,
    Measure.USEFUL_TIP: 15_645,
    Measure.CASE_CLEARED: 8_574,
    Measure.SUSPECT: 12_937,
    Measure.DEN_CLEARED: 10_604,
    Measure.SESSION_192: 919,
    Measure.ATTENDANCE_192: 56_210,
}
TERM_ONE = (date(2013, 1, 1), date(2023, 12, 31))
METRIC = "EPSG:32648"


@pytest.mark.parametrize(
    ("measure", "system"),
    [(m, s) for m in PUBLISHED for s in UnitSystem if m not in MASKED_MEASURES or s is UnitSystem.CURRENT],
)
def test_term_one_adds_up_to_the_published_totals(demo_store, measure, system):
    assert demo_store.snapshot().cube(measure, system).counts(*TERM_ONE).sum() == PUBLISHED[measure]


@pytest.mark.parametrize("measure", PUBLISHED)
def test_published_totals_are_those_of_the_records_too(demo_store, measure):
    rows = demo_store.query(Query(measure, *TERM_ONE))
    column = "value" if measure in MONTHLY_MEASURES else "suspects" if measure is Measure.SUSPECT else None
    assert (rows[column].sum() if column else len(rows)) == PUBLISHED[measure]


def test_every_batch_is_marked_as_demo(demo, demo_store):
    assert all(batch.provenance.demo for batch in demo.batches)
    assert demo_store.snapshot().is_demo
    assert len({batch.provenance.sha256 for batch in demo.batches}) == len(demo.batches)


def test_the_same_seed_gives_the_committed_truth_to_the_byte(demo):
    written = json.dumps(demo.truth, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert written == TRUTH_FILE.read_text("utf-8"), "write it anew: python -m geo.demo"


def test_records_name_the_units_of_their_time(demo):
    for batch in demo.batches:
        if batch.dataset in (Dataset.CASES, Dataset.DENS, Dataset.MONTHLY):
            day = batch.rows["month" if batch.dataset is Dataset.MONTHLY else "date"]
            expected = np.where(day < pd.Timestamp(CURRENT_SINCE), "legacy", "current")
            assert (batch.rows["unit_system"] == expected).all()
            assert day.min() >= pd.Timestamp(TERMS[0][0])
            assert day.max() <= pd.Timestamp(TERMS[1][1])


def test_record_numbers_are_unique(demo):
    for dataset in (Dataset.CASES, Dataset.DENS):
        numbers = pd.concat([b.rows["record_id"] for b in demo.batches if b.dataset is dataset])
        assert numbers.is_unique


def test_parts_are_never_more_than_their_whole(demo):
    rows = pd.concat([batch.rows for batch in demo.batches if batch.dataset is Dataset.MONTHLY])
    table = rows.pivot_table(
        index=["month", "unit_code"], columns="measure", values="value", aggfunc="sum", fill_value=0
    )
    assert (table["useful_tip"] <= table["tip"]).all()
    assert (table["session_192"] <= table["session"]).all()
    assert (table["attendance_192"] <= table["attendance"]).all()
    assert ((table["attendance_192"] > 0) == (table["session_192"] > 0)).all()
    assert ((table["attendance"] > 0) == (table["session"] > 0)).all()


def test_suspects_are_counted_on_cleared_cases_only(demo):
    cases = pd.concat([batch.rows for batch in demo.batches if batch.dataset is Dataset.CASES])
    assert (cases["suspects"].notna() == (cases["status"] == "cleared")).all()
    assert cases["suspects"].min() >= 1


def test_points_lie_in_the_unit_the_record_names(demo_store):
    for measure in (Measure.CASE, Measure.DEN_CLEARED):
        drawn = demo_store.snapshot().points(Query(measure, TERMS[0][0], TERMS[1][1]))
        shapes = demo_store.boundary_units(1).geometry.to_numpy()
        attributed = drawn.unit < len(shapes)
        assert attributed.all()
        inside = shapely.intersects_xy(shapes[drawn.unit], drawn.lon, drawn.lat)
        assert inside.mean() > 0.9995  # cleaning the layer's edges moves them by centimetres
        total = len(drawn.lon) + drawn.without_point
        assert 0.05 < drawn.without_point / total < 0.07


def test_divided_units_leave_something_that_cannot_be_attributed(demo_store):
    for measure in (Measure.CASE, Measure.DEN_CLEARED, Measure.SESSION):
        counts = demo_store.snapshot().cube(measure).counts(*TERM_ONE)
        assert 0 < counts[-1] < 0.03 * counts.sum()


def test_every_unit_has_something_and_small_ones_have_little(demo_store):
    tips = bare_cube(demo_store, Measure.TIP)
    assert (tips.counts(*TERM_ONE)[:-1] > 0).all()
    assert (demo_store.snapshot().cube(Measure.CASE).counts(TERMS[0][0], TERMS[1][1])[:-1] > 0).all()
    month = tips.counts(date(2026, 9, 1), date(2026, 9, 30))[:-1]
    assert ((month > 0) & (month < 5)).sum() > 20
    assert month.max() > 12


def test_population_adds_up_on_both_sets_of_units(demo_store):
    for system, count in ((UnitSystem.CURRENT, 102), (UnitSystem.LEGACY, 298)):
        people = demo_store.snapshot().population(system)
        assert (len(people), people.sum()) == (count, 4_952_238)
        assert people.min() > 0


def _planted(demo) -> list[tuple[Measure, dict]]:
    truth = demo.truth
    cases = [(Measure.CASE, c) for c in (*truth["case_clusters"], truth["emerging"])]
    return cases + [(Measure.DEN_CLEARED, c) for c in truth["den_clusters"]]


def test_planted_clusters_are_there(demo, demo_store):
    for measure, cluster in _planted(demo):
        period = date.fromisoformat(cluster["start"]), date.fromisoformat(cluster["end"])
        drawn = demo_store.snapshot().points(Query(measure, *period, kinds=tuple(cluster["kinds"])))
        x, y = project(drawn.lon, drawn.lat, WGS84, METRIC)
        cx, cy = project([cluster["lon"]], [cluster["lat"]], WGS84, METRIC)
        inside = int((np.hypot(x - cx, y - cy) <= cluster["radius_m"] + 0.2).sum())
        assert cluster["n"] <= inside <= cluster["n"] * 1.6


def test_zones_of_all_kinds_are_invented_and_away_from_what_is_planted(demo, demo_store):
    zones = demo_store.snapshot().zones
    assert set(zones["kind"]) == set(ZoneKind)
    assert 30 <= len(zones) <= 40
    assert zones["invented"].all()
    assert shapely.is_valid(zones.geometry.to_numpy()).all()
    protected = zones[zones["kind"].isin(PROTECTED_ZONES)]
    assert protected["name"].str.fullmatch(r"(Vùng minh hoạ [A-D]|Khu vực minh hoạ số \d)").all()
    for _, cluster in _planted(demo):
        cx, cy = project([cluster["lon"]], [cluster["lat"]], WGS84, METRIC)
        disc = shapely.Point(cx[0], cy[0]).buffer(cluster["radius_m"])
        assert zones.to_crs(METRIC).distance(disc).min() > 0


def test_events_are_the_same_whatever_the_zones(demo, monkeypatch):
    from geo.demo import batches

    monkeypatch.setattr(batches, "make_zones", lambda *_: demo.batches[0].rows.head(1))
    without = batches.generate()
    for name in demo.truth["fingerprint"]:
        same = without.truth["fingerprint"][name] == demo.truth["fingerprint"][name]
        assert same == (name not in ("demo zones", "demo monthly 2024-2026"))
    counted = [
        next(b.rows for b in one.batches if b.provenance.source == "demo monthly 2024-2026").groupby(key)["value"].sum()
        for one in (demo, without)
        for key in [["month", "unit_code", "measure"]]
    ]
    assert counted[0].equals(counted[1])  # but for where the sessions were


def test_gambling_rises_around_the_lunar_new_year(demo_store):
    plan = load_plan()
    tet = np.array([day.toordinal() for day in plan.tet_days])
    days = np.arange(TERMS[0][0].toordinal(), TERMS[1][1].toordinal() + 1)
    near = (((days[:, None] - tet) >= -20) & ((days[:, None] - tet) <= 25)).any(axis=1)
    for measure, kinds in ((Measure.DEN_CLEARED, ()), (Measure.CASE, ("gambling",))):
        daily = demo_store.snapshot().cube(measure).series(TERMS[0][0], TERMS[1][1], kinds=kinds, by="day").to_numpy()
        assert daily[near].mean() / daily[~near].mean() == pytest.approx(plan.tet_lift, rel=0.12)
    other = (
        demo_store.snapshot()
        .cube(Measure.CASE)
        .series(TERMS[0][0], TERMS[1][1], kinds=("violence",), by="day")
        .to_numpy()
    )
    assert other[near].mean() / other[~near].mean() == pytest.approx(1.0, rel=0.15)


def test_thefts_come_again_close_by_and_soon(demo, demo_store):
    drawn = demo_store.snapshot().points(Query(Measure.CASE, TERMS[0][0], TERMS[1][1], kinds=("theft",)))
    x, y = project(drawn.lon, drawn.lat, WGS84, METRIC)
    pairs = cKDTree(np.column_stack([x, y])).query_pairs(400, output_type="ndarray")

    def close_in_time(days: np.ndarray) -> int:
        apart = np.abs(days[pairs[:, 0]] - days[pairs[:, 1]])
        return int(((apart >= 1) & (apart <= 14)).sum())

    shuffled = close_in_time(np.random.default_rng(0).permutation(drawn.day))
    assert close_in_time(drawn.day) - shuffled > 0.8 * demo.truth["near_repeat"]["pairs"]


def test_gambling_falls_after_campaigns_and_comes_back(demo, demo_store):
    cube = demo_store.snapshot().cube(Measure.CASE)
    after, later = 0, 0
    for campaign in demo.truth["clearing"]["campaigns"]:
        rows = [cube.units.index(code) for code in campaign["units"]]
        end, day = date.fromisoformat(campaign["end"]), timedelta(days=1)
        after += cube.counts(end + day, end + 90 * day, ("gambling",))[rows].sum()
        later += cube.counts(end + 91 * day, end + 180 * day, ("gambling",))[rows].sum()
    assert 0.4 < after / later < 0.8


def test_the_latest_year_stands_out_where_it_was_made_to(demo, demo_store):
    cube = demo_store.snapshot().cube(Measure.CASE)
    before = cube.counts(date(2024, 11, 1), date(2025, 10, 31))[:-1]
    after = cube.counts(date(2025, 11, 1), date(2026, 10, 31))[:-1]
    total = before + after
    p = np.minimum(1, 2 * np.minimum(binom.cdf(after, total, 0.5), binom.sf(after - 1, total, 0.5)))
    order = np.argsort(p)
    passed = np.flatnonzero(p[order] <= 0.05 * np.arange(1, len(p) + 1) / len(p))  # Benjamini and Hochberg, 1995
    found = {cube.units[n] for n in order[: passed.max() + 1]}
    changed = {code for change in demo.truth["changes"] for code in change["units"]}
    assert found == changed | {demo.truth["emerging"]["unit"]}


def test_the_emerging_place_grows(demo, demo_store):
    spot = demo.truth["emerging"]
    series = (
        demo_store.snapshot().cube(Measure.CASE).series(date(2024, 11, 1), date(2026, 10, 31), units=(spot["unit"],))
    )
    halves = series.to_numpy().reshape(4, 6).sum(axis=1)
    assert halves[3] > halves[2] > 1.5 * max(halves[0], halves[1])


def test_install_reports_progress_in_known_words(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'demo.sqlite'}")
    seen: list[tuple[float, str]] = []
    numbers = install(store, lambda share, key: seen.append((share, key)))
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert {key for _, key in seen} <= set(catalogue())
    assert sorted(store.batches()["id"]) == numbers
    assert store.active_boundaries(UnitSystem.CURRENT).id == 1
    store.check_integrity()


def test_largest_remainder_keeps_the_total():
    assert largest_remainder(np.array([1.0, 1.0, 1.0]), 10).tolist() == [4, 3, 3]
    assert largest_remainder(np.array([0.0, 5.0]), 7).tolist() == [0, 7]
