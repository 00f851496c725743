"""No report is not zero: of a monthly measure a number is shown exactly where a report of that measure exists."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pytest

from geo.cartography.spec import CircleLayer, UnitLayer
from geo.export import features
from geo.products.situation.commune_card import unit_card
from geo.products.situation.counts import counts
from geo.products.situation.key_figures import figure
from geo.products.situation.trend import trend
from geo.schema import MASKED_MEASURES, MONTHLY_MEASURES, Measure, Query, UnitSystem, add_months, month_end
from geo.text import t
from tests.asking import analysis, situation

FIRST, LAST = date(2013, 1, 1), date(2026, 10, 1)
MONTHS = [add_months(FIRST, n) for n in range(166)]
NOTHING = t("map.tip_no_data", "vi")
HIDDEN = t("map.tip_masked", "vi")
YEAR = (date(2025, 11, 1), date(2026, 10, 31))


@pytest.mark.parametrize("system", UnitSystem)
@pytest.mark.parametrize("measure", sorted(MONTHLY_MEASURES))
def test_a_count_of_every_month_and_commune_is_known_where_a_report_is(demo_store, measure, system):
    if measure in MASKED_MEASURES and system is UnitSystem.LEGACY:
        return  # refused altogether
    snapshot = demo_store.snapshot()
    cube = snapshot.cube(measure, system)
    sent = cube.reported_between([*MONTHS, add_months(LAST, 1)])
    for month, reported in zip(MONTHS, sent):
        found = counts(snapshot, Query(measure, month, month_end(month), system=system))
        assert (found.now.notna() | found.hidden).to_numpy()[reported].all()
        assert found.now.isna().to_numpy()[~reported].all()


@pytest.mark.parametrize("month", [date(2019, 3, 1), date(2025, 9, 1), LAST])
@pytest.mark.parametrize("measure", sorted(MONTHLY_MEASURES))
def test_map_table_chart_card_and_export_show_a_number_where_a_report_is(demo_store, measure, month):
    snapshot = demo_store.snapshot()
    query = Query(measure, month, month_end(month))
    reported = dict(zip(snapshot.cube(measure).units, snapshot.cube(measure).reported(month, month_end(month))))
    spec = situation(demo_store, query)
    cells = {cell.code: cell.lines[0] for layer in spec.layers if isinstance(layer, UnitLayer) for cell in layer.cells}
    table = {row.code: row.values[2] for row in spec.table.rows if row.code}
    symbols = {c.code for layer in spec.layers if isinstance(layer, CircleLayer) for c in layer.circles}
    hidden = {code for code, line in cells.items() if line == HIDDEN}
    assert {code for code, line in cells.items() if line != NOTHING} - hidden == {
        c for c, r in reported.items() if r
    } - hidden
    assert {code for code, value in table.items() if value is not None} | hidden == set(cells) - {
        code for code, line in cells.items() if line == NOTHING
    }
    assert symbols <= {code for code, r in reported.items() if r} - hidden
    exported: gpd.GeoDataFrame = features.layers(spec)["communes"][0].set_index("code")
    assert set(exported.index[exported["count"].notna()]) == {c for c, v in table.items() if v is not None}
    for code in list(reported)[::20]:
        own = Query(measure, month, month_end(month), units=(code,))
        shown = trend(snapshot, own, "vi").frame["count"].get(np.datetime64(month, "ns"))
        known = reported[code] and code not in hidden
        assert (shown is not None and not np.isnan(shown)) == known
        card = unit_card(snapshot, code, own, "vi")
        assert card
        assert (card.figures[0].value not in ("–", t("map.class_masked_text", "vi"))) == known


def test_a_total_says_how_many_communes_it_stands_for(demo_store):
    snapshot = demo_store.snapshot()
    cube = snapshot.cube(Measure.SESSION_192)
    some = int(cube.reported(*YEAR).sum())
    assert some < 102
    query = Query(Measure.SESSION_192, *YEAR)
    assert f"báo cáo của {some} trong 102 xã" in situation(demo_store, query).sentence
    assert f"({some}/102 xã báo cáo)" in figure(snapshot, query, "vi").label


def test_what_nobody_reported_is_no_zero(demo_store):
    snapshot = demo_store.snapshot()
    silent = next(c for c, r in zip(*_reporting(snapshot, Measure.SESSION_192)) if not r)
    query = Query(Measure.SESSION_192, *YEAR, units=(silent,))
    assert situation(demo_store, query).sentence == "1 xã đã chọn: chưa xã nào báo cáo chỉ tiêu này trong kỳ."
    assert figure(snapshot, query, "vi").value == "–"


def _reporting(snapshot, measure):
    cube = snapshot.cube(measure)
    return cube.units, cube.reported(*YEAR)


@pytest.mark.parametrize("page", ["hotspots", "change", "rates", "concentration", "scan"])
def test_analyses_leave_communes_without_a_report_out(demo_store, page):
    spec = analysis(demo_store, page, Query(Measure.SESSION_192, *YEAR))
    units, reported = _reporting(demo_store.snapshot(), Measure.SESSION_192)
    lines = {cell.code: cell.lines[0] for layer in spec.layers[:1] for cell in layer.cells}
    assert {code for code, line in lines.items() if line == NOTHING} == {
        code for code, sent in zip(units, reported) if not sent
    }


def test_a_commune_with_months_missing_says_so(demo_store):
    snapshot = demo_store.snapshot()
    cube = snapshot.cube(Measure.SESSION)
    edges = [add_months(YEAR[0], n) for n in range(13)]
    sent = dict(zip(cube.units, cube.reported_between(edges).sum(axis=0)))
    spec = situation(demo_store, Query(Measure.SESSION, *YEAR))
    layer = next(layer for layer in spec.layers if isinstance(layer, UnitLayer))
    missing = {code for code, n in sent.items() if 0 < n < 12}
    assert missing
    for cell in layer.cells:
        assert any(line == f"Có báo cáo {sent[cell.code]}/12 tháng" for line in cell.lines) == (cell.code in missing)
    place = [column.key for column in spec.table.columns].index("reports")
    assert {row.code: row.values[place] for row in spec.table.rows if row.code} == sent


def test_a_filter_on_communes_gives_no_hidden_count_of_the_period_before_away(demo_store):
    snapshot = demo_store.snapshot()
    query = Query(Measure.TIP, date(2026, 10, 1), date(2026, 10, 31))
    whole = counts(snapshot, query)
    was = counts(snapshot, query.previous())
    shown = [code for code in whole.now.index if not whole.hidden[code] and was.hidden[code]]
    assert shown
    for code in shown:
        own = counts(snapshot, Query(Measure.TIP, query.start, query.end, units=(code,)))
        assert np.isnan(own.total_before)
        assert np.isnan(own.before[code])
