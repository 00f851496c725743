"""Analyses as maps: what they find in the demo, what they refuse, and that zones change nothing."""

from __future__ import annotations

from datetime import date

import pytest

from geo.cartography.spec import MapSpec, UnitLayer
from geo.errors import InputError
from geo.products.analyses.of_communes import ANALYSES
from geo.schema import MASKED_MEASURES, YEARLY_MEASURES, Measure, Per, Query
from tests.asking import analysis

YEAR = Query(Measure.CASE, date(2025, 11, 1), date(2026, 10, 31))


def _classes(spec: MapSpec) -> dict[str, str]:
    """The legend label of each unit's class."""
    layer = next(layer for layer in spec.layers if isinstance(layer, UnitLayer))
    labels = [entry.label for entry in spec.legend[0].entries]
    return {cell.code: labels[cell.cls] for cell in layer.cells}


@pytest.mark.parametrize("name", ANALYSES)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_analysis_is_a_whole_map_with_one_sentence(demo_store, name, lang):
    spec = analysis(demo_store, name, YEAR, lang)
    assert MapSpec.from_json(spec.to_json()) == spec
    assert len(_classes(spec)) == 102
    assert spec.sentence.endswith((".", ")."))
    assert len(spec.table.rows) == 102
    assert spec.demo_mark
    assert spec.marking
    assert len(spec.stamps) == 7


@pytest.mark.parametrize("name", ANALYSES)
@pytest.mark.parametrize("measure", sorted(MASKED_MEASURES - YEARLY_MEASURES))
def test_masked_measures_are_refused(demo_store, name, measure):
    with pytest.raises(InputError) as caught:
        analysis(demo_store, name, Query(measure, YEAR.start, YEAR.end))
    assert "tin tố giác" in caught.value.message("vi")


@pytest.mark.parametrize("name", ANALYSES)
def test_nothing_to_analyse_is_said(demo_store, name):
    with pytest.raises(InputError) as caught:
        analysis(demo_store, name, Query(Measure.CASE, date(2001, 1, 1), date(2001, 12, 31)))
    assert caught.value.key == "analysis.empty"


def test_the_planted_emerging_place_is_found(demo, demo_store):
    unit = demo.truth["emerging"]["unit"]
    assert _classes(analysis(demo_store, "emerging", YEAR))[unit] != "Không có quy luật"
    assert _classes(analysis(demo_store, "scan", YEAR))[unit] != "Không vượt mức"


def test_scan_areas_are_numbered_from_the_most_striking(demo_store):
    spec = analysis(demo_store, "scan", YEAR)
    labels = [entry.label for entry in spec.legend[0].entries]
    assert labels[0].startswith("Vùng 1:")
    assert labels[-1] == "Không vượt mức"
    assert not any(label.startswith("Vùng 2") for label in labels)  # a single commune, which has its name
    assert "gấp" in spec.sentence


def test_half_is_held_by_the_first_communes_of_the_table(demo_store):
    spec = analysis(demo_store, "concentration", YEAR)
    inside = [row for row in spec.table.rows if row.texts[-1] == "Trong nhóm chiếm một nửa"]
    total = sum(row.values[1] for row in spec.table.rows)
    assert sum(row.values[1] for row in inside) >= total / 2 > sum(row.values[1] for row in inside[:-1])


def test_smoothing_orders_by_the_smoothed_rate(demo_store):
    spec = analysis(demo_store, "rates", YEAR)
    smooth = [row.values[1] for row in spec.table.rows]
    assert smooth == sorted(smooth, reverse=True)


def test_hot_spots_of_rates_differ_from_those_of_counts(demo_store):
    counts = analysis(demo_store, "hotspots", YEAR)
    rates = analysis(demo_store, "hotspots", Query(YEAR.measure, YEAR.start, YEAR.end, per=Per.PEOPLE))
    assert counts.table != rates.table
