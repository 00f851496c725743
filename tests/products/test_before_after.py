"""Before and after: the areas, their counts, and what is concluded from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import shapely

from geo import crs
from geo.analysis.change import poisson_e_test, weighted_displacement
from geo.cartography import symbology
from geo.cartography.spec import MapSpec, PointLayer, ZoneLayer
from geo.errors import InputError
from geo.products.analyses.areas import AREAS
from geo.products.analyses.dens import (
    PICK_M,
    amid_most,
    campaign_month,
    clearing_months,
    den_at,
    dens_of,
    more_than_usual,
)
from geo.products.analyses.study import touching
from geo.schema import Measure, Query
from tests.asking import before_after

CASES = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31))
GAMBLING = replace(CASES, kinds=("gambling",))
TREATED = ("30307", "30316")
SEPTEMBER = {"cleared_month": "2021-09", "cleared_units": TREATED, "control_units": ("30742", "31078")}
METRIC = "EPSG:32648"


def _areas(result, store):
    layer = result.spec.layers[0]
    said = {cell.code: (cell.lines[0].split(":")[0] if cell.lines else "") for cell in layer.cells}
    words = ("Khu vực đã triệt xóa", "Vành đai xung quanh", "Khu đối chứng", "Đối chứng của vành đai")
    assert set(said) == set(store.snapshot().units().index)
    return {area: {code for code, word in said.items() if word == name} for area, name in zip(AREAS, words)}


def test_counts_of_communes_are_those_of_the_cube(demo_store):
    found = before_after(demo_store, GAMBLING, **SEPTEMBER)
    areas = _areas(found, demo_store)
    assert areas["treated"] == set(TREATED)
    assert areas["control"] == {"30742", "31078"}
    cube = demo_store.snapshot().cube(Measure.CASE)
    for area, codes in areas.items():
        rows = [cube.units.index(code) for code in codes]
        before = cube.counts(date(2021, 6, 3), date(2021, 8, 31), ("gambling",))[rows].sum()
        after = cube.counts(date(2021, 10, 1), date(2021, 12, 29), ("gambling",))[rows].sum()
        assert found.counts.loc[area, ["before", "after"]].tolist() == [before, after]
        assert found.counts["p"][area] == poisson_e_test(int(before), int(after))


def test_the_ring_touches_and_no_commune_is_in_two_areas(demo_store):
    areas = _areas(before_after(demo_store, CASES, **SEPTEMBER), demo_store)
    graph = touching(demo_store.snapshot())
    near = {code for treated in TREATED for code in graph[treated].index} - set(TREATED)
    assert areas["ring"] == near - areas["control"]
    assert sum(map(len, areas.values())) == len(set().union(*areas.values()))
    assert not areas["ring_control"] & near


def test_the_estimate_is_the_weighted_displacement_difference(demo_store):
    found = before_after(demo_store, CASES, **SEPTEMBER)
    pairs = {area: tuple(found.counts.loc[area, ["before", "after"]].astype(float)) for area in AREAS}
    assert found.estimate == weighted_displacement(
        treated=pairs["treated"], control=pairs["control"], displacement_treated=pairs["ring"],
        displacement_control=pairs["ring_control"],
    )  # fmt: skip
    alone = before_after(demo_store, CASES, **{**SEPTEMBER, "ring": False})
    assert alone.estimate == weighted_displacement(treated=pairs["treated"], control=pairs["control"])
    assert not _areas(alone, demo_store)["ring"]


def test_the_default_is_the_latest_month_with_a_campaign_and_its_communes(demo_store):
    found = before_after(demo_store, CASES)
    months = clearing_months(demo_store.snapshot(), 90)
    assert found.question.cleared_month == campaign_month(demo_store.snapshot(), 90) == "2026-03"
    dens = demo_store.snapshot().cube(Measure.DEN_CLEARED)
    assert months["2026-03"] == dens.series(date(2026, 3, 1), date(2026, 3, 31)).sum()
    score, now = more_than_usual(demo_store.snapshot(), "2026-03")
    assert now["30307"] >= 10
    assert "30307" in found.question.cleared_units
    assert all(score[code] >= 2.0 for code in found.question.cleared_units)
    for later in months.index[months.index > "2026-03"]:
        score, now = more_than_usual(demo_store.snapshot(), later)
        assert not ((score >= 2.0) & (now >= 10)).any()


def test_a_longer_window_has_an_earlier_default(demo_store):
    assert campaign_month(demo_store.snapshot(), 365) < campaign_month(demo_store.snapshot(), 90)
    assert campaign_month(demo_store.snapshot(), 365) in clearing_months(demo_store.snapshot(), 365).index
    assert campaign_month(demo_store.snapshot(), 36_500) == ""


def test_a_click_chooses_the_nearest_den_and_none_that_is_far(demo_store):
    dens = dens_of(demo_store.snapshot(), "2026-03")
    for den in dens[::9]:
        found, gap = den_at(demo_store.snapshot(), "2026-03", den.lon, den.lat)
        assert (found.lon, found.lat) == (den.lon, den.lat)
        assert gap == pytest.approx(0, abs=0.01)
    lon, lat = dens[0].lon + 0.004, dens[0].lat - 0.003
    found, gap = den_at(demo_store.snapshot(), "2026-03", lon, lat)
    metric = crs.utm_of(lon)
    xy = np.column_stack(crs.project([d.lon for d in dens], [d.lat for d in dens], crs.WGS84, metric))
    here = np.column_stack(crs.project([lon], [lat], crs.WGS84, metric))
    assert gap == pytest.approx(np.hypot(*(xy - here).T).min(), rel=1e-9)
    assert gap <= PICK_M
    assert den_at(demo_store.snapshot(), "2026-03", 104.4, 9.3) is None  # open sea


def test_the_first_den_looked_at_is_where_most_were_cleared(demo_store):
    dens = dens_of(demo_store.snapshot(), "2026-03")
    xy = np.column_stack(crs.project([d.lon for d in dens], [d.lat for d in dens], crs.WGS84, METRIC))
    near = (np.hypot(*(xy[:, None] - xy).T) <= 1_000).sum(axis=0)
    assert dens.index(amid_most(dens, 1_000)) == int(np.argmax(near))
    assert before_after(demo_store, CASES, cleared_by="den").question.cleared_den == amid_most(dens, 1_000).key


def test_dens_of_the_month_are_teal_diamonds_on_the_map_and_in_its_legend(demo_store):
    for by in ("unit", "den"):
        spec = before_after(demo_store, CASES, cleared_by=by).spec
        (layer,) = [layer for layer in spec.layers if isinstance(layer, PointLayer)]
        assert (layer.symbol, layer.style.fill) == ("diamond", symbology.TEAL)
        assert layer.count == len(dens_of(demo_store.snapshot(), "2026-03"))
        (entry,) = [entry for group in spec.legend for entry in group.entries if entry.symbol == "diamond"]
        assert entry.label == f"{layer.count} tụ điểm triệt xóa trong tháng 3/2026"


def test_around_a_den_the_control_communes_are_near_and_in_view(demo_store):
    found = before_after(demo_store, CASES, cleared_by="den", days=365)
    west, south, east, north = found.bbox
    frame = demo_store.snapshot().units()
    held = set().union(*_areas(found, demo_store).values())
    assert held
    for box in frame.loc[sorted(held)].itertuples():
        assert west <= box.minx < box.maxx <= east
        assert south <= box.miny < box.maxy <= north
    assert (east - west) < 0.7 * (frame.maxx.max() - frame.minx.min())


def test_control_had_about_as_many_cases_the_year_before_and_was_left_alone(demo_store):
    found = before_after(demo_store, CASES, **{**SEPTEMBER, "cleared_units": ("30307",), "control_units": ()})
    cube = demo_store.snapshot().cube(Measure.CASE)
    start = date(2021, 9, 1) - timedelta(days=90)
    year = cube.counts(start - timedelta(days=365), start - timedelta(days=1))
    total = sum(year[cube.units.index(code)] for code in found.question.control_units)
    treated = year[cube.units.index("30307")]
    assert 0.7 * treated <= total <= treated
    assert not set(found.question.control_units) & set(touching(demo_store.snapshot())["30307"].index)


def test_a_circle_counts_cases_by_distance(demo_store):
    den = dens_of(demo_store.snapshot(), "2021-09")[7]
    clearing = {"cleared_by": "den", "cleared_month": "2021-09", "cleared_den": den.key, "radius_m": 2_000, "days": 365}
    found = before_after(demo_store, CASES, **clearing)
    one, span = timedelta(days=1), timedelta(days=365)
    for column, start, end in (("before", den.day - span, den.day - one), ("after", den.day + one, den.day + span)):
        near = demo_store.snapshot().points(Query(Measure.CASE, start, end))
        x, y = crs.project(near.lon, near.lat, crs.WGS84, METRIC)
        (cx,), (cy,) = crs.project([den.lon], [den.lat], crs.WGS84, METRIC)
        distance = np.hypot(x - cx, y - cy)
        # The circle has 96 corners: it falls short of its radius by half a thousandth at most.
        for area, low, high in (("treated", 0, 2_000), ("ring", 2_000, 4_000)):
            counted = ((distance > low) & (distance <= high)).sum()
            assert found.counts[column][area] == pytest.approx(counted, abs=1)


def test_a_circle_is_drawn_true_to_size_with_its_ring(demo_store):
    found = before_after(demo_store, CASES, cleared_by="den", cleared_month="2021-09", radius_m=1_000)
    drawn = {layer.label.split(":")[0]: layer for layer in found.spec.layers if isinstance(layer, ZoneLayer)}
    areas = {}
    for name, layer in drawn.items():
        rings = []
        for ring in layer.zones[0].rings:
            xy = np.array(ring)
            rings.append(np.column_stack(crs.project(xy[:, 0], xy[:, 1], crs.WGS84, METRIC)))
        areas[name] = shapely.Polygon(rings[0], rings[1:]).area
    assert areas["Khu vực đã triệt xóa"] == pytest.approx(np.pi * 1e6, rel=0.01)
    assert areas["Vành đai xung quanh"] == pytest.approx(3 * np.pi * 1e6, rel=0.01)
    west, south, east, north = found.bbox
    assert west < east
    assert south < north


def test_the_planted_effect_is_found_over_the_communes_of_all_campaigns(demo, demo_store):
    """A page looks at one campaign; its counts, added up over the three, show the fall that was planted."""
    pairs = np.zeros((2, 2))
    for campaign in demo.truth["clearing"]["campaigns"]:
        others = tuple(code for code in demo_store.snapshot().units().index if code not in campaign["units"])
        clearing = {
            "cleared_month": campaign["start"][:7],
            "cleared_units": tuple(campaign["units"]),
            "control_units": others,
            "ring": False,
        }
        found = before_after(demo_store, GAMBLING, **clearing)
        pairs += found.counts.loc[["treated", "control"], ["before", "after"]].to_numpy()
    estimate = weighted_displacement(treated=tuple(pairs[0]), control=tuple(pairs[1]))
    assert estimate.high < 0
    assert poisson_e_test(*map(int, pairs[0])) < 0.001


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("by", ["unit", "den"])
def test_the_map_says_that_it_is_no_proof_and_that_dens_are_no_level_of_crime(demo_store, lang, by):
    spec = before_after(demo_store, CASES, lang, cleared_by=by).spec
    assert MapSpec.from_json(spec.to_json()) == spec
    assert {"vi": "không phải bằng chứng", "en": "no proof"}[lang] in spec.sentence
    assert {"vi": "không phải mức độ tội phạm", "en": "not a level of crime"}[lang] in spec.legend[0].note
    assert spec.demo_mark
    assert len(spec.stamps) == 7


def test_dens_are_never_counted_with_cases(demo_store):
    """Asked from a page that shows dens, the answer is the one about cases."""
    dens = replace(CASES, measure=Measure.DEN_CLEARED, kinds=("cards",))
    assert before_after(demo_store, dens, **SEPTEMBER).spec == before_after(demo_store, CASES, **SEPTEMBER).spec


@pytest.mark.parametrize("month", ["2026-10", "2010-01", "2013-01"])
@pytest.mark.parametrize("by", ["unit", "den"])
def test_a_month_without_dens_or_without_enough_around_it_is_said(demo_store, by, month):
    with pytest.raises(InputError) as caught:
        before_after(demo_store, CASES, cleared_by=by, cleared_month=month, cleared_units=TREATED)
    assert caught.value.key == "before_after.month_unfit"
    assert month in caught.value.message("vi")


def test_unknown_communes_and_dens_fall_back_to_the_default(demo_store):
    plain = before_after(demo_store, CASES, cleared_month="2021-09")
    assert (
        before_after(demo_store, CASES, cleared_month="2021-09", cleared_units=("x",), control_units=("y",)).spec
        == plain.spec
    )
    den = before_after(demo_store, CASES, cleared_by="den", cleared_month="2021-09", cleared_den="nothing")
    assert den.question.cleared_den == amid_most(dens_of(demo_store.snapshot(), "2021-09"), 1_000).key


def test_keys_of_dens_are_their_own(demo_store):
    dens = dens_of(demo_store.snapshot(), "2021-09")
    assert len({den.key for den in dens}) == len(dens) > 100
    assert all(den.key.isalnum() for den in dens)
