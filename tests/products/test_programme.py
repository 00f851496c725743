"""The programme's pages: totals of the first term equal those made public, and what was not reported is no zero."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geo.cartography.charts import round_ticks
from geo.cartography.spec import Series, UnitLayer, ZoneLayer
from geo.errors import InputError
from geo.products.programme.coverage import reach_of
from geo.products.programme.outreach import Outreach
from geo.products.programme.results import chain, indicators
from geo.schema import (
    FIRST_TERM,
    SESSION_MEASURES,
    Dataset,
    Measure,
    Provenance,
    Query,
    UnitSystem,
    add_months,
)
from geo.store import Batch, open_store
from geo.store.default_boundaries import add_default_boundaries
from geo.text import t
from tests.asking import about, analysis, answered, ask
from tests.young import province

PUBLISHED = {
    Measure.SESSION: "25.400", Measure.LETTER: "503.148", Measure.LEAFLET: "502.358", Measure.TIP: "53.679",
    Measure.USEFUL_TIP: "15.645", Measure.CASE_CLEARED: "8.574", Measure.SUSPECT: "12.937",
    Measure.SESSION_192: "919", Measure.ATTENDANCE_192: "56.210",
}  # fmt: skip
"""As MISSION has them, to the last digit."""


@pytest.mark.parametrize("system", UnitSystem)
def test_the_records_add_up_to_what_was_made_public_on_both_sets_of_units(demo_store, system):
    found = {one.measure: one for one in indicators(demo_store.snapshot(), system, "vi")}
    for measure, total in PUBLISHED.items():
        assert found[measure].public == total
        if system is UnitSystem.LEGACY and measure in (Measure.TIP, Measure.USEFUL_TIP):
            assert (found[measure].recorded, found[measure].agrees) == (t("programme.on_present_units", "vi"), None)
            continue
        assert (found[measure].recorded, found[measure].agrees) == (total, True)
    assert (found[Measure.ATTENDANCE].public, found[Measure.ATTENDANCE].agrees) == ("gần 1.200.000", True)
    assert (found[Measure.DEN_CLEARED].public, found[Measure.DEN_CLEARED].agrees) == ("hơn 10.600", True)
    assert found[Measure.SAFE_UNIT].public == ""


def test_what_no_commune_holds_is_said_beside_the_total(demo_store):
    snapshot = demo_store.snapshot()
    cube = snapshot.cube(Measure.SESSION)
    aside = int(cube.counts(*FIRST_TERM)[-1])
    assert aside > 0
    now, before = (
        {one.measure: one.aside for one in indicators(snapshot, system, "vi")}[Measure.SESSION] for system in UnitSystem
    )
    assert now.startswith(f"{aside} (")
    assert before.startswith("0 (")
    assert f"xã nào: {now}" in answered(demo_store, ask("results", measure=Measure.SESSION)).sentence


def test_figures_side_by_side_are_those_of_the_table(demo_store):
    snapshot = demo_store.snapshot()
    recorded = {one.label: one.recorded for one in indicators(snapshot, UnitSystem.CURRENT, "vi")}
    figures = chain(snapshot, "vi")
    assert all(recorded[figure.label] == figure.value for figure in figures)
    assert figures[1].change == "47,2 lượt mỗi buổi"  # 1,198,650 / 25,400
    assert figures[3].change.startswith("29,1 trên 100")  # 15,645 / 53,679
    assert not figures[0].verdict


def test_beside_the_map_stand_figures_of_the_programme_and_no_verdict(demo_store):
    """A term has none before it to be set against, and what the police did is not what the programme did."""
    figures = answered(demo_store, ask("results", measure=Measure.LETTER)).figures
    assert [figure.value for figure in figures] == ["25.400", "1.198.650", "53.679"]
    assert not any(figure.verdict or figure.change for figure in figures)


def test_the_years_of_a_result_add_up_to_its_total(demo_store):
    spec = answered(demo_store, ask("results", measure=Measure.LEAFLET))
    assert isinstance(spec.chart, Series)
    assert sum(spec.chart.counts) == 502_358
    assert spec.chart.names == tuple(str(year) for year in range(2013, 2024))
    assert spec.chart.ticks[-1][0] >= max(spec.chart.counts)


def test_results_are_of_the_term_whatever_period_is_asked(demo_store):
    asked = ask("results", measure=Measure.SESSION, between=(date(2026, 1, 1), date(2026, 3, 31)), month="2026-02")
    assert (asked.query.start, asked.query.end, asked.month) == (*FIRST_TERM, "")
    assert "01/2013–12/2023" in answered(demo_store, asked).title


def test_cases_are_no_result_of_the_programme(demo_store):
    with pytest.raises(InputError) as caught:
        answered(demo_store, about("results", Query(Measure.CASE, *FIRST_TERM)))
    assert caught.value.key == "programme.no_indicator"


@pytest.mark.parametrize("most", [0, 1, 4, 5, 7, 919, 5_375, 10**6, 123_456_789])
def test_ticks_are_round_and_reach_the_largest(most):
    ticks = round_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert len(set(np.diff(ticks))) == 1
    assert str(int(ticks[1]))[0] in "125"
    assert most == 0 or ticks[-1] < 5 * max(most, 1)


CODES = ("30307", "30316", "30337", "30346", "30352")
LAST = date(2026, 6, 1)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Reports of five communes over a year: in every month, at zero, with a gap at the end, long ago, and never."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('small') / 's.sqlite'}")
    add_default_boundaries(store)
    months = [add_months(LAST, -n) for n in range(11, -1, -1)]
    rows = [("30307", month, 10) for month in months]
    rows += [("30316", month, 0) for month in months]
    rows += [("30337", month, 5) for month in months[:9]]  # silent for the last three months
    rows += [("30346", month, 4 if n == 2 else 0) for n, month in enumerate(months)]
    reports = pd.DataFrame(rows, columns=["unit_code", "month", "value"]).assign(
        unit_system="current", measure="session"
    )
    reports["month"] = pd.to_datetime(reports["month"])
    store.append(Batch(Dataset.MONTHLY, reports, Provenance("a", "1", "t")))
    people = pd.DataFrame({"unit_system": "current", "unit_code": CODES, "year": 2025, "people": 20_000})
    store.append(Batch(Dataset.POPULATION, people, Provenance("b", "2", "t")))
    units = store.snapshot().layer().set_index("code").geometry
    middle = units["30316"].representative_point().buffer(0.01)
    both = units["30307"].intersection(units["30307"].representative_point().buffer(0.02))
    across = both.union(units["30337"].intersection(units["30337"].representative_point().buffer(0.02)))
    sliver = units["30346"].representative_point().buffer(0.0005)
    shapes = [middle, across, both.union(sliver), units["30352"].representative_point().buffer(0.01)]
    zones = gpd.GeoDataFrame(
        {
            "name": ["Vùng A", "Khu B", "Khu C", "Vùng D"],
            "kind": ["ethnic_minority_area", "industrial_park", "complex_area", "religious_area"],
            "invented": True,
        },
        geometry=shapes, crs=4326,
    )  # fmt: skip
    store.append(Batch(Dataset.ZONES, zones, Provenance("c", "3", "t")))
    return store


YEAR = Query(Measure.SESSION, date(2025, 7, 1), date(2026, 6, 30))


def test_a_rate_is_of_the_months_that_were_reported(small):
    reach = reach_of(Outreach(small.snapshot(), about("coverage", YEAR)))
    # 120 sessions among 20,000 people; 45 in 9 of 12 months, as 60 in a year
    assert reach.rate["30307"] == pytest.approx(6.0)
    assert reach.rate["30337"] == pytest.approx(3.0)
    assert reach.rate["30316"] == 0
    assert np.isnan(reach.rate["30352"])
    assert np.isnan(reach.counted["30352"])


def test_how_long_ago_the_last_session_was(small):
    reach = reach_of(Outreach(small.snapshot(), about("coverage", YEAR)))
    assert reach.ago[["30307", "30337", "30346"]].tolist() == [0, 3, 9]
    assert np.isnan(reach.ago["30316"])
    assert reach.silent[list(CODES)].tolist() == [0, 0, 3, 0, 12]


def _classes(spec):
    (layer,) = (layer for layer in spec.layers if isinstance(layer, UnitLayer))
    return {cell.code: layer.labels[cell.cls] for cell in layer.cells}


def test_none_and_no_report_are_two_classes(small):
    spec = analysis(small, "coverage", YEAR)
    shown = _classes(spec)
    assert shown["30316"] == "Không có buổi nào"
    assert shown["30352"] == t("map.class_no_data", "vi")
    assert "1 xã báo cáo không có buổi nào: " in spec.sentence
    assert "98 xã không có báo cáo trong kỳ" in spec.sentence
    since = _classes(analysis(small, "coverage", YEAR, reach="since"))
    assert since["30316"] == "Chưa từng có buổi nào"
    assert since["30352"] == t("map.class_no_data", "vi")
    assert (since["30307"], since["30337"], since["30346"]) == (
        "Trong tháng cuối kỳ",
        "3–5 tháng trước",
        "6–11 tháng trước",
    )


def test_months_without_a_report_are_said_at_each_commune(small):
    (layer,) = (layer for layer in analysis(small, "coverage", YEAR).layers if isinstance(layer, UnitLayer))
    lines = {cell.code: " ".join(cell.lines) for cell in layer.cells}
    assert "Có báo cáo 9 trên 12 tháng" in lines["30337"]
    assert "3 tháng cuối kỳ chưa có báo cáo" in lines["30337"]
    assert "báo cáo" not in lines["30307"]


def test_where_nothing_was_reported_it_is_said(small):
    with pytest.raises(InputError) as caught:
        analysis(small, "coverage", Query(Measure.ATTENDANCE, YEAR.start, YEAR.end))
    assert caught.value.key == "programme.nothing_reported"


def test_another_province_has_no_figures_made_public(small):
    with province("92"):
        assert {one.public for one in indicators(small.snapshot(), UnitSystem.CURRENT, "vi")} == {""}


@pytest.mark.parametrize("page", ["results", "coverage"])
def test_the_public_may_see_the_page(demo_store, page):
    spec = answered(demo_store, ask(page, measure=Measure.SESSION), public=True)
    assert spec.marking == t("briefing.public_mark", "vi")
    assert spec.recipe.question.page == page


def _areas(store, **own):
    spec = analysis(store, "coverage", YEAR, over="areas", **own)
    return spec, {row.texts[0]: row for row in spec.table.rows}


def test_an_area_has_the_figures_of_the_communes_it_lies_in(small):
    spec, rows = _areas(small)
    names = small.snapshot().units()["name"]
    assert rows["Vùng A"].texts[2] == names["30316"]
    assert set(rows["Khu B"].texts[2].split(", ")) == {names["30307"], names["30337"]}
    assert rows["Khu C"].texts[2] == names["30307"], "a sliver is no part of it"
    # 120 and 45 sessions; 20,000 people for a year and for 9 of 12 months
    assert rows["Khu B"].values[4] == 165
    assert rows["Khu B"].values[5] == pytest.approx(165 / 35_000 * 1_000)
    assert rows["Vùng A"].values[4:7] == (0, 0, None)
    assert rows["Vùng D"].values[4:7] == (None, None, None)
    assert rows["Khu B"].texts[7] == "tháng 6/2026"
    assert [row.texts[0] for row in spec.table.rows][:2] == ["Vùng A", "Vùng D"]
    assert "2 trong 4 địa bàn nằm ở các xã không có buổi nào từ 3 tháng trở lên: Vùng A; Vùng D." in spec.sentence
    assert any("không chia theo diện tích" in stamp.text for stamp in spec.stamps)


def test_communes_are_the_same_with_and_without_the_areas(small):
    for reach in ("rate", "since"):
        plain = analysis(small, "coverage", YEAR, reach=reach)
        beside, _ = _areas(small, reach=reach)
        assert _classes(plain) == _classes(beside)
        assert plain.legend[0] == beside.legend[0]


@pytest.mark.parametrize(
    "measure", sorted(set(Measure) - {Measure.SESSION, Measure.ATTENDANCE, Measure.SESSION_192, Measure.ATTENDANCE_192})
)
def test_of_areas_nothing_but_outreach_is_told(demo_store, measure):
    with pytest.raises(InputError) as caught:
        analysis(demo_store, "coverage", Query(measure, YEAR.start, YEAR.end), over="areas")
    assert caught.value.key == "programme.not_outreach"


def test_the_public_sees_no_areas(demo_store):
    spec = answered(demo_store, ask("coverage", measure=Measure.SESSION, over="areas"), public=True)
    assert not [layer for layer in spec.layers if isinstance(layer, ZoneLayer)]
    assert spec.table.rows[0].code


PARTS = (
    # month, unit, area, topic, organiser, sessions
    (LAST, "30307", "b", "drugs", "police", 3),
    (LAST, "30307", "", "drugs", "front", 2),
    (LAST, "30307", "", "", "", 1),
    (LAST, "30337", "", "crime", "police", 4),
    (LAST, "30346", "", "", "", 5),
    (LAST, "30316", "", "", "", 0),
)


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory):
    """Reports of one month in parts; area "b" lies in 30307 and 30337, "c" in 30346."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('parts') / 's.sqlite'}")
    add_default_boundaries(store)
    units = store.snapshot().layer().set_index("code").geometry
    spots = {code: units[code].representative_point().buffer(0.01) for code in ("30307", "30337", "30346")}
    frame = {"key": ["b0", "c0"], "name": ["Khu B", "Vùng C"], "kind": ["industrial_park", "religious_area"]}
    shapes = [spots["30307"].union(spots["30337"]), spots["30346"]]
    zones = gpd.GeoDataFrame({**frame, "invented": True}, geometry=shapes, crs=4326)
    store.append(Batch(Dataset.ZONES, zones, Provenance("c", "3", "t")))
    columns = ["month", "unit_code", "area", "topic", "organiser", "value"]
    rows = pd.DataFrame(PARTS, columns=columns).assign(unit_system="current", measure="session")
    rows = rows.assign(month=pd.to_datetime(rows["month"]), area=rows["area"].replace("b", "b0"))
    store.append(Batch(Dataset.MONTHLY, rows, Provenance("a", "1", "t")))
    people = pd.DataFrame({"unit_system": "current", "unit_code": CODES, "year": 2025, "people": 20_000})
    store.append(Batch(Dataset.POPULATION, people, Provenance("b", "2", "t")))
    return store


MONTH = Query(Measure.SESSION, LAST, date(2026, 6, 30))


def _counts_on(store, **asked):
    counted = reach_of(Outreach(store.snapshot(), about("coverage", MONTH, **asked))).counted
    return {code: None if np.isnan(counted[code]) else int(counted[code]) for code in CODES}


def test_parts_add_up_and_what_was_not_said_is_not_none(in_parts):
    assert _counts_on(in_parts) == {"30307": 6, "30316": 0, "30337": 4, "30346": 5, "30352": None}
    drugs = {"30307": 5, "30316": 0, "30337": 0, "30346": None, "30352": None}
    assert _counts_on(in_parts, topic="drugs") == drugs
    assert _counts_on(in_parts, organiser="police") == drugs | {"30307": 3, "30337": 4}
    assert _counts_on(in_parts, topic="drugs", organiser="front") == drugs | {"30307": 2}
    with pytest.raises(InputError) as caught:
        analysis(in_parts, "coverage", Query(Measure.ATTENDANCE, *_days(MONTH)), topic="drugs")
    assert caught.value.key == "programme.nothing_of_part"


def _days(query: Query) -> tuple[date, date]:
    return query.start, query.end


def test_the_map_says_which_topic_it_is_of_and_what_the_others_were(in_parts):
    spec = analysis(in_parts, "coverage", MONTH)
    assert [(bar.name, bar.value) for bar in spec.chart.items] == [
        ("Ma túy", 5),
        ("Phòng chống tội phạm", 4),
        ("Không ghi", 6),
    ]
    spec = analysis(in_parts, "coverage", MONTH, topic="drugs")
    assert "(Ma túy)" in spec.title
    assert [(bar.name, bar.value) for bar in spec.chart.items] == [("Công an", 3), ("Mặt trận", 2)]
    assert any("coi là chưa biết" in stamp.text for stamp in spec.stamps)
    assert analysis(in_parts, "coverage", MONTH, topic="drugs", organiser="front").chart is None


def test_an_area_that_reports_name_has_its_own_figures_and_no_other(in_parts):
    spec = analysis(in_parts, "coverage", MONTH, over="areas")
    rows = {row.texts[0]: row for row in spec.table.rows}
    assert (rows["Khu B"].texts[3], rows["Khu B"].values[4], rows["Khu B"].values[5]) == (
        "Báo cáo ghi tên địa bàn",
        3,
        None,
    )
    assert (rows["Vùng C"].texts[3], rows["Vùng C"].values[4]) == ("Của cả xã", 5)
    assert "1 địa bàn tính theo báo cáo ghi tên địa bàn, 1 địa bàn tính theo xã" in spec.sentence
    front = analysis(in_parts, "coverage", MONTH, over="areas", organiser="front")
    rows = {row.texts[0]: row for row in front.table.rows}
    assert (rows["Khu B"].values[4], rows["Vùng C"].values[4]) == (0, None)
    assert "1 trong 2 địa bàn không có buổi nào" in front.sentence or "2 trong 2 địa bàn" in front.sentence


def test_totals_of_the_demo_are_the_same_by_part_and_as_a_whole(demo_store):
    snapshot = demo_store.snapshot()
    for measure in SESSION_MEASURES:
        cube, parts = snapshot.cube(measure), snapshot.parts(measure)
        months = {month: rows["value"].sum() for month, rows in parts.groupby("month")}
        for month, of_parts in months.items():
            first = date(1970 + month // 12, month % 12 + 1, 1)
            assert 0 < of_parts <= cube.counts(first, first).sum()


def test_without_areas_on_record_it_is_said(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 's.sqlite'}")
    add_default_boundaries(store)
    reports = pd.DataFrame([("30307", pd.Timestamp(LAST), 1)], columns=["unit_code", "month", "value"])
    rows = reports.assign(unit_system="current", measure="session")
    store.append(Batch(Dataset.MONTHLY, rows, Provenance("a", "1", "t")))
    with pytest.raises(InputError) as caught:
        analysis(store, "coverage", YEAR, over="areas", reach="since")
    assert caught.value.key == "programme.no_areas"
