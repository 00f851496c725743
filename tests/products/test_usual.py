"""What is usual is said alike everywhere: map, tip, table, tile, sentence, card and chart."""

from __future__ import annotations

from datetime import date
from math import ceil

import numpy as np
import pytest

from geo.analysis.change import STRONG, USUAL
from geo.cartography.spec import CircleLayer, UnitLayer
from geo.products.situation import usual
from geo.products.situation.commune_card import unit_card
from geo.products.situation.counts import whole_months
from geo.products.situation.key_figures import figure
from geo.products.situation.overview import overview
from geo.products.situation.trend import trend
from geo.products.situation.usual import judged, months
from geo.question import Overview
from geo.schema import Measure, Query, add_months, month_end
from geo.text import t
from geo.views import tone
from tests.asking import analysis, situation

YEAR = (date(2025, 11, 1), date(2026, 10, 31))
MONTH = (date(2026, 10, 1), date(2026, 10, 31))
WEEKS = (date(2026, 10, 4), date(2026, 10, 31))
MEASURES = (Measure.CASE, Measure.DEN_CLEARED, Measure.SESSION, Measure.ATTENDANCE)


@pytest.mark.parametrize("period", [YEAR, MONTH, WEEKS])
@pytest.mark.parametrize("measure", MEASURES)
def test_class_tip_table_and_card_of_a_commune_agree(demo_store, measure, period):
    query = whole_months(Query(measure, *period))
    snapshot = demo_store.snapshot()
    score = judged(snapshot, query).score
    spec = situation(demo_store, query, points="never", compare=True)
    layer = next(layer for layer in spec.layers if isinstance(layer, UnitLayer))
    words = {row.code: row.texts[-1] for row in spec.table.rows if row.code}
    names = ("strong_down", "down", "usual", "up", "strong_up")
    for cell in layer.cells:
        verdict = words[cell.code]
        if np.isnan(score[cell.code]) or len(cell.lines) < 2:
            continue
        assert cell.lines[1].endswith(verdict)
        assert verdict == t(f"map.verdict_{tone(score[cell.code])}", "vi")
        steps = (-STRONG, -USUAL, USUAL, STRONG)
        assert names[cell.cls] == names[sum(score[cell.code] > step for step in steps)]
    for code in list(score.index[::25]):
        card = unit_card(snapshot, code, query, "vi")
        assert card
        assert card.figures[0].verdict in (words[code], t("map.verdict_none", "vi"))


@pytest.mark.parametrize("period", [YEAR, MONTH])
@pytest.mark.parametrize("measure", MEASURES)
def test_tile_sentence_and_chart_of_the_province_agree(demo_store, measure, period):
    query = Query(measure, *period)
    snapshot = demo_store.snapshot()
    found = judged(snapshot, query)
    tile = figure(snapshot, query, "vi")
    assert tile.tone == tone(found.total)
    sentence = situation(demo_store, query, points="never").sentence
    chart = trend(snapshot, query, "vi").frame.loc[str(period[0]) : str(period[1])]
    out = (chart["count"] > chart["high"]) | (chart["count"] < chart["low"])
    if len(chart) == 1:
        assert bool(out.iloc[0]) == (abs(found.total) >= USUAL)
    else:
        assert tuple(day.date() for day in chart.index[out]) == found.odd
    if tile.tone == "usual" and not out.any():
        assert "trong dao động thường" in sentence
    if tile.tone == "up" and not out.any():
        assert "dù không tháng nào riêng lẻ vượt" in sentence
    if tile.tone == "usual" and len(chart) > 1 and out.any():
        assert "riêng" in sentence


def test_the_page_of_change_says_what_the_map_says(demo_store):
    query = Query(Measure.CASE, *YEAR)
    spec = analysis(demo_store, "change", query)
    other = situation(demo_store, query, points="never", compare=True)
    said = {row.code: row.texts[-1] for row in other.table.rows if row.code}
    assert {row.code: row.texts[-1] for row in spec.table.rows} == said
    expected = ceil(judged(demo_store.snapshot(), query).by_chance(list(said)))
    assert f"có đến {expected} xã" in spec.sentence
    assert f"có đến {expected} xã" in other.sentence


def test_months_before_the_period_are_each_held_against_their_own_past(demo_store):
    query = Query(Measure.CASE, *YEAR)
    snapshot = demo_store.snapshot()
    chart = months(snapshot, query, date(2024, 1, 1))
    for day in (date(2024, 3, 1), date(2025, 6, 1)):
        alone = months(snapshot, Query(Measure.CASE, day, month_end(day)), day)
        row = chart.loc[str(day)]
        assert (row["low"], row["high"]) == pytest.approx(tuple(alone.iloc[0][["low", "high"]]), abs=1.0)


def test_a_commune_that_reported_nothing_is_judged_by_nothing(demo_store):
    snapshot = demo_store.snapshot()
    query = Query(Measure.SESSION_192, *YEAR)
    cube = snapshot.cube(query.measure)
    reported = cube.reported_between([add_months(YEAR[0], n) for n in range(13)])
    silent = ~reported.any(axis=0)
    score = judged(snapshot, query).score.to_numpy()
    assert silent.sum() > 10
    assert np.isnan(score[silent]).all()


def test_what_is_due_of_a_total_holds_no_hidden_count(demo_store):
    """Tip-offs that may not be shown are moved about behind the same total: nothing that is published of it moves."""
    snapshot = demo_store.snapshot()
    cube, query = snapshot.cube(Measure.TIP), Query(Measure.TIP, *YEAR)
    edges = tuple(add_months(YEAR[0], n) for n in range(-24, 13))
    table = usual._table(snapshot, cube, query, edges)
    hidden = np.isnan(table) & cube.reported_between(edges)
    assert hidden.sum() > 100

    class Altered:
        units = cube.units
        reported_between = staticmethod(cube.reported_between)

        @staticmethod
        def between(edges, kinds=()):
            every = cube.between(edges, kinds).copy()
            every[:, -1] += np.where(hidden, every[:, :-1], 0).sum(axis=1)
            every[:, :-1][hidden] = 0
            return every

    true, altered = (usual._scope(c, query, table, edges) for c in (cube, Altered))
    for one, other in zip(true, altered):
        assert one == pytest.approx(other, nan_ok=True)


def test_a_first_period_on_record_has_no_verdict(demo_store):
    first = Query(Measure.CASE, date(2013, 1, 1), date(2013, 12, 31))
    assert np.isnan(judged(demo_store.snapshot(), first).total)
    assert situation(demo_store, first, points="never").sentence


@pytest.mark.parametrize("measure", [*MEASURES, Measure.TIP, Measure.USEFUL_TIP])
def test_the_chart_of_the_first_page_is_about_the_period_of_its_map(demo_store, measure):
    """Months of a period are judged together: a chart of another period would mark other months than the sentence."""
    snapshot = demo_store.snapshot()
    page = overview(snapshot, Overview(query=Query(measure, *YEAR)))
    query = page.spec.recipe.question.query
    chart = page.trend.frame.loc[str(query.start) : str(query.end)]
    outside = (chart["count"] > chart["high"]) | (chart["count"] < chart["low"])
    assert tuple(day.date() for day in chart.index[outside]) == judged(snapshot, query).odd


@pytest.mark.parametrize("per", ["count", "per_10k"])
def test_months_that_are_played_share_one_scale(demo_store, per):
    """The same legend and the same symbol for the same count in every month of a period."""
    whole = Query(Measure.CASE, *YEAR, per=per)
    specs = [situation(demo_store, whole, points="never", month=month) for month in ("2025-11", "2026-03", "2026-10")]
    assert len({spec.title for spec in specs}) == 3
    scales = {
        tuple(
            (e.label, e.style, e.size)
            for e in spec.legend[per == "count"].entries
            if e.symbol != "fill" or "–" in e.label
        )
        for spec in specs
    }
    assert len(scales) == 1
    size = {}
    for spec in specs:
        for layer in spec.layers:
            for circle in layer.circles if isinstance(layer, CircleLayer) else ():
                assert size.setdefault(circle.text, circle.radius) == circle.radius
    assert bool(size) == (per == "count")
