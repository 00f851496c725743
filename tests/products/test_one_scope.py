"""One scope, one comparison, one name: filters, chosen earlier periods, names of classes and of former units."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from geo.analysis.change import verdict
from geo.cartography.spec import CircleLayer, UnitLayer
from geo.export import features
from geo.products.analyses.of_communes import ANALYSES
from geo.products.situation.key_figures import figure
from geo.products.situation.usual import judged
from geo.schema import Against, Measure, Per, Query, UnitSystem
from geo.text import t
from geo.views.wording import versus
from tests.asking import analysis, situation

YEAR = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31))
MONTH = replace(YEAR, start=date(2026, 10, 1))
CHOSEN = ("30307", "30760")


def _units(spec) -> UnitLayer:
    return next(layer for layer in spec.layers if isinstance(layer, UnitLayer))


@pytest.mark.parametrize("drawn", [{}, {"compare": True}])
@pytest.mark.parametrize("per", Per)
@pytest.mark.parametrize("measure", [Measure.CASE, Measure.SESSION, Measure.TIP])
def test_what_a_filter_leaves_out_has_no_value_anywhere(demo_store, measure, per, drawn):
    spec = situation(demo_store, replace(YEAR, measure=measure, per=per, units=CHOSEN), **drawn)
    layer, outside = _units(spec), t("map.class_outside", "vi")
    for cell in layer.cells:
        assert (layer.labels[cell.cls] == outside) == (cell.code not in CHOSEN)
        if cell.code not in CHOSEN:
            assert cell.lines == (t("map.tip_outside", "vi"),)
    assert {row.code for row in spec.table.rows} == set(CHOSEN)
    assert outside in [entry.label for group in spec.legend for entry in group.entries]
    assert {c.code for found in spec.layers if isinstance(found, CircleLayer) for c in found.circles} <= set(CHOSEN)
    frame = features.layers(spec)["communes"][0].set_index("code")
    left = frame.loc[~frame.index.isin(CHOSEN)]
    assert left.select_dtypes("number").drop(columns="class").isna().all().all()
    assert set(left["about"]) == {t("map.tip_outside", "vi")}


def test_without_a_filter_nothing_is_outside_it(demo_store):
    spec = situation(demo_store, YEAR)
    assert t("map.class_outside", "vi") not in {_units(spec).labels[cell.cls] for cell in _units(spec).cells}


@pytest.mark.parametrize("name", ANALYSES)
def test_each_class_of_an_analysis_is_called_what_its_table_calls_it(demo_store, name):
    spec = analysis(demo_store, name, YEAR)
    layer = _units(spec)
    said = {row.code: row.texts[-1] for row in spec.table.rows}
    exported = {
        f["properties"]["code"]: f["properties"]["class_label"]
        for f in json.loads(features.geojson(spec))["features"]
        if f["properties"]["layer"] == "communes"
    }
    for cell in layer.cells:
        assert exported[cell.code] == layer.labels[cell.cls]
        if name == "change":  # the table names the direction, the class its strength too
            short = {"Tăng rất rõ": "Tăng rõ", "Giảm rất rõ": "Giảm rõ"}
            named = short.get(layer.labels[cell.cls], layer.labels[cell.cls])
            assert said[cell.code].lower() == named.lower()
        else:
            assert layer.labels[cell.cls] == said[cell.code]


def test_a_year_earlier_gives_its_number_and_the_exact_verdict_and_the_class_stays_that_of_usual(demo_store):
    asked = replace(MONTH, against=Against.YEAR)
    plain, spec = (situation(demo_store, query, compare=True) for query in (MONTH, asked))
    assert [cell.cls for cell in _units(spec).cells] == [cell.cls for cell in _units(plain).cells]
    phi = judged(demo_store.snapshot(), MONTH).phi
    cube = demo_store.snapshot().cube(Measure.CASE)
    now = cube.counts(MONTH.start, MONTH.end)[:-1]
    then = cube.counts(date(2025, 10, 1), date(2025, 10, 31))[:-1]
    due = dict(zip(cube.units, verdict(then, now, n1=31, n2=31, dispersion=phi.clip(1.0))["label"]))
    place = [column.key for column in spec.table.columns].index("versus")
    for row in spec.table.rows:
        assert row.texts[place] == versus(due[row.code], "vi")
    line = next(cell.lines[2] for cell in _units(spec).cells if cell.code == CHOSEN[0])
    assert line.startswith("So với kỳ tháng 10/2025: ")
    assert line.endswith(versus(due[CHOSEN[0]], "vi"))
    assert "cùng kỳ năm trước (tháng 10/2025)" in spec.sentence
    assert "versus" not in [column.key for column in plain.table.columns]


def test_more_than_a_year_is_not_called_a_year_earlier(demo_store):
    long = replace(YEAR, start=date(2024, 1, 1), against=Against.YEAR)
    spec = situation(demo_store, long, compare=True)
    assert "cùng kỳ năm trước" not in spec.sentence
    assert "kỳ trước (03/2021–12/2023)" in spec.sentence
    assert "Cùng kỳ năm trước" not in [column.label for column in spec.table.columns]
    assert long.previous() == replace(long, start=date(2021, 3, 1), end=date(2023, 12, 31))


def test_tip_offs_are_of_one_period_everywhere_and_of_no_month_to_come(demo_store):
    query = replace(YEAR, measure=Measure.TIP)
    spec, tile = situation(demo_store, query), figure(demo_store.snapshot(), query, "vi")
    assert "01/2026–09/2026" in spec.title
    assert "01/2026–09/2026" in tile.label
    assert f"{tile.value} tin" in spec.sentence
    assert t("map.why_published", "vi") in spec.sentence
    assert "12/2026" not in spec.to_json()


def test_maps_on_former_communes_say_so_and_why_the_period_stops(demo_store):
    spec = situation(demo_store, replace(YEAR, start=date(2024, 1, 1), system=UnitSystem.LEGACY))
    assert spec.title.endswith("theo xã cũ (298)")
    assert t("map.why_former", "vi", day="30/06/2025") in spec.sentence


def test_areas_that_are_approximate_are_said_to_be(demo_store):
    spec = situation(demo_store, replace(YEAR, per=Per.AREA))
    assert "Trên km² (diện tích gần đúng)" in [column.label for column in spec.table.columns]


def test_a_year_that_is_not_over_is_judged_by_the_months_before_it(demo_store):
    """There is no earlier period of tip-offs to set it against, and none is needed for what is usual."""
    query = replace(YEAR, measure=Measure.TIP)
    spec = situation(demo_store, query, compare=True)
    layer, score = _units(spec), judged(demo_store.snapshot(), spec.recipe.question.query).score
    shown = {row.code: row for row in spec.table.rows if row.code and row.values[2] is not None}
    assert sum(score[code] == score[code] for code in shown) > 30
    for cell in layer.cells:
        judgeable = cell.code in shown and score[cell.code] == score[cell.code]
        assert (
            layer.labels[cell.cls] in ("Trong dao động thường", "Tăng rõ", "Giảm rõ", "Tăng rất rõ", "Giảm rất rõ")
        ) == judgeable
        assert any("so với mức thường" in line.lower() for line in cell.lines) == judgeable


def test_a_map_without_a_single_verdict_does_not_say_that_nothing_changed(demo_store):
    first = situation(demo_store, Query(Measure.CASE, date(2013, 1, 1), date(2013, 12, 31)), compare=True)
    assert t("map.sentence_unknown", "vi") in first.sentence
    assert t("map.sentence_unchanged", "vi") not in first.sentence
